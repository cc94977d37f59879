//! How long what a user waits for takes: the first build, one on unchanged files, a pack.
//!
//! `cargo bench -p lais-benches`

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use lais_benches::build;
use lais_lake::{Class, Engine, Lake};
use lais_pack::Evidence;
use lais_synth::Options;

fn builds(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(20 << 20).enable_all().build().unwrap();
    let sources = tempfile::tempdir().unwrap();
    let country = Options { authorities: 150, years: 13, ..Options::default() };
    lais_synth::write(&country, sources.path(), &mut |_| {}).unwrap();
    criterion.bench_function("first build of 150 authorities over 13 years", |bench| {
        bench.iter_batched_ref(
            || tempfile::tempdir().unwrap(),
            |lake| runtime.block_on(build(sources.path(), lake.path())).unwrap(),
            BatchSize::PerIteration,
        );
    });
    let lake = tempfile::tempdir().unwrap();
    runtime.block_on(build(sources.path(), lake.path())).unwrap();
    criterion.bench_function("build on unchanged files", |bench| {
        bench.iter(|| runtime.block_on(build(sources.path(), lake.path())).unwrap());
    });
    let snapshot = Lake::at(lake.path()).current().unwrap();
    let session = Engine::Embedded.open(&snapshot, &[Class::Public, Class::Official]).unwrap();
    let as_at = snapshot.as_at().unwrap();
    let gather = || runtime.block_on(Evidence::gather(&session, "bench", as_at)).unwrap();
    criterion.bench_function("gather the evidence for packs", |bench| bench.iter(gather));
    let evidence = gather();
    let (code, _) = evidence.authorities().remove(0);
    criterion
        .bench_function("one pack as a page", |bench| bench.iter(|| evidence.pack(&code).unwrap().html().unwrap()));
}

criterion_group! { name = benches; config = Criterion::default().sample_size(10); targets = builds }
criterion_main!(benches);
