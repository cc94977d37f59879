//! Signals: complaints, whistleblowing, notifications and events, in structured fields.

use jiff::civil::{Date, date};
use lais_framework::criteria;

use crate::csv_text::Csv;
use crate::dice::Dice;
use crate::options::LAST;
use crate::world::{World, after};

/// Where the signals are written.
pub(crate) const PATH: &str = "signals/signals_to_2026-01-31.csv";

/// The first day on which one was received, and how many days there are.
const FROM: Date = date(LAST - 2, 4, 1);
const DAYS: usize = 1036;

const COLUMNS: [&str; 10] = [
    "signal_id",
    "authority_code",
    "received_on",
    "channel",
    "reporter_role",
    "theme",
    "severity",
    "status",
    "case_ref",
    "summary",
];

/// Words with how often they occur.
type Words = [(&'static str, f64)];

const CHANNELS: [(&str, f64); 4] =
    [("complaint", 0.52), ("notification", 0.27), ("whistleblowing", 0.13), ("event", 0.08)];
const SEVERITIES: [(&str, f64); 4] = [("low", 0.42), ("medium", 0.36), ("high", 0.17), ("serious", 0.05)];

/// Who reports by each channel.
const REPORTERS: [(&str, &Words); 4] = [
    (
        "complaint",
        &[
            ("parent-or-carer", 0.55),
            ("family-member", 0.2),
            ("child-or-young-person", 0.12),
            ("foster-carer", 0.08),
            ("member-of-public", 0.05),
        ],
    ),
    ("notification", &[("local-authority", 0.85), ("partner-agency", 0.15)]),
    ("whistleblowing", &[("social-worker", 0.45), ("other-staff", 0.3), ("anonymous", 0.25)]),
    ("event", &[("partner-agency", 0.5), ("elected-member", 0.2), ("local-authority", 0.3)]),
];

/// What a careless hand wrote; such rows are to be quarantined.
const FREE_TEXT: [&str; 4] = [
    "Caller says that nobody at the fictional Lantern Street office rang back.",
    "Fictional example: letter from a carer in the invented village of Upper Quarvosk.",
    "See the note about the imaginary Team Seven.",
    "Invented text: a second call about the same matter.",
];

/// The file, and the rows in it that hold free text.
pub(crate) fn file(world: &World) -> (Csv, Vec<usize>) {
    let mut rows: Vec<(Date, Vec<String>)> =
        (0..world.country.authorities.len()).flat_map(|authority| of_authority(world, authority)).collect();
    rows.sort();
    let step = (rows.len() / FREE_TEXT.len()).max(1);
    let mut csv = Csv::new(false);
    csv.row(COLUMNS);
    let mut faults = Vec::new();
    for (i, (_, row)) in rows.iter().enumerate() {
        let id = format!("S-{:06}", i + 1);
        let text = FREE_TEXT.get(i / step).filter(|_| i % step == step / 2).copied().unwrap_or_default();
        csv.row([id.as_str()].into_iter().chain(row.iter().map(String::as_str)).chain([text]));
        if !text.is_empty() {
            faults.push(csv.rows);
        }
    }
    (csv, faults)
}

/// The signals about an authority: more of them the larger it is, and the worse practice is.
fn of_authority(world: &World, authority: usize) -> Vec<(Date, Vec<String>)> {
    let own = &world.country.authorities[authority];
    if own.to.is_some() {
        return Vec::new();
    }
    let mut dice = Dice::named(world.options.seed, &["signals", &own.code]);
    let quality = world.profiles[authority].quality.last().copied().unwrap_or_default();
    let size = world.core(authority, LAST).population / 60_000.0;
    let number = dice.poisson(8.0 * size.powf(0.7) * (-0.25 * quality).exp()) as usize;
    (0..number).map(|_| one(authority, &own.code, number, &mut dice)).collect()
}

fn one(authority: usize, code: &str, cases: usize, dice: &mut Dice) -> (Date, Vec<String>) {
    let days = dice.below(DAYS);
    let on = after(FROM, days);
    let channel = word(&CHANNELS, dice);
    let reporters = REPORTERS.iter().find(|(of, _)| *of == channel).map_or(REPORTERS[0].1, |(_, words)| *words);
    let theme = dice.pick(criteria()).map_or("", |criterion| criterion.id.as_str());
    // What is older is more often closed.
    let is_closed = dice.chance(1.0 - 0.9 * days as f64 / DAYS as f64);
    let status = if is_closed { "closed" } else { word(&[("open", 0.5), ("in-progress", 0.5)], dice) };
    // Some cases are told of more than once.
    let case = if dice.chance(0.6) { format!("C-{authority:04}{:03}", dice.below(cases)) } else { String::new() };
    let cells = [code, &on.to_string(), channel, word(reporters, dice), theme, word(&SEVERITIES, dice), status, &case];
    (on, cells.map(str::to_owned).to_vec())
}

fn word(words: &Words, dice: &mut Dice) -> &'static str {
    let mut left = dice.uniform();
    for (word, share) in words {
        left -= share;
        if left < 0.0 {
            return word;
        }
    }
    words.first().map_or("", |(word, _)| *word)
}

#[cfg(test)]
mod tests {
    use lais_framework::signal_words;

    use super::*;
    use crate::world::tests::default_world;

    #[test]
    fn every_word_is_one_of_the_framework_and_four_rows_hold_free_text() {
        let (csv, faults) = file(&default_world());
        assert_eq!(faults.len(), 4);
        let text = String::from_utf8(csv.bytes()).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for record in reader.records().map(Result::unwrap) {
            for (column, field) in [(3, "channel"), (4, "reporter_role"), (6, "severity"), (7, "status")] {
                assert!(signal_words(field).contains(&&record[column]), "{record:?}");
            }
            assert!(criteria().iter().any(|criterion| criterion.id == record[5]), "{record:?}");
        }
    }
}
