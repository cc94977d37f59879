//! A tree of conditions and a list of filters into what the engine runs.

use std::ops::Bound;

use jiff::civil::Date;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery,
    Query as EngineQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::answer::Query;
use crate::expr::{Expr, Leaf};
use crate::schema::{Fields, days};

/// How much more a name counts than its words scattered over a passage.
const NAMED: f32 = 2.0;

/// A query of the engine.
pub(crate) type Compiled = Box<dyn EngineQuery>;

impl Fields {
    /// The condition on words; passages score by BM25.
    pub(crate) fn compile(&self, expr: &Expr) -> Compiled {
        match expr {
            Expr::Everything => unscored(Box::new(AllQuery)),
            Expr::Leaf(leaf) => self.leaf(leaf),
            Expr::All(inner) => self.all(inner),
            Expr::Any(inner) => Box::new(BooleanQuery::union(inner.iter().map(|e| self.compile(e)).collect())),
            Expr::Not(_) => self.all(std::slice::from_ref(expr)),
        }
    }

    fn all(&self, inner: &[Expr]) -> Compiled {
        let mut clauses: Vec<(Occur, Compiled)> = inner
            .iter()
            .map(|expr| match expr {
                Expr::Not(excluded) => (Occur::MustNot, self.compile(excluded)),
                wanted => (Occur::Must, self.compile(wanted)),
            })
            .collect();
        // What only excludes leaves everything else.
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, self.compile(&Expr::Everything)));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// The condition of one thing looked for.
    pub(crate) fn leaf(&self, leaf: &Leaf) -> Compiled {
        match leaf {
            Leaf::Word { stem, .. } => row(self.stem, std::slice::from_ref(stem)),
            Leaf::Row { stems, .. } => row(self.stem, stems),
            Leaf::Exact { words, .. } => row(self.exact, words),
            Leaf::Prefix { start } => self.beginning(start),
            Leaf::Term { parts, name, others, .. } => {
                let names = std::iter::once(name).chain(others.iter().map(|other| &other.stems));
                let mut any: Vec<Compiled> = names.map(|stems| boosted(row(self.stem, stems))).collect();
                // All that would be found without the other names is found with them.
                let parts: Vec<Compiled> = parts.iter().map(|part| self.leaf(part)).collect();
                if !parts.is_empty() {
                    any.push(Box::new(BooleanQuery::intersection(parts)));
                }
                // The best of the names: a passage that uses two does not count double.
                Box::new(DisjunctionMaxQuery::new(any))
            }
        }
    }

    /// Any word that begins so. Each such passage scores the same: rare words are no better than frequent ones.
    fn beginning(&self, start: &str) -> Compiled {
        let from = Bound::Included(Term::from_field_text(self.exact, start));
        // The last of all characters: no word holds it, since it is no letter.
        let to = Bound::Excluded(Term::from_field_text(self.exact, &format!("{start}\u{10FFFF}")));
        Box::new(RangeQuery::new(from, to))
    }

    /// The filters that a query sets, each with what it is called.
    pub(crate) fn filters(&self, query: &Query) -> Vec<Filter> {
        let listed = self.listed(query).into_iter();
        let mut filters: Vec<Filter> = listed
            .filter(|(_, _, values)| !values.is_empty())
            .map(|(name, field, values)| Filter { name, is_date: false, query: one_of(field, values) })
            .collect();
        let mut dated = |name, query| filters.push(Filter { name, is_date: true, query });
        if query.from.is_some() {
            dated("the first day", self.between(query.from, None));
        }
        if query.to.is_some() {
            dated("the last day", self.between(None, query.to));
        }
        if let Some(as_at) = query.as_at {
            dated("the day as which it is", self.known(as_at));
        }
        filters
    }

    /// The filters that are lists: name, field, values.
    pub(crate) fn listed<'q>(&self, query: &'q Query) -> [(&'static str, Field, &'q [String]); 5] {
        [
            ("authority", self.authority, &query.authorities),
            ("kind", self.kind, &query.kinds),
            ("criterion", self.criterion, &query.criteria),
            ("topic", self.topic, &query.topics),
            ("statement", self.statement, &query.statements),
        ]
    }

    /// What was known on a day, and had not given way to another version by it.
    fn known(&self, day: Date) -> Compiled {
        let gone = unscored(within(self.until, None, Some(day)));
        unscored(Box::new(BooleanQuery::new(vec![
            (Occur::Must, self.between(None, Some(day))),
            (Occur::MustNot, gone),
        ])))
    }

    fn between(&self, from: Option<Date>, to: Option<Date>) -> Compiled {
        unscored(within(self.date, from, to))
    }

    /// Every passage that bears a date.
    pub(crate) fn dated(&self) -> Compiled {
        self.between(None, None)
    }
}

/// A condition on what a passage is, not on its words.
pub(crate) struct Filter {
    /// What it is called: `kind`, `the last day`.
    pub(crate) name: &'static str,
    /// Whether it is about the day.
    pub(crate) is_date: bool,
    /// The condition.
    pub(crate) query: Compiled,
}

/// What meets the condition on words and all filters but those that are `skipped`.
pub(crate) fn filtered(words: &Compiled, filters: &[Filter], skipped: impl Fn(&Filter) -> bool) -> BooleanQuery {
    let kept = filters.iter().filter(|filter| !skipped(filter)).map(|filter| filter.query.box_clone());
    BooleanQuery::intersection(std::iter::once(words.box_clone()).chain(kept).collect())
}

/// What has a day within these in a field of days.
fn within(field: Field, from: Option<Date>, to: Option<Date>) -> Compiled {
    let term = |date: Date| Bound::Included(Term::from_field_i64(field, days(date)));
    // An open end still asks for a date: what bears none is not known to be within.
    Box::new(RangeQuery::new(from.map_or_else(|| term(Date::MIN), term), to.map_or_else(|| term(Date::MAX), term)))
}

/// Words side by side, or the one word.
fn row(field: Field, words: &[String]) -> Compiled {
    let term = |word: &String| Term::from_field_text(field, word);
    match words {
        [] => Box::new(EmptyQuery),
        [word] => Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)),
        words => Box::new(PhraseQuery::new(words.iter().map(term).collect())),
    }
}

fn one_of(field: Field, values: &[String]) -> Compiled {
    unscored(Box::new(TermSetQuery::new(values.iter().map(|value| Term::from_field_text(field, value)))))
}

fn unscored(query: Compiled) -> Compiled {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn boosted(query: Compiled) -> Compiled {
    Box::new(BoostQuery::new(query, NAMED))
}
