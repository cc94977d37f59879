//! `lais status`: what the snapshot holds, what became of each file and row, and why.

use std::io::Write;
use std::process::ExitCode;

use datafusion::prelude::SessionContext;

use super::{review, select};
use crate::args::{Format, StatusArgs};
use crate::output;
use crate::settings::{Opened, Settings};

/// A title and what stands below it.
type Section = (&'static str, &'static str);

/// What a person has to do something about comes last, where a terminal shows it.
const OVERVIEW: [Section; 6] = [
    ("Files read", include_str!("../../../../sql/status/files_read.sql")),
    ("Freshness, the latest release of each source", include_str!("../../../../sql/status/freshness.sql")),
    ("Rows left out or set aside, by rule", include_str!("../../../../sql/status/rows_by_rule.sql")),
    ("Quarantine, the first of each rule and file", include_str!("../../../../sql/status/quarantine.sql")),
    ("Files not read", include_str!("../../../../sql/status/files_not_read.sql")),
    ("Waiting in review (lais status --review)", include_str!("../../../../sql/status/waiting.sql")),
];

const REVIEW: [Section; 1] =
    [("To be read by a person before it becomes a fact", include_str!("../../../../sql/status/review.sql"))];

const REVISIONS: [Section; 2] = [
    ("Figures revised, by indicator", include_str!("../../../../sql/status/revision_summary.sql")),
    ("Figures revised, one by one", include_str!("../../../../sql/status/revision.sql")),
];

pub(crate) async fn run(settings: &Settings, args: &StatusArgs) -> anyhow::Result<ExitCode> {
    let format = args.table.format;
    let Opened { snapshot, restricted, session, as_at, .. } = match args.restricted {
        true => settings.open_restricted(None).await?,
        false => settings.open(None).await?,
    };
    // Other formats hold one table: the last section's, which has a row for each thing.
    let sections: &[Section] = match (args.review, args.revisions) {
        (true, _) => &REVIEW,
        (_, true) => &REVISIONS,
        _ => &OVERVIEW,
    };
    if format != Format::Table {
        let account = include_str!("../../../../sql/status/account.sql");
        let one_by_one = sections.last().map_or(account, |(_, sql)| *sql);
        let sql = if args.review || args.revisions { one_by_one } else { account };
        let (schema, batches) = select(&session, sql).await?;
        output::print(&schema, &batches, format.into())?;
        return Ok(ExitCode::SUCCESS);
    }
    let manifest = snapshot.manifest();
    let mut out = output::stdout();
    writeln!(out, "snapshot {} made {} as at {as_at}", manifest.id, manifest.created_at)?;
    writeln!(out, "in {}", snapshot.folder().display())?;
    if !args.review && !args.revisions {
        writeln!(out, "\nTables")?;
        let confided = restricted.iter().flat_map(|snapshot| &snapshot.manifest().tables);
        for (name, table) in manifest.tables.iter().chain(confided) {
            let bytes: u64 = table.parts.iter().map(|part| part.bytes).sum();
            writeln!(out, "  {name:<24} {:>9} rows {:>9} kB", table.rows, bytes.div_ceil(1024))?;
        }
    }
    write_sections(&mut out, &session, sections, format).await?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

async fn write_sections(
    out: &mut (impl Write + Send),
    session: &SessionContext,
    sections: &[Section],
    format: Format,
) -> anyhow::Result<()> {
    for (title, sql) in sections {
        let (schema, batches) = select(session, sql).await?;
        writeln!(out, "\n{title}")?;
        if batches.iter().all(|batch| batch.num_rows() == 0) {
            writeln!(out, "  none")?;
        } else if *sql == REVIEW[0].1 {
            review::write(out, &batches)?;
        } else {
            output::write(&mut *out, &schema, &batches, format.into())?;
        }
    }
    Ok(())
}
