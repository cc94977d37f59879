//! A passage that matches into the sentences to show.

use std::ops::Range;

use crate::answer::{Hit, Sentence, Span};
use crate::expr::Leaf;
use crate::passage::Passage;
use crate::sentence::{first, last, sentences};
use crate::words::{is_dash, words};

/// A hit: the sentences of a passage in which something is found, and those beside them.
pub(crate) fn hit(score: f64, passage: Passage, leaves: &[&Leaf]) -> Hit {
    let text = passage.text.as_str();
    let split = sentences(text);
    let spans = spans(text, leaves);
    let touched = |range: &Range<usize>| spans.iter().any(|span| span.start < range.end && range.start < span.end);
    let mut chosen: Vec<usize> = (0..split.len()).filter(|&at| touched(&split[at])).collect();
    if chosen.is_empty() && !split.is_empty() {
        chosen.push(0);
    }
    let shown = chosen.iter().enumerate().map(|(order, &at)| Sentence {
        text: text[split[at].clone()].to_owned(),
        follows_gap: order > 0 && chosen[order - 1] + 1 != at,
        matches: spans.iter().filter_map(|span| within(text, &split[at], span)).collect(),
    });
    let sentences = shown.collect();
    let beside = |at: Option<usize>| at.and_then(|at| split.get(at)).map(|range| text[range.clone()].to_owned());
    let before = match chosen.first() {
        Some(&at) if at > 0 => beside(Some(at - 1)),
        _ => passage.context_before.as_deref().and_then(last).map(str::to_owned),
    };
    let after = match chosen.last() {
        Some(&at) if at + 1 < split.len() => beside(Some(at + 1)),
        _ => passage.context_after.as_deref().and_then(first).map(str::to_owned),
    };
    Hit { score, before, sentences, after, passage }
}

/// Where anything looked for stands, as bytes of the text, in order and apart from each other.
fn spans(text: &str, leaves: &[&Leaf]) -> Vec<Range<usize>> {
    let read = words(text);
    let mut found: Vec<Range<usize>> = leaves
        .iter()
        .flat_map(|leaf| leaf.find(&read))
        .map(|run| read[run.start].start..read[run.end - 1].end)
        .collect();
    found.sort_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for span in found {
        match merged.last_mut() {
            Some(before) if span.start <= before.end || is_joined(&text[before.end..span.start]) => {
                before.end = before.end.max(span.end);
            }
            _ => merged.push(span),
        }
    }
    merged
}

/// Whether what stands between two matches only joins them, so that they are shown as one.
fn is_joined(between: &str) -> bool {
    between.chars().all(|c| c.is_whitespace() || is_dash(c))
}

/// The part of a span that lies within a sentence, in characters of the sentence.
fn within(text: &str, sentence: &Range<usize>, span: &Range<usize>) -> Option<Span> {
    let (start, end) = (span.start.max(sentence.start), span.end.min(sentence.end));
    let characters = |to: usize| text[sentence.start..to].chars().count();
    (start < end).then(|| Span { start: characters(start), end: characters(end) })
}
