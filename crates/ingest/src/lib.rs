//! Ingest: what someone published becomes typed facts.
//!
//! A file is recognised by its content, read by the reader that its pipeline names, and every row is
//! accounted for: kept, left out by a named rule, or set aside for a person. This crate knows files,
//! pipelines and the register of authorities; it must never know a model, a comparison, a pack or a
//! page.

mod accounts;
mod adapter;
mod area_list;
mod cell;
mod columnar;
mod confidence;
mod decision;
mod decisions;
mod describe;
mod dictionary;
mod document;
mod draft;
mod ees;
mod event;
mod facts;
mod faults;
mod fetch;
mod figure_columns;
mod figure_file;
mod figure_period;
mod figure_rows;
mod figure_rule;
mod figures;
mod file;
mod format;
mod gather;
mod geography;
mod header;
mod ingest;
mod input;
mod inspection;
mod inspection_cells;
mod inspection_record;
mod line;
mod long;
mod measure;
mod neighbour;
mod pages;
mod parquet_file;
mod period;
mod pipeline;
mod pipelines;
mod plain_text;
mod recognise;
mod register;
mod register_check;
mod report;
mod report_record;
mod report_review;
mod rows;
mod scope;
mod series;
mod settle;
mod signal;
mod stack;
mod table;
mod table_rule;
mod time_rule;
mod trial;
mod workbook;
mod years;

pub use draft::{DraftError, Drafted, draft};
pub use facts::fact_tables;
pub use fetch::{Fetch, FetchKind, TakeFiles};
pub use ingest::{Facts, FileReport, IngestError, Ingested, Outcome, Progress, ingest};
pub use pipeline::{Pipeline, Reader};
pub use pipelines::{Loaded, load};
pub use register::{Authority, Region, Register, normal_name, shorter_name};
pub use trial::Trial;
