//! A pack as one HTML page that stands alone: no script, no other file.

use askama::Template;
use jiff::civil::Date;

use crate::document::SelfEvaluationState;
use crate::pack::Pack;
use crate::{PackError, words};

#[derive(Template)]
#[template(path = "pack.html")]
struct Page<'a> {
    pack: &'a Pack,
}

impl Page<'_> {
    fn day(day: &Date) -> String {
        words::day(*day)
    }

    /// Whether a title ends with its unit.
    fn says_unit(title: &str, unit: &str) -> bool {
        words::says_unit(title, unit)
    }

    /// Whether the pack stands for a day before this one.
    fn is_before(&self, day: &Date) -> bool {
        self.pack.as_at < *day
    }

    fn is_revised(&self) -> bool {
        self.pack.figures.iter().any(|figure| figure.as_later_revised.is_some())
    }

    fn none_answered(own: &SelfEvaluationState) -> bool {
        own.questions.iter().all(|question| !question.answered)
    }

    fn count(number: &i32) -> String {
        words::number(f64::from(*number), 0)
    }

    fn maybe_day(day: &Option<Date>) -> String {
        day.map_or_else(|| "not stated".to_owned(), words::day)
    }
}

impl Pack {
    /// The pack as a page.
    ///
    /// # Errors
    /// [`PackError::Page`] where it cannot be laid out.
    pub fn html(&self) -> Result<String, PackError> {
        let page = Page { pack: self };
        page.render().map_err(|e| PackError::Page(e.to_string()))
    }

    /// The pack as JSON, field by field.
    ///
    /// # Errors
    /// [`PackError::Page`] where it cannot be written.
    pub fn json(&self) -> Result<String, PackError> {
        serde_json::to_string_pretty(self).map_err(|e| PackError::Page(e.to_string()))
    }
}
