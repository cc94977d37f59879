//! Why a report must be looked at by a person before its facts are relied upon.

use lais_framework::{Grade, Kind};

use crate::report::Aspect;

/// One reason for doubt; each prints as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The document's title is that of no known kind of report.
    #[error("the first page does not have the title of a known kind of report: say what kind it is, or leave it out")]
    UnknownLayout,
    /// No example of the kind was at hand when the reader was written.
    #[error("a report of kind {} is recognised by its title, but its layout has not been checked against real ones: check every fact", .0.id())]
    UncheckedLayout(Kind),
    /// The kind was told from the body or the page headers, since the first page does not say it.
    #[error("the kind was told from the body of the report, not from its title: check the kind")]
    KindNotInTitle,
    /// The inspection was neither one week nor two, so that short and standard cannot be told apart.
    #[error("fieldwork of {days} days is neither a short inspection's week nor a standard one's two: check the kind")]
    UnusualLength {
        /// Days from the first to the last, both counted.
        days: i64,
    },
    /// The title names two authorities.
    #[error("the report seems to be about more than one authority: check whom it is about")]
    SeveralAuthorities,
    /// No authority's name was found in the title.
    #[error("no authority's name was found in the title: say whom the report is about")]
    NoAuthority,
    /// The days of the fieldwork were not found.
    #[error("the days of the inspection or visit were not found: enter them")]
    NoFieldwork,
    /// The days of the fieldwork are printed without a year.
    #[error("the days of the visit are printed without a year; {year} was taken from the date of the letter: check it")]
    YearNotPrinted {
        /// The year that was taken.
        year: i16,
    },
    /// Two places give different days.
    #[error("the report gives its days as {first:?} and as {second:?}: check them")]
    DaysDisagree {
        /// One place's words.
        first: String,
        /// Another's.
        second: String,
    },
    /// The printed days cannot be right.
    #[error("the days {words:?} cannot be right, since {why}: check them")]
    DaysImpossible {
        /// The printed words.
        words: String,
        /// What is wrong with them.
        why: &'static str,
    },
    /// Inspectors were there more than once, and a record has one first and one last day.
    #[error("the days {words:?} are more than one stay: say which are its first and last day")]
    SeveralStays {
        /// The printed words.
        words: String,
    },
    /// Neither the report nor its file's name gives the day of publication.
    #[error("the day of publication is neither printed nor in the file's name: enter it")]
    NoPublication,
    /// The printed day of publication contradicts the days of the fieldwork or the file's name.
    #[error("the printed date {printed:?} contradicts the visit or the file's name; {taken} was taken: check it")]
    PublicationContradicted {
        /// The printed words.
        printed: String,
        /// The day that was taken.
        taken: jiff::civil::Date,
    },
    /// A judgement that reports of this kind and day make was not found.
    #[error("the judgement of {} was not found: read it from the report", .0.title())]
    GradeNotFound(Aspect),
    /// A judgement was read in one place only.
    #[error("the judgement of {} was found in one place only: check it", .0.title())]
    GradeInOnePlace(Aspect),
    /// Two places give different grades.
    #[error("the judgement of {} is read as {} on page {first_page} and as {} on page {second_page}: check it", .aspect.title(), .first.id(), .second.id())]
    GradesDisagree {
        /// Of what.
        aspect: Aspect,
        /// One reading.
        first: Grade,
        /// Its page.
        first_page: u32,
        /// The other reading.
        second: Grade,
        /// Its page.
        second_page: u32,
    },
    /// The judgements are not those that the framework of the day makes.
    #[error("the judgements do not match the framework on the day of the inspection ({what}): check them")]
    NotTheFrameworkOfTheDay {
        /// What does not match.
        what: &'static str,
    },
    /// The rows of the table of judgements could not all be told apart.
    #[error("the table of judgements could not be read row by row: check every grade")]
    TableUnclear,
    /// A focused visit whose topic is none of the six.
    #[error("the visit's scope names none of the six topics of focused visits: choose them")]
    NoTopic,
    /// The scope of a focused visit was not found.
    #[error("what the visit looked at was not found: enter its topics")]
    NoScope,
    /// The outcome of an area SEND inspection is none of the three.
    #[error("the outcome of the area inspection is none of the three: read it from the report")]
    NoOutcome,
    /// Words about priority action contradict each other.
    #[error("whether there are areas for priority action is not clear: read it from the report")]
    PriorityActionUnclear,
    /// A page without text, where there may be a picture of some.
    #[error("page {0} has no text: look at what is on it")]
    PageWithoutText(u32),
    /// The report seems to end early.
    #[error("the report seems to be incomplete ({what}): find the whole one")]
    Incomplete {
        /// What is missing.
        what: &'static str,
    },
    /// The sections that hold findings were not found.
    #[error("no section with findings was found: the statements are missing")]
    NoStatements,
}

impl Doubt {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::UnknownLayout => "unknown-layout",
            Self::UncheckedLayout(_) => "unchecked-layout",
            Self::KindNotInTitle => "kind-not-in-title",
            Self::UnusualLength { .. } => "unusual-length",
            Self::SeveralAuthorities => "several-authorities",
            Self::NoAuthority => "no-authority",
            Self::NoFieldwork => "no-fieldwork",
            Self::YearNotPrinted { .. } => "year-not-printed",
            Self::DaysDisagree { .. } => "days-disagree",
            Self::DaysImpossible { .. } => "days-impossible",
            Self::SeveralStays { .. } => "several-stays",
            Self::NoPublication => "no-publication",
            Self::PublicationContradicted { .. } => "publication-contradicted",
            Self::GradeNotFound(_) => "grade-not-found",
            Self::GradeInOnePlace(_) => "grade-in-one-place",
            Self::GradesDisagree { .. } => "grades-disagree",
            Self::NotTheFrameworkOfTheDay { .. } => "not-the-framework-of-the-day",
            Self::TableUnclear => "table-unclear",
            Self::NoTopic => "no-topic",
            Self::NoScope => "no-scope",
            Self::NoOutcome => "no-outcome",
            Self::PriorityActionUnclear => "priority-action-unclear",
            Self::PageWithoutText(_) => "page-without-text",
            Self::Incomplete { .. } => "incomplete",
            Self::NoStatements => "no-statements",
        }
    }
}
