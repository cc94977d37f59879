//! Findings by section: what needs to improve, what needs priority action, strengths and the rest.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use lais_framework::{Kind, StatementKind};
use regex::Regex;

use crate::blocks::{Block, Shape, blocks, with_whole_sentences};
use crate::body::Body;
use crate::grades::is_part_of_grade;
use crate::plain::{pattern, plain};
use crate::report::Statement;
use crate::{lexicon, people};

/// The findings of a report.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) statements: Vec<Statement>,
    /// How many blocks each rule left out.
    pub(crate) left_out: Vec<(&'static str, u32)>,
    /// Whether a heading announces areas for priority action.
    pub(crate) priority_heading: bool,
}

/// What a heading opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opens {
    /// Findings of a kind.
    Findings(StatementKind),
    /// Standing text, by the rule that leaves it out.
    Standing(&'static str),
}

/// Headings that reports print, and what they open; the first that matches wins.
static HEADINGS: LazyLock<Vec<(Regex, Opens)>> = LazyLock::new(|| {
    use Opens::{Findings, Standing};
    use StatementKind::{Narrative, NeedsToImprove, PriorityAction, Strength};
    [
        // Standing text.
        (r"^contents$", Standing("contents")),
        (r"^(section \d:? )?information about (this|the) (local authority |lscb |area send )?(re-?)?(inspection|review)", Standing("about-the-inspection")),
        (r"^about (this|the) inspection$", Standing("about-the-inspection")),
        (r"^(the inspection judge?ments and what they mean|what the (local authority )?(inspection )?judge?ments mean)", Standing("what-judgements-mean")),
        (r"^what the (local authority|lscb|inspection)( inspection)? judge?ments? mean", Standing("what-judgements-mean")),
        (r"^(section \d:? )?information about (this|the) (local )?(authority|area)", Standing("about-the-area")),
        (r"^(children living in this area|child protection in this area|children looked after in this area|(the )?(local authority|lscb) .*information$)", Standing("about-the-area")),
        (r"^other ofsted inspections$|^local leadership$|^service information$|^context$", Standing("about-the-area")),
        (r"^local area partnership details$|^inspection team$|^record of main findings", Standing("details")),
        (r"^next steps$", Standing("next-steps")),
        (r"^annex|^glossary|^appendix", Standing("annex")),
        // Priority action.
        (r"^areas? for priority action$", Findings(PriorityAction)),
        (r"^priority and immediate actions?$", Findings(PriorityAction)),
        (r"^(immediate and )?priority actions?$", Findings(PriorityAction)),
        (r"^areas? (of|for) (practice )?(priority action|immediate action)$", Findings(PriorityAction)),
        // What needs to improve.
        (r"^what needs? to improve( in this area of (social work )?practice)?$", Findings(NeedsToImprove)),
        (r"^what (does|do) the (local authority|lscb|board|council|partners?)( safeguarding children board)? needs? to (improve|do better)", Findings(NeedsToImprove)),
        (r"^what (does|do) the (local )?(area )?(partnership|partners) needs? to do better", Findings(NeedsToImprove)),
        (r"^areas? (for|of) (further )?(improvement|development)$|^areas? requiring improvement$|^areas? for action$", Findings(NeedsToImprove)),
        (r"^(summary of )?recommendations?( for .{2,60})?$|^priorities for further improvement$|^what must (be done|improve)", Findings(NeedsToImprove)),
        // Strengths.
        (r"^(key )?strengths$|^areas? of strength$|^(the )?(local authority|lscb|board)('s| has the following| has these)( key)? strengths$", Findings(Strength)),
        (r"^what (is|are) the (local )?(area )?(partnership|partners) doing that is effective", Findings(Strength)),
        (r"^what is working well$|^what (the )?local authority does well$", Findings(Strength)),
        // The rest.
        (r"^(headline|main|key|inspection) findings\b", Findings(Narrative)),
        (r"^findings$|^overview$|^executive summary$|^summary$|^summary of (key )?findings", Findings(Narrative)),
        (r"^summary for children and young people", Findings(Narrative)),
        (r"^progress since the last inspection|^progress made since", Findings(Narrative)),
        (r"^(the )?experiences?( and progress)? of (children|care leavers)", Findings(Narrative)),
        (r"^(the )?impact of leaders on", Findings(Narrative)),
        (r"^(the )?leadership,? management,? and governance", Findings(Narrative)),
        (r"^the graded? judge?ment", Findings(Narrative)),
        (r"^inspection judge?ments about|^(section \d:? )?the (local authority|effectiveness of the local safeguarding)", Findings(Narrative)),
        (r"^(the )?(effectiveness of the )?(local )?(safeguarding children board|lscb)\b", Findings(Narrative)),
        (r"^key strengths and weaknesses", Findings(Narrative)),
        (r"^what is it like to be a child or young person", Findings(Narrative)),
        (r"^inspection outcome", Findings(Narrative)),
        (r"^(practice|case) study", Findings(Narrative)),
        (r"^overall effectiveness|^capacity to improve|^outcomes for|^quality of (provision|practice)|^leadership and management", Findings(Narrative)),
    ]
    .into_iter()
    .map(|(words, opens)| (pattern(words), opens))
    .collect()
});

/// Standing sentences anywhere, by rule.
static STANDING: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r"^ofsted will take (the findings|account of)|^i am copying this letter|^we will take the findings", "next-steps"),
        (r"^the next full (area )?(send )?(re)?inspection will|^a monitoring inspection will be carried out|^ofsted and (the )?(care quality commission|cqc) ask", "next-steps"),
        (r"^as a result of this inspection, (his|her) majesty's chief inspector requires", "next-steps"),
        (r"^(the )?office for standards in education|^ofsted is not responsible|^you may reuse this information|^if you (are not happy|would like a copy)", "contact"),
        (r"^interested in our work|^you can (use parent view|subscribe)|^piccadilly gate|^store street|^manchester( m1 2wd)?$|^t:? ?\(?0300|^textphone|^e:|^w:|^website:|enquiries@ofsted|^this (publication|report|document) is available|^this document may be reproduced|^(©|c) crown copyright|^no\. |^age group", "contact"),
        (r"^to view this licence|^write to the information policy team|^further copies of this report", "contact"),
        (r"^a full description of what the inspection judge?ments mean|^it is ofsted's expectation that", "what-judgements-mean"),
        (r"^the judge?ments on areas of the service that contribute", "what-judgements-mean"),
        (r"^(lead|deputy lead|reporting|team|additional) inspectors?\b|^inspection team|^the inspectors were|^quality assurance manager", "inspectors"),
        (r"^(her|his) majesty's inspector|^national director|^chief inspector", "inspectors"),
    ]
    .into_iter()
    .map(|(words, rule)| (pattern(words), rule))
    .collect()
});

/// Whether a row has the words of a heading that reports print.
fn is_heading(row: &str) -> bool {
    static EXACT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"^(contents|context|findings|overview|executive summary|summary|next steps|recommendations|(key )?strengths|areas? of strength",
            r"|(headline|main|key|inspection) findings|areas? for (priority action|improvement)|priority and immediate action|inspection outcome",
            r"|what needs to improve( in this area of (social work )?practice)?|areas? for development)[?:.]?$",
        ))
    });
    EXACT.is_match(row)
}

fn opens(heading: &str) -> Option<Opens> {
    let bare = bare(heading);
    HEADINGS.iter().find(|(words, _)| words.is_match(&bare)).map(|(_, opens)| *opens)
}

/// A heading without its number and closing signs.
fn bare(heading: &str) -> String {
    let plain = plain(heading);
    let start = plain.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.' || letter == ' ');
    start.trim_end_matches(['.', ':', '?', ' ', '-']).to_owned()
}

/// Whether two rows say that the document holds areas for priority action.
pub(crate) fn says_priority_action(rows: &str) -> bool {
    static SAYS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(identified|there (is|are|were)|following|result in|resulted in|this (visit|inspection) (found|identified)) ",
            r"(an?|one|two|three|four|the|some)? ?(following )?areas? for priority action",
        ))
    });
    SAYS.is_match(rows)
}

/// Reads the findings of a report of a kind; `topics` are those of a focused visit.
pub(crate) fn read(body: &Body, kind: Kind, topics: &[&'static str]) -> Findings {
    let names = people::inspectors(body);
    let mut reader = Reader {
        kind,
        cover: matches!(kind, Kind::Standard | Kind::Short).then(|| body.first_page()),
        topics: topics.to_vec(),
        section: Section::front(),
        findings: Findings::default(),
        left_out: BTreeMap::new(),
    };
    let is_known = |heading: &str| opens(heading).is_some() || is_grade(heading);
    for block in with_whole_sentences(blocks(body, &is_heading), &is_known) {
        if reader.signed(&block) {
            break;
        }
        if reader.takes_for_table(&block) {
            continue;
        }
        if block.shape == Shape::Heading {
            reader.heading(&block);
        } else {
            reader.block(&block, &names);
        }
    }
    let Reader { mut findings, left_out, .. } = reader;
    findings.left_out = left_out.into_iter().collect();
    findings
}

/// Where the reader is.
struct Section {
    /// The judgement or the board that the section is part of, as its heading prints it.
    part: String,
    heading: String,
    opens: Opens,
}

impl Section {
    fn front() -> Self {
        Self { part: String::new(), heading: String::new(), opens: Opens::Standing("front-matter") }
    }
}

impl Section {
    /// Whether it is about the local safeguarding children board.
    fn is_of_board(&self) -> bool {
        [&self.part, &self.heading].iter().any(|heading| {
            let bare = bare(heading);
            bare.contains("safeguarding children board") || bare.contains("lscb")
        })
    }

    /// The heading, after that of the part it belongs to.
    fn title(&self) -> String {
        if self.part.is_empty() || self.part == self.heading {
            self.heading.clone()
        } else {
            format!("{}: {}", self.part, self.heading)
        }
    }
}

/// Whether a heading is that of a judgement or of the board.
fn is_part(bare: &str) -> bool {
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(the )?(experiences?( and progress)? of|impact of leaders|leadership,? management,? and governance|(effectiveness of the )?(local )?(safeguarding children board|lscb)|graded? judge?ment)",
        )
    });
    PARTS.is_match(bare)
}

/// Whether a heading is a grade and nothing else, such as `Grade 2 (Good)`.
fn is_grade(heading: &str) -> bool {
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(judge?ment )?grade:?( \d)?( \([a-z ]+\))?$"));
    let bare = bare(heading);
    is_part_of_grade(&bare) || NUMBERED.is_match(&bare) || bare.starts_with("key judgement judgement grade")
}

/// Whether a heading is one that parts of a report share.
fn is_within(bare: &str) -> bool {
    [
        "summary",
        "executive summary",
        "inspection findings",
        "recommendations",
        "key strengths and weaknesses",
        "areas for improvement",
        "priority and immediate action",
        "priority actions",
    ]
    .iter()
    .any(|heading| bare.starts_with(heading))
}

/// Whether the text under a heading for priority action says that there is none.
fn says_there_is_none(plain: &str) -> bool {
    static NONE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(there (are|is|were) no|no|none)\b.{0,60}(priority|immediate|identified|areas|action|$)|^none\.?$")
    });
    plain.len() < 160 && NONE.is_match(plain)
}

struct Reader {
    kind: Kind,
    /// The page whose table of judgements is not over yet; reports of ILACS begin with one.
    cover: Option<u32>,
    topics: Vec<&'static str>,
    section: Section,
    findings: Findings,
    left_out: BTreeMap<&'static str, u32>,
}

impl Reader {
    fn is_letter(&self) -> bool {
        matches!(self.kind, Kind::FocusedVisit | Kind::MonitoringVisit | Kind::Jtai)
    }

    /// Whether the letter is over.
    fn signed(&self, block: &Block) -> bool {
        self.is_letter() && block.plain().starts_with("yours sincerely")
    }

    fn heading(&mut self, block: &Block) {
        let known = opens(&block.text);
        match known {
            // "Leadership, management and governance" may part a list of recommendations.
            Some(Opens::Findings(StatementKind::Narrative)) if self.parts_a_list(block) => {}
            Some(opens) => {
                let heading = heading_text(&block.text);
                let part = match self.section.part.as_str() {
                    _ if is_part(&bare(&heading)) => heading.clone(),
                    part if is_within(&bare(&heading)) => part.to_owned(),
                    _ => String::new(),
                };
                self.section = Section { part, heading, opens };
            }
            // A grade alone belongs to the heading above it, from which it is set apart.
            None if is_grade(&block.text) => {}
            // The table of judgements is over where the first page goes on; a heading of no known words keeps its
            // section's kind.
            None => {
                if let Opens::Findings(_) = self.section.opens {
                    self.section.heading = heading_text(&block.text);
                }
            }
        }
    }

    /// Leaves out a block of the cover's table, whose rows have the words of headings; says whether it is one.
    ///
    /// What follows it on the page is a summary without a heading. Since April 2026 the table has no row of overall
    /// effectiveness to end with, so a sentence ends it too.
    fn takes_for_table(&mut self, block: &Block) -> bool {
        if self.cover != Some(block.page) {
            self.cover = None;
            return false;
        }
        let plain = block.plain();
        let is_row = block.shape == Shape::TableRow || is_part(&bare(&block.text));
        let is_last_row = plain.starts_with("overall effectiveness");
        let is_sentence = block.is_sentence() && self.left_out.contains_key("table");
        let is_heading = block.shape == Shape::Heading && !is_row && opens(&block.text).is_some();
        if is_last_row || is_sentence || is_heading {
            self.cover = None;
            self.section.opens = Opens::Findings(StatementKind::Narrative);
        }
        let is_table = is_last_row || (is_row && !is_sentence && !is_heading);
        if is_table {
            self.leave_out("table");
        }
        is_table
    }

    /// Whether a heading is one of those that part recommendations by subject: without a grade, and in a list.
    fn parts_a_list(&self, block: &Block) -> bool {
        let in_list = matches!(
            self.section.opens,
            Opens::Findings(StatementKind::NeedsToImprove | StatementKind::PriorityAction | StatementKind::Strength)
        );
        let bare = bare(&block.text);
        in_list
            && ["leadership, management and governance", "leadership and management", "quality of practice"]
                .contains(&bare.as_str())
    }

    fn block(&mut self, block: &Block, names: &std::collections::BTreeSet<String>) {
        let plain = block.plain();
        // A heading that is set like the text is told by its words.
        if block.text.len() < 140 && !block.text.ends_with('.') && is_part(&bare(&block.text)) {
            self.heading(block);
            return;
        }
        if plain.contains("majesty's inspector") && !plain.contains("majesty's inspectorate") {
            self.leave_out("inspectors");
            return;
        }
        if let Some((_, rule)) = STANDING.iter().find(|(words, _)| words.is_match(&plain)) {
            self.leave_out(rule);
            return;
        }
        if block.shape == Shape::TableRow {
            self.leave_out("table");
            return;
        }
        let kind = match self.section.opens {
            Opens::Findings(kind) => kind,
            Opens::Standing(rule) => {
                self.leave_out(rule);
                return;
            }
        };
        let text = people::without(&block.text, names);
        if !is_sentence(&text, block.shape) {
            self.leave_out("no-sentence");
            return;
        }
        if kind == StatementKind::PriorityAction {
            if says_there_is_none(&plain) {
                self.leave_out("no-priority-action");
                return;
            }
            self.findings.priority_heading = true;
        }
        let ordinal = u32::try_from(self.findings.statements.len() + 1).unwrap_or(u32::MAX);
        let section = self.section.title();
        // The evaluation headings are those of authorities' services, not of boards or of SEND partnerships.
        let is_of_authority = !matches!(self.kind, Kind::AreaSend | Kind::LscbReview) && !self.section.is_of_board();
        let mapping =
            if is_of_authority { lexicon::map(&section, &self.topics, &text) } else { lexicon::Mapping::default() };
        self.findings.statements.push(Statement { ordinal, section, kind, text, page: block.page, mapping });
    }

    fn leave_out(&mut self, rule: &'static str) {
        *self.left_out.entry(rule).or_default() += 1;
    }
}

/// A heading without the sign of a note or a stop at its end.
fn heading_text(text: &str) -> String {
    text.trim_end_matches(['.', ':', ' ']).to_owned()
}

/// Whether a block says something: an item of a list of some words, or a paragraph of more.
fn is_sentence(text: &str, shape: Shape) -> bool {
    let words = text.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).count();
    words >= if shape == Shape::Bullet { 2 } else { 5 }
}
