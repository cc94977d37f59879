//! Statistics as pure functions on numbers: the methods that LAIS names beside its figures.
//!
//! Every function takes numbers and gives numbers or a typed refusal, never NaN. This crate must
//! never know a table, an authority, a file or an async runtime; a missing value is the caller's to
//! leave out, with its reason, before it gets here.

mod band;
mod cusum;
mod distribution;
mod ewma;
mod interval;
mod laney;
mod mann_kendall;
mod quantile;
mod refusal;
mod series;
mod trend;
mod xmr;

pub use band::{Band, Polarity, lait_band};
pub use cusum::{CountModel, CusumDesign, CusumRun, CusumThreshold, cusum, cusum_threshold, cusum_with_reset};
pub use ewma::{EwmaPoint, ewma};
pub use interval::{Interval, Level};
pub use laney::{LaneyChart, LaneyKind, LaneyPoint, laney};
pub use mann_kendall::{MannKendall, mann_kendall};
pub use quantile::quantile7;
pub use refusal::Refusal;
pub use series::{Autocorrelation, Fraction, lag1_autocorrelation};
pub use trend::{
    AdjustedTrend, Estimate, FivePoints, RecentTrend, TrendDispersion, TrendMarker, TrendReading, estimate_trend,
    proportion_trend, trend_dispersion,
};
pub use xmr::{Assurance, Footing, Side, SpecialCause, Variation, XmrChart, XmrOptions, XmrPhase, XmrPoint, xmr};
