//! The model `attention`: what was examined of each authority, what stands out, and what cannot be judged.
//!
//! The list of concerns is that of Benjamini and Hochberg over every one-sided test of a release (`docs/methods.md`,
//! "What stands out"); every figure that was examined has a sentence, also where nothing stands out. Figures that are held
//! to a standard are a family of their own, judged by chance alone.

mod examined;
mod robust;
mod sentences;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;
use lais_lake::{Class, RustModel, date_of};
use lais_stats::{Adjustment, LEAST_RELIABILITY, adjusted_probabilities, concern_probability, expected_by_chance};

use crate::columns::{Rows, batch, schema_of};
use crate::figures::firsts;
pub(crate) use examined::{Examined, TABLE, examined};
use robust::{Survives, Trials};
use sentences::{Known, Sentences};

pub(crate) const MODEL: RustModel = RustModel {
    name: "attention",
    class: Class::Public,
    inputs: &[TABLE, "stg_neighbour_sets"],
    key: &["authority_code", "indicator_id"],
    code: env!("LAIS_CODE"),
    schema,
    run,
};

fn schema() -> SchemaRef {
    schema_of(
        "authority_code:text indicator_id:text period_end:day direction:text family:text listed:truth p_value:number q_value:number \
         tests:whole tests_listed:whole expected_by_chance:number beyond_better:whole sentence_id:text sentence:text sentence_edition:text \
         survives_quartile_rule:truth survives_neighbour_set:truth survives_one_child:truth \
         survives_leave_one_year_out:truth",
    )
}

/// What is said of one figure.
struct Row<'a> {
    figure: &'a Examined<'a>,
    family: &'a Family,
    listed: bool,
    p_value: Option<f64>,
    q_value: Option<f64>,
    sentence_id: &'a str,
    sentence: String,
    survives: Survives,
}

/// The two families of tests of a release, in each of which the rate of false discoveries is held.
const FAMILIES: [&str; 2] = ["differences", "standards"];

/// The tests of a release that are adjusted together.
struct Family {
    name: &'static str,
    /// Of each figure; none of those that are not of this family.
    p: Vec<Option<f64>>,
    q: Vec<Option<f64>>,
    /// Of each test: the figure of a shared service is one, whatever the number of authorities.
    tested: Vec<f64>,
    tests: usize,
    listed: usize,
    by_chance: f64,
    /// How many lie beyond the outer limit on the better side: were the model of chance right, about as many as by
    /// chance.
    beyond_better: usize,
}

fn run(inputs: &[RecordBatch], _as_at: Date) -> Result<Vec<RecordBatch>, String> {
    let [view, sets] = inputs else { return Err("it reads two tables".to_owned()) };
    let figures = examined(view)?;
    let list = Sentences::built_in()?;
    let [differences, standards] = FAMILIES;
    let differences = Family::of(differences, &figures, |figure| figure.standard.is_none(), &list)?;
    let standards = Family::of(standards, &figures, |figure| figure.standard.is_some(), &list)?;
    let trials = |family: &Family| Trials::new(sets, &list.thresholds, &family.tested);
    let (of_differences, of_standards) = (trials(&differences)?, trials(&standards)?);
    let mut rows: Vec<Row<'_>> = Vec::with_capacity(figures.len());
    let mut begins = 0;
    for of_indicator in figures.chunk_by(|a, b| a.indicator_id == b.indicator_id) {
        let held = of_indicator.iter().any(|figure| figure.standard.is_some());
        let (family, trials) = if held { (&standards, &of_standards) } else { (&differences, &of_differences) };
        for place in 0..of_indicator.len() {
            rows.push(row(of_indicator, place, begins + place, family, trials, &list)?);
        }
        begins += of_indicator.len();
    }
    rows.sort_by_key(|row| (row.figure.authority_code, row.figure.indicator_id));
    Ok(vec![table(&rows, &list)?])
}

impl Family {
    fn of(
        name: &'static str,
        figures: &[Examined<'_>],
        is_of_it: impl Fn(&Examined<'_>) -> bool,
        list: &Sentences,
    ) -> Result<Self, String> {
        // Without a sampling error there is no probability: eight children far from the middle are not sure.
        let probability = |figure: &Examined<'_>| match (figure.label, figure.z) {
            (Some(_), Some(z)) if figure.sampling_error && is_of_it(figure) => concern_probability(z, figure.polarity),
            _ => Ok(None),
        };
        let p = figures.iter().map(probability).collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?;
        let firsts = firsts_of_all(figures);
        let once: Vec<Option<f64>> = (0..p.len()).map(|i| p[i].filter(|_| firsts[i] == i)).collect();
        let adjusted = adjusted_probabilities(&once, Adjustment::BenjaminiHochberg).map_err(|e| e.to_string())?;
        let is_listed = |q: &&f64| **q <= list.thresholds.false_discovery_rate;
        let listed = adjusted.iter().flatten().filter(is_listed).count();
        let q = firsts.iter().zip(&p).map(|(first, p)| p.and(adjusted[*first])).collect();
        let tested: Vec<f64> = once.into_iter().flatten().collect();
        let tests = tested.len();
        let by_chance = expected_by_chance(tests, list.thresholds.chance).map_err(|e| e.to_string())?;
        let outer = 1.0 - list.thresholds.chance;
        let beyond_better = tested.iter().filter(|p| **p > outer).count();
        Ok(Self { name, p, q, tested, tests, listed, by_chance, beyond_better })
    }
}

/// The place of the first figure that says the same of the same children, for figures in order of indicator.
fn firsts_of_all(figures: &[Examined<'_>]) -> Vec<usize> {
    let mut all = Vec::with_capacity(figures.len());
    for of_indicator in figures.chunk_by(|a, b| a.indicator_id == b.indicator_id) {
        let begins = all.len();
        let firsts = firsts(of_indicator.iter().map(|figure| (figure.origin, figure.label.is_some())));
        all.extend(firsts.into_iter().map(|first| begins + first));
    }
    all
}

fn row<'a>(
    of_indicator: &'a [Examined<'a>],
    place: usize,
    among_all: usize,
    family: &'a Family,
    trials: &Trials<'_>,
    list: &'a Sentences,
) -> Result<Row<'a>, String> {
    let figure = &of_indicator[place];
    let (p_value, q_value) = (family.p[among_all], family.q[among_all]);
    let listed = q_value.is_some_and(|q| q <= list.thresholds.false_discovery_rate);
    let known = Known {
        listed,
        standard: figure.standard.is_some(),
        side: figure.side(),
        label: figure.label,
        sampling_error: figure.sampling_error,
        none_or_all: figure.none_or_all(),
        mostly_chance: figure.reliability.is_some_and(|reliability| reliability < LEAST_RELIABILITY),
        small: figure.own_reliability().is_some_and(|reliability| reliability < LEAST_RELIABILITY),
    };
    let sentence = list.choose(&known).ok_or("no sentence of the master list fits a figure")?;
    let said = sentence.say(|place| filled(place, figure, family, q_value));
    let survives = if listed { trials.of(of_indicator, place) } else { Survives::default() };
    Ok(Row { figure, family, listed, p_value, q_value, sentence_id: &sentence.id, sentence: said, survives })
}

/// What stands in a place of a sentence.
fn filled(place: &str, figure: &Examined<'_>, family: &Family, q_value: Option<f64>) -> String {
    match place {
        "title" => figure.title.to_owned(),
        "value" => figure.said(figure.value),
        "target" => figure.said(figure.target),
        "period" => date_of(figure.period_end).strftime("%-d %B %Y").to_string(),
        "standard" => figure.standard.unwrap_or_default().to_owned(),
        "why" => figure.why.unwrap_or("there is no figure").to_owned(),
        "tests" => family.tests.to_string(),
        "listed" => family.listed.to_string(),
        "by_chance" => format!("{:.0}", family.by_chance),
        "q" => q_value.map_or_else(String::new, |q| format!("{q:.3}")),
        _ => String::new(),
    }
}

fn table(rows: &[Row<'_>], list: &Sentences) -> Result<RecordBatch, String> {
    let rows = Rows(rows);
    let columns = vec![
        rows.texts(|row| Some(row.figure.authority_code)),
        rows.texts(|row| Some(row.figure.indicator_id)),
        rows.days(|row| Some(row.figure.period_end)),
        rows.texts(|row| Some(row.figure.side())),
        rows.texts(|row| Some(row.family.name)),
        rows.truths(|row| Some(row.listed)),
        rows.numbers(|row| row.p_value),
        rows.numbers(|row| row.q_value),
        rows.wholes(|row| Some(row.family.tests)),
        rows.wholes(|row| Some(row.family.listed)),
        rows.numbers(|row| Some(row.family.by_chance)),
        rows.wholes(|row| Some(row.family.beyond_better)),
        rows.texts(|row| Some(row.sentence_id)),
        rows.texts(|row| Some(row.sentence.as_str())),
        rows.texts(|_| Some(list.edition.as_str())),
        rows.truths(|row| row.survives.quartile_rule),
        rows.truths(|row| row.survives.neighbour_set),
        rows.truths(|row| row.survives.one_child),
        rows.truths(|row| row.survives.leave_one_year_out),
    ];
    batch(schema(), columns)
}
