//! `lais compare`: one authority's latest figures against its comparators.

use std::process::ExitCode;

use anyhow::bail;
use arrow::array::AsArray as _;
use datafusion::prelude::SessionContext;

use super::select;
use crate::args::{Comparator, CompareArgs, Format};
use crate::output;
use crate::settings::Settings;

pub(crate) async fn run(settings: &Settings, args: &CompareArgs) -> anyhow::Result<ExitCode> {
    let (snapshot, session) = settings.open()?;
    let (code, name) = find_authority(&session, &args.authority).await?;
    let sql = format!(
        "WITH latest AS (SELECT indicator_id, max(period_end) AS period_end FROM comparison GROUP BY indicator_id)
         SELECT {}
         FROM comparison AS c
         INNER JOIN latest ON c.indicator_id = latest.indicator_id AND c.period_end = latest.period_end
         INNER JOIN indicator AS i ON c.indicator_id = i.indicator_id
         WHERE c.authority_code = '{code}' AND i.curated
         ORDER BY i.criterion_id NULLS LAST, c.indicator_id",
        columns(args.table.format, args.with)
    );
    let (schema, batches) = select(&session, &sql).await?;
    if !settings.quiet {
        let manifest = snapshot.manifest();
        eprintln!("{name} ({code}), as at {}, snapshot {}", manifest.as_at, manifest.id);
        if batches.iter().all(|batch| batch.num_rows() == 0) {
            eprintln!("there is no figure of it in the latest period of any indicator");
        }
    }
    output::print(&schema, &batches, args.table.format.into())?;
    Ok(ExitCode::SUCCESS)
}

/// What is shown: everything to a program, and to a person what fits a screen.
fn columns(format: Format, with: Option<Comparator>) -> String {
    let shows = |comparator| with.is_none_or(|only| only == comparator);
    let for_person = format == Format::Table;
    let mut columns = vec![if for_person {
        "c.indicator_id, i.unit, c.period_end, CASE WHEN c.value IS NULL THEN c.status ELSE cast(c.value AS varchar) END AS value"
    } else {
        "i.criterion_id, c.indicator_id, i.title, i.unit, i.polarity, c.period_end, c.value, c.status"
    }];
    if shows(Comparator::England) {
        columns.push("c.england");
    }
    if shows(Comparator::Region) {
        columns.push(if for_person { "c.region" } else { "c.region, c.region_code" });
    }
    if shows(Comparator::Neighbours) {
        columns.push(if for_person {
            "round(c.neighbour_mean, 2) AS neighbour_mean, c.neighbour_n"
        } else {
            "c.neighbour_mean, c.neighbour_median, c.neighbour_n, c.neighbour_set"
        });
    }
    columns.push("c.rank, c.rank_of, c.quartile_band");
    columns.join(", ")
}

/// The authority that a code or a name means.
async fn find_authority(session: &SessionContext, asked: &str) -> anyhow::Result<(String, String)> {
    let quoted = asked.trim().replace('\'', "''");
    let sql = format!(
        "SELECT DISTINCT a.authority_code, a.name
         FROM authority AS a LEFT JOIN authority_code_history AS h ON a.authority_code = h.authority_code
         WHERE upper('{quoted}') IN (a.authority_code, h.published_code, a.dfe_code) OR lower(a.name) = lower('{quoted}')
            OR (length('{quoted}') > 2 AND starts_with(lower(a.name), lower('{quoted}')))
         ORDER BY a.name"
    );
    let (_, batches) = select(session, &sql).await?;
    let mut found: Vec<(String, String)> = Vec::new();
    for batch in &batches {
        let (codes, names) = (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
        found.extend(codes.iter().flatten().zip(names.iter().flatten()).map(|(c, n)| (c.to_owned(), n.to_owned())));
    }
    let exact: Vec<_> = found.iter().filter(|(_, name)| name.eq_ignore_ascii_case(asked.trim())).cloned().collect();
    match if exact.is_empty() { found } else { exact }.as_slice() {
        [one] => Ok(one.clone()),
        [] => bail!("no authority has the code or name {asked:?}; `lais authorities` lists them"),
        several => {
            let names: Vec<_> = several.iter().map(|(code, name)| format!("{name} ({code})")).collect();
            bail!("{asked:?} could be {}; give the code", names.join(", "))
        }
    }
}
