//! Statistics on the real published files, through the built program.
//!
//! Every figure is held by `tests/oracle` in `.ci/run`; here is what a person would look at first.

use std::collections::BTreeMap;

use crate::published::lake;
use crate::sandbox::Sandbox;

#[test]
fn the_interval_of_a_published_share_is_that_of_its_counts() {
    let Some(lake) = lake() else { return };
    // Wilson's formula written out, for every re-referral share of every year.
    let rows = lake.rows(
        "SELECT c.value, h.numerator, h.denominator, c.ci_low, c.ci_high, c.ci_method FROM comparison c
         JOIN headline h ON h.indicator_id = c.indicator_id AND h.geography_code = c.authority_code AND h.period_end = c.period_end
         WHERE c.indicator_id = 'rereferral-rate' AND h.numerator IS NOT NULL AND h.denominator IS NOT NULL AND c.value IS NOT NULL",
    );
    assert!(rows.len() > 1_900, "{}", rows.len());
    for row in rows {
        let [value, x, n, low, high] = [0, 1, 2, 3, 4].map(|i| row[i].parse::<f64>().unwrap());
        let z: f64 = 1.959_963_984_540_054;
        let half = z * (z * z + 4.0 * x * (1.0 - x / n)).sqrt();
        let end = |half: f64| 100.0 * (2.0 * x + z * z + half) / (2.0 * (n + z * z));
        assert!((low - end(-half)).abs() < 1e-9 && (high - end(half)).abs() < 1e-9, "{row:?}");
        assert!(low - 0.05 <= value && value <= high + 0.05 && row[5] == "wilson", "{row:?}");
    }
}

#[test]
fn what_is_not_published_has_no_interval_and_says_why() {
    let Some(lake) = lake() else { return };
    let wrong = "SELECT count(*) FROM comparison WHERE (value IS NULL AND (ci_low IS NOT NULL OR z IS NOT NULL OR label IS NOT NULL))
                 OR (label IS NULL AND why IS NULL) OR (ci_low IS NULL) <> (ci_method IS NULL) OR ci_low > ci_high";
    assert_eq!(lake.value(wrong), "0");
    let hidden = lake.rows("SELECT DISTINCT c.why FROM comparison c WHERE c.status = 'suppressed' ORDER BY 1");
    assert_eq!(hidden, [["it is suppressed, so that nobody can be recognised"]]);
}

#[test]
fn a_published_figure_lies_in_its_interval_but_for_its_rounding() {
    let Some(lake) = lake() else { return };
    let outside = "SELECT count(*) FROM comparison c JOIN indicator i USING (indicator_id)
                   WHERE c.value < c.ci_low - 0.5001 * power(10, -i.decimals) OR c.value > c.ci_high + 0.5001 * power(10, -i.decimals)";
    assert_eq!(lake.value(outside), "0");
}

#[test]
fn no_polarity_is_no_concern_and_the_list_is_that_of_its_rate() {
    let Some(lake) = lake() else { return };
    let of_none = "SELECT count(*) FROM attention a JOIN indicator i USING (indicator_id)
                   WHERE i.polarity = 'none' AND (a.listed OR a.p_value IS NOT NULL OR a.direction IN ('worse', 'better'))";
    assert_eq!(lake.value(of_none), "0");
    assert_eq!(lake.value("SELECT count(*) FROM attention WHERE listed <> coalesce(q_value <= 0.10, false)"), "0");
    assert_eq!(lake.value("SELECT count(*) FROM attention WHERE listed AND direction <> 'worse'"), "0");
    // Some differ by more than the country does and some are behind a standard: families of their own.
    assert!(cut_of_family(lake, "differences") > 20);
    assert!(cut_of_family(lake, "standards") > 20);
}

/// How many tests of a family are listed, which are those that they should be.
///
/// Benjamini and Hochberg by another path: the greatest p that is within its share of the rate is the cut. What a shared
/// service returned for two authorities is one test.
fn cut_of_family(lake: &Sandbox, family: &str) -> usize {
    let tests = format!(
        "SELECT min(p_value) FROM attention JOIN examined USING (indicator_id, authority_code)
         WHERE p_value IS NOT NULL AND family = '{family}'
         GROUP BY indicator_id, CASE WHEN shared_service THEN concat(source_id, source_row) ELSE authority_code END"
    );
    let mut p: Vec<f64> = lake.rows(&tests).iter().map(|row| row[0].parse().unwrap()).collect();
    p.sort_by(f64::total_cmp);
    let tests = p.len() as f64;
    let cut = (0..p.len()).rev().find(|i| p[*i] <= 0.10 * (*i as f64 + 1.0) / tests).map_or(0, |i| i + 1);
    let told = format!("SELECT DISTINCT tests, tests_listed FROM attention WHERE family = '{family}'");
    assert_eq!(lake.rows(&told), [[p.len().to_string(), cut.to_string()]]);
    let wrong =
        format!("SELECT count(*) FROM attention WHERE family = '{family}' AND listed <> (p_value <= {:?})", p[cut - 1]);
    assert_eq!(lake.value(&wrong), "0");
    cut
}

#[test]
fn a_standard_is_judged_by_chance_alone_and_its_sentence_names_it() {
    let Some(lake) = lake() else { return };
    let family = "SELECT count(*) FROM attention JOIN indicator USING (indicator_id) WHERE (family = 'standards') <> (standard IS NOT NULL)";
    assert_eq!(lake.value(family), "0");
    let of_standards =
        "FROM comparison JOIN indicator USING (indicator_id) WHERE standard IS NOT NULL AND label IS NOT NULL";
    assert_eq!(lake.value(&format!("SELECT count(*) {of_standards} AND label <> z_label(z)")), "0");
    assert_ne!(lake.value(&format!("SELECT count(*) {of_standards} AND label <> z_label(z_adjusted)")), "0");
    let unnamed = "SELECT count(*) FROM attention JOIN indicator USING (indicator_id) WHERE standard IS NOT NULL AND p_value IS NOT NULL AND strpos(sentence, standard) = 0";
    assert_eq!(lake.value(unnamed), "0");
}

#[test]
fn every_examined_figure_has_its_one_sentence_without_an_empty_place() {
    let Some(lake) = lake() else { return };
    assert_eq!(
        lake.value("SELECT count(*) FROM attention WHERE sentence LIKE '%{%' OR sentence LIKE '%  %' OR sentence = ''"),
        "0"
    );
    let kinds: BTreeMap<String, usize> = lake
        .rows("SELECT sentence_id, count(*) FROM attention GROUP BY 1")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].parse().unwrap()))
        .collect();
    for kind in ["cannot-be-judged", "concern-clear", "nothing-stands-out", "higher-clear", "better"] {
        assert!(kinds.contains_key(kind), "{kinds:?}");
    }
}

#[test]
fn the_tool_and_we_differ_only_where_there_is_a_reason() {
    let Some(lake) = lake() else { return };
    let said = lake.lais(&["parity", "lait", "--all", "--format", "csv"]).code(0);
    let rows = said.rows();
    let measures: std::collections::BTreeSet<&str> = rows.iter().map(|row| row[1].as_str()).collect();
    assert!(measures.len() >= 55 && rows.len() > 9_000, "{} measures, {} rows", measures.len(), rows.len());
    let (differing, same): (Vec<_>, Vec<_>) = rows.iter().partition(|row| !row[15].is_empty());
    assert!(same.len() > 8_500 && !differing.is_empty());
    for row in &same {
        assert_eq!((&row[5], &row[7], &row[11]), (&row[6], &row[8], &row[12]), "{row:?}");
    }
    assert!(differing.iter().all(|row| !row[16].is_empty()), "a difference without a reason");
    // The one that docs/methods.md names: the tool prints nothing for the Isles of Scilly.
    let scilly = differing.iter().find(|row| row[1] == "PrevRegCPR" && row[2] == "E06000053").unwrap();
    assert_eq!(scilly[16], "the tool prints no figure where the publication has one");
    let fewer = lake.lais(&["parity", "lait", "--format", "csv"]).code(0).rows().len();
    assert_eq!(fewer, differing.len());
}

#[test]
fn what_is_our_own_assessment_is_not_there_for_others_than_officials() {
    let Some(lake) = lake() else { return };
    let groups: usize =
        lake.value("SELECT count(*) FROM risk WHERE review_group = 'first-to-look-at'").parse().unwrap();
    assert_eq!(groups, 15);
    let off =
        "SELECT count(*) FROM risk r JOIN (SELECT authority_code, sum(cast(contribution AS decimal(38, 18))) AS total
               FROM risk_contribution GROUP BY authority_code) c USING (authority_code)
               WHERE r.domain = 'all' AND abs(r.score - cast(c.total AS double)) > 1e-12";
    assert_eq!(lake.value(off), "0");
    for role in ["public", "researcher"] {
        for table in ["risk", "risk_contribution"] {
            let sql = format!("SELECT count(*) FROM {table}");
            lake.lais(&["query", &sql, "--role", role]).code(1).says(&["no table is called", table]);
        }
        let named = "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'risk%'";
        let found = lake.lais(&["query", named, "--role", role, "--format", "csv"]).code(0).rows();
        assert_eq!(found, [["0"]]);
        lake.lais(&["query", "SELECT count(*) FROM comparison", "--role", role]).code(0);
        let earlier = ["query", "SELECT count(*) FROM risk", "--role", role, "--as-at", "2025-01-31"];
        lake.lais(&earlier).code(1).says(&["no table is called"]);
    }
}
