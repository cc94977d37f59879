//! `lais compare`: one authority's latest figures against its comparators.

use std::process::ExitCode;

use super::{one_authority, select};
use crate::args::{Comparator, CompareArgs, Format};
use crate::output;
use crate::settings::{Opened, Settings};

pub(crate) async fn run(settings: &Settings, args: &CompareArgs) -> anyhow::Result<ExitCode> {
    let Opened { snapshot, session, as_at, .. } = settings.open(args.as_at).await?;
    let named = one_authority(&session, &args.authority).await?;
    let code = &named.authority_code;
    // The authority's own latest row: where others are further on, its period shows that it is not.
    let sql = format!(
        "WITH own AS (SELECT * FROM comparison WHERE authority_code = '{code}'),
              latest AS (SELECT indicator_id, max(period_end) AS period_end FROM own GROUP BY indicator_id)
         SELECT {}
         FROM own AS c
         INNER JOIN latest ON c.indicator_id = latest.indicator_id AND c.period_end = latest.period_end
         INNER JOIN indicator AS i ON c.indicator_id = i.indicator_id
         WHERE i.curated
         ORDER BY i.criterion_id NULLS LAST, c.indicator_id",
        columns(args.table.format, args.with)
    );
    let (schema, batches) = select(&session, &sql).await?;
    if !settings.quiet {
        eprintln!("{named}, as at {as_at}, snapshot {}", snapshot.manifest().id);
        if batches.iter().all(|batch| batch.num_rows() == 0) {
            eprintln!("the snapshot has no figure of it that can be compared");
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
