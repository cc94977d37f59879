//! `lais query`: read-only SQL over the snapshot.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use datafusion::prelude::SessionContext;

use crate::args::{QueryArgs, QueryFormat, Role};
use crate::output;
use crate::settings::{Opened, Settings};

pub(crate) async fn run(settings: &Settings, args: &QueryArgs) -> anyhow::Result<ExitCode> {
    use std::io::IsTerminal as _;
    let format = format(args);
    let binary = matches!(format, QueryFormat::Parquet | QueryFormat::Arrow);
    if binary && args.out.is_none() && std::io::stdout().is_terminal() {
        bail!("a terminal cannot show this format; add --out FILE, or send stdout to a file");
    }
    let Opened { snapshot, session, .. } = match args.restricted {
        true => settings.open_restricted(args.as_at).await?,
        false => settings.open(args.as_at).await?,
    };
    if args.role != Role::Official {
        lais_insight::limit(&session, &snapshot, lais_lake::Class::Public)?;
    }
    refuse_unknown_tables(&session, &args.sql, args.restricted)?;
    let said = |error: datafusion::error::DataFusionError| anyhow::anyhow!("{}", error.strip_backtrace());
    let frame = session.sql_with_options(&args.sql, lais_lake::read_only()).await.map_err(said)?;
    let schema = Arc::new(frame.schema().as_arrow().clone());
    let batches = frame.collect().await.map_err(said)?;
    match &args.out {
        None => output::print(&schema, &batches, format)?,
        Some(path) => {
            let mut file = output::NewFile::create(path, args.restricted)?;
            output::write(std::io::BufWriter::new(&mut file), &schema, &batches, format)?;
            file.persist()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Says which tables there are where a question names another; what cannot be parsed is the engine's to refuse.
fn refuse_unknown_tables(session: &SessionContext, sql: &str, is_restricted: bool) -> anyhow::Result<()> {
    let state = session.state();
    let Ok(named) = state
        .sql_to_statement(sql, &state.config_options().sql_parser.dialect)
        .and_then(|statement| state.resolve_table_references(&statement))
    else {
        return Ok(());
    };
    let known = table_names(session);
    for table in named {
        let name = table.table();
        // Schemas but ours are the engine's own, and functions may stand where tables do.
        let is_ours = table.schema().is_none_or(|schema| schema == SCHEMA);
        if !is_ours || known.contains(name) || state.table_functions().contains_key(name) {
            continue;
        }
        if name == "signal" && !is_restricted {
            bail!("signals are restricted: add --restricted");
        }
        let near = known.iter().map(|other| (strsim::osa_distance(name, other), other));
        let nearest = near.min().filter(|(far, _)| *far <= MOST_SLIPS);
        let hint = nearest.map_or_else(String::new, |(_, other)| format!("; did you mean {other}?"));
        bail!("no table is called {name:?}{hint}; `lais status` lists them");
    }
    Ok(())
}

/// The engine's name for where tables lie.
const SCHEMA: &str = "public";

/// How many letters of a table's name may be wrong for another to be meant.
const MOST_SLIPS: usize = 3;

fn table_names(session: &SessionContext) -> BTreeSet<String> {
    let catalogs = session.catalog_names().into_iter().filter_map(|name| session.catalog(&name));
    catalogs.filter_map(|catalog| catalog.schema(SCHEMA)).flat_map(|schema| schema.table_names()).collect()
}

/// The format asked for, or the one that the file's name promises.
fn format(args: &QueryArgs) -> QueryFormat {
    let ending = args.out.as_ref().and_then(|path| path.extension()).and_then(|ending| ending.to_str());
    args.format.unwrap_or(match ending {
        Some("csv") => QueryFormat::Csv,
        Some("json") => QueryFormat::Json,
        Some("ndjson" | "jsonl") => QueryFormat::Ndjson,
        Some("parquet") => QueryFormat::Parquet,
        Some("arrow" | "arrows") => QueryFormat::Arrow,
        _ => QueryFormat::Table,
    })
}
