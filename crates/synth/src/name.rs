//! Invented names.

use std::collections::BTreeSet;

use crate::dice::Dice;

/// How names begin; none begins an English council's name together with what may follow.
const BEGINNINGS: [&str; 22] = [
    "Alv", "Bresk", "Corv", "Drum", "Elsk", "Farr", "Gorv", "Hesk", "Isk", "Jorv", "Kelv", "Lorv", "Mavr", "Neth",
    "Osk", "Pelv", "Quor", "Rusk", "Tolv", "Ulm", "Vesk", "Yarv",
];

/// What stands in their midst.
const MIDDLES: [&str; 12] = ["a", "e", "i", "o", "an", "en", "in", "or", "el", "il", "ar", "em"];

/// How they end; endings that are common in England, such as -ton and -ham, are left out.
const ENDINGS: [&str; 18] = [
    "dra", "veth", "mund", "lune", "skar", "drith", "quist", "gard", "pell", "stane", "wyth", "zell", "marl", "rund",
    "thane", "vosk", "loch", "nesk",
];

/// Names that were not given before.
#[derive(Debug)]
pub(crate) struct Names {
    dice: Dice,
    given: BTreeSet<String>,
}

impl Names {
    /// Names by this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { dice: Dice::named(seed, &["names"]), given: BTreeSet::new() }
    }

    /// A single word; it grows by a syllable where the short ones are used up.
    pub(crate) fn word(&mut self) -> String {
        let mut tries = 0;
        loop {
            let mut word = self.part(&BEGINNINGS).to_owned();
            for _ in 0..tries / 40 {
                word += self.part(&MIDDLES);
                word += "r";
            }
            word += self.part(&MIDDLES);
            word += self.part(&ENDINGS);
            if self.given.insert(word.clone()) {
                return word;
            }
            tries += 1;
        }
    }

    fn part(&mut self, of: &'static [&'static str]) -> &'static str {
        self.dice.pick(of).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_given_twice_even_when_short_ones_are_used_up() {
        let mut names = Names::new(1);
        let given: BTreeSet<String> = (0..6000).map(|_| names.word()).collect();
        assert_eq!(given.len(), 6000);
    }
}
