//! The dated file of how signals are counted, `crates/insight/signals.toml`.

use serde::Deserialize;

static FILE: &str = include_str!("../../signals.toml");

/// Windows, what a chart looks for, and what its thresholds are simulated from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    /// The day of the edition.
    pub(super) edition: String,
    pub(super) level_months: i32,
    pub(super) least_months: i32,
    pub(super) change_months: i32,
    pub(super) baseline_months: i32,
    pub(super) excess: f64,
    pub(super) rate_ratio: f64,
    pub(super) years_without_alarm: u32,
    pub(super) threshold_series: u32,
    pub(super) chance_series: u32,
    pub(super) seed: u64,
    pub(super) dispersion_p: f64,
    pub(super) dispersion_areas: usize,
}

impl Plan {
    /// The plan as it was built in.
    ///
    /// # Errors
    /// Where the file is no such plan.
    pub(super) fn built_in() -> Result<Self, String> {
        toml::from_str(FILE).map_err(|e| format!("signals.toml: {e}"))
    }
}
