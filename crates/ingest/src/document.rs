//! A document of prose: a few lines of header, then text under headings (Markdown) or under lines that
//! are the questions themselves (plain text).

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag};
use serde::Serialize;

use crate::accounts::Accounts;
use crate::input::{self, Input, Refused};
use crate::period::Period;
use crate::pipeline::{DocumentRule, Question, says, slug};
use crate::register::{Authority, Register, normal_name};
use crate::workbook::read_day;

/// A document as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Lines `Key: value` before the first blank line.
    header: Vec<(String, String)>,
    /// What follows them.
    body: String,
    is_markdown: bool,
}

/// A row of `self_evaluation`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SelfEvaluation {
    document_id: String,
    authority_code: String,
    shared_on: Date,
    quality_and_impact: Option<String>,
    how_it_is_known: Option<String>,
    plans: Option<String>,
    other_text: Option<String>,
    questions_answered: usize,
    words: usize,
    source_id: String,
    release: String,
    file_name: String,
    source_row: u32,
}

/// Reads a document's header and text.
///
/// A line of dashes before and after the header, as some editors write it, is passed over.
///
/// # Errors
/// [`Refused`] where its text is damaged.
pub(crate) fn read(input: &Input) -> Result<Document, Refused> {
    let text = input::decode(input)?.replace("\r\n", "\n");
    let is_markdown = input.ending() != "txt";
    let mut header = Vec::new();
    let mut rest = text.trim_start().trim_start_matches("---\n");
    while let Some((line, after)) = rest.split_once('\n') {
        let pair = line.split_once(':').filter(|(key, _)| key.len() <= 40 && !key.trim_start().starts_with('#'));
        let Some((key, value)) = pair else { break };
        header.push((key.trim().to_owned(), value.trim().to_owned()));
        rest = after;
    }
    let body = rest.trim_start_matches("---").trim().to_owned();
    Ok(Document { header, body, is_markdown })
}

impl Document {
    /// Whether it begins with its text at once.
    pub(crate) fn has_no_header(&self) -> bool {
        self.header.is_empty()
    }

    /// How much of what a pipeline asks for is there.
    ///
    /// A line that names the authority and a line that says the day are not enough: a letter has them too,
    /// and may tell of persons. One of the questions must be asked as well, or the file's path must say
    /// what it is.
    pub(crate) fn strength(&self, rule: &DocumentRule, is_named: bool) -> Option<usize> {
        self.said(&rule.authority)?;
        let asked = self.answers(rule).keys().filter(|question| question.is_some()).count();
        let dated = usize::from(self.said(&rule.shared_on).is_some());
        (asked > 0 || is_named).then_some(1 + dated + asked)
    }

    /// The value of the header line that begins with one of these keys.
    fn said(&self, keys: &[String]) -> Option<&(String, String)> {
        self.header.iter().find(|(key, _)| is_one_of(key, keys))
    }

    /// What was written beyond the header lines that the rule knows.
    fn text(&self, rule: &DocumentRule) -> String {
        let known = |key: &str| is_one_of(key, &rule.authority) || is_one_of(key, &rule.shared_on);
        let others = self.header.iter().filter(|(key, _)| !known(key));
        let mut text: String = others.map(|(key, value)| format!("{key}: {value}\n")).collect();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&self.body);
        text
    }

    /// The text under each question's heading; under none, what stands before or beside them.
    fn answers(&self, rule: &DocumentRule) -> BTreeMap<Option<Question>, String> {
        let mut answers: BTreeMap<Option<Question>, String> = BTreeMap::new();
        let (mut current, mut depth, mut from) = (None, HeadingLevel::H6, 0);
        let mut add = |question: Option<Question>, text: &str| {
            let text = text.trim();
            if !text.is_empty() || question.is_some() {
                let answer = answers.entry(question).or_default();
                if !answer.is_empty() && !text.is_empty() {
                    answer.push_str("\n\n");
                }
                answer.push_str(text);
            }
        };
        let text = self.text(rule);
        for (level, place) in self.headings(rule, &text) {
            let asked = question_of(rule, &text[place.clone()]);
            // A heading below a question's own is part of the answer.
            if asked.is_none() && current.is_some() && level > depth {
                continue;
            }
            add(current, &text[from..place.start]);
            // A heading that asks nothing is kept with its text, and what follows a question in its line.
            let begins = if asked.is_some() { place.start + asked_part(&text[place.clone()]) } else { place.start };
            (current, depth, from) = (asked, level, begins);
        }
        add(current, &text[from..]);
        answers
    }

    /// Where headings stand, with their level: Markdown's own, and lines that are a question.
    fn headings(&self, rule: &DocumentRule, text: &str) -> Vec<(HeadingLevel, Range<usize>)> {
        let mut headings = Vec::new();
        if self.is_markdown {
            headings.extend(Parser::new(text).into_offset_iter().filter_map(|(event, place)| match event {
                Event::Start(Tag::Heading { level, .. }) => Some((level, place)),
                _ => None,
            }));
        }
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let place = start..start + line.len();
            start = place.end;
            let is_new = || !headings.iter().any(|(_, known)| known.start < place.end && place.start < known.end);
            if is_question(line) && question_of(rule, &line[..asked_part(line)]).is_some() && is_new() {
                headings.push((HeadingLevel::H1, place));
            }
        }
        headings.sort_by_key(|(_, place)| place.start);
        headings
    }
}

fn is_one_of(key: &str, keys: &[String]) -> bool {
    keys.iter().any(|wanted| normal_name(wanted) == normal_name(key))
}

/// Whether a line can be a question of its own: short, and no sentence that only speaks of one.
fn is_question(line: &str) -> bool {
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#'));
    let mark = line.find(['?', ':']);
    mark.is_some_and(|at| at <= 140) || (line.len() <= 140 && !line.ends_with(['.', ';', ',']))
}

/// How much of a heading is the question: up to a question mark or colon that something follows, or all of it.
fn asked_part(heading: &str) -> usize {
    let end = heading.find(['?', ':']).map(|at| at + 1);
    let follows = |at: &usize| heading[*at..].chars().any(char::is_alphanumeric);
    end.filter(follows).unwrap_or(heading.len())
}

/// The question that a heading asks.
fn question_of(rule: &DocumentRule, heading: &str) -> Option<Question> {
    let asks = |(_, words): &(&Question, &Vec<String>)| words.iter().any(|words| says(heading, words));
    rule.questions.iter().find(asks).map(|(question, _)| *question)
}

/// A document is a release of its own, called by the authority's code and the day.
///
/// Where the authority is unknown the release is called by the file's hash: what stands in its header may be
/// anything, and a release's label is repeated.
///
/// # Errors
/// A sentence where its header does not say the day on which it was shared.
pub(crate) fn vintage(
    rule: &DocumentRule,
    document: &Document,
    register: &Register,
    input: &Input,
) -> Result<Period, String> {
    let key = rule.shared_on.first().map_or("Shared on", String::as_str);
    let said = document.said(&rule.shared_on);
    let day = said.and_then(|(_, value)| read_day(value)).ok_or_else(|| match said {
        Some((key, _)) => format!("its line `{key}` holds no day that can be read; write it as 2025-03-31"),
        None => format!("it does not say when it was shared; write a line `{key}: 2025-03-31` above the text"),
    })?;
    let printed = document.said(&rule.authority).map_or("", |(_, name)| name.as_str());
    let whose = authority(register, printed, day).map_or(&input.sha256[..8], |found| found.authority_code.as_str());
    let label = format!("{}-{day}", slug(whose));
    Ok(Period { end: day, start: day, label, published_on: day, published_on_assumed: false })
}

/// Makes a document one row; what is wrong with it goes to `accounts`.
///
/// Nothing of it is repeated in the quarantine: any line may tell of persons.
pub(crate) fn self_evaluation(
    rule: &DocumentRule,
    document: &Document,
    shared_on: Date,
    register: &Register,
    input: &Input,
    accounts: &mut Accounts,
) -> Option<SelfEvaluation> {
    let nothing = (String::new(), String::new());
    let (key, name) = document.said(&rule.authority).unwrap_or(&nothing);
    let authority = match authority(register, name, shared_on) {
        Ok(authority) => authority,
        Err(message) => {
            accounts.quarantine_row(1, key, name, "unknown-authority", &message);
            return None;
        }
    };
    let mut answers = document.answers(rule);
    let words = answers.values().map(|text| text.split_whitespace().count()).sum();
    let mut answer = |question| answers.remove(&question).filter(|text| !text.is_empty());
    let [quality_and_impact, how_it_is_known, plans] = Question::ALL.map(|question| answer(Some(question)));
    accounts.keep(1);
    Some(SelfEvaluation {
        document_id: format!("self-evaluation-{}", &input.sha256[..12]),
        authority_code: authority.authority_code.clone(),
        shared_on,
        questions_answered: [&quality_and_impact, &how_it_is_known, &plans].into_iter().flatten().count(),
        quality_and_impact,
        how_it_is_known,
        plans,
        other_text: answer(None),
        words,
        source_id: accounts.source_id.clone(),
        release: accounts.release.clone(),
        file_name: accounts.file_name.clone(),
        source_row: 1,
    })
}

/// The authority that a code or a name means.
fn authority<'a>(register: &'a Register, printed: &str, day: Date) -> Result<&'a Authority, String> {
    if let Some(found) = register.by_code(printed).or_else(|| register.by_dfe_code(printed)) {
        return Ok(found);
    }
    match register.by_name_on(printed, day).as_slice() {
        [one] => Ok(one),
        [] => Err("no authority of the register is called as this line says; write its name or its code".to_owned()),
        several => {
            let codes: Vec<&str> = several.iter().map(|a| a.authority_code.as_str()).collect();
            Err(format!("more than one authority is called so ({}); write its code", codes.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(name: &str, text: &str) -> Document {
        let bytes = text.as_bytes().to_vec();
        read(&Input { name: name.to_owned(), bytes, sha256: String::new() }).unwrap()
    }

    fn rule() -> DocumentRule {
        let words = |text: &str| vec![text.to_owned()];
        DocumentRule {
            authority: words("Authority"),
            shared_on: words("Shared on"),
            questions: BTreeMap::from([
                (Question::QualityAndImpact, words("quality and impact of social work practice")),
                (Question::HowItIsKnown, words("how do you know it")),
                (Question::Plans, words("plans for the next 12 months")),
            ]),
        }
    }

    fn answer(document: &Document, question: Option<Question>) -> Option<String> {
        document.answers(&rule()).get(&question).cloned()
    }

    #[test]
    fn text_is_kept_by_the_question_whose_heading_it_stands_under() {
        let text = "---\nAuthority: Aldermoor\nShared on: 1 March 2025\n---\n\nA preface.\n\n# 1. What do you know about the \
                    quality and impact of social work practice?\n\nMuch.\n\n## In *early help*\n\nMore.\n\n\
                    # How do you know it?\n\nAudits.\n\n# Appendix\n\nTables.\n";
        let document = document("a.md", text);
        assert_eq!(document.said(&rule().shared_on).unwrap().1, "1 March 2025");
        assert_eq!(
            answer(&document, Some(Question::QualityAndImpact)).unwrap(),
            "Much.\n\n## In *early help*\n\nMore."
        );
        assert_eq!(answer(&document, Some(Question::HowItIsKnown)).unwrap(), "Audits.");
        assert_eq!(answer(&document, Some(Question::Plans)), None);
        assert_eq!(answer(&document, None).unwrap(), "A preface.\n\n# Appendix\n\nTables.");
    }

    #[test]
    fn in_plain_text_the_line_that_asks_is_the_heading() {
        let text = "Authority: Aldermoor\nShared on: 2025-03-01\n\nHow do you know it?\nBy looking.\n\nWe have plans for \
                    the next 12 months, which we set out here at a length that no heading has, and in a sentence that \
                    goes on.\n";
        let document = document("a.txt", text);
        assert!(answer(&document, Some(Question::HowItIsKnown)).unwrap().starts_with("By looking."));
        assert_eq!(answer(&document, Some(Question::Plans)), None);
    }

    #[test]
    fn a_question_without_text_under_it_is_not_answered() {
        let document = document("a.md", "Authority: A\nShared on: 2025-03-01\n\n# How do you know it?\n");
        assert_eq!(answer(&document, Some(Question::HowItIsKnown)).unwrap(), "");
        assert_eq!(document.strength(&rule(), false), Some(3));
    }

    #[test]
    fn a_readme_is_no_self_evaluation() {
        let strength = |name: &str, text: &str| document(name, text).strength(&rule(), false);
        assert_eq!(strength("README.md", "# Files\n\nNote: these are files.\n"), None);
        assert_eq!(strength("a.md", "Authority: A\n\n# Something else\n"), None);
    }

    #[test]
    fn a_letter_is_no_self_evaluation_even_where_it_names_an_authority_and_a_day() {
        let letter = "Authority: A\nShared on: 2025-03-01\nFrom: somebody\n\nPlease tell no one.\n";
        let letter = document("letter.txt", letter);
        assert_eq!(letter.strength(&rule(), false), None);
        assert_eq!(letter.strength(&rule(), true), Some(2));
    }

    #[test]
    fn what_follows_a_question_in_its_line_is_part_of_the_answer() {
        let line = "How do you know it? We audit forty cases a month.";
        for text in [line.to_owned(), format!("# {line}"), format!("**{line}**"), line.replace('?', ":")] {
            let document = document("a.md", &format!("Authority: A\n\n{text}\n\nMore.\n"));
            let answer = answer(&document, Some(Question::HowItIsKnown)).unwrap();
            assert!(answer.contains("We audit forty cases") && answer.ends_with("More."), "{text}: {answer}");
        }
    }

    #[test]
    fn a_question_in_bold_is_a_heading_too() {
        let text = "Authority: A\n\nA preface.\n\n**How do you know it?**\n\nBy looking.\n";
        let document = document("a.md", text);
        assert_eq!(answer(&document, Some(Question::HowItIsKnown)).unwrap(), "By looking.");
        assert_eq!(answer(&document, None).unwrap(), "A preface.");
    }

    #[test]
    fn header_lines_that_mean_nothing_here_are_kept_with_the_text() {
        let text = "Authority: A\nSummary: twelve children were not seen\nShared on: 2025-03-01\nBody.\n";
        assert_eq!(answer(&document("a.txt", text), None).unwrap(), "Summary: twelve children were not seen\n\nBody.");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_lost_between_the_questions(text in "([a-z#:?\\- \n]|how do you know it|\n# ){0,120}", txt in proptest::bool::ANY) {
            let document = document(if txt { "a.txt" } else { "a.md" }, &text);
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
            let kept: usize = document.answers(&rule()).values().map(|text| letters(text)).sum();
            let text = document.text(&rule());
            let asked: usize = document
                .headings(&rule(), &text)
                .into_iter()
                .map(|(_, place)| &text[place])
                .filter(|heading| question_of(&rule(), heading).is_some())
                .map(|heading| letters(&heading[..asked_part(heading)]))
                .sum();
            proptest::prop_assert!(kept + asked >= letters(&text));
        }
    }
}
