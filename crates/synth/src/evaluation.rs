//! Self-evaluations of social work practice: a document for most authorities, in their own words, that cites
//! their own figures.

use jiff::civil::{Date, date};
use lais_framework::Question;

use crate::care;
use crate::children_in_need;
use crate::dice::Dice;
use crate::figure::{Figure, printed};
use crate::options::LAST;
use crate::prose;
use crate::protection;
use crate::register::recoded_alias;
use crate::workforce;
use crate::world::{World, after, year_end};

/// One document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// What a document is about.
#[derive(Clone, Copy, Debug)]
struct Subject {
    authority: usize,
    /// Its place among the documents' authorities, which decides its form.
    place: usize,
    label: i16,
}

impl Subject {
    /// One in ten makes a figure better than it is published.
    const fn flatters(self) -> bool {
        self.place % 10 == 6
    }

    /// One in seven leaves out how it knows.
    const fn leaves_one_out(self) -> bool {
        self.place % 7 == 2
    }

    const fn is_markdown(self) -> bool {
        self.place.is_multiple_of(2)
    }
}

/// Every document, by authority.
pub(crate) fn documents(world: &World) -> Vec<Document> {
    let mut authorities: Vec<usize> = (0..world.country.authorities.len()).collect();
    authorities.retain(|i| *i != world.country.tiny && world.country.authorities[*i].lived_on(year_end(LAST)));
    authorities.sort_by_key(|i| &world.country.authorities[*i].name);
    let mut documents = Vec::new();
    for (place, authority) in authorities.into_iter().enumerate() {
        let subject = |label| Subject { authority, place, label };
        let first = world.start + 1;
        match place {
            place if place % 13 == 5 => {}
            place if place % 11 == 3 => documents.extend(document(world, subject(first.max(LAST - 3)))),
            place => {
                if place % 9 == 4 {
                    documents.extend(document(world, subject(first.max(LAST - 1))));
                }
                documents.extend(document(world, subject(LAST)));
            }
        }
    }
    documents
}

fn document(world: &World, subject: Subject) -> Option<Document> {
    let authority = &world.country.authorities[subject.authority];
    if !authority.lived_on(year_end(subject.label)) {
        return None;
    }
    let mut dice = world.dice("self-evaluation", subject.authority, subject.label);
    let shared_on = after(date(subject.label, 6, 2), dice.below(200));
    let ending = if subject.is_markdown() { "md" } else { "txt" };
    let slug = authority.name.to_lowercase().replace(' ', "-");
    let path = format!("self-evaluations/{slug}-{}.{ending}", shared_on.year());
    let mut text = head(world, subject, shared_on);
    for question in Question::ALL {
        if question == Question::HowItIsKnown && subject.leaves_one_out() {
            continue;
        }
        let answer = match question {
            Question::QualityAndImpact => quality(world, subject, &mut dice),
            Question::HowItIsKnown => prose::how_it_is_known(&mut dice),
            Question::Plans => prose::plans(weakness(world, subject), &mut dice),
        };
        let mark = if subject.is_markdown() { "## " } else { "" };
        text.push_str(&format!("\n{mark}{}\n\n{}\n", question.text(), answer.join("\n\n")));
    }
    Some(Document { path, text })
}

/// The lines that say whose it is and when it was shared; authorities write them differently.
fn head(world: &World, subject: Subject, shared_on: Date) -> String {
    let authority = &world.country.authorities[subject.authority];
    let name = match subject.place % 5 {
        _ if subject.authority == world.country.recoded => recoded_alias(world),
        1 => authority.code.clone(),
        _ => authority.name.clone(),
    };
    let day = shared_on.strftime("%-d %B %Y").to_string();
    let lines = match subject.place % 3 {
        0 => format!("Authority: {name}\nShared on: {shared_on}\n"),
        1 => format!("Local authority: {name}\nDate shared: {day}\n"),
        _ => format!("Authority: {name}\nShared on: {day}\n"),
    };
    let preface = "This is the self-evaluation of a local authority that does not exist. Its figures are synthetic.";
    format!("{lines}\n{preface}\n")
}

/// What the document is weakest in, which its plans are about.
fn weakness(world: &World, subject: Subject) -> usize {
    let quality = world.profiles[subject.authority].quality[world.place(subject.label)];
    if quality > 0.8 { 0 } else { 1 + subject.place % 4 }
}

/// The answer to the first question: what is thought, and the figures.
fn quality(world: &World, subject: Subject, dice: &mut Dice) -> Vec<String> {
    let level = world.profiles[subject.authority].quality[world.place(subject.label)];
    let mut paragraphs = vec![prose::judgement(level, dice)];
    paragraphs.extend(referrals(world, subject));
    paragraphs.extend(plans(world, subject));
    paragraphs.extend(care(world, subject));
    paragraphs.extend(workers(world, subject));
    paragraphs.push(prose::impact(level, dice));
    paragraphs
}

/// The record that a table draws of the subject.
fn record(world: &World, subject: Subject, draw: crate::table::Draw, label: i16) -> Vec<Figure> {
    draw(world, subject.authority, &[label]).pop().unwrap_or_default()
}

/// A part and its share of a whole, where both are published.
fn share(record: &[Figure], part: usize, whole: usize, decimals: u8) -> Option<(f64, f64, String)> {
    let known =
        |i: usize| record.get(i).filter(|figure| figure.symbol.is_none() && figure.value > 5.0).map(|f| f.value);
    let (part, whole) = (known(part)?, known(whole)?);
    Some((part, whole, printed(100.0 * part / whole, decimals)))
}

fn referrals(world: &World, subject: Subject) -> Option<String> {
    let mut record = record(world, subject, children_in_need::draw_referrals, subject.label);
    if subject.flatters() {
        record.get_mut(1)?.value = (record[1].value * 0.8).round();
    }
    let (again, referrals, percent) = share(&record, 1, 0, 1)?;
    Some(format!(
        "In the year to 31 March {} we received {} referrals. {} of them, {percent}%, came within 12 months of another \
         about the same child.",
        subject.label,
        thousands(referrals),
        thousands(again)
    ))
}

fn plans(world: &World, subject: Subject) -> Option<String> {
    let record = record(world, subject, protection::draw_repeats, subject.label);
    let (_, started, percent) = share(&record, 1, 0, 1)?;
    Some(format!(
        "{} child protection plans began in the year, and {percent}% of them were a second or later plan.",
        thousands(started)
    ))
}

fn care(world: &World, subject: Subject) -> Option<String> {
    let record = record(world, subject, care::draw_stability, subject.label);
    let (_, cla, percent) = share(&record, 1, 0, 0)?;
    Some(format!(
        "On 31 March {} we looked after {} children. {percent}% of them had lived in three or more homes in the year.",
        subject.label,
        thousands(cla)
    ))
}

fn workers(world: &World, subject: Subject) -> Option<String> {
    let label = (subject.label - 1).max(world.start + 1);
    let record = record(world, subject, workforce::draw, label);
    let (_, _, percent) = share(&record, workforce::AGENTS, workforce::WITH_AGENTS, 1)?;
    Some(format!("On 30 September {label} agency workers filled {percent}% of our social work posts."))
}

/// A whole number with commas.
fn thousands(number: f64) -> String {
    let digits = printed(number, 0);
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    groups.into_iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::default_world;

    #[test]
    fn most_authorities_have_a_document_and_a_few_have_none() {
        let world = default_world();
        let documents = documents(&world);
        let markdown = documents.iter().filter(|document| document.path.ends_with(".md")).count();
        assert!((36..48).contains(&documents.len()), "{}", documents.len());
        assert!(markdown > 10 && documents.len() - markdown > 10);
    }

    #[test]
    fn a_document_says_whose_it_is_and_answers_two_or_three_questions() {
        for document in documents(&default_world()) {
            assert!(document.text.lines().next().is_some_and(|line| line.contains("uthority: ")), "{}", document.text);
            let asked = Question::ALL.iter().filter(|question| document.text.contains(question.text())).count();
            assert!((2..=3).contains(&asked), "{}", document.path);
        }
    }

    #[test]
    fn numbers_are_written_with_commas() {
        assert_eq!(
            (thousands(12.0), thousands(1234.0), thousands(1_234_567.0)),
            ("12".into(), "1,234".into(), "1,234,567".into())
        );
    }
}
