//! Asking indexes.

use std::cmp::Reverse;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, Occur, Query as EngineQuery};
use tantivy::schema::{Field, Value as _};
use tantivy::{DocAddress, Score, TantivyDocument, Term};

use crate::answer::{Answer, Hit, Note, NoteKind, Query, Searched, count};
use crate::compile::{Compiled, Filter, filtered};
use crate::error::SearchError;
use crate::excerpt::hit;
use crate::explain;
use crate::index::Index;
use crate::lexicon::lexicon;
use crate::parse::{Parsed, parse};
use crate::passage::Passage;

/// Steps of score within 1: what differs by less than rounding counts as equal.
const STEPS: f32 = 10_000.0;

/// Asks some indexes, those that the asker may see, as if they were one.
///
/// No text is refused: what is not understood is ignored and noted. Scores depend on the indexes asked and on
/// nothing else, so that an answer tells nothing of what its asker may not see.
///
/// # Errors
/// The engine fails on an index, which [`Index::open`] did not find damaged.
pub fn search(indexes: &[&Index], query: &Query) -> Result<Answer, SearchError> {
    let Parsed { expr, notes, expanded } = parse(&query.text, query.with_names);
    let searched = indexes.iter().map(|index| Searched {
        class: index.identity.class,
        snapshot: index.identity.snapshot.clone(),
        passages: index.passages,
    });
    let mut answer = Answer {
        read_as: expr.to_string(),
        lexicon_version: lexicon().version(),
        expanded,
        notes,
        searched: searched.collect(),
        offset: query.offset,
        ..Answer::default()
    };
    // The engine panics on some conditions where a segment has no document, so it is not asked.
    let full: Vec<&Index> = indexes.iter().copied().filter(|index| index.passages > 0).collect();
    let asked = Asked { indexes: &full };
    let Some(fields) = full.first().map(|index| &index.fields) else {
        let why = if indexes.is_empty() { "no index was searched" } else { "there is no passage in what was searched" };
        answer.notes.push(Note::empty(why.to_owned()));
        return Ok(answer);
    };
    let words = fields.compile(&expr);
    let filters = fields.filters(query);
    let (total, ranked) = asked.rank(&filtered(&words, &filters, |_| false), query)?;
    answer.total = total;
    let leaves = expr.leaves();
    answer.hits = ranked.into_iter().map(|(score, passage)| hit(score, passage, &leaves)).collect::<Vec<Hit>>();
    answer.notes.extend(asked.undated(&words, &filters)?);
    answer.suggestions = explain::suggestions(&asked, &leaves)?;
    if total == 0 {
        answer.notes.extend(explain::why_empty(&asked, query, &expr, &filters)?);
    }
    Ok(answer)
}

impl Index {
    /// Asks this index alone.
    ///
    /// # Errors
    /// As [`search`].
    pub fn search(&self, query: &Query) -> Result<Answer, SearchError> {
        search(&[self], query)
    }
}

/// Indexes that are asked as one: words are as rare as they are in all of them.
pub(crate) struct Asked<'i> {
    /// The indexes.
    pub(crate) indexes: &'i [&'i Index],
}

impl Bm25StatisticsProvider for Asked<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.indexes.iter().map(|index| index.searcher.total_num_tokens(field)).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.indexes.iter().map(|index| index.searcher.total_num_docs()).sum()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.indexes.iter().map(|index| index.searcher.doc_freq(term)).sum()
    }
}

/// What one index found, best first, with what has been taken of it.
struct Found<'i> {
    index: &'i Index,
    docs: std::iter::Peekable<std::vec::IntoIter<(u64, DocAddress)>>,
}

impl Asked<'_> {
    /// Passages that meet a condition.
    pub(crate) fn count(&self, query: &dyn EngineQuery) -> Result<u64, SearchError> {
        let counts = self.indexes.iter().map(|index| index.searcher.search(query, &Count));
        Ok(counts.sum::<tantivy::Result<usize>>()? as u64)
    }

    /// How many meet a condition, and the page of them that is asked for.
    fn rank(&self, condition: &BooleanQuery, query: &Query) -> Result<(usize, Vec<(f64, Passage)>), SearchError> {
        let mut total = 0;
        let mut found = Vec::with_capacity(self.indexes.len());
        for &index in self.indexes {
            let most = usize::try_from(index.passages).unwrap_or(usize::MAX);
            let wanted = query.offset.saturating_add(query.limit).min(most).max(1);
            // Counting visits every match, so that nothing is pruned and a page does not depend on its length.
            let top =
                TopDocs::with_limit(wanted).tweak_score(|_: &tantivy::SegmentReader| |_, score: Score| steps(score));
            let (number, docs) = index.searcher.search_with_statistics_provider(condition, &(Count, top), self)?;
            total += number;
            found.push(Found { index, docs: docs.into_iter().peekable() });
        }
        let mut page = Vec::new();
        for at in 0..query.offset.saturating_add(query.limit).min(total) {
            let Some((score, passage)) = next_best(&mut found, at >= query.offset)? else { break };
            page.extend(passage.map(|passage| (score as f64 / f64::from(STEPS), passage)));
        }
        Ok((total, page))
    }

    /// What matches but for its lack of a date.
    fn undated(&self, words: &Compiled, filters: &[Filter]) -> Result<Option<Note>, SearchError> {
        if !filters.iter().any(|filter| filter.is_date) || self.indexes.iter().all(|index| index.undated == 0) {
            return Ok(None);
        }
        let Some(index) = self.indexes.first() else { return Ok(None) };
        let but_dates: Compiled = Box::new(filtered(words, filters, |filter| filter.is_date));
        let undated = BooleanQuery::new(vec![(Occur::Must, but_dates), (Occur::MustNot, index.fields.dated())]);
        let number = self.count(&undated)?;
        Ok((number > 0).then(|| Note {
            kind: NoteKind::Undated,
            text: format!(
                "{} without a date left out: when {} became known is not known",
                count(number, "passage that matches was", "passages that match were"),
                if number == 1 { "it" } else { "they" }
            ),
        }))
    }
}

/// Takes the best of what is left: by score, then the newer, then by id, then by class.
fn next_best(found: &mut [Found<'_>], is_wanted: bool) -> Result<Option<(u64, Option<Passage>)>, SearchError> {
    let Some(best) = found.iter_mut().filter_map(|one| one.docs.peek().map(|(score, _)| *score)).max() else {
        return Ok(None);
    };
    let mut tied = Vec::new();
    for (at, one) in found.iter_mut().enumerate() {
        if let Some(&(score, address)) = one.docs.peek()
            && score == best
        {
            tied.push((at, address));
        }
    }
    // Within one index the engine has kept the order; passages are read only where two indexes tie.
    let chosen = match tied.as_slice() {
        [] => return Ok(None),
        [(at, _)] => *at,
        _ => {
            let mut read = Vec::with_capacity(tied.len());
            for (at, address) in tied {
                let passage = passage(found[at].index, address)?;
                read.push((Reverse(passage.date), passage.id, passage.class, at));
            }
            match read.into_iter().min() {
                Some((_, _, _, at)) => at,
                None => return Ok(None),
            }
        }
    };
    let one = &mut found[chosen];
    let Some((score, address)) = one.docs.next() else { return Ok(None) };
    let passage = if is_wanted { Some(passage(one.index, address)?) } else { None };
    Ok(Some((score, passage)))
}

/// A score in whole steps.
fn steps(score: Score) -> u64 {
    // Scores are finite and not negative; what is not a number would become 0.
    (score * STEPS).round() as u64
}

/// The passage of a document.
fn passage(index: &Index, address: DocAddress) -> Result<Passage, SearchError> {
    let document: TantivyDocument = index.searcher.doc(address)?;
    let body = document.get_first(index.fields.body).and_then(|value| value.as_str()).unwrap_or_default();
    serde_json::from_str(body).map_err(|e| SearchError::Engine(format!("a stored passage cannot be read ({e})")))
}
