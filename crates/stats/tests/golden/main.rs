//! The golden values: every file of the folder, every case of it, within the tolerance that its README states.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

mod belief;
mod funnel;
mod harness;
mod intervals;
mod many;
mod overdispersion;
mod series;

/// The files that a test here reads.
const READ: [&str; 26] = [
    "cusum_poisson.json",
    "dsr.json",
    "eb_marshall.json",
    "eb_normal_dl.json",
    "ewma.json",
    "fdr.json",
    "funnel_exact_limits.csv",
    "funnel_overdispersion.json",
    "funnel_poisson_limits_funnelplotr.csv",
    "funnel_proportion.csv",
    "funnel_proportion_limits.csv",
    "funnel_rate_limits.csv",
    "funnel_rate_significance.csv",
    "funnel_ratio_limits.csv",
    "funnel_ratio_significance.csv",
    "isr.json",
    "means.json",
    "poisson_count_intervals.csv",
    "proportion_clopper_pearson.csv",
    "proportion_wilson.csv",
    "quantile_bands.json",
    "ranking_metrics.json",
    "rate_byar_exact.csv",
    "recent_trend.json",
    "spc_xmr.json",
    "stat_neighbours.json",
];

#[test]
fn golden_no_file_of_the_folder_is_left_unread() {
    let Some(folder) = harness::folder() else { return };
    let tests: String = std::fs::read_dir(harness::tests())
        .unwrap()
        .flatten()
        .map(|file| std::fs::read_to_string(file.path()).unwrap())
        .collect();
    for name in READ {
        assert!(tests.contains(&format!("each_case(\"{name}\"")), "no test reads {name}");
    }
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_of_cases = name.ends_with(".csv") || name.ends_with(".json");
        assert!(!is_of_cases || READ.contains(&name.as_str()), "{name} is read by no test");
    }
}
