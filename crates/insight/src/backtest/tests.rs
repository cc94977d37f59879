//! The whole backtest on a small country whose record is made up.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use lais_lake::{Engine, days_since_epoch};

use super::*;

const AUTHORITIES: usize = 24;

/// A session with the facts of a country of 24 authorities, inspected in 2015, 2019, 2021, 2023 and 2025, and of two
/// indicators, published each November for the year that ended in March.
async fn country() -> SessionContext {
    let session = Engine::Embedded.session();
    for table in lais_ingest::fact_tables() {
        let fields = table.schema.fields().iter().map(|field| Field::clone(field).with_nullable(true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let empty = datafusion::datasource::MemTable::try_new(schema, vec![vec![]]).unwrap();
        session.register_table(table.name, Arc::new(empty)).unwrap();
    }
    run(
        &session,
        "CREATE TABLE inspection (event_id varchar, authority_code varchar, kind varchar, started_on date, \
         published_on date, overall varchar, leaders varchar, help_and_protection varchar, in_care varchar, \
         care_leavers varchar)",
    )
    .await;
    run(
        &session,
        "INSERT INTO indicator (indicator_id, title, polarity, criterion_id, comparable, curated, measure, multiplier) \
         VALUES ('vacancies', 'Vacancies', 'low-is-better', 'le-workforce', true, true, 'proportion', 100), \
         ('visits', 'Visits in time', 'high-is-better', 'cc-health', true, true, 'proportion', 100), \
         ('size', 'Size', 'none', 'cc-health', true, true, 'proportion', 100)",
    )
    .await;
    run(
        &session,
        "INSERT INTO source (source_id, release, published_on, file_name) VALUES \
         ('s', '2018', '2018-11-01', 'a'), ('s', '2025', '2025-11-01', 'b')",
    )
    .await;
    for at in 0..AUTHORITIES {
        authority(&session, at).await;
    }
    session
}

async fn run(session: &SessionContext, sql: &str) {
    session.sql(sql).await.unwrap().collect().await.unwrap();
}

async fn authority(session: &SessionContext, at: usize) {
    let code = format!("A{at:02}");
    run(session, &format!("INSERT INTO authority (authority_code, name) VALUES ('{code}', 'Place {at:02}')")).await;
    let grades = ["outstanding", "good", "requires-improvement", "inadequate"];
    let mut inspections = vec![];
    for (place, year) in [2015, 2019, 2021, 2023, 2025].into_iter().enumerate() {
        let kind = if year < 2018 { "sif" } else { "standard" };
        let (grade, month) = (grades[(at * 7 + place * place * 5 + at / 5) % 4], at % 9 + 1);
        inspections.push(format!(
            "('{code}-{year}', '{code}', '{kind}', '{year}-{month:02}-10', '{year}-{:02}-20', '{grade}')",
            month + 2
        ));
    }
    let columns = "event_id, authority_code, kind, started_on, published_on, overall";
    run(session, &format!("INSERT INTO inspection ({columns}) VALUES {}", inspections.join(", "))).await;
    let mut figures = vec![];
    for year in 2016..=2024 {
        let value = (at * 13 + year * 7) % 29;
        figures.push(figure("vacancies", &code, year, value as f64, &format!("{year}-11-01"), "2025"));
        figures.push(figure("visits", &code, year, (at * 5 + year) as f64 % 17.0, &format!("{year}-11-01"), "2025"));
        // Of two years an earlier vintage is held.
        if year <= 2017 {
            figures.push(figure("vacancies", &code, year, value as f64 + 0.5, &format!("{year}-11-01"), "2018"));
        }
    }
    plant(session, &figures).await;
}

/// A percentage of 400, with its counts where it can be one.
fn figure(indicator: &str, code: &str, year: usize, value: f64, published_on: &str, release: &str) -> String {
    let numerator = if (0.0..=100.0).contains(&value) { format!("{:?}", 4.0 * value) } else { "NULL".to_owned() };
    let vintage = if release == "2018" { "2018-11-01" } else { "2025-11-01" };
    format!(
        "('{indicator}', 'authority', '{code}', '{year}-03-31', '', {value:?}, {numerator}, 400, 'observed', 's', \
         '{release}', '{published_on}', true, '{vintage}')"
    )
}

async fn plant(session: &SessionContext, figures: &[String]) {
    let columns = "indicator_id, geography_level, geography_code, period_end, breakdown, value, numerator, denominator, \
                   status, source_id, release, published_on, published_on_assumed, vintage_published_on";
    run(session, &format!("INSERT INTO observation ({columns}) VALUES {}", figures.join(", "))).await;
}

const FEW: Options = Options { from: 2018, seed: 7, draws: 100 };

fn report(session: &SessionContext) -> impl Future<Output = Report> {
    let session = session.clone();
    async move { backtest(&session, FEW).await.unwrap() }
}

async fn known(session: &SessionContext) -> (Vec<Event>, Vec<Known>) {
    let record = Record::read(session).await.unwrap();
    let indicators = indicators(session).await.unwrap();
    let known = replay(session, &record.events, &indicators).await.unwrap();
    (record.events, known)
}

fn day(text: &str) -> i32 {
    days_since_epoch(text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_published_after_the_cut_off_reaches_a_prediction() {
    let session = country().await;
    let before = report(&session).await;
    let extreme = |year, published: &str| figure("vacancies", "A03", year, 1e9, published, "2025");
    // The last inspection began on 10 September 2025: what became public a day after its cut-off changes nothing.
    plant(&session, &[extreme(2025, "2025-08-12")]).await;
    assert!(report(&session).await == before);
    plant(&session, &[figure("visits", "A03", 2025, -1e9, "2025-01-01", "2025")]).await;
    assert!(report(&session).await != before, "what was public then is used");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_reaches_those_predictions_alone_that_were_made_when_it_was_public() {
    let session = country().await;
    let (events, before) = known(&session).await;
    let published = "2023-03-11";
    // A period of its own, so that its ranks are too.
    let all = (0..AUTHORITIES).map(|at| figure("vacancies", &format!("A{at:02}"), 2022, 0.0, published, "2025"));
    let planted: Vec<String> = all.map(|row| row.replace("2022-03-31", "2022-12-31")).collect();
    plant(&session, &planted).await;
    let (_, after) = known(&session).await;
    let (mut same, mut changed) = (0, 0);
    for ((event, before), after) in events.iter().zip(&before).zip(&after) {
        let cut_off = event.started_on - LEAD_DAYS;
        if cut_off < day(published) {
            assert_eq!(before, after, "{event:?}");
            same += 1;
        } else {
            changed += usize::from(before.share[0] != after.share[0]);
        }
    }
    assert!(same > 40 && changed > 10, "{same} {changed}");
    // The inspections that began thirty days after, on 10 April 2023, know it; those of 10 March do not.
    let knows = |started: &str| {
        let at = events.iter().position(|event| event.started_on == day(started)).unwrap();
        after[at].share[0] == Some(0.5)
    };
    assert!(knows("2023-04-10") && !knows("2023-03-10"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vintage_that_was_public_holds_and_only_where_none_is_held_a_later_one() {
    let session = country().await;
    let (events, before) = known(&session).await;
    let of_2019 = || events.iter().zip(&before).filter(|(event, _)| event.year() == 2019);
    // In 2019 the release of 2018 had been published: of vacancies its own value is used, of visits a later one.
    assert!(of_2019().all(|(_, known)| known.figures == 2 && known.assumed == 2));
    run(
        &session,
        "INSERT INTO source (source_id, release, published_on, file_name) VALUES \
         ('s', '2026', '2026-11-01', 'c')",
    )
    .await;
    let later: Vec<String> = (0..AUTHORITIES)
        .map(|at| figure("vacancies", &format!("A{at:02}"), 2018, -(at as f64), "2018-11-01", "2026"))
        .collect();
    plant(&session, &later).await;
    let (_, after) = known(&session).await;
    assert_eq!(before, after, "a vintage that came out after one that is held");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_replay_answers_as_the_models_do_for_a_build_of_that_day() {
    let session = country().await;
    let (events, found) = known(&session).await;
    let event = events.iter().position(|event| event.started_on == day("2021-03-10")).unwrap();
    let facts = lais_ingest::fact_tables().iter().map(|table| table.name.to_owned()).collect();
    let models: Vec<_> = crate::models()
        .unwrap()
        .into_iter()
        .filter(|model| matches!(model.name(), "stg_vintage" | "headline"))
        .collect();
    let as_at = date_of(events[event].started_on - LEAD_DAYS);
    lais_lake::run_in_memory(&session, &facts, &models, as_at).await.unwrap();
    let own = format!(
        "SELECT cast(below + ties / 2.0 AS double) / n AS share FROM (
           SELECT count(*) FILTER (WHERE other.value < own.value) AS below,
             count(*) FILTER (WHERE other.value = own.value) AS ties, count(*) AS n
           FROM headline AS own INNER JOIN headline AS other USING (indicator_id, period_end)
           WHERE own.geography_code = '{}' AND own.indicator_id = 'vacancies' AND own.period_end = '2020-03-31')",
        events[event].authority_code
    );
    let answer = read::Answer::of(&session, &own).await.unwrap();
    assert_eq!(answer.numbers("share").unwrap(), [found[event].share[0]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_score_of_a_day_is_that_of_the_model_risk_for_that_day() {
    let session = country().await;
    let (events, found) = known(&session).await;
    let event = events.iter().position(|event| event.started_on == day("2021-03-10")).unwrap();
    let facts = lais_ingest::fact_tables().iter().map(|table| table.name.to_owned()).collect();
    let needed = "stg_vintage headline stg_figure neighbour stg_neighbour_set funnel distribution comparison dispersion examined risk";
    let is_needed = |model: &lais_lake::Model| needed.split(' ').any(|name| name == model.name());
    let models: Vec<_> = crate::models().unwrap().into_iter().filter(is_needed).collect();
    let as_at = date_of(events[event].started_on - LEAD_DAYS);
    lais_lake::run_in_memory(&session, &facts, &models, as_at).await.unwrap();
    let code = &events[event].authority_code;
    let own = format!("SELECT score FROM risk WHERE domain = 'all' AND authority_code = '{code}'");
    let score = read::Answer::of(&session, &own).await.unwrap().numbers("score").unwrap()[0].unwrap();
    assert!(score.abs() > 0.01, "{score}");
    assert!((found[event].score.unwrap() - score).abs() < 1e-12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_the_same_for_a_seed() {
    let session = country().await;
    let record = Record::read(&session).await.unwrap();
    let indicators = indicators(&session).await.unwrap();
    let known = replay(&session, &record.events, &indicators).await.unwrap();
    let judged = judge(&record, &known, &indicators, FEW);
    assert_eq!(judged, judge(&record, &known, &indicators, FEW));
    let other = judge(&record, &known, &indicators, Options { seed: 8, ..FEW });
    assert_eq!(judged.result("last-grade", Outcome::LessThanGood).unwrap().auc, other.signals[1].auc);
    assert_ne!(judged, other);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_baseline_is_there_and_knows_its_place() {
    let report = report(&country().await).await;
    let n = report.about.n;
    assert_eq!(n, AUTHORITIES * 4);
    for baseline in ["base-rate", "last-grade", "last-grade-and-years", "deprivation", "alphabetical"] {
        for outcome in Outcome::ALL {
            assert!(report.result(baseline, outcome).is_some(), "{baseline}");
        }
    }
    let base = report.result("base-rate", Outcome::LessThanGood).unwrap();
    assert_eq!((base.auc, base.auc_low, base.auc_high, base.n), (Some(0.5), Some(0.5), Some(0.5), n));
    assert_eq!(base.brier_skill, Some(0.0));
    let nothing = report.result("deprivation", Outcome::LessThanGood).unwrap();
    assert_eq!((nothing.n, nothing.auc), (0, None));
    assert!(nothing.why.as_ref().is_some_and(|why| why.contains("no observed value")), "{nothing:?}");
    let last = report.result("last-grade", Outcome::LessThanGood).unwrap();
    assert!(last.n_probability < n && last.n_probability > 0, "the first years have no history");
}

#[tokio::test(flavor = "multi_thread")]
async fn years_that_are_not_judged_are_still_learnt_from() {
    let session = country().await;
    let late = backtest(&session, Options { from: 2023, ..FEW }).await.unwrap();
    let whole = report(&session).await;
    assert_eq!((late.about.n, whole.about.n), (AUTHORITIES * 2, AUTHORITIES * 4));
    assert_eq!(late.result("base-rate", Outcome::LessThanGood).unwrap().n_probability, AUTHORITIES * 2);
    assert!(backtest(&session, Options { from: 2030, ..FEW }).await.unwrap_err().to_string().contains("2030"));
    assert!(backtest(&session, Options { draws: 10, ..FEW }).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_that_does_not_beat_the_last_grade_is_said_not_to() {
    let report = report(&country().await).await;
    let verdict = |signal: &str| report.verdicts.iter().find(|v| v.signal == signal).unwrap();
    assert_eq!(verdict("base-rate").verdict, NOT_SHOWN);
    assert_eq!(report.verdicts.iter().filter(|v| v.signal == "last-grade").count(), 0);
    for verdict in report.verdicts.iter().filter(|verdict| verdict.adds) {
        assert!(verdict.verdict.starts_with("adds to the last grade: area +"), "{verdict:?}");
        assert!(verdict.difference_low.unwrap() > 0.0);
    }
    assert!(report.verdicts.iter().filter(|v| !v.adds).all(|v| v.verdict == NOT_SHOWN));
    assert_eq!(report.tried.iter().map(|tried| tried.tried).collect::<Vec<_>>(), [2, 2]);
}
