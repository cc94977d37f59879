//! The day of publication: what is printed of it, held against the days on site and the file's name.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::body::{Body, Row};
use crate::dates::{Days, days};
use crate::doubt::Doubt;
use crate::facts::{Fieldwork, span};
use crate::plain::{pattern, plain};
use crate::report::{Hint, Printed, Publication, PublicationSource};

/// A report is published within so many days of its fieldwork; the slowest of 2012 to 2026 took seven months.
const LONGEST_TO_PUBLICATION: i64 = 230;

/// The website's date is within so many days of the printed one, as a rule.
const WEBSITE_LAG: i64 = 10;

/// The printed day of publication, before it is compared with anything.
pub(crate) fn printed_publication(body: &Body) -> Option<Printed<Date>> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^(?:report )?(?:published|publication date|date of publication)(?: on)?\s*:?\s*")
    });
    let first = body.first_page();
    for row in body.rows.iter().take_while(|row| row.page <= first + 1) {
        if let Some(label) = LABEL.find(&row.text)
            && let Some((date, words)) =
                days(&row.text[label.end()..]).iter().find_map(|days| Some((days.one()?, days.words.clone())))
        {
            // The rest of the row may name somebody.
            return Some(Printed { value: date, page: row.page, words });
        }
    }
    // A letter is dated above its address.
    let rows: Vec<&Row> = body.page(first).collect();
    let dear = rows.iter().position(|row| row.plain.starts_with("dear "))?;
    for row in &rows[..dear] {
        for (at, cell) in row.cells.iter().enumerate() {
            let before = at.checked_sub(1).map_or("", |left| row.cells[left].text.as_str());
            if let [day] = &days(&cell.text)[..]
                && is_letters_own(before, &cell.text, day)
                && let Some(date) = day.one()
            {
                // The rest of the cell may name somebody.
                return Some(Printed { value: date, page: first, words: day.words.clone() });
            }
        }
    }
    None
}

/// Whether a day in a cell stands there by itself; one with a label is of what the label says.
fn is_letters_own(before: &str, cell: &str, day: &Days) -> bool {
    let label = cell.get(..day.at).map(plain).unwrap_or_default();
    let label = label.trim_end_matches([':', ' ', ',']);
    let is_date = matches!(label, "" | "date" | "dated" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday");
    let is_labelled = before.trim_end().ends_with(':') && !plain(before).starts_with("date");
    let after = cell.len().saturating_sub(day.at + day.words.len());
    is_date && !is_labelled && after <= 8
}

/// Whether a day of publication and that of a file's name are of one publication.
fn is_near(day: Date, other: Date) -> bool {
    span(day, other).abs() <= WEBSITE_LAG
}

/// The same day and month of another year.
fn in_year(day: Date, year: i16) -> Option<Date> {
    Date::new(year, day.month(), day.day()).ok()
}

/// Whether the letter's date and the file's name, which agree, both say the year of a visit whose days are printed
/// without one; where other days are printed beside, these may be of something else.
pub(crate) fn year_is_witnessed(published: Option<&Publication>, hint: &Hint, fieldwork: Option<&Fieldwork>) -> bool {
    let last_on_site = fieldwork.filter(|fieldwork| fieldwork.is_alone).map(|fieldwork| fieldwork.last);
    let printed = published.and_then(|publication| publication.printed.as_ref()).map(|printed| printed.value);
    let (Some(printed), Some(file), Some(last)) = (printed, hint.file_name_date, last_on_site) else { return false };
    is_near(printed, file) && (0..=LONGEST_TO_PUBLICATION).contains(&span(last, printed))
}

/// The day of publication, from what is printed and what the file's name says.
pub(crate) fn publication(
    printed: Option<Printed<Date>>,
    hint: &Hint,
    last_on_site: Option<Date>,
    doubts: &mut Vec<Doubt>,
) -> Option<Publication> {
    let follows = |day: Date| last_on_site.is_none_or(|last| (0..=LONGEST_TO_PUBLICATION).contains(&span(last, day)));
    let Some(printed) = printed else {
        let Some(date) = hint.file_name_date else {
            doubts.push(Doubt::NoPublication);
            return None;
        };
        if !follows(date) {
            doubts.push(Doubt::DaysImpossible {
                words: date.to_string(),
                why: "the file's name is not dated in the months after the days on site",
            });
        }
        return Some(Publication { date, source: PublicationSource::FileName, printed: None });
    };
    let date = match hint.file_name_date {
        Some(file) if !is_near(printed.value, file) => {
            let taken = if !follows(printed.value) && follows(file) { file } else { printed.value };
            // A letter of January that bears the old year: the visit and the file's name both say which year it is.
            let is_january = printed.value.month() == 1 && printed.value.year() + 1 == file.year();
            let right = in_year(printed.value, file.year());
            let is_slip = is_january && taken == file && right.is_some_and(|day| is_near(day, file) && follows(day));
            if !is_slip {
                doubts.push(Doubt::PublicationContradicted { printed: printed.words.clone(), taken });
            }
            taken
        }
        _ if !follows(printed.value) => {
            doubts.push(Doubt::PublicationContradicted { printed: printed.words.clone(), taken: printed.value });
            printed.value
        }
        _ => printed.value,
    };
    let source = if date == printed.value { PublicationSource::Printed } else { PublicationSource::FileName };
    Some(Publication { date, source, printed: Some(printed) })
}
