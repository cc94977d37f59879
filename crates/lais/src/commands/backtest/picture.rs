//! A backtest as a chart: the area of every signal that is worth a look, beside chance and the last grade.

use std::path::Path;

use anyhow::bail;
use lais_chart::{Reference, Role, Span, SpanGroup, Spans, Value};
use lais_insight::{BacktestReport, Group, Outcome, SignalResult};

use super::text;

/// The form of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Svg,
    Png,
}

/// The width of a PNG in pixels.
const WIDTH: u32 = 1440;

/// What the chart is of: decline is of so few inspections that its intervals overlap all.
const OUTCOME: Outcome = Outcome::LessThanGood;

impl Form {
    /// What a file's ending says.
    pub(super) fn of(path: &Path) -> anyhow::Result<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        match ending.as_deref() {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            _ => bail!("{} ends in neither .svg nor .png; the ending says what is drawn", path.display()),
        }
    }
}

/// Draws the report.
pub(super) fn draw(report: &BacktestReport, source: String, form: Form) -> anyhow::Result<Vec<u8>> {
    let svg = lais_chart::spans(&chart(report, source))?;
    Ok(match form {
        Form::Svg => svg.into_bytes(),
        Form::Png => lais_chart::png(&svg, WIDTH)?,
    })
}

fn chart(report: &BacktestReport, source: String) -> Spans {
    let about = &report.about;
    let many = text::many(&report.signals, OUTCOME);
    let of_group = |group: Group| many.iter().copied().filter(move |result| result.group == group);
    let few = text::few(report, OUTCOME);
    let last = report.result("last-grade", OUTCOME).and_then(|result| result.auc);
    let mut references = vec![Reference { name: "chance".to_owned(), at: 0.5 }];
    references.extend(last.map(|at| Reference { name: "the last grade".to_owned(), at }));
    let indicators = match about.indicators {
        shown if shown <= 2 * text::FEW => "Single indicators".to_owned(),
        all => format!("Of {all} single indicators the {0} best and the {0} worst", text::FEW),
    };
    let period = about.first.as_deref().zip(about.last.as_deref());
    let period = period.map_or_else(String::new, |(first, last)| format!(" ({} to {})", year(first), year(last)));
    Spans {
        id: None,
        title: title(report),
        unit: format!(
            "area under the curve with its 95 per cent interval: how well each signal foretold which of {} \
             re-inspections{period} would end below good",
            about.n
        ),
        decimals: 2,
        source,
        references,
        groups: vec![
            group("Baselines", Role::Country, of_group(Group::Baseline)),
            group("Composites", Role::Subject, of_group(Group::Composite)),
            group(&indicators, Role::Neighbours, few.into_iter()),
        ],
    }
}

/// The year of a day that is written as 2025-03-31.
fn year(day: &str) -> &str {
    day.split('-').next().unwrap_or(day)
}

/// What the chart shows, in a sentence.
fn title(report: &BacktestReport) -> String {
    let added = report.verdicts.iter().filter(|verdict| verdict.outcome == OUTCOME && verdict.adds);
    match added.count() {
        0 => "No signal is shown to foretell grades better than the last grade does".to_owned(),
        1 => "One signal is shown to foretell grades better than the last grade does".to_owned(),
        n => format!("{n} signals are shown to foretell grades better than the last grade does"),
    }
}

fn group<'a>(name: &str, role: Role, results: impl Iterator<Item = &'a SignalResult>) -> SpanGroup {
    SpanGroup { name: name.to_owned(), role, spans: results.map(span).collect() }
}

fn span(result: &SignalResult) -> Span {
    // An area of a handful is not drawn as if it were one of all.
    let interval = result.auc_low.zip(result.auc_high);
    let value = match (result.auc, interval) {
        (Some(auc), Some(_)) => Value::Observed(auc),
        _ => Value::Missing(format!("{} inspections only", result.n)),
    };
    Span { name: result.title.clone(), value, interval }
}
