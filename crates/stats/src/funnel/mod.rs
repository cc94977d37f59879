//! Funnels: limits around a target that narrow with size, and standardised distances from it.

mod compare;
mod difference;
mod dispersion;
mod exact;
mod mid_p;
mod phe;
mod phe_limits;
mod target;
mod transform;
mod walk;

pub use compare::{AreaComparison, AreaFigures, Comparison, ComparisonSettings, compare_areas};
pub use difference::Difference;
pub use dispersion::{
    Dispersion, LEAST_RELIABILITY, Trimming, adjusted_z, between_variance, dispersion_of, dispersion_ratio,
    reliability, trimmed_scores,
};
pub use exact::{binomial_funnel_limit, binomial_funnel_limits, poisson_funnel_limit, poisson_funnel_limits};
pub use mid_p::{binomial_mid_p_score, poisson_mid_p_score};
pub use phe::{
    FunnelSignificance, RateType, phe_proportion_limits, phe_proportion_significance, phe_rate_denominator,
    phe_rate_significance, phe_ratio_significance,
};
pub use phe_limits::{
    RateFunnelLimits, RatioFunnelLimits, chi_squared_ratio_limits, phe_rate_limits, phe_ratio_limits,
};
pub use target::{Target, TargetBasis};
pub use transform::{Scored, Transform};

/// A sum that does not depend on the order in which its terms come.
fn ordered_sum(terms: impl Iterator<Item = f64>) -> f64 {
    let mut terms: Vec<f64> = terms.collect();
    terms.sort_unstable_by(f64::total_cmp);
    terms.iter().sum()
}
