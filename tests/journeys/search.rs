//! `lais search`: words found in what was published and what was shared, by whoever may see it.

use std::path::PathBuf;

use serde_json::Value;

use crate::country::albia;
use crate::demo::demo;
use crate::reports;
use crate::sandbox::Sandbox;

/// A self-evaluation of an authority with these answers.
fn shared(authority: &str, day: &str, quality: &str, plans: &str) -> String {
    format!(
        "Authority: {authority}\nShared on: {day}\n\n# What do you know about the quality and impact of social work \
         practice?\n\n{quality}\n\n# What are your plans for the next 12 months?\n\n{plans}\n"
    )
}

/// Albia with three self-evaluations.
fn told() -> Sandbox {
    let albia = albia();
    for (name, authority, day, quality, plans) in [
        (
            "aldermoor",
            "Aldermoor",
            "2025-11-14",
            "Assessments are timely.\n\nOversight of plans drifts. Supervision is regular. Caseloads are high.",
            "Managers will look at every plan that drifts.",
        ),
        (
            "brackwater",
            "X06000002",
            "2024-10-01",
            "Children looked after see their social workers.",
            "Plans for care leavers will be brought up to date.",
        ),
        ("dunmarsh", "Dunmarsh", "2026-01-30", "Plans are clear and visits purposeful.", "Little will change."),
    ] {
        albia.source(&format!("self-evaluations/{name}.md"), shared(authority, day, quality, plans));
    }
    albia
}

/// The answer to a question, for programs.
#[track_caller]
fn ask(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let said = sandbox.lais(&[&["search", "--format", "json"], arguments].concat()).code(0);
    serde_json::from_str(&said.out).unwrap()
}

/// The ids of the passages that are found, in order.
#[track_caller]
fn ids(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let answer = ask(sandbox, arguments);
    let hits = answer["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["passage"]["id"].as_str().unwrap().to_owned()).collect()
}

/// The names of the authorities whose passages are found, in order.
#[track_caller]
fn whose(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let answer = ask(sandbox, arguments);
    let hits = answer["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["passage"]["authority_name"].as_str().unwrap().to_owned()).collect()
}

/// Where the index of a class lies.
fn index(sandbox: &Sandbox, class: &str) -> PathBuf {
    let snapshot = sandbox.current();
    sandbox.path("lake/search").join(snapshot.file_name().unwrap()).join(class)
}

#[test]
fn the_self_evaluations_of_the_fictional_country_can_be_searched() {
    let demo = demo();
    let sentence = "check every repeat referral for what the earlier help missed";
    let held = demo.value(&format!(
        "SELECT count(*) FROM self_evaluation WHERE plans LIKE '%{sentence}%' AND shared_on <= DATE '2026-01-31'"
    ));
    assert_ne!(held, "0");
    assert_eq!(ask(demo, &[&format!("\"{sentence}\"")])["total"].to_string(), held);
    let said = demo.lais(&["search", "repeat referrals", "--limit", "1"]).code(0).says(&["as at 2026-01-31"]);
    for part in ["[repeat referral]", ", Self-evaluation, 20", ", official\n", "source: self-evaluation, "] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
}

#[test]
fn a_sentence_is_shown_in_its_context_with_where_it_stands() {
    let albia = told();
    albia.build().code(0);
    let said = albia.lais(&["search", "supervision"]).code(0);
    assert!(said.err.contains("making the index of what is official: 7 passage(s)"), "{}", said.err);
    let document = albia.value("SELECT document_id FROM self_evaluation WHERE authority_code = 'X06000001'");
    insta::assert_snapshot!("search_text", said.out.replace(&document, "DOCUMENT"));
    let said = albia.lais(&["search", "supervision"]).code(0);
    assert!(!said.err.contains("making"), "an index is made once: {}", said.err);
}

#[test]
fn a_program_is_answered_with_all_that_is_known_of_a_passage() {
    let albia = told();
    albia.build().code(0);
    let mut answer = ask(&albia, &["supervision", "--authority", "Aldermoor", "--to", "2025-12-31"]);
    let snapshot = albia.current().file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(answer["snapshot"], snapshot.as_str());
    let document = albia.value("SELECT document_id FROM self_evaluation WHERE authority_code = 'X06000001'");
    let text = answer.to_string().replace(&snapshot, "SNAPSHOT").replace(&document, "DOCUMENT");
    answer = serde_json::from_str(&text).unwrap();
    insta::assert_snapshot!("search_json", serde_json::to_string_pretty(&answer).unwrap());
}

#[test]
fn filters_hold_alone_and_together() {
    let albia = told();
    albia.build().code(0);
    let (a, b, d) = ("Aldermoor", "Brackwater", "Dunmarsh");
    let cases: [(&[&str], &[&str]); 14] = [
        // Newest first where no word is asked for; within a document in its order.
        (&["--kind", "self-evaluation"], &[d, d, a, a, a, b, b]),
        (&["plans"], &[a, a, b, d]),
        (&["plans", "--authority", "aldermoor"], &[a, a]),
        (&["plans", "--authority", "9004", "--authority", "X06000002"], &[b, d]),
        (&["plans", "--from", "2025-11-14"], &[a, a, d]),
        (&["plans", "--from", "2025-11-14", "--to", "2025-11-14"], &[a, a]),
        (&["plans", "--from", "2025-01-01", "--authority", "Brackwater"], &[]),
        (&["plans", "--as-at", "2025-12-31"], &[a, a, b]),
        (&["plans", "--as-at", "2024-09-30"], &[]),
        (&["plans", "--kind", "short,self-evaluation", "--to", "2024-12-31"], &[b]),
        (&["plans", "--kind", "focused-visit"], &[]),
        // A self-evaluation is mapped to no heading, topic or statement.
        (&["plans", "--criterion", "hp-early-help"], &[]),
        (&["plans", "--topic", "front-door", "--statement", "strength"], &[]),
        (&["drifts", "NOT", "oversight"], &[a]),
    ];
    for (asked, expected) in cases {
        let mut found = whose(&albia, asked);
        if asked[0] != "--kind" {
            found.sort();
        }
        assert_eq!(found, expected, "{asked:?}");
    }
}

#[test]
fn pages_follow_each_other_and_count_the_same() {
    let albia = told();
    albia.build().code(0);
    let all = ids(&albia, &["plans"]);
    let pages: Vec<String> =
        ["0", "2"].into_iter().flat_map(|from| ids(&albia, &["plans", "--limit", "2", "--offset", from])).collect();
    assert_eq!(pages, all);
    let page = ask(&albia, &["plans", "--limit", "1", "--offset", "3"]);
    assert_eq!((page["total"].as_u64(), page["hits"].as_array().unwrap().len()), (Some(all.len() as u64), 1));
}

#[test]
fn other_names_of_a_thing_are_looked_for_unless_told_not_to() {
    let albia = told();
    albia.build().code(0);
    assert_eq!(whose(&albia, &["LAC"]), ["Brackwater"]);
    assert!(whose(&albia, &["LAC", "--no-synonyms"]).is_empty());
}

#[test]
fn who_asks_for_what_was_published_learns_nothing_of_what_was_shared() {
    let (with, without) = (told(), albia());
    with.build().code(0);
    without.build().code(0);
    // Whether or not there is an index of what was shared, and even where it is damaged.
    let ask_both = |arguments: &[&str]| {
        let arguments = [arguments, &["--public"]].concat();
        let [one, other] = [&with, &without].map(|sandbox| {
            let snapshot = sandbox.current().file_name().unwrap().to_string_lossy().into_owned();
            let said = sandbox.lais(&[&["search"], arguments.as_slice()].concat()).code(0);
            (said.out.replace(&snapshot, "SNAPSHOT"), said.err.replace(&snapshot, "SNAPSHOT"))
        });
        assert_eq!(one, other, "{arguments:?}");
        one.0
    };
    ask_both(&["supervision"]);
    assert!(index(&with, "public").exists() && !index(&with, "official").exists());
    assert_eq!(whose(&with, &["supervision"]), ["Aldermoor"]);
    for arguments in [
        &["supervision", "--format", "json"] as &[&str],
        &["supervison", "--kind", "self-evaluation"],
        &["--authority", "Aldermoor"],
    ] {
        let out = ask_both(arguments);
        assert!(!out.contains("Supervision") && !out.contains("official"), "{out}");
    }
    std::fs::write(index(&with, "official").join("manifest.json"), "nonsense").unwrap();
    ask_both(&["supervision"]);
    assert_eq!(std::fs::read(index(&with, "official").join("manifest.json")).unwrap(), b"nonsense");
}

#[test]
fn what_was_told_in_confidence_is_in_no_index() {
    let albia = told();
    let header = "signal_id,authority_code,received_on,channel,reporter_role,theme,severity,status,case_ref,summary";
    let row = "S-1,X06000001,2025-12-01,whistleblowing,social-worker,le-workforce,high,open,Wilfrid-1,";
    albia.source("signals/december.csv", format!("{header}\n{row}\n"));
    albia.build().code(0);
    for asked in ["Wilfrid", "whistleblowing", "S-1"] {
        assert!(ids(&albia, &[asked]).is_empty(), "{asked}");
    }
    assert!(!index(&albia, "restricted").exists());
}

#[test]
fn a_damaged_index_is_said_to_be_one_and_made_anew() {
    let albia = told();
    albia.build().code(0);
    let before = ids(&albia, &["plans"]);
    let files = || std::fs::read_dir(index(&albia, "official")).unwrap().flatten().map(|entry| entry.path());
    let store = files().find(|path| path.extension().is_some_and(|ending| ending == "store")).unwrap();
    let mut bytes = std::fs::read(&store).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::remove_file(&store).unwrap();
    std::fs::write(&store, bytes).unwrap();
    let said = albia.lais(&["search", "plans", "--format", "json"]).code(0);
    let said = said.says(&["is damaged", "is not as it was written", "making the index of what is official"]);
    let answer: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(answer["total"].as_u64(), Some(before.len() as u64));
    let said = albia.lais(&["search", "plans"]).code(0);
    assert!(!said.err.contains("making") && !said.err.contains("damaged"), "{}", said.err);
    assert_eq!(ids(&albia, &["plans"]), before);
}

#[test]
fn what_killed_builds_left_and_indexes_of_snapshots_that_are_gone_are_swept() {
    let albia = told();
    albia.build().code(0);
    let here = index(&albia, "official").parent().unwrap().to_path_buf();
    std::fs::create_dir_all(here.join(".tmp-search-left")).unwrap();
    std::fs::create_dir_all(albia.path("lake/search/0123456789abcdef/public")).unwrap();
    std::fs::create_dir_all(albia.path("lake/search/holiday photos")).unwrap();
    albia.lais(&["search", "plans"]).code(0);
    let names = |folder: PathBuf| {
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(here.clone()), ["official", "public"]);
    let mut kept = vec!["holiday photos".to_owned(), "lock".to_owned()];
    kept.push(here.file_name().unwrap().to_string_lossy().into_owned());
    kept.sort();
    assert_eq!(names(albia.path("lake/search")), kept);
}

#[test]
fn where_no_index_can_be_kept_the_answer_is_the_same() {
    let albia = told();
    albia.build().code(0);
    std::fs::write(albia.path("lake/search"), "a file is in the way").unwrap();
    let said = albia.lais(&["search", "plans", "--format", "json"]).code(0).says(&["not kept"]);
    std::fs::remove_file(albia.path("lake/search")).unwrap();
    assert_eq!(said.out, albia.lais(&["search", "plans", "--format", "json"]).code(0).out);
}

#[test]
fn a_new_snapshot_is_searched_as_soon_as_it_is_current() {
    let albia = told();
    albia.build().code(0);
    assert!(whose(&albia, &["reunification"]).is_empty());
    albia.source("self-evaluations/c.md", shared("Cindleford", "2026-01-10", "Reunification is planned.", "More."));
    albia.build().code(0);
    assert_eq!(whose(&albia, &["reunification"]), ["Cindleford"]);
}

#[test]
fn the_same_question_is_answered_alike_in_every_lake_of_the_same_sources() {
    let (one, other) = (told(), told());
    for sandbox in [&one, &other] {
        sandbox.build().code(0);
    }
    let questions = [&["plans"] as &[&str], &["plans OR visits OR drift"], &["--kind", "self-evaluation"]];
    for question in questions {
        assert_eq!(ask(&one, question), ask(&other, question), "{question:?}");
    }
    std::fs::remove_dir_all(one.path("lake/search")).unwrap();
    for question in questions {
        assert_eq!(ask(&one, question), ask(&other, question), "{question:?}");
    }
}

#[test]
fn an_empty_answer_says_what_was_searched_and_what_could_be_asked_instead() {
    let albia = told();
    albia.build().code(0);
    let said = albia.lais(&["search", "supervison", "--authority", "Aldermoor", "--to", "2025-12-31"]).code(0);
    for part in [
        "searched: 7 passages (0 public, 7 official)",
        "filters: authority Aldermoor (X06000001); to 2025-12-31",
        "did you mean supervision?",
        "try: fewer words",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let empty = crate::country::albia();
    empty.build().code(0);
    let said = empty.lais(&["search", "plans"]).code(0);
    assert!(said.out.contains("holds no report and no self-evaluation"), "{}", said.out);
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_can() {
    let albia = told();
    albia.build().code(0);
    albia.lais(&["search", "plans", "--authority", "Narnia"]).code(1).says(&["Narnia", "lais authorities"]);
    albia.lais(&["search", "plans", "--criterion", "early-help"]).code(2).says(&["early-help", "hp-early-help"]);
    albia.lais(&["search", "plans", "--topic", "leaders"]).code(2).says(&["leaders", "front-door"]);
    albia.lais(&["search", "plans", "--kind", "inspection"]).code(2).says(&["self-evaluation", "focused-visit"]);
    albia.lais(&["search", "plans", "--statement", "weakness"]).code(2).says(&["needs-to-improve", "narrative"]);
    for day in ["--from", "--to", "--as-at"] {
        albia.lais(&["search", "plans", day, "last week"]).code(2).says(&["write it as 2025-03-31"]);
    }
    albia.lais(&["search"]).code(2).says(&["TEXT"]);
    let none = Sandbox::new();
    none.lais(&["search", "plans"]).code(1).says(&["no snapshot", "lais build --sources"]);
    assert!(!none.path("lake").exists());
}

/// How many passages of published reports are found.
#[track_caller]
fn total(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let asked = [arguments, &["--as-at", "2026-11-24", "--public", "--limit", "0"]].concat();
    ask(sandbox, &asked)["total"].to_string()
}

#[test]
fn every_finding_of_the_published_reports_can_be_found_by_what_it_is() {
    let Some(lake) = reports::lake() else { return };
    let findings = "FROM finding INNER JOIN inspection USING (event_id)";
    for (option, column) in [
        ("--statement", "statement"),
        ("--kind", "inspection.kind"),
        ("--criterion", "criterion_id"),
        ("--topic", "focus_topic_id"),
        ("--authority", "finding.authority_code"),
    ] {
        let counted = lake.rows(&format!("SELECT {column}, count(*) {findings} WHERE {column} <> '' GROUP BY 1"));
        assert!(!counted.is_empty(), "{option}");
        for row in counted {
            assert_eq!(total(lake, &[option, &row[0]]), row[1], "{option} {}", row[0]);
        }
    }
    let last = "inspection.published_on BETWEEN '2018-01-01' AND '2022-12-31'";
    let counted = lake.value(&format!("SELECT count(*) {findings} WHERE statement = 'needs-to-improve' AND {last}"));
    assert_ne!(counted, "0");
    let asked = ["--statement", "needs-to-improve", "--from", "2018-01-01", "--to", "2022-12-31"];
    assert_eq!(total(lake, &asked), counted);
}

#[test]
fn on_an_earlier_day_only_the_reports_that_were_public_are_found() {
    let Some(lake) = reports::lake() else { return };
    for day in ["2010-01-01", "2015-06-30", "2019-12-31", "2024-07-11"] {
        let held = lake.lais(&["query", "SELECT count(*) FROM finding", "--as-at", day, "--format", "csv"]).code(0);
        let found = ask(
            lake,
            &[
                "--kind",
                "standard,short,focused-visit,monitoring-visit,jtai,area-send,sif,sif-reinspection,lscb-review,slac-safeguarding,slac-looked-after,child-protection,targeted-looked-after",
                "--as-at",
                day,
                "--limit",
                "0",
            ],
        );
        assert_eq!(found["total"].to_string(), held.rows()[0][0], "{day}");
    }
}

#[test]
fn where_nothing_is_found_reports_that_wait_in_review_are_told_of() {
    let Some(lake) = reports::lake() else { return };
    let waiting = lake.value("SELECT count(DISTINCT file_name) FROM review");
    let said = lake.lais(&["search", "plans", "--authority", "Sheffield", "--as-at", "2026-11-24"]).code(0);
    let told = format!("not searched: {waiting} document(s) that wait in `lais status --review`");
    assert!(waiting != "0" && said.out.contains(&told), "{told}: {}", said.out);
    // What waits is Sheffield's, so it is not what keeps an answer about another empty.
    assert_eq!(lake.value("SELECT count(DISTINCT authority_code) FROM review"), "1");
    let said = lake.lais(&["search", "plans", "--authority", "Bury", "--as-at", "2026-11-24"]).code(0);
    assert!(said.out.starts_with("0 passages") && !said.out.contains("not searched"), "{}", said.out);
    let told = "no report or self-evaluation of Bury (E08000002) is among the sources";
    assert!(said.out.contains(told), "{}", said.out);
    let covered = lake.value("SELECT count(DISTINCT authority_code) FROM finding");
    lake.lais(&["search", "plans", "--as-at", "2026-11-24"]).says(&[&format!("with words of {covered} authorities")]);
    lake.lais(&["search", "plans", "--public"]).says(&[&format!("with words of {covered} authorities")]);
    lake.lais(&["search", "plans", "--as-at", "2010-01-01"]).says(&["with words of 0 authorities"]);
}

#[test]
fn statements_that_are_listed_are_not_taken_for_all_that_was_criticised() {
    let Some(lake) = reports::lake() else { return };
    let ask = |statement: &str| {
        lake.lais(&["search", "supervision", "--statement", statement, "--as-at", "2026-11-24"]).code(0).out
    };
    let line = "left out by --statement: what reports say in their text and list nowhere";
    assert!(ask("needs-to-improve").contains(line) && ask("strength,priority-action").contains(line));
    assert!(!ask("narrative").contains(line) && !ask("needs-to-improve,narrative").contains(line));
}

#[test]
fn a_statement_of_a_report_is_found_by_its_words_with_its_page_and_file() {
    let Some(lake) = reports::lake() else { return };
    let rows = lake.rows(
        "SELECT text, page, section, file_name, statement, authority_code
         FROM finding INNER JOIN source USING (source_id, release)
         WHERE statement <> 'narrative' AND length(text) BETWEEN 60 AND 300 ORDER BY event_id, ordinal",
    );
    assert!(rows.len() > 50, "{}", rows.len());
    for row in rows.iter().step_by(rows.len() / 12) {
        let words: Vec<&str> = row[0].split_whitespace().collect();
        let phrase = format!("\"{}\"", words.join(" ").replace('"', " "));
        let answer = ask(lake, &[&phrase, "--as-at", "2026-11-24", "--authority", &row[5], "--limit", "100"]);
        let hits = answer["hits"].as_array().unwrap();
        let is_it = |hit: &&Value| {
            let passage = &hit["passage"];
            let text = |name: &str| passage[name].as_str().unwrap_or_default().to_owned();
            (text("text"), passage["page"].to_string(), text("section"))
                == (row[0].clone(), row[1].clone(), row[2].clone())
                && (text("file_name"), text("statement")) == (row[3].clone(), row[4].clone())
        };
        let hit = hits.iter().find(is_it).unwrap_or_else(|| panic!("{row:?}: {answer}"));
        let marked =
            hit["sentences"].as_array().unwrap().iter().any(|one| !one["matches"].as_array().unwrap().is_empty());
        assert!(marked, "{hit}");
    }
}
