//! `lais compare`: one authority's latest figures against its comparators.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::bail;
use arrow::array::AsArray as _;
use datafusion::prelude::SessionContext;
use lais_ingest::normal_name;

use super::select;
use crate::args::{Comparator, CompareArgs, Format};
use crate::output;
use crate::settings::Settings;

pub(crate) async fn run(settings: &Settings, args: &CompareArgs) -> anyhow::Result<ExitCode> {
    let (snapshot, session) = settings.open()?;
    let (code, name) = find_authority(&session, &args.authority).await?;
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
        let manifest = snapshot.manifest();
        eprintln!("{name} ({code}), as at {}, snapshot {}", manifest.as_at, manifest.id);
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

/// The authority that a code of any vintage, a name or another spelling means.
async fn find_authority(session: &SessionContext, asked: &str) -> anyhow::Result<(String, String)> {
    let sql = "
        SELECT authority_code, name, concat(authority_code, '') AS known_as FROM authority
        UNION ALL SELECT authority_code, name, dfe_code AS known_as FROM authority
        UNION ALL SELECT authority_code, name, concat(name, '') AS known_as FROM authority
        UNION ALL SELECT a.authority_code, a.name, h.published_code AS known_as
            FROM authority AS a INNER JOIN authority_code_history AS h ON a.authority_code = h.authority_code
        UNION ALL SELECT a.authority_code, a.name, l.alias AS known_as
            FROM authority AS a INNER JOIN authority_alias AS l ON a.authority_code = l.authority_code";
    let (_, batches) = select(session, sql).await?;
    let wanted = normal_name(asked);
    let (mut exact, mut beginning) = (BTreeSet::new(), BTreeSet::new());
    for batch in &batches {
        let column = |i: usize| batch.column(i).as_string::<i32>();
        for ((code, name), known_as) in column(0).iter().zip(column(1)).zip(column(2)) {
            let (Some(code), Some(name), Some(known_as)) = (code, name, known_as) else { continue };
            let known_as = normal_name(known_as);
            let found = || (code.to_owned(), name.to_owned());
            if known_as == wanted {
                exact.insert(found());
            } else if wanted.len() > 2 && known_as.starts_with(&wanted) {
                beginning.insert(found());
            }
        }
    }
    let found: Vec<_> = if exact.is_empty() { beginning } else { exact }.into_iter().collect();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => bail!("no authority has the code or name {asked:?}; `lais authorities` lists them"),
        several => {
            let names: Vec<_> = several.iter().map(|(code, name)| format!("{name} ({code})")).collect();
            bail!("{asked:?} could be {}; give the code", names.join(", "))
        }
    }
}
