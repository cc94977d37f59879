//! Rates that allow for a population's make-up: directly and indirectly standardised.

use crate::rate::{CountMethod, byar, poisson_count};
use crate::refusal::{finite, not_negative, positive, same_length};
use crate::{Interval, Level, Refusal};

/// The events below which a directly standardised rate is not given.
pub const DSR_FROM: f64 = 10.0;

/// One band of a population, such as an age group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stratum {
    /// Events observed in the band.
    pub events: f64,
    /// People of the band.
    pub population: f64,
    /// People of the band in the standard population.
    pub standard: f64,
}

/// A standardised rate with its interval, per the multiplier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StandardisedRate {
    /// The rate.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
    /// Events in all bands together.
    pub events: f64,
}

/// The directly standardised rate per `per`, with the interval of Dobson and others on Byar's.
///
/// With weights `w` of the standard population: `V = Σ(w x/n) / Σw`, `Var = Σ(w² x/n²) / (Σw)²`, and each end
/// `V + √(Var/O) (B(O) - O)` where `O` is the number of events and `B` an end of Byar's interval of it. A band
/// without people may have no events; it counts for nothing.
///
/// # Errors
/// With fewer than [`DSR_FROM`] events, no band, a standard population of 0, a number below 0 or not finite, or events in a band without people.
///
/// Source: Dobson, Kuulasmaa, Eberle and Scherer 1991; `calculate_dsr` of PHEindicatormethods.
pub fn directly_standardised(strata: &[Stratum], per: f64, level: Level) -> Result<StandardisedRate, Refusal> {
    if strata.is_empty() {
        return Err(Refusal::Empty);
    }
    positive(per, "the multiplier")?;
    let (mut events, mut weights, mut weighted, mut variance) = (0.0, 0.0, 0.0, 0.0);
    for stratum in strata {
        events += not_negative(stratum.events, "the count")?;
        let population = not_negative(stratum.population, "the population")?;
        let weight = not_negative(stratum.standard, "the standard population")?;
        weights += weight;
        if population > 0.0 {
            weighted += weight * stratum.events / population;
            variance += weight * weight * stratum.events / (population * population);
        } else if stratum.events > 0.0 {
            return Err(Refusal::Zero("the population of a band with events"));
        }
    }
    positive(weights, "the standard population")?;
    if events < DSR_FROM {
        return Err(Refusal::TooFew { what: "events", least: DSR_FROM as usize });
    }
    let value = weighted / weights;
    let spread = (variance / (weights * weights) / events).sqrt();
    let counted = byar(events, level)?;
    let end = |end: f64| per * (value + spread * (end - events));
    Ok(StandardisedRate {
        value: per * value,
        interval: Interval { low: end(counted.low), high: end(counted.high) },
        events,
    })
}

/// A ratio of observed to expected events, with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StandardisedRatio {
    /// Events observed.
    pub observed: f64,
    /// Events expected if each band had the reference rate.
    pub expected: f64,
    /// Observed over expected: 1 is as the reference.
    pub ratio: f64,
    /// The interval of the observed count, over the expected.
    pub interval: Interval,
    /// Which interval the count had.
    pub method: CountMethod,
}

/// The events that a population would have at the reference rates: `E = Σ n R`, with `R` events by people.
///
/// # Errors
/// Where the lists differ in length or are empty, a number is below 0 or not finite, or a reference population is 0 for a band with people.
///
/// Source: Breslow and Day 1987, section 2.3.
pub fn expected_events(
    populations: &[f64],
    reference_events: &[f64],
    reference_populations: &[f64],
) -> Result<f64, Refusal> {
    same_length(populations.len(), reference_events.len(), "bands and reference events")?;
    same_length(populations.len(), reference_populations.len(), "bands and reference populations")?;
    if populations.is_empty() {
        return Err(Refusal::Empty);
    }
    let bands = populations.iter().zip(reference_events).zip(reference_populations);
    let mut expected = 0.0;
    for ((population, events), reference) in bands {
        let population = not_negative(*population, "the population")?;
        let events = not_negative(*events, "the reference events")?;
        let reference = not_negative(*reference, "the reference population")?;
        if reference > 0.0 {
            expected += population * events / reference;
        } else if population > 0.0 {
            return Err(Refusal::Zero("the reference population of a band with people"));
        }
    }
    Ok(expected)
}

/// The indirectly standardised ratio `O / E` with its interval: exact below ten events observed, Byar's from there on.
///
/// Two authorities' ratios have different weights and are not compared with each other, each only with the reference.
///
/// # Errors
/// Where a number is below 0 or not finite, or no event was expected.
///
/// Source: `calculate_ISRatio` of PHEindicatormethods.
pub fn indirectly_standardised(observed: f64, expected: f64, level: Level) -> Result<StandardisedRatio, Refusal> {
    not_negative(observed, "the count")?;
    positive(expected, "the expected count")?;
    let interval = poisson_count(observed, level)?.scaled(1.0 / expected);
    finite(interval.high)?;
    let method = CountMethod::of(observed);
    Ok(StandardisedRatio { observed, expected, ratio: observed / expected, interval, method })
}

impl StandardisedRatio {
    /// The indirectly standardised rate: the ratio times the reference's crude rate, in that rate's unit.
    ///
    /// # Errors
    /// Where the reference rate is below 0 or not finite.
    ///
    /// Source: `calculate_ISRate` of PHEindicatormethods.
    pub fn rate(&self, reference_rate: f64) -> Result<StandardisedRate, Refusal> {
        let reference = not_negative(reference_rate, "the reference rate")?;
        let interval = self.interval.scaled(reference);
        Ok(StandardisedRate { value: self.ratio * reference, interval, events: self.observed })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stratum(events: f64, population: f64, standard: f64) -> Stratum {
        Stratum { events, population, standard }
    }

    #[test]
    fn with_one_band_a_standardised_rate_is_the_crude_rate() {
        let got = directly_standardised(&[stratum(50.0, 1000.0, 77.0)], 100.0, Level::P95).unwrap();
        let crude = crate::rate(50.0, 1000.0, 100.0, Level::P95).unwrap();
        assert!((got.value - crude.value).abs() < 1e-12);
        assert!((got.interval.low - crude.interval.low).abs() < 1e-12);
        assert!((got.interval.high - crude.interval.high).abs() < 1e-12);
    }

    #[test]
    fn weights_are_those_of_the_standard_population() {
        let strata = [stratum(10.0, 100.0, 1.0), stratum(20.0, 100.0, 3.0)];
        let got = directly_standardised(&strata, 1.0, Level::P95).unwrap();
        assert!((got.value - (0.1 + 3.0 * 0.2) / 4.0).abs() < 1e-15);
        let spread = ((10.0 / 1e4 + 9.0 * 20.0 / 1e4) / 16.0 / 30.0_f64).sqrt();
        let counted = byar(30.0, Level::P95).unwrap();
        assert!((got.interval.high - (got.value + spread * (counted.high - 30.0))).abs() < 1e-15);
        assert!((got.interval.low - (got.value + spread * (counted.low - 30.0))).abs() < 1e-15);
        assert_eq!(got.events, 30.0);
    }

    #[test]
    fn ten_events_are_standardised_and_nine_are_not() {
        assert!(directly_standardised(&[stratum(10.0, 100.0, 1.0)], 1.0, Level::P95).is_ok());
        let refused = directly_standardised(&[stratum(9.0, 100.0, 1.0)], 1.0, Level::P95);
        assert_eq!(refused, Err(Refusal::TooFew { what: "events", least: 10 }));
    }

    #[test]
    fn what_cannot_be_standardised_is_refused() {
        let of = |strata: &[Stratum]| directly_standardised(strata, 1.0, Level::P95);
        assert_eq!(of(&[]), Err(Refusal::Empty));
        assert_eq!(of(&[stratum(10.0, 10.0, 0.0)]), Err(Refusal::Zero("the standard population")));
        assert_eq!(of(&[stratum(10.0, 0.0, 1.0)]), Err(Refusal::Zero("the population of a band with events")));
        assert_eq!(of(&[stratum(10.0, 10.0, -1.0)]), Err(Refusal::Negative("the standard population")));
        assert!(of(&[stratum(10.0, 10.0, 1.0), stratum(0.0, 0.0, 1.0)]).is_ok());
        assert_eq!(expected_events(&[], &[], &[]), Err(Refusal::Empty));
        assert_eq!(expected_events(&[1.0], &[], &[1.0]), Err(Refusal::LengthsDiffer("bands and reference events")));
        assert_eq!(
            expected_events(&[1.0], &[1.0], &[]),
            Err(Refusal::LengthsDiffer("bands and reference populations"))
        );
        assert_eq!(
            expected_events(&[1.0], &[1.0], &[0.0]),
            Err(Refusal::Zero("the reference population of a band with people"))
        );
        assert_eq!(expected_events(&[0.0], &[0.0], &[0.0]), Ok(0.0));
        assert_eq!(indirectly_standardised(1.0, 0.0, Level::P95), Err(Refusal::Zero("the expected count")));
        assert_eq!(indirectly_standardised(5.0, 1e-320, Level::P95), Err(Refusal::NotFinite));
        assert_eq!(indirectly_standardised(-1.0, 1.0, Level::P95), Err(Refusal::Negative("the count")));
    }

    #[test]
    fn a_ratio_of_observed_to_expected_is_scaled_to_a_rate() {
        let expected = expected_events(&[100.0, 200.0], &[10.0, 40.0], &[1000.0, 1000.0]).unwrap();
        assert!((expected - 9.0).abs() < 1e-12);
        let ratio = indirectly_standardised(18.0, expected, Level::P95).unwrap();
        assert!((ratio.ratio - 2.0).abs() < 1e-12);
        assert_eq!(ratio.method, CountMethod::Byar);
        assert_eq!(indirectly_standardised(9.0, expected, Level::P95).unwrap().method, CountMethod::Exact);
        let rate = ratio.rate(25.0).unwrap();
        assert!((rate.value - 50.0).abs() < 1e-12);
        assert!((rate.interval.low - 25.0 * ratio.interval.low).abs() < 1e-12);
        assert_eq!(ratio.rate(-1.0), Err(Refusal::Negative("the reference rate")));
    }

    proptest! {
        #[test]
        fn intervals_hold_the_rate_and_nest_by_level(
            strata in proptest::collection::vec((1u32..500, 500u32..9_000, 1u32..9_000), 1..20),
        ) {
            let strata: Vec<Stratum> =
                strata.into_iter().map(|(x, n, w)| stratum(x.into(), n.into(), w.into())).collect();
            prop_assume!(strata.iter().map(|s| s.events).sum::<f64>() >= DSR_FROM);
            let inner = directly_standardised(&strata, 1e4, Level::P95).unwrap();
            let outer = directly_standardised(&strata, 1e4, Level::P998).unwrap();
            prop_assert!(inner.interval.contains(inner.value));
            prop_assert!(outer.interval.low <= inner.interval.low && inner.interval.high <= outer.interval.high);
        }
    }
}
