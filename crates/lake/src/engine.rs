//! The one factory of SQL sessions.
//!
//! Embedded DataFusion today; Ballista gives the same `SessionContext` and comes in as another
//! variant. Settings that Ballista restricts are the same here, so that a plan and its types agree
//! on both.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::config::ConfigOptions;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::execution::context::SQLOptions;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::error::{LakeError, Result};
use crate::functions;
use crate::snapshot::Snapshot;
use crate::table::Class;

/// Partitions of every plan: fixed, so that no plan depends on the machine. Models run two at a time, and more partitions
/// are more and smaller batches to copy (docs/performance.md).
const PARTITIONS: usize = 2;

/// Which engine answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// DataFusion inside this process.
    #[default]
    Embedded,
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "embedded" => Ok(Self::Embedded),
            remote if remote.starts_with("df://") => {
                Err(format!("{remote} names a cluster, and this program is built without one; use --engine embedded"))
            }
            _ => Err("an engine is `embedded` or `df://host:port`".to_owned()),
        }
    }
}

impl Engine {
    /// A session with our functions registered and no table in it.
    #[must_use]
    pub fn session(&self) -> SessionContext {
        self.session_with(false)
    }

    fn session_with(&self, information_schema: bool) -> SessionContext {
        let mut options = ConfigOptions::new();
        options.execution.target_partitions = PARTITIONS;
        // The engine expects of a join no more rows than its smaller side has, and gathers facts that were joined with
        // what they are facts of in one partition. Only a list as short as that of sources is gathered (docs/performance.md).
        options.optimizer.hash_join_single_partition_threshold = 64 * 1024;
        options.optimizer.hash_join_single_partition_threshold_rows = 100;
        options.execution.parquet.schema_force_view_types = false;
        options.sql_parser.map_string_types_to_utf8view = false;
        options.catalog.information_schema = information_schema;
        let context = SessionContext::new_with_config(SessionConfig::from(options));
        functions::register(&context);
        context
    }

    /// A session over a snapshot, in which only tables of these classes exist.
    ///
    /// # Errors
    /// Where a table cannot be registered.
    pub fn open(&self, snapshot: &Snapshot, classes: &[Class]) -> Result<SessionContext> {
        let context = self.session_with(true);
        for (name, table) in snapshot.manifest().tables.iter().filter(|(_, table)| classes.contains(&table.class)) {
            register(&context, name, &table.schema()?, &snapshot.files(name))?;
        }
        Ok(context)
    }

    /// Adds the restricted tables that lie beside a snapshot to a session over it.
    ///
    /// A table that both have (what was read, of open and of restricted files) becomes one table with the
    /// rows of both; views that were registered before go on seeing the open rows alone.
    ///
    /// # Errors
    /// Where a table cannot be registered.
    pub fn add(&self, context: &SessionContext, open: &Snapshot, restricted: &Snapshot) -> Result<()> {
        for (name, table) in &restricted.manifest().tables {
            let mut files = open.files(name);
            files.extend(restricted.files(name));
            context.deregister_table(name.as_str())?;
            register(context, name, &table.schema()?, &files)?;
        }
        Ok(())
    }
}

/// Registers Parquet files as one table, with its schema given and nothing inferred.
pub(crate) fn register(context: &SessionContext, name: &str, schema: &SchemaRef, files: &[PathBuf]) -> Result<()> {
    let urls = files.iter().map(|file| {
        let absolute = std::path::absolute(file).map_err(LakeError::io("find", file))?;
        // As a URL, so that a bracket or a star in a folder's name is not taken for a pattern.
        let url = url::Url::from_file_path(&absolute)
            .map_err(|()| LakeError::Query(format!("{} is not a path an engine can read", file.display())))?;
        Ok(ListingTableUrl::parse(url.as_str())?)
    });
    let options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension(".parquet");
    let config = ListingTableConfig::new_with_multi_paths(urls.collect::<Result<Vec<_>>>()?)
        .with_listing_options(options)
        .with_schema(schema.clone());
    context.register_table(name, Arc::new(ListingTable::try_new(config)?))?;
    Ok(())
}

/// What a user's SQL may do: read, and nothing else.
#[must_use]
pub fn read_only() -> SQLOptions {
    SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false)
}
