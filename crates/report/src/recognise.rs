//! What kind of report a document is, by its title.

use std::sync::LazyLock;

use lais_framework::Kind;
use regex::Regex;

use crate::body::{Body, Row};
use crate::plain::pattern;
use crate::report::{Printed, Recognition};

/// The words of a title, and the kind they name; the first that matches wins.
///
/// ILACS does not print whether an inspection was short or standard: the days on site tell, later.
static TITLES: LazyLock<Vec<(Regex, Kind)>> = LazyLock::new(|| {
    [
        (r"re-?inspection of services for children in need of help and protection", Kind::SifReinspection),
        (r"inspection of services for children in need of help and protection", Kind::Sif),
        (r"single inspection of (la|local authority) children'?s services", Kind::Sif),
        (r"review of the effectiveness of the local safeguarding children board", Kind::LscbReview),
        (r"monitoring visit", Kind::MonitoringVisit),
        (r"focused visit", Kind::FocusedVisit),
        (r"joint targeted area inspection", Kind::Jtai),
        (
            r"area (send|special educational needs and/or disabilities)( \(send\))?( full)? (re-?)?inspection",
            Kind::AreaSend,
        ),
        (r"local area (send|special educational needs)", Kind::AreaSend),
        (r"inspection of (services for )?looked after children( services)?$", Kind::TargetedLookedAfter),
        (r"inspection of looked after children services", Kind::TargetedLookedAfter),
        (r"arrangements for the protection of children", Kind::ChildProtection),
        (r"inspection of child protection arrangements", Kind::ChildProtection),
        (r"safeguarding and looked after children", Kind::SlacSafeguarding),
        (r"inspection of youth (justice|offending)", Kind::YouthJustice),
        (r"inspection of (local authority )?children'?s social (care|work) services", Kind::Standard),
        (r"inspection of local authority children'?s services", Kind::Standard),
        (r"inspection of .{2,80}?(local authority |council )?children'?s services", Kind::Standard),
        (r"inspection of .{2,60} (children|families)( and families)? trust", Kind::Standard),
    ]
    .into_iter()
    .map(|(words, kind)| (pattern(words), kind))
    .collect()
});

/// Words of a table or heading that only one family prints, for a document whose first page is missing.
static BODIES: LazyLock<Vec<(Regex, Kind)>> = LazyLock::new(|| {
    [
        (r"the impact of leaders on (social work )?practice with children and families", Kind::Standard),
        (r"experiences and progress of children looked after and achieving permanence", Kind::Sif),
        (
            r"graded judge?ment (for|about|of) (adoption performance|the experiences? and progress of care leavers)",
            Kind::Sif,
        ),
        (r"what needs to improve in this area of social work practice", Kind::FocusedVisit),
        (r"what does the area partnership need to do better", Kind::AreaSend),
        (r"overall effectiveness of services for looked after children", Kind::TargetedLookedAfter),
    ]
    .into_iter()
    .map(|(words, kind)| (pattern(words), kind))
    .collect()
});

/// Words by which inspectors' documents can be told from others.
static INSPECTORS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"ofsted|(her|his) majesty's (chief )?inspector|care quality commission|hmi probation|lead inspector")
});

/// The rows of the first page that hold its title: to the subject of a letter, else to the days of the inspection.
pub(crate) fn title_rows(body: &Body) -> Vec<&Row> {
    let rows: Vec<&Row> = body.page(body.first_page()).collect();
    if let Some(dear) = rows.iter().position(|row| row.plain.starts_with("dear ")) {
        let subject = rows.iter().skip(dear + 1).take_while(|row| !begins_letter(&row.plain));
        return subject.take(5).copied().collect();
    }
    let mut title = Vec::new();
    for row in rows.into_iter().take(16) {
        if ["inspection date", "lead inspector", "judgement", "the overall judgement", "children's services in"]
            .iter()
            .any(|start| row.plain.starts_with(start))
        {
            break;
        }
        title.push(row);
    }
    title
}

fn begins_letter(plain: &str) -> bool {
    ["this letter", "inspectors ", "between ", "i am writing", "thank you", "following ", "on "]
        .iter()
        .any(|start| plain.starts_with(start))
}

/// What the document is, and whether its title says so.
pub(crate) fn recognise(body: &Body) -> (Recognition, bool) {
    let rows = title_rows(body);
    let title = joined(&rows);
    let page = body.first_page();
    if let Some((words, kind)) = first_match(&TITLES, &title) {
        return (Recognition::Report(Printed { value: kind, page, words }), true);
    }
    if let Some((words, kind)) = body.standing.iter().find_map(|row| first_match(&TITLES, row)) {
        return (Recognition::Report(Printed { value: kind, page, words }), false);
    }
    for row in windows(body) {
        if let Some((words, kind)) = first_match(&BODIES, &row.1) {
            return (Recognition::Report(Printed { value: kind, page: row.0, words }), false);
        }
    }
    let of_inspectors = body.rows.iter().any(|row| INSPECTORS.is_match(&row.plain))
        && body.rows.iter().any(|row| row.plain.contains("inspect"));
    (if of_inspectors { Recognition::UnknownReport } else { Recognition::NotAReport }, false)
}

fn first_match(list: &[(Regex, Kind)], text: &str) -> Option<(String, Kind)> {
    list.iter().find_map(|(words, kind)| words.find(text).map(|found| (found.as_str().to_owned(), *kind)))
}

/// Rows as one text for comparing.
pub(crate) fn joined(rows: &[&Row]) -> String {
    rows.iter().map(|row| row.plain.as_str()).collect::<Vec<_>>().join(" ")
}

/// Every two rows that follow each other, as one text.
fn windows(body: &Body) -> impl Iterator<Item = (u32, String)> {
    body.rows.iter().zip(body.rows.iter().skip(1)).map(|(a, b)| (a.page, format!("{} {}", a.plain, b.plain)))
}

/// The id of the framework that a kind belongs to.
pub(crate) const fn framework(kind: Kind) -> &'static str {
    match kind {
        Kind::Standard | Kind::Short | Kind::FocusedVisit | Kind::MonitoringVisit => "ilacs",
        Kind::Sif | Kind::SifReinspection | Kind::LscbReview => "sif",
        Kind::Jtai => "jtai",
        Kind::AreaSend => "area-send",
        Kind::SlacSafeguarding | Kind::SlacLookedAfter => "slac",
        Kind::ChildProtection => "child-protection",
        Kind::TargetedLookedAfter => "targeted-looked-after",
        Kind::YouthJustice => "youth-justice",
    }
}
