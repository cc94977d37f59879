//! What a report says: the types that a reader gives.

use jiff::civil::Date;
use lais_framework::{Grade, Kind, MissingGrade, StatementKind};
use serde::Serialize;

use crate::doubt::Doubt;
use crate::lexicon::Mapping;

/// A fact with the words it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Printed<T> {
    /// The fact.
    pub value: T,
    /// The page it stands on, from 1.
    pub page: u32,
    /// The printed words, tidied of line breaks; no person's name.
    pub words: String,
}

/// What the caller knows of the file beside its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// The date in the file's name: the day the file was put on the website, as a rule that of publication.
    pub file_name_date: Option<Date>,
}

impl Hint {
    /// Reads the date in a file's name, such as `inspection - 12 july 2024.pdf`, where exactly one is whole.
    #[must_use]
    pub fn from_file_name(name: &str) -> Self {
        let spaced = name.replace('_', " ");
        let dates: Vec<Date> = crate::dates::days(&spaced).iter().filter_map(crate::dates::Days::one).collect();
        Self { file_name_date: if let [date] = dates[..] { Some(date) } else { None } }
    }
}

/// What a judgement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// Overall effectiveness.
    Overall,
    /// The impact of leaders; before 2018 leadership, management and governance.
    Leaders,
    /// Children who need help and protection.
    HelpAndProtection,
    /// Children in care; before 2018 children looked after and achieving permanence.
    InCare,
    /// Care leavers; before 2018 a sub-judgement.
    CareLeavers,
    /// Adoption performance, a sub-judgement before 2018.
    Adoption,
    /// The effectiveness of the local safeguarding children board, before 2018.
    Lscb,
}

impl Aspect {
    /// Every aspect.
    pub const ALL: [Self; 7] = [
        Self::Overall,
        Self::Leaders,
        Self::HelpAndProtection,
        Self::InCare,
        Self::CareLeavers,
        Self::Adoption,
        Self::Lscb,
    ];

    /// The snake-case id that columns bear.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Leaders => "leaders",
            Self::HelpAndProtection => "help_and_protection",
            Self::InCare => "in_care",
            Self::CareLeavers => "care_leavers",
            Self::Adoption => "adoption",
            Self::Lscb => "lscb",
        }
    }

    /// The judgement that the record keeps in a column of its own, if it is one.
    #[must_use]
    pub const fn judgement(self) -> Option<lais_framework::Judgement> {
        use lais_framework::Judgement;
        match self {
            Self::Overall => Some(Judgement::Overall),
            Self::Leaders => Some(Judgement::Leaders),
            Self::HelpAndProtection => Some(Judgement::HelpAndProtection),
            Self::InCare => Some(Judgement::InCare),
            Self::CareLeavers => Some(Judgement::CareLeavers),
            Self::Adoption | Self::Lscb => None,
        }
    }

    /// The name within a sentence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overall => "overall effectiveness",
            Self::Leaders => "leaders",
            Self::HelpAndProtection => "help and protection",
            Self::InCare => "children in care",
            Self::CareLeavers => "care leavers",
            Self::Adoption => "adoption",
            Self::Lscb => "the local safeguarding children board",
        }
    }
}

/// One judgement, or the reason that there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// What it is about.
    pub aspect: Aspect,
    /// The grade; none where it was not made, did not exist, or could not be read.
    pub grade: Option<Grade>,
    /// Why there is no grade; none where there is one, and where one should be but was not found (a doubt says so).
    pub missing: Option<MissingGrade>,
    /// Every place where a grade was read; they agree unless a doubt says otherwise.
    pub places: Vec<Printed<Grade>>,
}

/// Where the day of publication was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PublicationSource {
    /// On the document.
    Printed,
    /// In the file's name, since the document prints none or one that cannot be right.
    FileName,
}

/// The day of publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// The day.
    pub date: Date,
    /// Where it was found.
    pub source: PublicationSource,
    /// The page and words, where it is printed.
    pub printed: Option<Printed<Date>>,
}

/// What a focused visit looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Focus {
    /// The scope in the letter's words.
    pub scope: Printed<String>,
    /// Ids of the topics of paragraph 106 that the scope names, in the framework's order.
    pub topics: Vec<&'static str>,
}

/// One of the three outcomes of an area SEND inspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaSendOutcome {
    /// The arrangements typically lead to positive experiences and outcomes.
    TypicallyPositive,
    /// The arrangements lead to inconsistent experiences and outcomes.
    Inconsistent,
    /// There are widespread and/or systemic failings.
    WidespreadFailings,
}

impl AreaSendOutcome {
    /// Every outcome, the best first.
    pub const ALL: [Self; 3] = [Self::TypicallyPositive, Self::Inconsistent, Self::WidespreadFailings];

    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::TypicallyPositive => "typically-positive",
            Self::Inconsistent => "inconsistent",
            Self::WidespreadFailings => "widespread-or-systemic-failings",
        }
    }
}

/// One bullet, numbered paragraph or paragraph of findings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    /// The number of the statement in the report, from 1.
    pub ordinal: u32,
    /// The heading of its section as printed, after that of the judgement it is part of; empty for what an ILACS
    /// report says between its table of judgements and its first heading.
    pub section: String,
    /// What it is.
    pub kind: StatementKind,
    /// The whole text, without line breaks, marks of notes, page headers and names of inspectors.
    pub text: String,
    /// The page it begins on, from 1.
    pub page: u32,
    /// The evaluation heading and the topic it is about, with the terms that say so.
    pub mapping: Mapping,
}

/// Whether the facts can be relied upon as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Every fact was found, and wherever it is printed twice the places agree.
    Certain,
    /// A person must look, for these reasons.
    Review(Vec<Doubt>),
}

impl Confidence {
    /// The reasons for doubt; none where the facts are certain.
    #[must_use]
    pub fn doubts(&self) -> &[Doubt] {
        match self {
            Self::Certain => &[],
            Self::Review(doubts) => doubts,
        }
    }
}

/// What a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognition {
    /// A report of this kind, with the words that say so.
    Report(Printed<Kind>),
    /// A report of inspectors, of no kind that is known or that can be told.
    UnknownReport,
    /// No report of inspectors.
    NotAReport,
}

/// What was read from a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What it is.
    pub recognition: Recognition,
    /// The id of the framework, such as `ilacs` or `sif`; none where the kind is unknown.
    pub framework: Option<&'static str>,
    /// The authority's name as the title prints it.
    pub authority: Option<Printed<String>>,
    /// The first day on site.
    pub started_on: Option<Printed<Date>>,
    /// The last day on site.
    pub ended_on: Option<Printed<Date>>,
    /// The day of publication.
    pub published: Option<Publication>,
    /// The role of the lead inspector; never a name.
    pub lead_inspector_role: Option<Printed<String>>,
    /// The judgements, one for each aspect; empty where the kind is unknown.
    pub judgements: Vec<Judgement>,
    /// What a focused visit looked at.
    pub focus: Option<Focus>,
    /// Whether there are areas for priority action; none for kinds that have none.
    pub priority_action: Option<bool>,
    /// The outcome of an area SEND inspection.
    pub area_send_outcome: Option<Printed<AreaSendOutcome>>,
    /// The findings in their order.
    pub statements: Vec<Statement>,
    /// Paragraphs left out as standing text, by the rule that left them out.
    pub left_out: Vec<(&'static str, u32)>,
    /// Whether the facts can be relied upon.
    pub confidence: Confidence,
}

impl Report {
    /// The kind, where it is known.
    #[must_use]
    pub const fn kind(&self) -> Option<Kind> {
        match &self.recognition {
            Recognition::Report(kind) => Some(kind.value),
            _ => None,
        }
    }

    /// The judgement of an aspect.
    #[must_use]
    pub fn judgement(&self, aspect: Aspect) -> Option<&Judgement> {
        self.judgements.iter().find(|judgement| judgement.aspect == aspect)
    }
}
