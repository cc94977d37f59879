//! Quartile bands as the Local Authority Interactive Tool (LAIT) gives them.

/// Which end of an indicator is better, if either is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Polarity {
    /// A high value is better.
    HighIsBetter,
    /// A low value is better.
    LowIsBetter,
    /// Neither end is better; nothing is ranked or banded.
    #[default]
    None,
}

impl Polarity {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::HighIsBetter => "high-is-better",
            Self::LowIsBetter => "low-is-better",
            Self::None => "none",
        }
    }

    /// The polarity with this id, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::HighIsBetter, Self::LowIsBetter, Self::None].into_iter().find(|p| p.id() == id)
    }
}

/// A quartile band, A best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// The best quarter.
    A,
    /// The second quarter.
    B,
    /// The third quarter.
    C,
    /// The worst quarter.
    D,
}

impl Band {
    /// The letter.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

/// The quartile band of `value` between `quantiles` by LAIT's rule, on unrounded values.
///
/// `quantiles` are the type-7 quantiles at 0, 25, 50, 75 and 100 per cent, in the value's unit. The
/// intervals are `[q0, q25]`, `(q25, q50]`, `(q50, q75]`, `(q75, q100]`: upper bounds belong to the
/// lower interval. Where low is better they are A to D; where high is better the same intervals
/// are D to A. Without polarity, or with a value outside the data, there is no band.
///
/// Source: LAIT's rules 6 and 7, `R/fn_analysis.R` of the tool.
#[must_use]
pub fn lait_band(value: f64, quantiles: [f64; 5], polarity: Polarity) -> Option<Band> {
    let [q0, q25, q50, q75, q100] = quantiles;
    if !(q0..=q100).contains(&value) {
        return None;
    }
    let interval = [q25, q50, q75].iter().filter(|upper| value > **upper).count();
    let best_first = match polarity {
        Polarity::None => return None,
        Polarity::LowIsBetter => interval,
        Polarity::HighIsBetter => 3 - interval,
    };
    Some([Band::A, Band::B, Band::C, Band::D][best_first])
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUARTILES: [f64; 5] = [10.0, 20.0, 30.0, 40.0, 50.0];

    fn band(value: f64, polarity: Polarity) -> Option<Band> {
        lait_band(value, QUARTILES, polarity)
    }

    #[test]
    fn tables_hold_ids_and_letters() {
        let ids = ["high-is-better", "low-is-better", "none"];
        let polarities = [Polarity::HighIsBetter, Polarity::LowIsBetter, Polarity::None];
        assert_eq!(polarities.map(Polarity::id), ids);
        assert_eq!(ids.map(Polarity::from_id), polarities.map(Some));
        assert_eq!(Polarity::from_id("better"), None);
        assert_eq!([Band::A, Band::B, Band::C, Band::D].map(Band::letter), ["A", "B", "C", "D"]);
    }

    #[test]
    fn an_upper_bound_belongs_to_the_lower_interval() {
        assert_eq!(band(20.0, Polarity::LowIsBetter), Some(Band::A));
        assert_eq!(band(20.1, Polarity::LowIsBetter), Some(Band::B));
        assert_eq!(band(20.0, Polarity::HighIsBetter), Some(Band::D));
        assert_eq!(band(50.0, Polarity::HighIsBetter), Some(Band::A));
    }

    #[test]
    fn without_polarity_or_outside_the_data_there_is_no_band() {
        assert_eq!(band(30.0, Polarity::None), None);
        assert_eq!(band(51.0, Polarity::LowIsBetter), None);
        assert_eq!(band(f64::NAN, Polarity::LowIsBetter), None);
    }

    #[test]
    fn where_a_quarter_of_the_values_are_zero_every_true_zero_is_in_the_first_interval() {
        let quartiles = [0.0, 0.0, 2.9, 4.55, 11.7];
        assert_eq!(lait_band(0.0, quartiles, Polarity::LowIsBetter), Some(Band::A));
        assert_eq!(lait_band(1.9, quartiles, Polarity::LowIsBetter), Some(Band::B));
    }
}
