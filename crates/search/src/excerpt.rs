//! A passage that matches into the sentences to show.

use std::cmp::Reverse;
use std::ops::Range;

use crate::answer::{Hit, Sentence, Span};
use crate::expr::Leaf;
use crate::passage::Passage;
use crate::sentence::{first, last, sentences};
use crate::words::{is_dash, words};

/// Sentences of one passage that are shown.
const MOST_SENTENCES: usize = 3;

/// A hit: the sentences of a passage in which something is found, and those beside them.
pub(crate) fn hit(score: f64, passage: Passage, leaves: &[&Leaf]) -> Hit {
    let text = passage.text.as_str();
    let split = sentences(text);
    let found = found(text, leaves);
    let (chosen, more_sentences) = choose(&split, &found);
    let spans = merged(text, found.into_iter().flatten().collect());
    let shown = chosen.iter().enumerate().map(|(order, &at)| Sentence {
        text: text[split[at].clone()].to_owned(),
        follows_gap: order > 0 && chosen[order - 1] + 1 != at,
        matches: spans.iter().filter_map(|span| within(text, &split[at], span)).collect(),
    });
    let sentences = shown.collect();
    let beside = |at: usize| split.get(at).map(|range| text[range.clone()].to_owned());
    let before = match chosen.first() {
        Some(&at) if at > 0 => beside(at - 1),
        _ => passage.context_before.as_deref().and_then(last).map(str::to_owned),
    };
    let after = match chosen.last() {
        Some(&at) if at + 1 < split.len() => beside(at + 1),
        _ => passage.context_after.as_deref().and_then(first).map(str::to_owned),
    };
    Hit { score, before, sentences, more_sentences, after, passage }
}

/// Where each thing looked for stands, as bytes of the text.
fn found(text: &str, leaves: &[&Leaf]) -> Vec<Vec<Range<usize>>> {
    let read = words(text);
    let bytes = |run: Range<usize>| read[run.start].start..read[run.end - 1].end;
    leaves.iter().map(|leaf| leaf.find(&read).into_iter().map(bytes).collect()).collect()
}

/// The sentences to show, in order, and how many more match.
///
/// Those with most different things come first, then the earlier; where nothing matches, the first of all.
fn choose(split: &[Range<usize>], found: &[Vec<Range<usize>>]) -> (Vec<usize>, usize) {
    let is_in = |span: &Range<usize>, at: usize| span.start < split[at].end && split[at].start < span.end;
    let things = |at: usize| found.iter().filter(|spans| spans.iter().any(|span| is_in(span, at))).count();
    let mut matching: Vec<(Reverse<usize>, usize)> =
        (0..split.len()).map(|at| (Reverse(things(at)), at)).filter(|(Reverse(number), _)| *number > 0).collect();
    matching.sort_unstable();
    let more = matching.len().saturating_sub(MOST_SENTENCES);
    let mut chosen: Vec<usize> = matching.into_iter().take(MOST_SENTENCES).map(|(_, at)| at).collect();
    if chosen.is_empty() && !split.is_empty() {
        chosen.push(0);
    }
    chosen.sort_unstable();
    (chosen, more)
}

/// Matches in order and apart from each other.
fn merged(text: &str, mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for span in spans {
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
