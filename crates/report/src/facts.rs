//! Who, when, by whom: the facts of the first page.

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use lais_framework::Kind;
use regex::Regex;

use crate::body::{Body, Row};
use crate::dates::{Days, days};
use crate::doubt::Doubt;
use crate::plain::{pattern, plain};
use crate::recognise::title_rows;
use crate::report::Printed;

/// A period on site longer than this is a misprint or two periods.
const LONGEST_ON_SITE: i64 = 35;

/// Text in its own case with plain quotes and hyphens, so that patterns match it.
fn cased(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '‘' | '’' => '\'',
            '‐' | '‑' | '–' | '—' | '─' => '-',
            other => other,
        })
        .collect()
}

// ---- authority

/// Titles that hold the authority's name within a sentence.
static NAMED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?i)focused visit (?:to|of) (?:the )?(?P<name>.+?)(?:'s)?,?(?: local authority)? (?:children'?s|social care) (?:social care )?services",
        r"(?i)focused visit (?:to|of) (?:the )?(?P<name>.+)$",
        r"(?i)monitoring visit (?:to|of) (?:the )?(?P<name>.+?)(?:'s)?(?: local authority)? children'?s (?:social care )?services",
        r"(?i)joint targeted area inspection .*\b(?:in|of|across) (?:the )?(?P<name>[A-Z][A-Za-z',.&\- ]+?)(?: local area| partnership)?$",
        r"(?i)area (?:send|special educational needs.*?) (?:full )?(?:re-?)?inspection (?:of|in) (?:the )?(?P<name>.+?)(?: local)?(?: area)?(?: partnership)?$",
        r"(?i)joint local area .*? (?:in|of) (?:the )?(?P<name>.+)$",
        r"(?i)inspection of (?:the )?(?P<name>.{2,80}?)(?:'s)?(?: local authority| council)? children'?s services",
        r"(?i)inspection of (?:the )?(?P<name>.{2,60}? (?:children|families)(?: and families)? trust)",
    ]
    .into_iter()
    .map(pattern)
    .collect()
});

/// Sentences of a letter's opening that name the authority, where the title does not.
static IN_LETTER: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        pattern(
            r"focused visit to (?:the )?(?P<name>[A-Z].+?)(?:'s)?(?: local authority)? children's services (?:on|between)",
        ),
        pattern(r"work of individual agencies in (?:the )?(?P<name>[A-Z][A-Za-z' \-]+?)(?: local authority)?[.,]"),
    ]
});

fn letter_opening(body: &Body) -> String {
    let rows = body.page(body.first_page()).skip_while(|row| !row.plain.starts_with("dear ")).take(26);
    cased(&rows.map(|row| row.text.as_str()).collect::<Vec<_>>().join(" "))
}

/// Titles of which the authority's name is a line of its own.
static KIND_LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^((re-?)?inspection of|review of the effectiveness|and( review of)?$|protection, children looked after|services$|children's social care",
        r"|board\b|children board|safeguarding children|looked after children|services for|authority children|inspection (dates?|report)",
        r"|published|report published|inspection of local|arrangements for|social care services|care leavers|age group|local safeguarding)",
    ))
});

/// The authority's name as the title prints it.
pub(crate) fn authority(body: &Body, kind: Kind, doubts: &mut Vec<Doubt>) -> Option<Printed<String>> {
    let rows = title_rows(body);
    let whole = cased(&rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>().join(" "));
    let own_line = matches!(
        kind,
        Kind::Sif
            | Kind::SifReinspection
            | Kind::LscbReview
            | Kind::TargetedLookedAfter
            | Kind::ChildProtection
            | Kind::SlacSafeguarding
    ) || whole.to_lowercase().contains("inspection of children's social")
        || whole.to_lowercase().contains("inspection of local authority children's services");
    let (name, words) = if own_line {
        let lines: Vec<String> = rows
            .iter()
            .map(|row| cased(&row.text))
            .skip_while(|line| KIND_LINE.is_match(&plain(line)))
            .take_while(|line| !KIND_LINE.is_match(&plain(line)) && !line.contains(':'))
            .collect();
        let joined = lines.join(" ");
        (joined.clone(), joined)
    } else {
        let opening = || letter_opening(body);
        let found = NAMED.iter().find_map(|words| words.captures(&whole)).filter(|found| {
            found.name("name").is_some_and(|name| name.as_str().starts_with(|letter: char| letter.is_uppercase()))
        });
        let first_sentences = if found.is_none() { opening() } else { String::new() };
        let found = found.or_else(|| IN_LETTER.iter().find_map(|words| words.captures(&first_sentences)));
        let name = found.as_ref().and_then(|found| found.name("name")).map_or("", |name| name.as_str());
        (name.to_owned(), found.as_ref().and_then(|f| f.get(0)).map_or_else(String::new, |f| f.as_str().to_owned()))
    };
    let name = clean_name(&name);
    let lower = name.to_lowercase();
    if [
        "boroughs of",
        "councils",
        "local authorities",
        "county council and ",
        "borough council and ",
        "city council and ",
    ]
    .iter()
    .any(|plural| lower.contains(plural))
    {
        doubts.push(Doubt::SeveralAuthorities);
    }
    if name.len() < 3 || name.len() > 90 || !name.chars().next().is_some_and(char::is_uppercase) {
        doubts.push(Doubt::NoAuthority);
        return None;
    }
    Some(Printed { value: name, page: body.first_page(), words })
}

/// Without the words that a title puts around a name.
fn clean_name(name: &str) -> String {
    let mut name = name.trim().trim_end_matches(['.', ',', ':']).to_owned();
    for ending in [
        " local safeguarding children board",
        " safeguarding children board",
        " local authority",
        " Local Area Partnership",
        "'s",
    ] {
        if let Some(at) =
            name.to_ascii_lowercase().rfind(&ending.to_ascii_lowercase()).filter(|at| at + ending.len() == name.len())
        {
            name.truncate(at);
        }
    }
    name.trim().to_owned()
}

// ---- fieldwork

/// The days on site: first, last, and the words.
pub(crate) struct Fieldwork {
    pub(crate) first: Date,
    pub(crate) last: Date,
    /// The first of several stays, else the whole.
    pub(crate) first_stay: (Date, Date),
    pub(crate) page: u32,
    pub(crate) words: String,
    /// Whether no other days stand where these were found.
    pub(crate) is_alone: bool,
}

/// Finds the days on site; `published` helps where no year is printed.
pub(crate) fn fieldwork(
    body: &Body,
    kind: Kind,
    published: Option<Date>,
    doubts: &mut Vec<Doubt>,
) -> Option<Fieldwork> {
    let mut found = labelled(body, doubts);
    if found.is_empty() {
        found = in_letter(body);
    }
    let is_alone = found.len() == 1;
    let Some((page, days)) = found.into_iter().next() else {
        doubts.push(Doubt::NoFieldwork);
        return None;
    };
    let year = if days.without_year() { published.map(Date::year) } else { None };
    let Some((mut first, mut last)) = days.first_and_last(year) else {
        doubts.push(Doubt::DaysImpossible { words: days.words, why: "one of them does not exist or has no year" });
        return None;
    };
    if days.without_year() {
        // A letter follows its visit.
        if let Some((f, l)) =
            published.filter(|day| *day < last).and_then(|day| days.first_and_last(Some(day.year() - 1)))
        {
            (first, last) = (f, l);
        }
        doubts.push(Doubt::YearNotPrinted { year: last.year() });
    }
    if !days.in_order(year) {
        doubts.push(Doubt::DaysImpossible { words: days.words.clone(), why: "the last is before the first" });
    }
    if days.count() > 3 || span(first, last) > LONGEST_ON_SITE {
        doubts.push(match days.count() {
            ..=3 => Doubt::DaysImpossible { words: days.words.clone(), why: "no stay was ever so long" },
            _ => Doubt::SeveralStays { words: days.words.clone() },
        });
        if matches!(kind, Kind::Sif | Kind::SifReinspection) {
            // The second stay was for the review of the board.
            if let Some((f, l)) = days.first_stay() {
                (first, last) = (f, l);
            }
        }
    }
    if [first, last].iter().any(|day| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)) {
        doubts.push(Doubt::DaysImpossible { words: days.words.clone(), why: "one of them is at a weekend" });
    }
    compare_with_headers(body, first, last, &days, doubts);
    let first_stay = days.first_stay().filter(|_| days.count() == 4).unwrap_or((first, last));
    Some(Fieldwork { first, last, first_stay, page, words: days.words, is_alone })
}

/// Days from the one to the other.
pub(crate) fn span(first: Date, last: Date) -> i64 {
    (last - first).get_days().into()
}

/// Days after a label on the first pages, such as `Inspection dates:`.
fn labelled(body: &Body, doubts: &mut Vec<Doubt>) -> Vec<(u32, Days)> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:dates? of (?:the )?(?:inspection|visit)|(?:inspection|visit|fieldwork) (?:date|dates)|inspected on)\s*:?\s*",
        )
    });
    let mut found = Vec::new();
    for (at, row) in body.rows.iter().enumerate().take_while(|(_, row)| row.page <= body.first_page() + 1) {
        let Some(label) = LABEL.find(&row.text) else { continue };
        let mut text = row.text[label.end()..].to_owned();
        for next in body.rows[at + 1..].iter().take(2) {
            // A label, or a sentence, ends the days; a day below days that are whole is another matter.
            let goes_on = next.page == row.page
                && next.text.starts_with(|letter: char| letter.is_ascii_digit() || letter.is_ascii_uppercase())
                && !next.text.contains(':')
                && !(are_whole(&text) && lone(&next.text).is_some())
                && days(&next.text).first().is_some_and(|days| days.at == 0) | starts_with_month(&next.plain);
            if !goes_on {
                break;
            }
            if let (Some(first), Some(second)) = (lone(&text), lone(&next.text)) {
                let why = "two days stand below each other, and nothing says that the second is the last";
                // Not the whole rows, which may name somebody.
                doubts.push(Doubt::DaysImpossible { words: format!("{} / {}", first.words, second.words), why });
            }
            text.push(' ');
            text.push_str(&next.text);
        }
        if let Some(days) = days(&text).into_iter().next() {
            found.push((row.page, days));
        }
    }
    found
}

/// Whether a text gives days that need no further ones: two or more, with their year.
fn are_whole(text: &str) -> bool {
    let is_whole = |days: &Days| days.count() > 1 && days.first_and_last(None).is_some();
    !ends_open(text) && days(text).first().is_some_and(is_whole)
}

/// The single day of a text, where it is printed whole and no other is to follow.
fn lone(text: &str) -> Option<Days> {
    let [day] = <[Days; 1]>::try_from(days(text)).ok()?;
    (day.one().is_some() && !ends_open(text)).then_some(day)
}

/// Whether a text ends with a sign that another day follows.
fn ends_open(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with(['-', '‐', '‑', '–', '—', '─', ',', '&']) || text.ends_with(" to") || text.ends_with(" and")
}

fn starts_with_month(plain: &str) -> bool {
    [
        "january",
        "february",
        "march",
        "april",
        "may ",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
    .iter()
    .any(|month| plain.starts_with(month))
}

/// Days in the opening sentences of a letter.
fn in_letter(body: &Body) -> Vec<(u32, Days)> {
    static VISIT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:on|between|from|during|took place|held|dated)\s+(?:the\s+)?$"));
    let page = body.first_page();
    let rows: Vec<&Row> = body.page(page).skip_while(|row| !row.plain.starts_with("dear ")).take(26).collect();
    let text = rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>().join(" ");
    days(&text)
        .into_iter()
        .filter(|days| VISIT.is_match(text.get(..days.at).unwrap_or_default()))
        .map(|days| (page, days))
        .collect()
}

/// Page headers and footers that print the days too must agree.
fn compare_with_headers(body: &Body, first: Date, last: Date, printed: &Days, doubts: &mut Vec<Doubt>) {
    for row in &body.standing {
        for other in days(row) {
            // A single day in a footer is that of publication.
            if other.count() < 2 || other.without_year() {
                continue;
            }
            if other.first_and_last(None).is_some_and(|found| found != (first, last)) {
                doubts.push(Doubt::DaysDisagree { first: printed.words.clone(), second: other.words });
            }
        }
    }
}

// ---- the lead inspector's role

/// The role of the lead inspector, or of who signed the letter; the words hold the role alone.
pub(crate) fn lead_inspector_role(body: &Body, kind: Kind) -> Option<Printed<String>> {
    static ROLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b((?:senior )?(?:her|his) majesty's inspector|senior hmi|hmi|ofsted inspector|regulatory inspection manager|social care regulatory inspector)\b",
        )
    });
    let lead = body
        .rows
        .iter()
        .take_while(|row| row.page <= body.first_page() + 1)
        .position(|row| row.plain.starts_with("lead inspector") || row.plain.starts_with("reporting inspector"));
    let signed = || body.rows.iter().rposition(|row| row.plain.starts_with("yours sincerely"));
    // A joint letter is signed by the heads of inspectorates.
    let from = if matches!(kind, Kind::Jtai | Kind::AreaSend) { lead? } else { lead.or_else(signed)? };
    let row =
        body.rows[from..].iter().take(if lead.is_some() { 2 } else { 6 }).find(|row| ROLE.is_match(&row.plain))?;
    let cased = cased(&row.text);
    let role = ROLE.find(&cased)?.as_str().to_owned();
    let full = if role.eq_ignore_ascii_case("hmi") { "HMI".to_owned() } else { role };
    Some(Printed { words: full.clone(), value: full, page: row.page })
}
