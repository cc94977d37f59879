use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use datafusion::datasource::MemTable;
use lais_lake::run_in_memory;

use super::*;

fn split(text: &str) -> Vec<&str> {
    paragraphs(text).into_iter().map(|place| &text[place]).collect()
}

#[test]
fn paragraphs_are_parted_by_empty_lines_and_keep_their_heading() {
    assert_eq!(split("One\nand more.\n \nTwo.\n\n\n"), ["One\nand more.", "Two."]);
    assert_eq!(split("## Early help\n\nIt is early.\n\nNext."), ["## Early help\n\nIt is early.", "Next."]);
    assert_eq!(split("Text.\n\n# A heading alone\n"), ["Text.", "# A heading alone"]);
    assert!(split(" \n\n").is_empty() && split("").is_empty());
}

#[test]
fn no_word_is_lost_between_paragraphs() {
    for text in ["a", "a\n\nb", "#a\n\n#b\n\nc\n", "\n\r\n# x\n", "é\n\n\u{a0}\n\nü", "#\n#\n\n#\n"] {
        let kept: Vec<&str> = split(text).into_iter().flat_map(str::split_whitespace).collect();
        assert_eq!(kept, text.split_whitespace().collect::<Vec<_>>(), "{text:?}");
    }
}

/// A session over tables of facts with these rows, and the models as at a day.
async fn session(inserts: &[&str], as_at: Date) -> SessionContext {
    let session = Engine::Embedded.session();
    let mut facts = BTreeSet::new();
    for table in lais_ingest::fact_tables() {
        // A test writes only the columns that it is about.
        let fields = table.schema.fields().iter().map(|field| Field::clone(field).with_nullable(true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        session.register_table(table.name, Arc::new(MemTable::try_new(schema, vec![vec![]]).unwrap())).unwrap();
        facts.insert(table.name.to_owned());
    }
    for insert in inserts {
        session.sql(&format!("INSERT INTO {insert}")).await.unwrap().collect().await.unwrap();
    }
    run_in_memory(&session, &facts, &crate::models().unwrap(), as_at).await.unwrap();
    session
}

/// What is read of rows as at a day, and how many rows the mart `finding` has on it.
fn read(origin: &Origin, inserts: &[&str], as_at: Date) -> (Vec<Passage>, usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    runtime.block_on(async {
        let session = session(inserts, as_at).await;
        let rows = session.table("finding").await.unwrap().count().await.unwrap();
        (origin.passages(&session).await.unwrap(), rows)
    })
}

const REPORTS: [&str; 4] = [
    "authority (authority_code, name, region_code, comparison_region_code)
     VALUES ('A', 'Aton', 'R', 'R'), ('B', 'Beaton', 'R', 'R')",
    "source (source_id, release, published_on, file_name)
     VALUES ('reports', 'x', '2023-01-20', 'r/x.pdf'), ('reports', 'y', '2024-03-01', 'r/y.pdf'),
            ('official', '2023', '2023-07-06', 'o.ods')",
    "inspection_record (source_id, release, source_table, source_part, source_row, precedence, evidence,
                        authority_code, kind, framework, started_on, published_on, overall, shared_service)
     VALUES ('reports', 'x', '', '', 1, 20, 'inspection-report', 'A', 'standard', 'ilacs', '2022-11-07', '2023-01-13',
             'good', false),
            ('official', '2023', 't', '', 2, 11, 'official-statistics', 'A', 'short', 'ilacs', '2022-11-07', NULL,
             'good', false),
            ('reports', 'y', '', '', 1, 20, 'inspection-report', 'A', 'jtai', 'jtai', '2024-01-08', NULL, NULL, false),
            ('reports', 'y', '', '', 1, 20, 'inspection-report', 'C', 'jtai', 'jtai', '2024-01-08', NULL, NULL, false)",
    "finding_record (source_id, release, source_table, source_part, source_row, authority_code, ordinal, section,
                     statement, text, page, criterion_id, focus_topic_id)
     VALUES ('reports', 'x', '', '', 1, 'A', 1, 'Improve', 'needs-to-improve', 'The quality of plans.', 2,
             'hp-plans', NULL),
            ('reports', 'x', '', '', 1, 'A', 2, 'Improve', 'needs-to-improve', 'Oversight.', 2, NULL, 'front-door'),
            ('reports', 'x', '', '', 1, 'A', 3, '', 'narrative', 'Leaders know their service.', 3, NULL, NULL),
            ('reports', 'y', '', '', 1, 'A', 1, 'Findings', 'narrative', 'Partners work together.', 1, NULL, NULL),
            ('reports', 'y', '', '', 1, 'C', 1, 'Findings', 'narrative', 'Partners work together.', 1, NULL, NULL)",
];

#[test]
fn a_finding_becomes_a_passage_with_its_place_and_what_stands_beside_it_in_its_section() {
    let (found, _) = read(&ORIGINS[0], &REPORTS, date(2026, 1, 31));
    let first = Passage {
        id: "a-short-2022-11-07/reports/x/0001".to_owned(),
        source_kind: "finding".to_owned(),
        document_id: "a-short-2022-11-07".to_owned(),
        authority_code: "A".to_owned(),
        authority_name: "Aton".to_owned(),
        // As the report prints it; the kind is the one that holds, which better evidence says.
        date: Some(date(2023, 1, 13)),
        kind: "short".to_owned(),
        section: Some("Improve".to_owned()),
        statement: Some("needs-to-improve".to_owned()),
        criterion_id: Some("hp-plans".to_owned()),
        page: Some(2),
        text: "The quality of plans.".to_owned(),
        context_after: Some("Oversight.".to_owned()),
        source_id: "reports".to_owned(),
        release: "x".to_owned(),
        file_name: "r/x.pdf".to_owned(),
        ..Passage::default()
    };
    let found: Vec<_> = found.into_iter().filter(|passage| passage.release == "x").collect();
    assert_eq!(found[0], first);
    assert_eq!(found[1].context_before.as_deref(), Some("The quality of plans."));
    assert_eq!((found[1].context_after.as_deref(), found[1].focus_topic_id.as_deref()), (None, Some("front-door")));
    assert_eq!((found[2].context_before.as_deref(), found[2].section.as_deref()), (None, None));
}

#[test]
fn a_joint_report_without_a_day_is_of_each_authority_and_became_known_with_its_file() {
    let (found, _) = read(&ORIGINS[0], &REPORTS, date(2026, 1, 31));
    let of_y: Vec<_> = found.iter().filter(|passage| passage.release == "y").collect();
    let told: Vec<_> = of_y.iter().map(|p| (p.authority_code.as_str(), p.authority_name.as_str(), p.date)).collect();
    let day = Some(date(2024, 3, 1));
    // C is not in the register, so its code stands for it.
    assert_eq!(told, [("A", "Aton", day), ("C", "C", day)]);
    assert_ne!(of_y[0].id, of_y[1].id);
}

#[test]
fn passages_are_all_findings_whatever_the_day_and_their_dates_say_what_was_known() {
    let (all, last) = read(&ORIGINS[0], &REPORTS, date(2026, 1, 31));
    assert_eq!((all.len(), last), (5, 5));
    for as_at in [date(2022, 1, 1), date(2023, 1, 13), date(2024, 2, 29), date(2024, 3, 1)] {
        let (found, of_the_day) = read(&ORIGINS[0], &REPORTS, as_at);
        assert_eq!(found.len(), 5, "{as_at}");
        let known = found.iter().filter(|passage| passage.date.is_some_and(|day| day <= as_at)).count();
        assert_eq!(known, of_the_day, "as the mart says: {as_at}");
    }
}

#[test]
fn of_a_report_that_was_published_again_each_version_stands_for_its_days() {
    let again = [
        "source (source_id, release, published_on, file_name) 
         VALUES ('reports', 'x2', '2023-02-10', 'r/x2.pdf'), ('reports', 'z', '2023-01-20', 'r/copy.pdf')",
        "inspection_record (source_id, release, source_table, source_part, source_row, precedence, evidence,
                            authority_code, kind, framework, started_on, published_on, overall, shared_service)
         VALUES ('reports', 'x2', '', '', 1, 20, 'inspection-report', 'A', 'standard', 'ilacs', '2022-11-07',
                 '2023-02-10', 'good', false),
                ('reports', 'z', '', '', 1, 20, 'inspection-report', 'A', 'standard', 'ilacs', '2022-11-07',
                 '2023-01-13', 'good', false)",
        "finding_record (source_id, release, source_table, source_part, source_row, authority_code, ordinal, section,
                         statement, text, page)
         VALUES ('reports', 'x2', '', '', 1, 'A', 1, 'Improve', 'needs-to-improve', 'The quality of care plans.', 2),
                -- A copy of the first under another name never stands: it is as old.
                ('reports', 'z', '', '', 1, 'A', 1, 'Improve', 'needs-to-improve', 'The quality of plans.', 2)",
    ];
    let inserts = [&REPORTS as &[&str], &again].concat();
    for (as_at, texts) in [
        (date(2023, 1, 12), vec![]),
        (date(2023, 1, 20), vec!["The quality of plans.", "Oversight.", "Leaders know their service."]),
        (date(2023, 2, 9), vec!["The quality of plans.", "Oversight.", "Leaders know their service."]),
        (date(2023, 2, 10), vec!["The quality of care plans."]),
    ] {
        let (found, of_the_day) = read(&ORIGINS[0], &inserts, as_at);
        let stands = |passage: &&Passage| {
            passage.date.is_some_and(|day| day <= as_at) && passage.until.is_none_or(|day| day > as_at)
        };
        let told: Vec<&str> = found.iter().filter(stands).map(|passage| passage.text.as_str()).collect();
        assert_eq!((told.len(), told), (of_the_day, texts), "{as_at}");
    }
}

#[test]
fn a_self_evaluation_becomes_a_passage_a_paragraph_under_its_question() {
    let inserts = [
        REPORTS[0],
        "self_evaluation (document_id, authority_code, shared_on, quality_and_impact, plans, other_text, source_id,
                          release, file_name)
         VALUES ('d', 'B', '2025-11-14', 'Plans are clear.\n\nVisits are late.', ' ', 'Foreword.', 's', 'r', 'f.md')",
    ];
    let (found, _) = read(&ORIGINS[1], &inserts, date(2020, 1, 1));
    let told: Vec<_> = found.iter().map(|p| (p.id.as_str(), p.section.as_deref(), p.text.as_str())).collect();
    let question = Some(Question::QualityAndImpact.text());
    assert_eq!(
        told,
        [
            ("d/quality-and-impact/0000", question, "Plans are clear."),
            ("d/quality-and-impact/0001", question, "Visits are late."),
            ("d/other/0000", None, "Foreword."),
        ]
    );
    assert_eq!(found[0].context_after.as_deref(), Some("Visits are late."));
    assert_eq!(found[1].context_before.as_deref(), Some("Plans are clear."));
    let about = (found[0].authority_name.as_str(), found[0].date, found[0].kind.as_str(), found[0].file_name.as_str());
    assert_eq!(about, ("Beaton", Some(date(2025, 11, 14)), "self-evaluation", "f.md"));
}
