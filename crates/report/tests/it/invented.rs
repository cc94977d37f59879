//! Invented reports, page by page.

use jiff::civil::date;
use lais_framework::{Grade, MissingGrade};
use lais_report::{Aspect, Doubt, Hint, Page, Report, read_pages};

pub(crate) fn hint(year: i16, month: i8, day: i8) -> Hint {
    Hint { file_name_date: Some(date(year, month, day)) }
}

pub(crate) fn report(pages: &[String], hint: &Hint) -> Report {
    let pages: Vec<Page> = (1..).zip(pages).map(|(number, text)| Page::from_text(number, text)).collect();
    read_pages(&pages, hint)
}

pub(crate) fn grade(report: &Report, aspect: Aspect) -> Option<Grade> {
    report.judgement(aspect).and_then(|judgement| judgement.grade)
}

pub(crate) fn missing(report: &Report, aspect: Aspect) -> Option<MissingGrade> {
    report.judgement(aspect).and_then(|judgement| judgement.missing)
}

pub(crate) fn doubts(report: &Report) -> Vec<&'static str> {
    report.confidence.doubts().iter().map(Doubt::id).collect()
}

/// The words of a grade.
pub(crate) fn words(grade: Grade) -> &'static str {
    match grade {
        Grade::Outstanding => "Outstanding",
        Grade::Good => "Good",
        Grade::RequiresImprovement => "Requires improvement to be good",
        Grade::Inadequate => "Inadequate",
    }
}

/// An ILACS report: grades of leaders, help, care, care leavers (none before 2023) and overall (none from April 2026).
#[derive(Clone, Debug)]
pub(crate) struct Ilacs {
    pub(crate) dates: &'static str,
    pub(crate) leaders: Grade,
    pub(crate) help: Grade,
    pub(crate) care: Grade,
    pub(crate) leavers: Option<Grade>,
    pub(crate) overall: Option<Grade>,
}

impl Ilacs {
    pub(crate) fn of_2024() -> Self {
        let good = Grade::Good;
        Self {
            dates: "4 to 15 March 2024",
            leaders: good,
            help: Grade::RequiresImprovement,
            care: good,
            leavers: Some(Grade::Outstanding),
            overall: Some(good),
        }
    }

    pub(crate) fn cover(&self) -> String {
        let row = |first: &str, second: &str, grade: Grade| format!("{first:<44}{}\n{second}\n\n", words(grade));
        let care = if self.leavers.is_some() { "children in care" } else { "children in care and care leavers" };
        let mut table =
            row("The impact of leaders on social work", "practice with children and families", self.leaders);
        table += &row("The experiences and progress of", "children who need help and protection", self.help);
        table += &row("The experiences and progress of", care, self.care);
        if let Some(leavers) = self.leavers {
            table += &row("The experiences and progress of care", "leavers", leavers);
        }
        if let Some(overall) = self.overall {
            table += &format!("{:<44}{}\n", "Overall effectiveness", words(overall));
        }
        format!(
            "Inspection of Northmarsh local authority\nchildren’s services\nInspection dates: {}\n\
             Lead inspector: Ada Invented, His Majesty’s Inspector\n\nJudgement                                   Grade\n\n\
             {table}\nFamilies in Northmarsh find that help comes in good time and that it lasts.\n",
            self.dates
        )
    }

    pub(crate) fn pages(&self) -> Vec<String> {
        let lower = |grade: Grade| words(grade).to_lowercase();
        let care = if self.leavers.is_some() { "in care" } else { "in care and care\nleavers" };
        let mut sections = format!(
            "What needs to improve?\n◼ The speed of decision-\nmaking for children in need.\n\
             ◼ Health assessments of children in care.\n\n\
             The experiences and progress of children who need help and\nprotection: {}\n\
             1. Early help in the market towns reaches families soon.\n\n\
             The experiences and progress of children {care}: {}\n2. Children say that they like where they live.\n\n",
            lower(self.help),
            lower(self.care),
        );
        if let Some(leavers) = self.leavers {
            sections += &format!(
                "The experiences and progress of care leavers: {}\n3. Pathway plans are made with young people.\n\n",
                lower(leavers)
            );
        }
        sections += &format!(
            "The impact of leaders on social work practice with children and\nfamilies: {}\n\
             4. Leaders know what happens in the teams.\n",
            lower(self.leaders)
        );
        vec![self.cover(), sections]
    }
}

/// A report of the single inspection framework.
pub(crate) fn sif(first_line: &str) -> Vec<String> {
    let cover = format!(
        "Eastmere County Council\n{first_line}\nprotection, children looked after and care leavers\n\
         Inspection date: 3 November 2014 – 26 November 2014\nReport published: 2 February 2015\n\n\
         The overall judgement is that children’s services are inadequate\n\nWords about the county.\n\n\
         1. Children who need help and protection        Inadequate\n\n\
         2. Children looked after and achieving          Requires\npermanence                                      improvement\n\n\
         \u{20}   2.1 Adoption performance                    Good\n\n\
         \u{20}   2.2 Experiences and progress of care leavers  Requires improvement\n\n\
         3. Leadership, management and governance        Inadequate\n"
    );
    let sections = "Recommendations\n1. Visit children when a worry is reported.\n\n\
         The experiences and progress of children who need help and protection are\ninadequate\n\
         2. The rooms of the service are light.\n\n\
         The experiences and progress of children looked after and achieving\npermanence require improvement\n\
         3. The lake is near.\n\n\
         The graded judgement for adoption performance is that it is good\n4. Panels meet often.\n\n\
         The graded judgement about the experience and progress of care leavers is\nthat it requires improvement\n\
         5. Young people have keys.\n\n\
         Leadership, management and governance are inadequate\n6. Nobody asked.\n";
    vec![cover, sections.to_owned()]
}

/// A letter after a focused visit, dated and with the words on when the visit was.
pub(crate) fn letter(day: &str, visit: &str) -> Vec<String> {
    vec![
        format!(
            "T 0300 000 0000\n{day}\nBo Invented\nDirector of Children’s Services\nSaltwick Council\n\nDear Bo\n\n\
             Focused visit to Saltwick local authority children’s services\n\n\
             This letter summarises the findings of the focused visit to Saltwick children’s services {visit}. \n\
             Her Majesty’s Inspectors for this visit were Ada Invented and Cy Madeup. Inspectors looked at the\n\
             local authority’s arrangements for care leavers aged 18 to 25.\n\n\
             Headline findings\nMost young people in Saltwick have somewhere to live.\n\n\
             What needs to improve in this area of social work practice\n◼ The number of personal advisers.\n"
        ),
        "Main findings\nPathway plans are kept in a drawer and seldom read by anybody.\n\nYours sincerely\n\nAda Invented\n\
         Her Majesty’s Inspector\n"
            .to_owned(),
    ]
}
