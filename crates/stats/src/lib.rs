//! Statistics as pure functions on numbers: the methods that LAIS names beside its figures.
//!
//! Every function takes numbers and gives numbers or a typed refusal, never NaN. This crate must
//! never know a table, an authority, a file or an async runtime; a missing value is the caller's to
//! leave out, with its reason, before it gets here.

mod band;
mod distribution;
mod funnel;
mod interval;
mod multiplicity;
mod neighbours;
mod quantile;
mod quantile_band;
mod quantile_types;
mod refusal;
mod robust;

pub use band::{Band, Polarity, lait_band};
pub use funnel::{
    AreaComparison, AreaFigures, Comparison, ComparisonSettings, Difference, Dispersion, FunnelSignificance,
    RateFunnelLimits, RateType, RatioFunnelLimits, Scored, Target, TargetBasis, Transform, Trimming, between_variance,
    binomial_funnel_limit, binomial_funnel_limits, binomial_mid_p_score, chi_squared_ratio_limits, compare_areas,
    dispersion_of, dispersion_ratio, phe_proportion_limits, phe_proportion_significance, phe_rate_denominator,
    phe_rate_limits, phe_rate_significance, phe_ratio_limits, phe_ratio_significance, poisson_funnel_limit,
    poisson_funnel_limits, poisson_mid_p_score, reliability, trimmed_scores,
};
pub use interval::{Interval, Level};
pub use multiplicity::{Adjustment, adjusted_probabilities, concern_probability, expected_by_chance};
pub use neighbours::{Neighbour, Neighbours, nearest_neighbours};
pub use quantile::quantile7;
pub use quantile_band::{ntile, phe_quantile_bands};
pub use quantile_types::{QuantileType, quantile_of_type};
pub use refusal::Refusal;
pub use robust::{RobustComparison, robust_scores};
