//! Statistics as pure functions on numbers: the methods that LAIS names beside its figures.
//!
//! Every function takes numbers and gives numbers or a typed refusal, never NaN. This crate must
//! never know a table, an authority, a file or an async runtime; a missing value is the caller's to
//! leave out, with its reason, before it gets here.

mod band;
mod composite;
mod count_dispersion;
mod cusum;
mod datum;
mod distribution;
mod ewma;
mod funnel;
mod gamma_poisson;
mod interval;
mod laney;
mod mann_kendall;
mod marshall;
mod mean;
mod measure;
mod multiplicity;
mod negative_binomial;
mod neighbours;
mod prediction;
mod proportion;
mod quantile;
mod quantile_band;
mod quantile_types;
mod rank;
mod rate;
mod refusal;
mod robust;
mod series;
mod shrinkage;
mod standardised;
mod trend;
mod xmr;

pub use band::{Band, Polarity, lait_band};
pub use composite::{
    CompositeIndicator, CompositePlan, CompositeRanks, CompositeScore, Contribution, Observed, ScoredArea,
    WeightSensitivity, score_ranks, weight_sensitivity,
};
pub use count_dispersion::{CountDispersion, count_dispersion};
pub use cusum::{
    CountModel, CusumDesign, CusumRun, CusumThreshold, cusum, cusum_alarm_chance, cusum_threshold, cusum_with_reset,
};
pub use datum::{BoundedInterval, Datum, bounded};
pub use ewma::{EwmaPoint, ewma};
pub use funnel::{
    AreaComparison, AreaFigures, Comparison, ComparisonSettings, Difference, Dispersion, FunnelSignificance,
    LEAST_RELIABILITY, RateFunnelLimits, RateType, RatioFunnelLimits, Scored, Target, TargetBasis, Transform, Trimming,
    adjusted_z, between_variance, binomial_funnel_limit, binomial_funnel_limits, binomial_mid_p_score,
    chi_squared_ratio_limits, compare_areas, dispersion_of, dispersion_ratio, phe_proportion_limits,
    phe_proportion_significance, phe_rate_denominator, phe_rate_limits, phe_rate_significance, phe_ratio_limits,
    phe_ratio_significance, poisson_funnel_limit, poisson_funnel_limits, poisson_mid_p_score, reliability,
    trimmed_scores,
};
pub use gamma_poisson::RateBelief;
pub use interval::{Interval, Level};
pub use laney::{LaneyChart, LaneyKind, LaneyPoint, laney};
pub use mann_kendall::{MannKendall, mann_kendall};
pub use marshall::{MarshallFamily, MarshallMoments, marshall};
pub use mean::{Mean, mean, mean_of_summary};
pub use measure::Measure;
pub use multiplicity::{Adjustment, adjusted_probabilities, concern_probability, expected_by_chance};
pub use negative_binomial::{NegativeBinomialFit, fit_negative_binomial};
pub use neighbours::{Neighbour, Neighbours, nearest_neighbours};
pub use prediction::{
    AucComparison, BootstrapInterval, CalibrationSlope, DeLong, Logistic, NetBenefit, Penalty, RankingAtK, Resamples,
    RowWeights, auc, brier_score, brier_skill, calibration_in_the_large, calibration_slope, compare_auc, delong,
    log_loss, logistic_regression, net_benefit, ranking_at_k, somers_d,
};
pub use proportion::{ProportionDifference, clopper_pearson, newcombe_difference, wilson};
pub use quantile::quantile7;
pub use quantile_band::{ntile, phe_quantile_bands};
pub use quantile_types::{QuantileType, quantile_of_type};
pub use rank::{Belief, RankBelief, RankDraws, RankedArea, min_ranks, rank_beliefs};
pub use rate::{
    BYAR_FROM, CountMethod, Rate, RateRatio, byar, poisson_count, poisson_exact, rate, rate_ratio, rate_ratio_p,
};
pub use refusal::Refusal;
pub use robust::{RobustComparison, robust_scores};
pub use series::{Autocorrelation, Fraction, lag1_autocorrelation};
pub use shrinkage::{HartungKnapp, NormalPosterior, RandomEffects, random_effects, shrunken_mean};
pub use standardised::{
    DSR_FROM, StandardisedRate, StandardisedRatio, Stratum, directly_standardised, expected_events,
    indirectly_standardised,
};
pub use trend::{
    AdjustedTrend, Estimate, FivePoints, RecentTrend, TrendDispersion, TrendMarker, TrendReading, estimate_trend,
    proportion_trend, trend_dispersion,
};
pub use xmr::{Assurance, Footing, Side, SpecialCause, Variation, XmrChart, XmrOptions, XmrPhase, XmrPoint, xmr};
