//! Statistics as pure functions on numbers: the methods that LAIS names beside its figures.
//!
//! Every function takes numbers and gives numbers or a typed refusal, never NaN. This crate must
//! never know a table, an authority, a file or an async runtime; a missing value is the caller's to
//! leave out, with its reason, before it gets here.

mod band;
mod cusum;
mod datum;
mod distribution;
mod ewma;
mod interval;
mod laney;
mod mann_kendall;
mod mean;
mod measure;
mod proportion;
mod quantile;
mod rate;
mod refusal;
mod series;
mod standardised;
mod trend;
mod xmr;

pub use band::{Band, Polarity, lait_band};
pub use cusum::{CountModel, CusumDesign, CusumRun, CusumThreshold, cusum, cusum_threshold, cusum_with_reset};
pub use datum::{BoundedInterval, Datum, bounded};
pub use ewma::{EwmaPoint, ewma};
pub use interval::{Interval, Level};
pub use laney::{LaneyChart, LaneyKind, LaneyPoint, laney};
pub use mann_kendall::{MannKendall, mann_kendall};
pub use mean::{Mean, mean, mean_of_summary};
pub use measure::Measure;
pub use proportion::{ProportionDifference, clopper_pearson, newcombe_difference, wilson};
pub use quantile::quantile7;
pub use rate::{
    BYAR_FROM, CountMethod, Rate, RateRatio, byar, poisson_count, poisson_exact, rate, rate_ratio, rate_ratio_p,
};
pub use refusal::Refusal;
pub use series::{Autocorrelation, Fraction, lag1_autocorrelation};
pub use standardised::{
    DSR_FROM, StandardisedRate, StandardisedRatio, Stratum, directly_standardised, expected_events,
    indirectly_standardised,
};
pub use trend::{
    AdjustedTrend, Estimate, FivePoints, RecentTrend, TrendDispersion, TrendMarker, TrendReading, estimate_trend,
    proportion_trend, trend_dispersion,
};
pub use xmr::{Assurance, Footing, Side, SpecialCause, Variation, XmrChart, XmrOptions, XmrPhase, XmrPoint, xmr};
