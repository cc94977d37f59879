//! Figures: every number or grade that a pack shows, with its id and where it comes from.

use jiff::civil::Date;
use serde::Serialize;

use crate::words;

/// One figure of a pack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Its number within the pack, from 1.
    pub number: usize,
    /// Its id: `<table>/<key parts joined by ~>/<column>@<snapshot>`.
    pub id: String,
    /// What it is, in words.
    pub what: String,
    /// What the pack shows.
    pub shown: String,
    /// How it was computed; nothing where it was published so.
    pub method: Option<String>,
    /// The rows it was read or computed from.
    pub places: Vec<Place>,
    /// The day on which it first became public, where it was published.
    pub published_on: Option<Date>,
    /// Whether that day is assumed from the publisher's usual lag.
    pub published_on_assumed: bool,
    /// The day of the file it was read from, where that is later than the day of the pack: the figure that was
    /// public then is not held, and this one stands for it as later revised.
    pub as_later_revised: Option<Date>,
}

/// Rows of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The source.
    pub source_id: String,
    /// The release of it.
    pub release: String,
    /// The sheet, where the file is a workbook.
    pub sheet: Option<String>,
    /// The column, where one is known.
    pub column: Option<String>,
    /// The rows, the header being row 1.
    pub rows: Vec<i64>,
}

impl Place {
    /// The rows in words, such as `rows 12-15, 20`.
    #[must_use]
    pub fn rows_in_words(&self) -> String {
        words::rows(&self.rows)
    }
}

/// What stands in a cell of a page: a figure, or the reason for which there is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shown {
    /// The text.
    pub text: String,
    /// The value, where there is one.
    pub value: Option<f64>,
    /// The number of its figure.
    pub figure: Option<usize>,
    /// Whether it stands, as later revised, for a figure that is not held.
    pub is_revised: bool,
}

impl Shown {
    /// A reason that stands in a figure's place.
    pub(crate) fn reason(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Whether it is a reason rather than a figure.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.value.is_none()
    }

    /// The number of its figure, 0 where there is none.
    #[must_use]
    pub fn number(&self) -> usize {
        self.figure.unwrap_or_default()
    }
}

/// The figures of a pack while it is made.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    snapshot: String,
    pub(crate) list: Vec<Figure>,
}

/// What is said of a figure before it has a number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) what: String,
    pub(crate) shown: String,
    pub(crate) method: Option<String>,
    pub(crate) places: Vec<Place>,
    pub(crate) published_on: Option<Date>,
    pub(crate) published_on_assumed: bool,
    pub(crate) as_later_revised: Option<Date>,
}

impl Figures {
    pub(crate) fn new(snapshot: &str) -> Self {
        Self { snapshot: snapshot.to_owned(), list: Vec::new() }
    }

    /// Adds a figure and gives its number; a figure that is there already keeps the one it has.
    pub(crate) fn add(&mut self, table: &str, key: &[&str], column: &str, told: Told) -> usize {
        let id = format!("{table}/{}/{column}@{}", key.join("~"), self.snapshot);
        if let Some(known) = self.list.iter().find(|figure| figure.id == id) {
            return known.number;
        }
        let number = self.list.len() + 1;
        let Told { what, shown, method, places, published_on, published_on_assumed, as_later_revised } = told;
        self.list.push(Figure {
            number,
            id,
            what,
            shown,
            method,
            places,
            published_on,
            published_on_assumed,
            as_later_revised,
        });
        number
    }
}
