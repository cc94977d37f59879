//! `lais status`: what the snapshot holds, what became of each file and row, and why.

use std::io::Write as _;
use std::process::ExitCode;

use super::select;
use crate::args::{Format, StatusArgs};
use crate::output;
use crate::settings::{Opened, Settings};

/// What became of each file and its rows, one row a rule.
const ACCOUNTS: &str = "
    SELECT
        f.file_name, f.outcome AS file_outcome, s.source_id, s.release, s.rows_read, s.rows_kept, s.rows_out_of_scope,
        s.rows_quarantined, a.outcome AS rows_outcome, a.rule, a.rows, coalesce(a.why, f.message) AS why
    FROM input_file AS f
    LEFT JOIN source AS s ON f.file_name = s.file_name AND f.sha256 = s.file_sha256
    LEFT JOIN row_account AS a ON s.source_id = a.source_id AND s.release = a.release
    ORDER BY f.file_name, a.outcome, a.rule";

pub(crate) async fn run(settings: &Settings, args: &StatusArgs) -> anyhow::Result<ExitCode> {
    let format = args.table.format;
    let Opened { snapshot, restricted, session, as_at, .. } = match args.restricted {
        true => settings.open_restricted(None).await?,
        false => settings.open(None).await?,
    };
    let manifest = snapshot.manifest();
    if format != Format::Table {
        let (schema, batches) = select(&session, ACCOUNTS).await?;
        output::print(&schema, &batches, format.into())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = output::stdout();
    writeln!(out, "snapshot {} made {} as at {as_at}", manifest.id, manifest.created_at)?;
    writeln!(out, "in {}\n", snapshot.folder().display())?;
    writeln!(out, "Tables")?;
    let confided = restricted.iter().flat_map(|snapshot| &snapshot.manifest().tables);
    for (name, table) in manifest.tables.iter().chain(confided) {
        let bytes: u64 = table.parts.iter().map(|part| part.bytes).sum();
        writeln!(out, "  {name:<24} {:>9} rows {:>9} kB", table.rows, bytes.div_ceil(1024))?;
    }
    let sections = [
        (
            "Files read",
            "SELECT s.file_name, s.source_id, s.release, s.rows_read, s.rows_kept, s.rows_out_of_scope, s.rows_quarantined FROM source AS s ORDER BY s.file_name",
        ),
        (
            "Rows left out or set aside, by rule",
            "SELECT s.file_name, a.outcome, a.rule, a.rows, a.why FROM row_account AS a INNER JOIN source AS s ON a.source_id = s.source_id AND a.release = s.release WHERE a.outcome <> 'kept' ORDER BY s.file_name, a.outcome, a.rule",
        ),
        (
            "Quarantine, the first of each rule and file",
            "SELECT file_name, rule, column_name, rows, first_row, first_value, message FROM (SELECT file_name, rule, column_name, count(*) OVER (PARTITION BY file_name, rule, column_name) AS rows, source_row AS first_row, value AS first_value, message, row_number() OVER (PARTITION BY file_name, rule, column_name ORDER BY source_row, value) AS place FROM quarantine) AS q WHERE place = 1 ORDER BY file_name, rule, column_name",
        ),
        (
            "Files not read",
            "SELECT file_name, outcome, message FROM input_file WHERE outcome <> 'ingested' ORDER BY outcome, file_name",
        ),
        (
            "Freshness",
            "SELECT source_id, release, latest_period_end, published_on, published_on_assumed FROM freshness ORDER BY published_on DESC, source_id, release",
        ),
    ];
    for (title, sql) in sections {
        let (schema, batches) = select(&session, sql).await?;
        writeln!(out, "\n{title}")?;
        if batches.iter().all(|batch| batch.num_rows() == 0) {
            writeln!(out, "  none")?;
        } else {
            output::write(&mut out, &schema, &batches, format.into())?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
