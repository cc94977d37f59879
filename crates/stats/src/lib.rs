//! Statistics as pure functions on numbers: the methods that LAIS names beside its figures.
//!
//! Every function takes numbers and gives numbers or a typed refusal, never NaN. This crate must
//! never know a table, an authority, a file or an async runtime; a missing value is the caller's to
//! leave out, with its reason, before it gets here.

mod band;
mod composite;
mod distribution;
mod gamma_poisson;
mod interval;
mod marshall;
mod negative_binomial;
mod prediction;
mod quantile;
mod rank;
mod refusal;
mod shrinkage;

pub use band::{Band, Polarity, lait_band};
pub use composite::{
    CompositeIndicator, CompositePlan, CompositeScore, Contribution, WeightSensitivity, weight_sensitivity,
};
pub use gamma_poisson::RateBelief;
pub use interval::{Interval, Level};
pub use marshall::{MarshallFamily, MarshallMoments, marshall};
pub use negative_binomial::{NegativeBinomialFit, fit_negative_binomial};
pub use prediction::{
    AucComparison, BootstrapInterval, CalibrationSlope, DeLong, Logistic, NetBenefit, Penalty, RankingAtK, Resamples,
    RowWeights, auc, brier_score, brier_skill, calibration_in_the_large, calibration_slope, compare_auc, delong,
    log_loss, logistic_regression, net_benefit, ranking_at_k, somers_d,
};
pub use quantile::quantile7;
pub use rank::{Belief, RankBelief, RankDraws, RankedArea, min_ranks, rank_beliefs};
pub use refusal::Refusal;
pub use shrinkage::{HartungKnapp, NormalPosterior, RandomEffects, random_effects};
