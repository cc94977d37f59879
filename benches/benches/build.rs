//! How long a build takes: the first, and one on unchanged files.
//!
//! `cargo bench -p lais-benches`

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]

use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::civil::Date;
use lais_lake::{Engine, Lake, MadeOf, run_models};

/// Ingests and models the sources of a folder; how a command does it, without its output.
fn build(runtime: &tokio::runtime::Runtime, sources: &Path, lake: &Path) {
    let writer = Lake::at(lake).writer().unwrap();
    let pipelines = lais_ingest::load(&[]).unwrap();
    let ingested = lais_ingest::ingest(&writer, &[sources.to_path_buf()], &pipelines, &|_| {}).unwrap();
    let models = lais_insight::models().unwrap();
    let as_at = Date::constant(2026, 1, 31);
    let run =
        runtime.block_on(run_models(&Engine::Embedded, &writer, ingested.tables, &models, as_at, |_| {})).unwrap();
    let made_of = MadeOf { inputs: ingested.inputs, ..MadeOf::default() };
    writer.publish(run.tables, made_of).unwrap();
}

fn builds(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(20 << 20).build().unwrap();
    let sources = tempfile::tempdir().unwrap();
    for (name, text) in lais_benches::country(150, 13) {
        std::fs::write(sources.path().join(name), text).unwrap();
    }
    criterion.bench_function("first build of 150 authorities over 13 years", |bench| {
        bench.iter_batched_ref(
            || tempfile::tempdir().unwrap(),
            |lake| build(&runtime, sources.path(), lake.path()),
            BatchSize::PerIteration,
        );
    });
    let lake = tempfile::tempdir().unwrap();
    build(&runtime, sources.path(), lake.path());
    criterion.bench_function("build on unchanged files", |bench| {
        bench.iter(|| build(&runtime, sources.path(), lake.path()));
    });
}

criterion_group! { name = benches; config = Criterion::default().sample_size(10); targets = builds }
criterion_main!(benches);
