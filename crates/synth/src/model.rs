//! How a rate or a share comes about: its level in the country, and what moves it from one authority and
//! year to another.

/// A rate or a share, with England-like, rounded parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Model {
    /// The name of its stream of chance.
    pub(crate) name: &'static str,
    /// Its level in the last year: a rate per 10,000 children, or a share between 0 and 1.
    pub(crate) level: f64,
    pub(crate) link: Link,
    /// Growth a year, on the scale of the link.
    pub(crate) trend: f64,
    /// What one standard deviation of deprivation adds.
    pub(crate) deprivation: f64,
    /// What one standard deviation of the quality of practice adds.
    pub(crate) quality: f64,
    /// What the years in which the country was short of workers add.
    pub(crate) peak: f64,
    /// The standard deviation of what is an authority's own and stays.
    pub(crate) spread: f64,
    /// The standard deviation of what changes from year to year.
    pub(crate) drift: f64,
}

/// The scale on which effects add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Rates: effects multiply, and nothing falls below 0.
    Log,
    /// Shares: nothing leaves 0 to 1.
    Logit,
}

/// A model that nothing moves.
const NONE: Model = Model {
    name: "",
    level: 0.0,
    link: Link::Log,
    trend: 0.0,
    deprivation: 0.0,
    quality: 0.0,
    peak: 0.0,
    spread: 0.0,
    drift: 0.0,
};

impl Model {
    /// A rate that only its own spread moves; the builder methods add the rest.
    pub(crate) const fn rate(name: &'static str, level: f64, spread: f64) -> Self {
        Self { name, level, link: Link::Log, spread, drift: 0.06, ..NONE }
    }

    /// A share, likewise.
    pub(crate) const fn share(name: &'static str, level: f64, spread: f64) -> Self {
        Self { name, level, link: Link::Logit, spread, drift: 0.1, ..NONE }
    }

    /// With this growth a year.
    pub(crate) const fn trend(self, trend: f64) -> Self {
        Self { trend, ..self }
    }

    /// With this effect of deprivation.
    pub(crate) const fn deprivation(self, deprivation: f64) -> Self {
        Self { deprivation, ..self }
    }

    /// With this effect of the quality of practice.
    pub(crate) const fn quality(self, quality: f64) -> Self {
        Self { quality, ..self }
    }

    /// With this effect of the years in which the country was short of workers.
    pub(crate) const fn peak(self, peak: f64) -> Self {
        Self { peak, ..self }
    }

    /// With this change from year to year.
    pub(crate) const fn drift(self, drift: f64) -> Self {
        Self { drift, ..self }
    }

    /// The value at a distance from the country's level on the scale of the link.
    pub(crate) fn value(&self, distance: f64) -> f64 {
        match self.link {
            Link::Log => self.level * distance.exp(),
            Link::Logit => 1.0 / (1.0 + (-((self.level / (1.0 - self.level)).ln() + distance)).exp()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_no_distance_a_value_is_the_level_of_the_country() {
        assert!((Model::rate("r", 52.0, 0.1).value(0.0) - 52.0).abs() < 1e-9);
        assert!((Model::share("s", 0.2, 0.1).value(0.0) - 0.2).abs() < 1e-9);
    }

    #[test]
    fn a_share_stays_between_none_and_all() {
        let share = Model::share("s", 0.2, 0.1);
        assert!(share.value(40.0) <= 1.0 && share.value(-40.0) >= 0.0);
    }
}
