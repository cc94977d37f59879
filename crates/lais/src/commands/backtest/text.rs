//! A backtest as tables and sentences for a person.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use lais_insight::{BacktestReport, DecisionPoint, Group, Outcome, SignalResult, StratumResult};

/// So many of the best and of the worst single indicators are shown.
pub(super) const FEW: usize = 5;

/// The columns of a result as a row.
pub(super) fn schema() -> Schema {
    let text = ["signal", "title", "group", "outcome"].map(|name| (name, DataType::Utf8));
    let counts = ["n", "events"].map(|name| (name, DataType::Int64));
    let areas = ["auc", "auc_low", "auc_high", "delong_low", "delong_high"];
    let beside = ["last_grade_auc", "difference", "difference_low", "difference_high"];
    let of_probability = ["brier", "brier_skill", "log_loss", "calibration_in_the_large", "calibration_slope"];
    let of_tenth = ["precision_at_k", "recall_at_k", "lift_at_k"];
    let numbers = |names: &[&'static str]| names.iter().map(|name| (*name, DataType::Float64)).collect::<Vec<_>>();
    let columns = text
        .into_iter()
        .chain(counts)
        .chain(numbers(&areas))
        .chain(numbers(&beside))
        .chain([("n_probability", DataType::Int64)])
        .chain(numbers(&of_probability))
        .chain([("k", DataType::Int64)])
        .chain(numbers(&of_tenth))
        .chain([("why", DataType::Utf8)]);
    Schema::new(columns.map(|(name, kind)| Field::new(name, kind, true)).collect::<Vec<_>>())
}

/// Single indicators that are shown, the best first: the few best and the few worst by their area.
pub(super) fn few(report: &BacktestReport, outcome: Outcome) -> Vec<&SignalResult> {
    let of_outcome = report.signals.iter().filter(|r| r.outcome == outcome && r.group == Group::Indicator);
    let mut ordered: Vec<&SignalResult> = of_outcome.filter(|r| r.auc_low.is_some()).collect();
    ordered
        .sort_by(|a, b| b.auc.unwrap_or_default().total_cmp(&a.auc.unwrap_or_default()).then(a.signal.cmp(&b.signal)));
    if ordered.len() > 2 * FEW {
        ordered.drain(FEW..ordered.len() - FEW);
    }
    ordered
}

/// Baselines and composites of an outcome.
pub(super) fn many(results: &[SignalResult], outcome: Outcome) -> Vec<&SignalResult> {
    results.iter().filter(|r| r.outcome == outcome && r.group != Group::Indicator).collect()
}

/// Every table with its heading.
pub(super) fn tables(report: &BacktestReport) -> anyhow::Result<Vec<(String, RecordBatch)>> {
    let mut tables = vec![];
    for outcome in Outcome::ALL {
        let (n, events) = counted(&report.signals, outcome);
        let heading = format!("{}: {n} re-inspections, {events} with it", said(outcome));
        tables.push((heading, results(&many(&report.signals, outcome))?));
        let heading = format!("{}: the {FEW} best and the {FEW} worst single indicators", said(outcome));
        tables.push((heading, results(&few(report, outcome))?));
    }
    let heading = "Less than good: net benefit an inspection of visiting from such a probability on (of visiting all)";
    tables.push((heading.to_owned(), decisions(report, Outcome::LessThanGood)?));
    for (by, heading) in [("year", "Less than good by calendar year"), ("pathway", "Less than good by last grade")] {
        tables.push((heading.to_owned(), strata(report, by)?));
    }
    let built = &report.with_built_outcomes;
    let (n, events) = counted(&built.signals, Outcome::LessThanGood);
    let rule = built.rules.iter().find(|rule| rule.in_use);
    let rule = rule
        .map_or_else(String::new, |rule| format!("{}; it reproduces {} of {}", rule.rule, rule.reproduces, rule.of));
    let heading = format!(
        "Less than good with the {} inspections without an overall grade, made from their judgements ({rule}): {n} \
         re-inspections, {events} with it",
        built.built
    );
    tables.push((heading, results(&many(&built.signals, Outcome::LessThanGood))?));
    Ok(tables)
}

/// The verdicts on what is shown, the trials of single indicators, and the threats.
pub(super) fn closing(report: &BacktestReport) -> String {
    let mut text = String::from("Verdicts\n");
    for outcome in Outcome::ALL {
        let shown = many(&report.signals, outcome);
        for verdict in report.verdicts.iter().filter(|v| v.outcome == outcome) {
            if verdict.adds || shown.iter().any(|result| result.signal == verdict.signal) {
                let note = verdict.note.map_or_else(String::new, |note| format!(" ({note})"));
                text.push_str(&format!("  {}, {}: {}{note}\n", verdict.signal, outcome.id(), verdict.verdict));
            }
        }
    }
    for tried in &report.tried {
        text.push_str(&format!(
            "  {} single indicators, {}: {} add to the last grade; about {:.1} at most would by chance\n",
            tried.tried,
            tried.outcome.id(),
            tried.added,
            tried.expected_by_chance
        ));
    }
    text.push_str("\nThreats to validity\n");
    for threat in &report.threats {
        text.push_str(&format!("  {threat}\n"));
    }
    text
}

/// An outcome in words.
pub(super) const fn said(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::LessThanGood => "Less than good",
        Outcome::Declined => "Declined from good or outstanding to less than good",
    }
}

fn counted(results: &[SignalResult], outcome: Outcome) -> (usize, usize) {
    let whole = results.iter().filter(|result| result.outcome == outcome).max_by_key(|result| result.n);
    whole.map_or((0, 0), |result| (result.n, result.events))
}

/// A table of results with few columns.
fn results(results: &[&SignalResult]) -> anyhow::Result<RecordBatch> {
    let column = |cell: &dyn Fn(&SignalResult) -> String| -> ArrayRef {
        Arc::new(results.iter().map(|result| Some(cell(result))).collect::<StringArray>())
    };
    let columns = [
        ("signal", column(&|r| r.signal.clone())),
        ("n", column(&|r| r.n.to_string())),
        ("events", column(&|r| r.events.to_string())),
        ("auc", column(&|r| number(r.auc))),
        ("95%", column(&|r| interval(r.auc_low, r.auc_high, number))),
        ("less last-grade", column(&|r| signed(r.difference))),
        ("95% of it", column(&|r| interval(r.difference_low, r.difference_high, signed))),
        ("n_probability", column(&|r| r.n_probability.to_string())),
        ("brier", column(&|r| number(r.brier))),
        ("brier_skill", column(&|r| signed(r.brier_skill))),
        ("calibration_slope", column(&|r| r.calibration_slope.map_or_else(String::new, |slope| format!("{slope:.2}")))),
        (
            "precision_at_k",
            column(&|r| r.k.zip(r.precision_at_k).map_or_else(String::new, |(k, p)| format!("{p:.2} of {k}"))),
        ),
    ];
    Ok(RecordBatch::try_from_iter(columns)?)
}

/// A table with a row a signal and a column a threshold.
fn decisions(report: &BacktestReport, outcome: Outcome) -> anyhow::Result<RecordBatch> {
    let of_outcome: Vec<_> = report.decision_curves.iter().filter(|point| point.outcome == outcome).collect();
    let curves: Vec<_> = of_outcome.chunk_by(|a, b| a.signal == b.signal).collect();
    let column = |cell: &dyn Fn(&[&DecisionPoint]) -> String| -> ArrayRef {
        Arc::new(curves.iter().map(|curve| Some(cell(curve))).collect::<StringArray>())
    };
    let mut columns = vec![
        ("signal".to_owned(), column(&|curve| curve[0].signal.clone())),
        ("n".to_owned(), column(&|curve| curve[0].n.to_string())),
    ];
    let thresholds = curves.first().map_or(&[] as &[&DecisionPoint], |curve| curve);
    columns.extend(thresholds.iter().enumerate().map(|(at, point)| {
        let cell =
            |curve: &[&DecisionPoint]| format!("{:+.3} ({:+.3})", curve[at].net_benefit, curve[at].of_visiting_all);
        (format!("{:.0}%", 100.0 * point.threshold), column(&cell))
    }));
    Ok(RecordBatch::try_from_iter(columns)?)
}

/// A table with a row a stratum and a column a signal.
fn strata(report: &BacktestReport, by: &str) -> anyhow::Result<RecordBatch> {
    let of_kind: Vec<&StratumResult> = report.strata.iter().filter(|stratum| stratum.by == by).collect();
    let mut names: Vec<&str> = of_kind.iter().map(|stratum| stratum.stratum.as_str()).collect();
    names.dedup();
    let mut signals: Vec<&str> = vec![];
    for stratum in &of_kind {
        if !signals.contains(&stratum.signal.as_str()) {
            signals.push(&stratum.signal);
        }
    }
    let column = |cell: &dyn Fn(&str) -> String| -> ArrayRef {
        Arc::new(names.iter().map(|name| Some(cell(name))).collect::<StringArray>())
    };
    let find = |name: &str, signal: &str| of_kind.iter().find(|s| s.stratum == name && s.signal == signal).copied();
    // The last grade says something of every inspection.
    let whole = |name: &str| of_kind.iter().filter(|s| s.stratum == name).max_by_key(|s| s.n).copied();
    let mut columns = vec![
        (by, column(&|name| name.to_owned())),
        ("n", column(&|name| whole(name).map_or_else(String::new, |s| s.n.to_string()))),
        ("events", column(&|name| whole(name).map_or_else(String::new, |s| s.events.to_string()))),
    ];
    columns.extend(signals.iter().map(|signal| {
        let cell = |name: &str| find(name, signal).map_or_else(String::new, area);
        (*signal, column(&cell))
    }));
    Ok(RecordBatch::try_from_iter(columns)?)
}

/// The area of a stratum with its interval.
fn area(stratum: &StratumResult) -> String {
    match (stratum.auc, interval(stratum.auc_low, stratum.auc_high, short)) {
        (None, _) => String::new(),
        (Some(auc), of) if of.is_empty() => format!("{auc:.2}"),
        (Some(auc), of) => format!("{auc:.2} ({of})"),
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!("{value:.3}"))
}

fn short(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!("{value:.2}"))
}

fn signed(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!("{value:+.3}"))
}

fn interval(low: Option<f64>, high: Option<f64>, say: fn(Option<f64>) -> String) -> String {
    if low.is_none() || high.is_none() {
        return String::new();
    }
    format!("{} to {}", say(low), say(high))
}
