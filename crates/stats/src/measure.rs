//! What kind of number an indicator is, on which its statistics depend.

/// What kind of number an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Some of a whole, each counted once: children looked after whose health check was done.
    Proportion,
    /// Events in a population: admissions per 10,000 children.
    Rate,
    /// Counts of two different things, of which neither is a part of the other: leavers by those in post.
    Ratio,
    /// A mean over people or days, such as a score or the share of sessions that children missed.
    Mean,
    /// A median or another quantile, such as days to a conference.
    Quantile,
    /// A count or an amount, which says how large an authority is.
    Amount,
}

impl Measure {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Proportion => "proportion",
            Self::Rate => "rate",
            Self::Ratio => "ratio",
            Self::Mean => "mean",
            Self::Quantile => "quantile",
            Self::Amount => "amount",
        }
    }

    /// The measure with this id, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        let all = [Self::Proportion, Self::Rate, Self::Ratio, Self::Mean, Self::Quantile, Self::Amount];
        all.into_iter().find(|measure| measure.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_an_id_that_leads_back_to_it() {
        for id in ["proportion", "rate", "ratio", "mean", "quantile", "amount"] {
            assert_eq!(Measure::from_id(id).map(Measure::id), Some(id));
        }
        assert_eq!(Measure::from_id("median"), None);
    }
}
