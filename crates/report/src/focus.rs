//! What visits looked at, and outcomes that are no grades.

use std::sync::LazyLock;

use regex::Regex;

use crate::body::{Body, Row};
use crate::plain::{pattern, plain, tidy};
use crate::report::{AreaSendOutcome, Printed};

/// The scope of a focused visit: the sentences of the letter's opening that say what was looked at.
pub(crate) fn scope(body: &Body) -> Option<Printed<String>> {
    static LOOKED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\b(?:inspectors|they|we|the visit|this visit|the focus of (?:the|this) visit|the inspection)(?: also)?(?:,? specifically,?)? ",
            r"(?:looked (?:specifically )?(?:at|into)|reviewed|considered|evaluated|examined|focused (?:specifically )?on|was on|assessed|concentrated on)\b:? ?",
        ))
    });
    let page = body.first_page();
    let rows: Vec<&Row> = body
        .rows
        .iter()
        .take_while(|row| row.page <= page + 1)
        .skip_while(|row| !row.plain.starts_with("dear "))
        .take_while(|row| !is_first_heading(&row.plain))
        .collect();
    let text = tidy(&rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>().join(" "));
    let mut found: Vec<String> = Vec::new();
    for start in LOOKED.find_iter(&text) {
        let rest = &text[start.end()..];
        let end = rest.find(". ").or_else(|| rest.find('.')).unwrap_or(rest.len());
        let sentence = rest[..end].trim().to_owned();
        let compared = plain(&sentence);
        let is_method = [
            "a range of evidence",
            "a wide range of evidence",
            "evidence",
            "a variety",
            "children's case records",
            "case records",
            "the experiences of staff",
        ]
        .iter()
        .any(|start| compared.starts_with(start));
        if !is_method && !sentence.is_empty() && sentence.len() < 700 {
            found.push(sentence);
        }
    }
    (!found.is_empty()).then(|| {
        let scope = found.join("; ");
        Printed { words: scope.clone(), value: scope, page }
    })
}

/// Whether the letter is one of those of the pandemic, whose visits had no topic of their own.
pub(crate) fn is_whole_service(body: &Body) -> bool {
    let text: String = body.page(body.first_page()).map(|row| row.plain.as_str()).collect::<Vec<_>>().join(" ");
    text.contains("delivery model was adapted to reflect the covid-19 context")
}

fn is_first_heading(plain: &str) -> bool {
    let bare = plain.trim_end_matches(['.', ':', '?']);
    [
        "overview",
        "headline findings",
        "findings",
        "main findings",
        "what needs to improve in this area of social work practice",
        "areas for priority action",
        "area for priority action",
    ]
    .contains(&bare)
}

/// The outcome of an area SEND inspection.
pub(crate) fn area_send_outcome(body: &Body) -> Vec<Printed<AreaSendOutcome>> {
    static OUTCOMES: LazyLock<[(Regex, AreaSendOutcome); 3]> = LazyLock::new(|| {
        [
            (
                pattern(r"arrangements (?:typically )?lead to (?:typically )?positive experiences and outcomes"),
                AreaSendOutcome::TypicallyPositive,
            ),
            (pattern(r"arrangements lead to inconsistent experiences and outcomes"), AreaSendOutcome::Inconsistent),
            (
                pattern(
                    r"there are (?:widespread and/?or systemic|widespread and systemic|widespread or systemic|widespread|systemic) failings leading to significant concerns",
                ),
                AreaSendOutcome::WidespreadFailings,
            ),
        ]
    });
    let page = body.first_page();
    let rows: Vec<&Row> = body.page(page).collect();
    let text = rows.iter().map(|row| row.plain.as_str()).collect::<Vec<_>>().join(" ");
    let find = |(words, outcome): &(Regex, AreaSendOutcome)| {
        words.find(&text).map(|found| Printed { value: *outcome, page, words: found.as_str().to_owned() })
    };
    OUTCOMES.iter().filter_map(find).collect()
}

/// Whether the outcome's consequence, which is printed beside it, bears it out: when the next inspection follows.
pub(crate) fn consequence_agrees(body: &Body, outcome: AreaSendOutcome) -> bool {
    let text: String = body.page(body.first_page()).map(|row| row.plain.as_str()).collect::<Vec<_>>().join(" ");
    let action_plan = text.contains("priority action plan");
    let monitoring = text.contains("monitoring inspection will be carried out");
    let five = text.contains("5 years") || text.contains("five years");
    match outcome {
        AreaSendOutcome::WidespreadFailings => action_plan || monitoring,
        AreaSendOutcome::TypicallyPositive => five && !monitoring,
        AreaSendOutcome::Inconsistent => !five && !monitoring,
    }
}
