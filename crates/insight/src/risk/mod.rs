//! The models `risk` and `risk_contribution`: who to look at first, and what that rests on, figure by figure.
//!
//! Both are for officials alone. There is no list in order of a number: ranks have intervals as wide as they are, and
//! groups are in alphabetical order (`docs/methods.md`, "Review groups").

mod plan;
mod replayed;
mod score;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;
use lais_lake::{Class, RustModel};
use lais_stats::{Contribution, RankBelief};

use crate::attention::{TABLE, examined};
use crate::columns::{Rows, batch, schema_of};
use crate::funnel::TOO_SMALL;
use plan::Plan;
pub(crate) use replayed::scores_on_a_day;
use score::{Believed, Scored};

pub(crate) const RISK: RustModel = RustModel {
    name: "risk",
    class: Class::Official,
    inputs: &[TABLE],
    key: &["authority_code", "domain"],
    code: env!("LAIS_CODE"),
    schema: risk_schema,
    run: risk,
};

pub(crate) const CONTRIBUTION: RustModel = RustModel {
    name: "risk_contribution",
    class: Class::Official,
    inputs: &[TABLE],
    key: &["authority_code", "indicator_id"],
    code: env!("LAIS_CODE"),
    schema: contribution_schema,
    run: contribution,
};

/// The name of all domains together.
const ALL: &str = "all";

fn risk_schema() -> SchemaRef {
    schema_of(
        "authority_code:text domain:text score:number coverage:number indicators:whole rank_low:whole rank_high:whole \
         rank_of:whole in_worst_tenth:number weight_rank_low:whole weight_rank_high:whole score_low:number \
         score_high:number max_concern:number max_concern_indicator:text z_score:number review_group:text \
         weights_edition:text why:text",
    )
}

fn contribution_schema() -> SchemaRef {
    schema_of("authority_code:text domain:text indicator_id:text concern:number weight:number contribution:number")
}

/// A row of `risk`.
#[derive(Default)]
struct Row<'a> {
    authority_code: &'a str,
    domain: &'a str,
    score: Option<f64>,
    coverage: Option<f64>,
    indicators: usize,
    rank: Option<RankBelief>,
    weight_ranks: Option<(usize, usize)>,
    range: Option<lais_stats::Interval>,
    max_concern: Option<(f64, &'a str)>,
    z_score: Option<f64>,
    group: Option<&'static str>,
    why: Option<String>,
}

fn risk(inputs: &[RecordBatch], _as_at: Date) -> Result<Vec<RecordBatch>, String> {
    let plan = Plan::built_in()?;
    let [view] = inputs else { return Err("it reads one table".to_owned()) };
    let figures = examined(view)?;
    let believed = Believed::new(&figures, &plan);
    let mut rows = Vec::new();
    match believed.scores(&plan) {
        Ok(scores) => {
            for (i, scored) in scores.iter().enumerate() {
                rows.extend(of_authority(i, scored, &believed, &plan));
            }
        }
        Err(refusal) => rows.extend(believed.authorities.iter().map(|code| Row {
            authority_code: code,
            domain: ALL,
            why: Some(refusal.to_string()),
            ..Row::default()
        })),
    }
    rows.sort_by_key(|row| (row.authority_code, row.domain));
    Ok(vec![risk_table(&rows, &plan)?])
}

/// The row of all domains of an authority, and one of each domain that has a mean.
fn of_authority<'a>(i: usize, scored: &Scored, believed: &Believed<'a>, plan: &'a Plan) -> Vec<Row<'a>> {
    let authority_code = believed.authorities[i];
    let observed = |d: usize| scored.contributions().filter(|c| believed.indicators[c.indicator].domain == d).count();
    let score = match &scored.score {
        Ok(score) => score,
        Err(refusal) => {
            let why = match TOO_SMALL.contains(&authority_code) {
                true => "it has too few children to be compared with the country".to_owned(),
                false => refusal.to_string(),
            };
            let coverage = scored.observed.map(|observed| observed.coverage);
            let indicators = scored.observed.map_or(0, |observed| observed.indicators);
            return vec![Row { authority_code, domain: ALL, coverage, indicators, why: Some(why), ..Row::default() }];
        }
    };
    let whole = Row {
        authority_code,
        domain: ALL,
        score: Some(score.score),
        coverage: Some(score.coverage),
        indicators: score.contributions.len(),
        rank: scored.rank,
        weight_ranks: scored.weights.map(|weights| (weights.low, weights.high)),
        range: score.leave_one_out,
        max_concern: Some((score.max_concern.concern, believed.indicators[score.max_concern.indicator].id)),
        z_score: score.z_score.as_ref().ok().copied(),
        group: scored.rank.map(|_| if scored.first { "first-to-look-at" } else { "others" }),
        why: scored.not_ranked.map(|refusal| format!("its rank cannot be drawn: {refusal}")),
    };
    let of_domain = |(d, domain): (usize, &'a plan::Domain)| {
        let mean = score.domains[d]?;
        Some(Row {
            authority_code,
            domain: &domain.id,
            score: Some(mean),
            coverage: Some(score.domain_coverage[d]),
            indicators: observed(d),
            rank: scored.domain_ranks[d],
            ..Row::default()
        })
    };
    std::iter::once(whole).chain(plan.domains.iter().enumerate().filter_map(of_domain)).collect()
}

impl Scored {
    fn contributions(&self) -> impl Iterator<Item = &Contribution> {
        self.score.iter().flat_map(|score| &score.contributions)
    }
}

fn risk_table(rows: &[Row<'_>], plan: &Plan) -> Result<RecordBatch, String> {
    let ranked = |domain: &str| rows.iter().filter(|row| row.domain == domain && row.rank.is_some()).count();
    let rows = Rows(rows);
    let columns = vec![
        rows.texts(|row| Some(row.authority_code)),
        rows.texts(|row| Some(row.domain)),
        rows.numbers(|row| row.score),
        rows.numbers(|row| row.coverage),
        rows.wholes(|row| Some(row.indicators)),
        rows.wholes(|row| row.rank.map(|rank| rank.low)),
        rows.wholes(|row| row.rank.map(|rank| rank.high)),
        rows.wholes(|row| row.rank.map(|_| ranked(row.domain))),
        rows.numbers(|row| row.rank.map(|rank| rank.in_worst)),
        rows.wholes(|row| row.weight_ranks.map(|(low, _)| low)),
        rows.wholes(|row| row.weight_ranks.map(|(_, high)| high)),
        rows.numbers(|row| row.range.map(|range| range.low)),
        rows.numbers(|row| row.range.map(|range| range.high)),
        rows.numbers(|row| row.max_concern.map(|(concern, _)| concern)),
        rows.texts(|row| row.max_concern.map(|(_, id)| id)),
        rows.numbers(|row| row.z_score),
        rows.texts(|row| row.group),
        rows.texts(|_| Some(plan.edition.as_str())),
        rows.texts(|row| row.why.as_deref()),
    ];
    batch(risk_schema(), columns)
}

fn contribution(inputs: &[RecordBatch], _as_at: Date) -> Result<Vec<RecordBatch>, String> {
    let plan = Plan::built_in()?;
    let [view] = inputs else { return Err("it reads one table".to_owned()) };
    let figures = examined(view)?;
    let believed = Believed::new(&figures, &plan);
    let scores = believed.composites(&plan).unwrap_or_default();
    let mut rows: Vec<(&str, &Contribution)> = Vec::new();
    for (code, score) in believed.authorities.iter().zip(&scores) {
        rows.extend(score.iter().flat_map(|score| &score.contributions).map(|contribution| (*code, contribution)));
    }
    let indicator = |contribution: &Contribution| &believed.indicators[contribution.indicator];
    rows.sort_by_key(|(code, contribution)| (*code, indicator(contribution).id));
    let rows = Rows(&rows);
    let columns = vec![
        rows.texts(|(code, _)| Some(code)),
        rows.texts(|(_, contribution)| Some(plan.domains[indicator(contribution).domain].id.as_str())),
        rows.texts(|(_, contribution)| Some(indicator(contribution).id)),
        rows.numbers(|(_, contribution)| Some(contribution.concern)),
        rows.numbers(|(_, contribution)| Some(contribution.weight)),
        rows.numbers(|(_, contribution)| Some(contribution.value)),
    ];
    Ok(vec![batch(contribution_schema(), columns)?])
}
