//! Of which time lists of inspections and visits are held: outside of it, none is not nothing.

use jiff::civil::Date;
use serde::Serialize;

use crate::table::Table;
use crate::words;

/// The lists of inspections and visits that are held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The day on which the latest list of inspections was published.
    pub inspections_until: Option<Date>,
    /// The first and last day on which a visit of a list of visits began, for each list.
    pub visits: Vec<(Date, Date)>,
}

impl Listed {
    /// From the rows of `sql/pack/listed.sql`, as they stand on a day.
    pub(crate) fn new(lists: &Table, as_at: Date) -> Self {
        let of = |what: &'static str| (0..lists.len()).filter(move |row| lists.text(*row, "of_what") == Some(what));
        let span = |row| Some((lists.day(row, "first_day")?, lists.day(row, "last_day")?.min(as_at)));
        Self {
            inspections_until: of("inspections").filter_map(|row| lists.day(row, "published_on")).max(),
            visits: of("visits").filter_map(span).collect(),
        }
    }

    /// What is known of inspections by the day on which a pack stands.
    #[must_use]
    pub fn of_inspections(&self, as_at: &Date) -> String {
        match self.inspections_until {
            None => "no list of inspections is held".to_owned(),
            Some(day) if day < *as_at => format!(
                "the latest list of inspections that is held was published on {}, and what came after it is not known here",
                words::day(day)
            ),
            Some(_) => "inspections are listed up to this day".to_owned(),
        }
    }

    /// Of which time visits are known.
    #[must_use]
    pub fn of_visits(&self) -> String {
        let spans =
            self.visits.iter().map(|(first, last)| format!("from {} to {}", words::day(*first), words::day(*last)));
        let spans: Vec<String> = spans.collect();
        match spans.as_slice() {
            [] => "no list of visits is held: only those are known whose letters are among the sources".to_owned(),
            spans => format!(
                "visits are listed that began {}; of other times only those are known whose letters are among the sources",
                spans.join(" and ")
            ),
        }
    }
}
