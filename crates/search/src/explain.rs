//! Why nothing was found, and what was perhaps meant.

use std::collections::BTreeMap;

use tantivy::Term;
use tantivy::query::BooleanQuery;
use tantivy::schema::Field;

use crate::answer::{Note, Query, Suggestion, count, shown};
use crate::compile::{Compiled, Filter, filtered};
use crate::error::SearchError;
use crate::expr::{Expr, Leaf};
use crate::search::Asked;
use crate::words::words;

/// Words suggested for one that occurs nowhere.
const MOST_NEAREST: usize = 3;
/// Values of a filter that are listed where one is asked for that occurs nowhere.
const MOST_VALUES: usize = 20;

/// For each word looked for that occurs nowhere, the nearest words that do.
pub(crate) fn suggestions(asked: &Asked<'_>, leaves: &[&Leaf]) -> Result<Vec<Suggestion>, SearchError> {
    let mut unknown: Vec<(String, String)> = Vec::new();
    for leaf in leaves {
        for (typed, exact) in unknown_words(asked, leaf)? {
            if !unknown.iter().any(|(_, known)| *known == exact) {
                unknown.push((typed, exact));
            }
        }
    }
    if unknown.is_empty() {
        return Ok(Vec::new());
    }
    let dictionary = dictionary(asked)?;
    let suggest = |(typed, exact): (String, String)| Suggestion { nearest: nearest(&exact, &dictionary), typed };
    Ok(unknown.into_iter().map(suggest).collect())
}

/// The words of one thing looked for that occur nowhere: as typed and as compared.
fn unknown_words(asked: &Asked<'_>, leaf: &Leaf) -> Result<Vec<(String, String)>, SearchError> {
    let Some(fields) = asked.indexes.first().map(|index| &index.fields) else { return Ok(Vec::new()) };
    let typed = match leaf {
        Leaf::Word { typed, .. } | Leaf::Row { typed, .. } | Leaf::Exact { typed, .. } => typed,
        // A beginning is complete only in its writer's mind.
        Leaf::Prefix { .. } => return Ok(Vec::new()),
        Leaf::Term { .. } if asked.count(&fields.leaf(leaf))? > 0 => return Ok(Vec::new()),
        Leaf::Term { typed, .. } => typed,
    };
    let is_exact = matches!(leaf, Leaf::Exact { .. });
    let mut unknown = Vec::new();
    for word in words(typed) {
        let (field, form) = if is_exact { (fields.exact, &word.exact) } else { (fields.stem, &word.stem) };
        if frequency(asked, field, form)? == 0 {
            unknown.push((typed[word.start..word.end].to_owned(), word.exact));
        }
    }
    Ok(unknown)
}

fn frequency(asked: &Asked<'_>, field: Field, form: &str) -> Result<u64, SearchError> {
    let term = Term::from_field_text(field, form);
    let found = asked.indexes.iter().map(|index| index.searcher.doc_freq(&term));
    Ok(found.sum::<tantivy::Result<u64>>()?)
}

/// Every value of a field with how many passages have it.
fn values(asked: &Asked<'_>, field: Field) -> Result<BTreeMap<String, u64>, SearchError> {
    let failed = |e: std::io::Error| SearchError::Engine(e.to_string());
    let mut found = BTreeMap::new();
    for reader in asked.indexes.iter().flat_map(|index| index.searcher.segment_readers()) {
        let inverted = reader.inverted_index(field)?;
        let mut stream = inverted.terms().stream().map_err(failed)?;
        while let Some((key, info)) = stream.next() {
            *found.entry(String::from_utf8_lossy(key).into_owned()).or_insert(0) += u64::from(info.doc_freq);
        }
    }
    Ok(found)
}

fn dictionary(asked: &Asked<'_>) -> Result<BTreeMap<String, u64>, SearchError> {
    match asked.indexes.first() {
        Some(index) => values(asked, index.fields.exact),
        None => Ok(BTreeMap::new()),
    }
}

/// The nearest words: by letters inserted, left out, changed or swapped, then the more frequent, then the alphabet.
fn nearest(word: &str, dictionary: &BTreeMap<String, u64>) -> Vec<String> {
    let length = word.chars().count();
    let farthest = if length < 5 { 1 } else { 2 };
    let mut near: Vec<(usize, std::cmp::Reverse<u64>, &String)> = dictionary
        .iter()
        .filter(|(known, _)| known.chars().count().abs_diff(length) <= farthest)
        .map(|(known, &number)| (strsim::osa_distance(word, known), std::cmp::Reverse(number), known))
        .filter(|(distance, _, _)| *distance <= farthest && *distance < length)
        .collect();
    near.sort();
    near.into_iter().take(MOST_NEAREST).map(|(_, _, known)| known.clone()).collect()
}

/// Why nothing was found.
pub(crate) fn why_empty(
    asked: &Asked<'_>,
    query: &Query,
    expr: &Expr,
    filters: &[Filter],
) -> Result<Vec<Note>, SearchError> {
    let Some(fields) = asked.indexes.first().map(|index| &index.fields) else { return Ok(Vec::new()) };
    let mut notes = impossible_days(query);
    for (name, field, wanted) in fields.listed(query) {
        notes.extend(unknown_values(asked, name, field, wanted)?);
    }
    let words = fields.compile(expr);
    if asked.count(&*words)? == 0 {
        notes.extend(why_no_words(asked, expr)?);
    } else {
        notes.extend(which_filter(asked, &words, filters)?);
    }
    Ok(notes)
}

/// Days of which the first is after the last.
fn impossible_days(query: &Query) -> Vec<Note> {
    let Some(from) = query.from else { return Vec::new() };
    let last = [("the last day", query.to), ("the day as which it is", query.as_at)];
    let before = last.into_iter().filter_map(|(name, day)| Some((name, day?))).filter(|(_, day)| *day < from);
    before.map(|(name, day)| Note::empty(format!("the first day, {from}, is after {name}, {day}"))).collect()
}

/// Values asked for that no passage has.
fn unknown_values(asked: &Asked<'_>, name: &str, field: Field, wanted: &[String]) -> Result<Vec<Note>, SearchError> {
    let mut notes = Vec::new();
    for value in wanted {
        if frequency(asked, field, value)? > 0 {
            continue;
        }
        let known = values(asked, field)?;
        let listed: Vec<_> = known.into_keys().collect();
        let there_are = match listed.len() {
            0 => format!("; none has a {name}"),
            number if number <= MOST_VALUES => format!("; there are {}", listed.join(", ")),
            number => format!("; there are {number} others"),
        };
        notes.push(Note::empty(format!("no passage has the {name} {}{there_are}", shown(value))));
    }
    Ok(notes)
}

/// Which filter let nothing through.
fn which_filter(asked: &Asked<'_>, words: &Compiled, filters: &[Filter]) -> Result<Vec<Note>, SearchError> {
    let mut notes = Vec::new();
    for filter in filters {
        let number = asked.count(&filtered(words, filters, |other| other.name == filter.name))?;
        if number > 0 {
            let matches = count(number, "passage matches", "passages match");
            notes.push(Note::empty(format!("{matches} without the filter on {}", filter.name)));
        }
    }
    if notes.is_empty() {
        let number = asked.count(&**words)?;
        let names: Vec<_> = filters.iter().map(|filter| filter.name).collect();
        let matches = count(number, "passage matches", "passages match");
        let text =
            format!("{matches} without any filter; leaving out one of them alone ({}) finds none", names.join(", "));
        notes.push(Note::empty(text));
    }
    Ok(notes)
}

/// Why no passage has what is looked for, whatever the filters.
fn why_no_words(asked: &Asked<'_>, expr: &Expr) -> Result<Vec<Note>, SearchError> {
    let Some(fields) = asked.indexes.first().map(|index| &index.fields) else { return Ok(Vec::new()) };
    let mut notes = Vec::new();
    let mut numbers = Vec::new();
    for leaf in expr.leaves() {
        let number = asked.count(&fields.leaf(leaf))?;
        if number == 0 {
            notes.push(Note::empty(nowhere(asked, leaf)?));
        }
        numbers.push(format!("{leaf} in {}", count(number, "passage", "passages")));
    }
    if !notes.is_empty() {
        return Ok(notes);
    }
    if let Some(wanted) = expr.without_exclusions()
        && expr.excludes()
    {
        let number = asked.count(&*fields.compile(&wanted))?;
        if number > 0 {
            let matches = count(number, "passage matches", "passages match");
            return Ok(vec![Note::empty(format!("{matches} without what is excluded"))]);
        }
    }
    if numbers.is_empty() {
        return Ok(vec![Note::empty("every passage is excluded".to_owned())]);
    }
    let together = "no passage has all of them together";
    Ok(vec![Note::empty(format!("{}; {together}; with OR between them any is found", numbers.join(", ")))])
}

/// What to say of one thing that occurs nowhere.
fn nowhere(asked: &Asked<'_>, leaf: &Leaf) -> Result<String, SearchError> {
    let Some(fields) = asked.indexes.first().map(|index| &index.fields) else { return Ok(String::new()) };
    if let Leaf::Prefix { start } = leaf {
        return Ok(format!("no word begins with {}", shown(start)));
    }
    let unknown: Vec<_> = unknown_words(asked, leaf)?.into_iter().map(|(typed, _)| shown(&typed)).collect();
    if !unknown.is_empty() {
        return Ok(format!("{} occurs nowhere", unknown.join(" and ")));
    }
    // Every word occurs, so it is their order that does not.
    let scattered = words(&leaf.to_string())
        .into_iter()
        .map(|word| fields.leaf(&Leaf::Word { typed: word.exact, stem: word.stem }));
    let number = asked.count(&BooleanQuery::intersection(scattered.collect()))?;
    let have = count(number, "passage has", "passages have");
    Ok(format!("{leaf} occurs nowhere with its words side by side; {have} them apart"))
}
