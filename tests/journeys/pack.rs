//! `lais pack` and `lais chart`: every figure with its source, every missing one with its reason.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::country::albia;
use crate::sandbox::Sandbox;

const SELF_EVALUATION: &str = "Authority: Aldermoor\nShared on: 2024-11-14\n\n# How do you know it?\n\nWe audit.\n";

/// Albia, built, with a self-evaluation of one question.
fn built() -> Sandbox {
    let albia = albia();
    albia.source("self-evaluations/aldermoor.md", SELF_EVALUATION);
    albia.build().code(0);
    albia
}

fn pack(sandbox: &Sandbox, authority: &str, more: &[&str]) -> Value {
    let mut arguments = vec!["pack", authority, "--render", "json", "--out", "packs"];
    arguments.extend(more);
    let said = sandbox.lais(&arguments).code(0);
    serde_json::from_slice(&std::fs::read(sandbox.path(said.out.trim())).unwrap()).unwrap()
}

fn list<'a>(pack: &'a Value, name: &str) -> &'a Vec<Value> {
    pack[name].as_array().unwrap()
}

#[test]
fn every_published_figure_is_the_cell_that_it_names_and_every_id_leads_to_its_value() {
    let albia = built();
    let pack = pack(&albia, "Aldermoor", &[]);
    let snapshot = pack["snapshot"].as_str().unwrap();
    let mut held = 0;
    for figure in list(&pack, "figures") {
        let id = figure["id"].as_str().unwrap();
        let (path, at) = id.split_once('@').unwrap();
        let [table, key, column] = path.split('/').collect::<Vec<_>>()[..] else { unreachable!("{id}") };
        assert_eq!(at, snapshot, "{id}");
        assert!(!list(figure, "places").is_empty(), "{id} has no source");
        let key: Vec<&str> = key.split('~').collect();
        let area = if table == "headline" { "geography_code" } else { "authority_code" };
        if !matches!(table, "headline" | "comparison") || column == "rank" {
            continue;
        }
        let value = albia.value(&format!(
            "SELECT {column} FROM {table} WHERE indicator_id = '{}' AND {area} = '{}' AND period_end = '{}'",
            key[0], key[1], key[2]
        ));
        let shown = figure["shown"].as_str().unwrap().replace(',', "");
        assert!((shown.parse::<f64>().unwrap() - value.parse::<f64>().unwrap()).abs() < 0.051, "{id}: {shown} {value}");
        if figure["method"].is_null() {
            assert_eq!(printed(&albia, figure).parse::<f64>().ok(), value.parse().ok(), "{id}");
        }
        held += 1;
    }
    assert!(held >= 10, "only {held} figures were held");
}

/// What the file prints in the cell that a figure names.
fn printed(albia: &Sandbox, figure: &Value) -> String {
    let place = &figure["places"][0];
    assert_eq!(place["source_id"], "dfe-cin-referrals");
    let text = std::fs::read_to_string(albia.path("sources/referrals.csv")).unwrap();
    let row = usize::try_from(place["rows"][0].as_u64().unwrap()).unwrap();
    let column = text.lines().next().unwrap().split(',').position(|name| place["column"] == name).unwrap();
    text.lines().nth(row - 1).unwrap().split(',').nth(column).unwrap().to_owned()
}

#[test]
fn a_mean_of_neighbours_names_the_rows_that_it_was_made_of() {
    let pack = pack(&built(), "Aldermoor", &[]);
    let mean = "comparison/rereferral-rate~X06000001~2025-03-31/neighbour_mean@";
    let mean = list(&pack, "figures").iter().find(|figure| figure["id"].as_str().unwrap().starts_with(mean)).unwrap();
    assert_eq!(mean["shown"], "22.5");
    assert_eq!(mean["method"], "mean of the 2 of 3 statistical neighbours (set dfe-2025) that have a figure");
    assert_eq!(mean["places"][0]["rows"], serde_json::json!([6, 7]));
}

#[test]
fn what_is_missing_is_named_with_its_reason() {
    let albia = built();
    let pack = pack(&albia, "Dunmarsh", &[]);
    let gaps: Vec<String> = list(&pack, "gaps").iter().map(|gap| format!("{}: {}", gap["what"], gap["why"])).collect();
    let says = |what: &str, why: &str| gaps.iter().any(|gap| gap.contains(what) && gap.contains(why));
    assert!(says("Re-referrals within 12 months", "suppressed, period that ends on 31 March 2025"), "{gaps:#?}");
    assert!(says("Re-referrals within 12 months", "neighbours (no neighbour has a figure)"), "{gaps:#?}");
    assert!(says("Early help", "no indicator that is held speaks to paragraph 239"), "{gaps:#?}");
    assert_eq!(pack["self_evaluation"]["shown"]["text"], "No self-evaluation of this authority is held");
}

#[test]
fn a_self_evaluation_has_an_age_and_three_questions() {
    let pack = pack(&built(), "Aldermoor", &[]);
    let own = &pack["self_evaluation"];
    assert_eq!((own["shared_on"].as_str(), own["age_days"].as_i64()), (Some("2024-11-14"), Some(443)));
    assert_eq!(own["is_older_than_a_year"], true);
    let answered: Vec<_> = list(own, "questions").iter().map(|question| question["answered"].as_bool()).collect();
    assert_eq!(answered, [Some(false), Some(true), Some(false)]);
}

#[test]
fn a_pack_of_an_earlier_day_knows_only_what_was_public_then() {
    let albia = built();
    let pack = pack(&albia, "Aldermoor", &["--as-at", "2024-11-13"]);
    assert_eq!(pack["as_at"], "2024-11-13");
    assert!(pack["snapshot"].as_str().unwrap().ends_with("~2024-11-13"), "{}", pack["snapshot"]);
    let ids: Vec<&str> = list(&pack, "figures").iter().map(|figure| figure["id"].as_str().unwrap()).collect();
    assert!(ids.iter().all(|id| !id.contains("2025-03-31")), "{ids:?}");
    assert_eq!(pack["self_evaluation"]["held"], 0);
}

#[test]
fn a_figure_of_a_later_file_is_marked_as_later_revised() {
    let albia = built();
    let pack = pack(&albia, "Aldermoor", &["--as-at", "2025-06-30"]);
    let revised = |figure: &&Value| figure["as_later_revised"] == "2025-11-01";
    assert!(list(&pack, "figures").iter().filter(revised).count() >= 1, "{:#}", pack["figures"]);
    albia.lais(&["pack", "Aldermoor", "--as-at", "2025-06-30"]).code(0);
    let page = std::fs::read_to_string(albia.path("packs/X06000001.html")).unwrap();
    assert!(
        page.contains("<abbr title=\"as later revised\">") && page.contains("in a file public from 1 November 2025")
    );
    albia.lais(&["pack", "Aldermoor"]).code(0);
    let page = std::fs::read_to_string(albia.path("packs/X06000001.html")).unwrap();
    assert!(!page.contains("as later revised"));
    let compared = |day: &str| albia.lais(&["compare", "Aldermoor", "--as-at", day, "--format", "csv"]).code(0);
    let then = compared("2025-06-30");
    assert!(then.out.lines().next().unwrap().ends_with(",later_revised"), "{}", then.out);
    assert!(then.rows().iter().all(|row| row.last().unwrap() == "true"), "{}", then.out);
    assert!(!compared("2026-01-31").out.contains("later_revised"));
}

#[test]
fn an_authority_without_a_row_of_its_own_still_sees_country_and_region() {
    let albia = albia();
    let more = format!(
        "{}X06000005,9005,Elmstead,unitary-authority,X12000002,X12000002,Southmere,2025-04-01,,\n",
        crate::country::AUTHORITIES
    );
    albia.source("register/authority.csv", more);
    albia.build().code(0);
    let pack = pack(&albia, "Elmstead", &[]);
    let lines = list(&pack, "criteria").iter().flat_map(|table| list(table, "lines"));
    let line = lines.into_iter().find(|line| line["indicator_id"] == "rereferral-rate").unwrap();
    assert_eq!(line["value"]["text"], "before this authority began");
    assert_eq!((line["country"]["text"].as_str(), line["region"]["text"].as_str()), (Some("22.5"), Some("25.0")));
    assert_eq!(line["neighbours"]["text"], "not compared");
    assert_eq!(albia.lais(&["pack", "--all", "--as-at", "2025-03-31"]).code(0).out.lines().count(), 4);
}

#[test]
fn a_code_of_the_register_can_be_no_path() {
    let albia = albia();
    for code in ["../../escaped", "X' OR '1'='1", ""] {
        albia.source("register/authority.csv", crate::country::AUTHORITIES.replace("X06000001", code));
        albia.build().code(1).says(&["is no code", "letters and digits"]);
    }
}

#[test]
fn a_page_stands_alone_and_each_of_its_figures_leads_to_its_source() {
    let albia = built();
    let said = albia.lais(&["pack", "--all", "--out", "packs"]).code(0);
    assert_eq!(said.out.lines().count(), 4);
    let page = std::fs::read_to_string(albia.path("packs/X06000001.html")).unwrap();
    for forbidden in ["<script", "<link", "src=", "url(", "http-equiv"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let after = |mark: &'static str| page.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap());
    let anchors: BTreeSet<&str> = after("href=\"#").collect();
    let places: BTreeSet<&str> = after("id=\"").collect();
    assert!(anchors.len() > 20 && anchors.is_subset(&places), "{:?}", anchors.difference(&places));
    for part in [
        "one of England's",
        "so that nobody can be recognised",
        "no list of inspections is held",
        "no list of visits is held: only those are known whose letters are among the sources",
        "dfe-cin-referrals, release 2025, row 5",
        "<svg",
        "older than a year",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn a_name_in_a_file_cannot_change_the_page() {
    let albia = albia();
    let authorities = crate::country::AUTHORITIES.replace("Aldermoor", "<script>alert(1)</script>");
    albia.source("register/authority.csv", authorities);
    albia.build().code(0);
    albia.lais(&["pack", "X06000001"]).code(0);
    let page = std::fs::read_to_string(albia.path("packs/X06000001.html")).unwrap();
    assert!(!page.contains("<script") && page.contains("alert(1)"));
}

#[test]
fn wrong_wishes_are_answered_with_what_can_be_done() {
    let albia = built();
    assert_eq!(albia.lais(&["pack"]).code, 2);
    albia.lais(&["pack", "Narnia"]).code(1).says(&["Narnia", "lais authorities"]);
    albia.lais(&["chart", "trend", "Aldermoor", "nonsense", "--out", "a.svg"]).code(1).says(&["lais indicators"]);
    albia.lais(&["chart", "trend", "Aldermoor", "rereferral-rate", "--out", "a.pdf"]).code(1).says(&[".svg nor .png"]);
    albia
        .lais(&["chart", "trend", "Aldermoor", "rereferral-rate", "--out", "no/such/a.svg"])
        .code(1)
        .says(&["no/such"]);
}

#[test]
fn a_chart_is_drawn_as_svg_and_as_png_and_told_in_words() {
    let albia = built();
    for name in ["a.svg", "b.svg", "a.png"] {
        let said = albia.lais(&["chart", "trend", "Aldermoor", "rereferral-rate", "--out", name]).code(0);
        said.says(&["Aldermoor (X06000001)", "15.0", "not available"]);
    }
    let read = |name| std::fs::read(albia.path(name)).unwrap();
    assert_eq!(read("a.svg"), read("b.svg"));
    assert!(read("a.svg").starts_with(b"<svg") && read("a.png").starts_with(b"\x89PNG"));
}
