//! Every model and check on small tables written by hand: `tests/models/*.slt`.
//!
//! A file fills tables of facts with INSERT, says `run models as at DATE`, and asks. `run check NAME`
//! gives the rows that a check finds. `LAIS_BLESS=1` writes what the models answer into the files.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema};
use arrow::util::display::array_value_to_string;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use jiff::civil::Date;
use lais_lake::{Engine, LakeError, run_in_memory};
use sqllogictest::{
    DBOutput, DefaultColumnType, Runner, default_column_validator, default_normalizer, default_validator,
};

use crate::sandbox::root;

/// A session with every table of facts, empty, in which models can be run.
struct Bench {
    context: SessionContext,
    facts: BTreeSet<String>,
}

impl Bench {
    fn new() -> Self {
        let context = Engine::Embedded.session();
        let mut facts = BTreeSet::new();
        for table in lais_ingest::fact_tables() {
            // A test writes only the columns that it is about.
            let fields = table.schema.fields().iter().map(|field| Field::clone(field).with_nullable(true));
            let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
            context.register_table(table.name, Arc::new(MemTable::try_new(schema, vec![vec![]]).unwrap())).unwrap();
            facts.insert(table.name.to_owned());
        }
        Self { context, facts }
    }

    async fn answer(&self, sql: &str) -> Result<DBOutput<DefaultColumnType>, LakeError> {
        let sql = sql.trim().trim_end_matches(';');
        if let Some(day) = sql.strip_prefix("run models as at ") {
            let as_at: Date = day.trim().parse().map_err(|e| LakeError::Query(format!("{day}: {e}")))?;
            run_in_memory(&self.context, &self.facts, &lais_insight::models()?, as_at).await?;
            return Ok(DBOutput::StatementComplete(0));
        }
        let text = match sql.strip_prefix("run check ") {
            None => sql.to_owned(),
            Some(name) => {
                let file = format!("sql/checks/{}.sql", name.trim());
                let checks = lais_insight::checks();
                let check = checks.into_iter().find(|check| check.file == file);
                check.ok_or_else(|| LakeError::Query(format!("there is no {file}")))?.text
            }
        };
        let frame = self.context.sql(&text).await?;
        let width = frame.schema().fields().len();
        let batches = frame.collect().await?;
        if sql.to_lowercase().starts_with("insert") {
            return Ok(DBOutput::StatementComplete(0));
        }
        let rows = batches.iter().flat_map(cells).collect();
        Ok(DBOutput::Rows { types: vec![DefaultColumnType::Any; width], rows })
    }
}

fn cells(batch: &RecordBatch) -> Vec<Vec<String>> {
    let cell = |column: usize, row: usize| {
        let column = batch.column(column);
        match (column.is_null(row), array_value_to_string(column, row).unwrap()) {
            (true, _) => "NULL".to_owned(),
            (false, text) if text.is_empty() => "(empty)".to_owned(),
            (false, text) => text,
        }
    };
    (0..batch.num_rows()).map(|row| (0..batch.num_columns()).map(|column| cell(column, row)).collect()).collect()
}

struct Connection {
    bench: Bench,
    runtime: tokio::runtime::Runtime,
}

impl sqllogictest::DB for Connection {
    type Error = LakeError;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, LakeError> {
        self.runtime.block_on(self.bench.answer(sql))
    }
}

fn connection() -> Result<Connection, LakeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(20 << 20).enable_all().build().unwrap();
    Ok(Connection { bench: Bench::new(), runtime })
}

fn files() -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> =
        std::fs::read_dir(root().join("tests/models")).unwrap().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

#[test]
fn every_model_answers_as_written() {
    let bless = std::env::var("LAIS_BLESS").is_ok_and(|set| set == "1");
    for file in files() {
        let mut runner = Runner::new(|| async { connection() });
        if bless {
            let update =
                runner.update_test_file(&file, " ", default_validator, default_normalizer, default_column_validator);
            // It never waits, as a statement blocks; and a runtime may not start within another.
            let ready = std::pin::pin!(update).poll(&mut Context::from_waker(Waker::noop()));
            let Poll::Ready(written) = ready else { panic!("{} waits for something", file.display()) };
            written.unwrap();
        } else {
            runner.run_file(&file).unwrap_or_else(|error| panic!("{}", error.display(false)));
        }
    }
}

#[test]
fn every_file_of_sql_is_named_in_a_test() {
    let tests: String = files().iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    for folder in ["staging", "marts", "checks"] {
        for entry in std::fs::read_dir(root().join("sql").join(folder)).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().trim_end_matches(".sql").to_owned();
            assert!(
                tests.contains(&format!("FROM {name}")) || tests.contains(&format!("run check {name}")),
                "sql/{folder}/{name}.sql"
            );
        }
    }
}

#[test]
fn every_model_passes_the_dialect_gate_over_empty_tables() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let bench = Bench::new();
        let as_at = Date::constant(2026, 1, 31);
        run_in_memory(&bench.context, &bench.facts, &lais_insight::models().unwrap(), as_at).await.unwrap();
    });
}
