//! The labels of years in a long table, each made into a period once.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Long, LongRule, place};
use crate::columnar::{Column, LongTable};
use crate::dictionary::{Described, Dictionary};
use crate::period::Period;
use crate::pipeline::Pipeline;
use crate::years;

/// A label of a measure, read.
pub(super) struct ReadLabel {
    measure: u32,
    label: u32,
    text: String,
    /// The place of its mark among those of the pipeline.
    standing: usize,
    dates: Result<(Date, Date), String>,
    /// When the measure's figures were last updated.
    updated: Option<Date>,
}

/// Every label of every measure, in order of first appearance.
pub(super) fn read_labels(
    pipeline: &Pipeline,
    rule: &LongRule,
    dictionary: Option<&Dictionary>,
    table: &LongTable,
) -> Vec<ReadLabel> {
    let empty = Column::default();
    let column = |name: &String| table.columns.get(name).unwrap_or(&empty);
    let (measures, periods) = (column(&rule.measure), column(&rule.period));
    let mut seen = HashSet::new();
    let pairs = measures.keys.iter().copied().zip(periods.keys.iter().copied());
    let distinct: Vec<(u32, u32)> = pairs.filter(|pair| seen.insert(*pair)).collect();
    let read = distinct.into_iter().map(|(measure, label)| {
        let text = periods.values[label as usize].clone();
        let described = dictionary.and_then(|d| d.measures.get(&measures.values[measure as usize]));
        let (standing, dates) = match read_label(pipeline, rule, described, &text) {
            Ok((standing, dates)) => (standing, Ok(dates)),
            Err(message) => (usize::MAX, Err(message)),
        };
        ReadLabel { measure, label, text, standing, dates, updated: described.and_then(|d| d.updated) }
    });
    read.collect()
}

fn read_label(
    pipeline: &Pipeline,
    rule: &LongRule,
    described: Option<&Described>,
    text: &str,
) -> Result<(usize, (Date, Date)), String> {
    let label = years::read(text)?;
    let standing = rule.marks.iter().position(|mark| mark == label.mark);
    let standing = match (standing, label.mark) {
        (Some(standing), _) => standing,
        (None, "") => 0,
        (None, mark) => {
            return Err(format!("the mark ({mark}) is none that pipeline {} knows; add it to marks", pipeline.id));
        }
    };
    let kind = described.map_or("", |described| described.year.as_str());
    let time = match pipeline.time.get(kind) {
        Some(time) => Some(time),
        None if kind.is_empty() => None,
        None => {
            return Err(format!(
                "the dictionary's kind of year {kind:?} is none of [time] in pipeline {}",
                pipeline.id
            ));
        }
    };
    Ok((standing, years::dates(label.years, time)?))
}

/// The latest period that is read, by which the release is called.
///
/// The file became public on the day on which the pipeline says so, or on which the dictionary's measures were
/// last updated, or else by the usual lag.
pub(super) fn vintage(pipeline: &Pipeline, dictionary: Option<&Dictionary>, read: &[ReadLabel]) -> Option<Period> {
    let dated = read.iter().filter_map(|label| Some((label.dates.clone().ok()?, label)));
    let latest = dated.max_by_key(|((start, end), label)| (*end, *start, Reverse(label.standing), &label.text));
    let ((start, end), label) = latest?;
    let label = label.text.clone();
    let publication = &pipeline.publication;
    let known = publication.releases.get(&label).copied();
    // A dictionary that is older than the table says too early a day.
    let updated = dictionary.and_then(Dictionary::updated).map(|updated| updated.max(end));
    let published_on = known.or(updated).unwrap_or_else(|| end.saturating_add(publication.usual_lag_days.days()));
    let published_on_assumed = known.is_none() || publication.assumed;
    Some(Period { end, start, label, published_on, published_on_assumed })
}

impl Long<'_> {
    /// Gives each label its period, and a breakdown to those whose period another label has already.
    ///
    /// Of several labels of a measure that end on one day the shortest period is the headline, then the one
    /// whose mark stands first in the pipeline; the others keep their figures under a breakdown.
    pub(super) fn settle(&mut self, read: Vec<ReadLabel>) {
        let mut first: HashMap<(u32, Date), (i64, usize, String)> = HashMap::new();
        for label in &read {
            let Ok((start, end)) = label.dates else { continue };
            let standing = (length(start, end), label.standing, label.text.clone());
            let best = first.entry((label.measure, end)).or_insert_with(|| standing.clone());
            if standing < *best {
                *best = standing;
            }
        }
        let mut known = HashMap::from([(String::new(), 0)]);
        for label in read {
            let settled = label.dates.clone().map(|(start, end)| {
                let is_headline = first.get(&(label.measure, end)).is_some_and(|(_, _, text)| *text == label.text);
                let breakdown =
                    if is_headline { String::new() } else { format!("{}={}", self.rule.period, label.text) };
                let period = self.period(&label, start, end);
                let breakdown =
                    *known.entry(breakdown).or_insert_with_key(|text| place(&mut self.breakdowns, text.clone()));
                (place(&mut self.periods, period), breakdown)
            });
            self.labels.insert((label.measure, label.label), settled);
        }
    }

    fn period(&self, label: &ReadLabel, start: Date, end: Date) -> Period {
        let known = self.pipeline.publication.releases.get(&label.text).copied();
        let usual = end.saturating_add(self.pipeline.publication.usual_lag_days.days());
        // What stands in the file was public when the measure was updated, or at the latest when the file was.
        let public = [label.updated, Some(self.vintage.published_on)].into_iter().flatten().filter(|day| *day >= end);
        let latest = public.chain([usual]).min().unwrap_or(usual);
        Period {
            end,
            start,
            label: label.text.clone(),
            published_on: known.unwrap_or(latest),
            published_on_assumed: known.is_none() || self.pipeline.publication.assumed,
        }
    }
}

fn length(start: Date, end: Date) -> i64 {
    start.until(end).map_or(i64::MAX, |span| span.get_days().into())
}
