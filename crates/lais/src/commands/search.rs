//! `lais search`: sentences of reports and self-evaluations, with where they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::Int64Type;
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::prelude::{SessionContext, col, lit};
use jiff::civil::Date;
use lais_framework::StatementKind;
use lais_insight::{Named, open_indexes};
use lais_lake::{Class, Engine};
use lais_search::{Answer, Index, Marks, Query, Titles, render_text, search};
use serde::Serialize;

use super::{first_column, one_authority};
use crate::args::{SearchArgs, SearchFormat, Statement, criterion_titles, document_kinds, topic_titles};
use crate::output;
use crate::progress::Progress;
use crate::settings::{Settings, today};

/// The width of a page of text where it goes to no terminal, and at most where it does.
const WIDTH: usize = 100;

/// What is answered to a program.
#[derive(Serialize)]
struct Document<'a> {
    snapshot: &'a str,
    query: &'a Query,
    #[serde(flatten)]
    answer: &'a Answer,
}

pub(crate) async fn run(settings: &Settings, args: &SearchArgs) -> anyhow::Result<ExitCode> {
    let snapshot = settings.lake.current()?;
    let classes: &[Class] = if args.public { &[Class::Public] } else { &[Class::Public, Class::Official] };
    let session = Engine::Embedded.open(&snapshot, classes)?;
    let mut authorities = Vec::new();
    for asked in &args.authority {
        authorities.push(one_authority(&session, asked).await?);
    }
    let as_at = args.as_at.unwrap_or_else(today);
    let query = query(args, &authorities, as_at);
    let progress = Progress::new(settings.quiet);
    let say = |line: &str| progress.say(line);
    let indexes = open_indexes(&Engine::Embedded, &settings.lake, &snapshot, classes, say).await?;
    let answer = search(&indexes.iter().collect::<Vec<&Index>>(), &query)?;
    let id = snapshot.manifest().id.as_str();
    match args.format {
        SearchFormat::Json => json(&Document { snapshot: id, query: &query, answer: &answer })?,
        SearchFormat::Text => {
            let covered = covered(&session, as_at).await?;
            if !settings.quiet {
                eprintln!("as at {as_at}, snapshot {id}, with words of {} authorities", covered.len());
            }
            let mut advice = advice(args, &authorities, &answer);
            if answer.total == 0 {
                let lacking = authorities.iter().filter(|named| !covered.contains(&named.authority_code));
                advice.extend(
                    lacking.map(|named| format!("no report or self-evaluation of {named} is among the sources")),
                );
                advice.extend(waiting(&session, &authorities).await?);
            }
            text(&answer, &advice)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn query(args: &SearchArgs, authorities: &[Named], as_at: Date) -> Query {
    Query {
        text: args.text.join(" "),
        authorities: authorities.iter().map(|named| named.authority_code.clone()).collect(),
        from: args.from,
        to: args.to,
        as_at: Some(as_at),
        kinds: args.kind.clone(),
        criteria: args.criterion.clone(),
        topics: args.topic.clone(),
        statements: statements(args),
        limit: args.limit,
        offset: args.offset,
        with_names: !args.no_synonyms,
    }
}

fn json(document: &Document<'_>) -> anyhow::Result<()> {
    let mut out = output::stdout();
    serde_json::to_writer_pretty(&mut out, document).context("cannot write the output")?;
    writeln!(out)?;
    out.flush().context("cannot write the output")
}

fn text(answer: &Answer, advice: &[String]) -> anyhow::Result<()> {
    let stdout = std::io::stdout();
    let columns = terminal_size::terminal_size_of(&stdout).map_or(WIDTH, |(width, _)| usize::from(width.0));
    // https://no-color.org: a user who wants no colour wants no bold either.
    let is_plain = !stdout.is_terminal() || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let marks = if is_plain { Marks::Brackets } else { Marks::Bold };
    let mut out = output::stdout();
    out.write_all(render_text(answer, columns.min(WIDTH), marks, &titles()).as_bytes())?;
    if answer.total > 0 && !advice.is_empty() {
        writeln!(out)?;
    }
    for line in advice {
        writeln!(out, "{line}")?;
    }
    out.flush().context("cannot write the output")
}

/// The authorities of whom there are words at all: of the others nothing can be found, whatever is asked.
async fn covered(session: &SessionContext, as_at: Date) -> anyhow::Result<BTreeSet<String>> {
    let mut codes = BTreeSet::new();
    for (table, sql) in [
        ("finding", include_str!("../../../../sql/search/authority.sql")),
        ("self_evaluation", include_str!("../../../../sql/search/authority_shared.sql")),
    ] {
        // What was shared is not opened where only the published is asked for.
        if !session.table_exist(table)? {
            continue;
        }
        let day = ScalarValue::Date32(Some(lais_lake::days_since_epoch(as_at)));
        let frame = session.sql(sql).await?.with_param_values(ParamValues::from(vec![("as_at", day)]))?;
        codes.extend(first_column(frame).await?);
    }
    Ok(codes)
}

/// How many documents could not be found because they are no facts yet: nothing found is not nothing said.
///
/// Where authorities were asked for, those of others are not counted; those of whom nobody knows whose they are, are.
async fn waiting(session: &SessionContext, authorities: &[Named]) -> anyhow::Result<Option<String>> {
    // A snapshot of an earlier version may lack the table.
    if !session.table_exist("review")? {
        return Ok(None);
    }
    let mut frame = session.sql(include_str!("../../../../sql/search/waiting.sql")).await?;
    if !authorities.is_empty() {
        let codes = authorities.iter().map(|named| named.authority_code.as_str()).chain([""]);
        frame = frame.filter(col("authority_code").in_list(codes.map(lit).collect(), false))?;
    }
    let rows = frame.aggregate(Vec::new(), vec![sum(col("files"))])?.collect().await?;
    let total = rows.first().and_then(|batch| batch.column(0).as_primitive_opt::<Int64Type>());
    let files = total.filter(|total| !total.is_empty() && total.is_valid(0)).map_or(0, |total| total.value(0));
    Ok((files > 0).then(|| format!("not searched: {files} document(s) that wait in `lais status --review`")))
}

/// What a person can do where nothing was found.
fn advice(args: &SearchArgs, authorities: &[Named], answer: &Answer) -> Vec<String> {
    if answer.total > 0 {
        return listed_alone(args).into_iter().collect();
    }
    if answer.searched.iter().all(|index| index.passages == 0) {
        return vec![
            "the snapshot holds no report and no self-evaluation; `lais build` with sources that have some".to_owned(),
        ];
    }
    let filters = filters(args, authorities);
    let mut lines = match filters.is_empty() {
        true => Vec::new(),
        false => vec![format!("filters: {}", filters.join("; "))],
    };
    lines.extend(listed_alone(args));
    if !args.text.is_empty() {
        lines.push("try: fewer words, OR between them, or the beginning of a word, as in safeguard*".to_owned());
    }
    lines
}

/// What a list of statements leaves out: reports criticise and praise in their text too.
fn listed_alone(args: &SearchArgs) -> Option<String> {
    if args.statement.is_empty() || args.statement.contains(&Statement::Narrative) {
        return None;
    }
    let line = "left out by --statement: what reports say in their text and list nowhere, praise and criticism alike; \
                `--statement narrative` finds it";
    Some(line.to_owned())
}

/// The ids of the kinds of statements that were asked for.
fn statements(args: &SearchArgs) -> Vec<String> {
    args.statement.iter().map(|typed| StatementKind::from(*typed).id().to_owned()).collect()
}

/// The filters that are on, in the words of the command line.
fn filters(args: &SearchArgs, authorities: &[Named]) -> Vec<String> {
    let statements = statements(args);
    let lists = [
        ("authority", &authorities.iter().map(Named::to_string).collect()),
        ("kind", &args.kind),
        ("criterion", &args.criterion),
        ("topic", &args.topic),
        ("statement", &statements),
    ];
    let lists = lists.into_iter().filter(|(_, values)| !values.is_empty());
    let listed = lists.map(|(name, values): (&str, &Vec<String>)| format!("{name} {}", values.join(" or ")));
    let days = [("from", args.from), ("to", args.to), ("as at", args.as_at)];
    let days = days.into_iter().filter_map(|(name, day)| Some(format!("{name} {}", day?)));
    listed.chain(days).chain(args.public.then(|| "published alone".to_owned())).collect()
}

fn titles() -> Titles {
    let all = |titles: Vec<(&str, &str)>| -> BTreeMap<String, String> {
        titles.into_iter().map(|(id, title)| (id.to_owned(), title.to_owned())).collect()
    };
    Titles {
        kinds: all(document_kinds()),
        statements: all(StatementKind::ALL.map(|statement| (statement.id(), statement.title())).into()),
        criteria: all(criterion_titles()),
        topics: all(topic_titles()),
    }
}
