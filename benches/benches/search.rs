//! How long words take to be found: making the index of a hundred thousand passages, opening it, and questions.
//!
//! `cargo bench -p lais-benches --bench search`

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]

use std::fmt::Write as _;
use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use lais_benches::build;
use lais_insight::open_indexes;
use lais_lake::{Class, Engine, Lake};
use lais_search::{Index, Query, search};
use lais_synth::Options;

const DOCUMENTS: usize = 2_000;
const PARAGRAPHS: usize = 50;

/// Sentences of words of which some are frequent and most are rare, the same every time.
fn prose(sentences: usize, dice: &mut u64) -> String {
    let mut throw = || {
        *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*dice >> 11) as f64 / (1_u64 << 53) as f64
    };
    let frequent = ["children", "plans", "social", "workers", "care", "visits", "leaders", "oversight", "permanence"];
    let mut word = || {
        let rank = 20_000_f64.powf(throw()) as usize;
        frequent.get(rank - 1).map_or_else(|| format!("w{rank}"), |word| (*word).to_owned())
    };
    let sentence = |_| format!("The {}.", (0..18).map(|_| word()).collect::<Vec<_>>().join(" "));
    (0..sentences).map(sentence).collect::<Vec<_>>().join(" ")
}

/// Writes self-evaluations of one fictional authority after another, each with as many paragraphs.
fn write_documents(sources: &Path) {
    let register = std::fs::read_to_string(sources.join("register/authority.csv")).unwrap();
    let codes: Vec<&str> = register.lines().skip(1).filter_map(|line| line.split(',').next()).take(20).collect();
    let mut dice = 42;
    std::fs::create_dir_all(sources.join("more")).unwrap();
    for document in 0..DOCUMENTS {
        let day = format!("20{:02}-{:02}-{:02}", 10 + document % 16, 1 + document % 12, 1 + document % 28);
        let mut text = format!("Authority: {}\nShared on: {day}\n\n", codes[document % codes.len()]);
        text.push_str("# What do you know about the quality and impact of social work practice?\n\n");
        for _ in 0..PARAGRAPHS {
            write!(text, "{}\n\n", prose(3, &mut dice)).unwrap();
        }
        text.push_str("# What are your plans for the next 12 months?\n\nTo go on.\n");
        std::fs::write(sources.join(format!("more/{document}.md")), text).unwrap();
    }
}

fn searches(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(20 << 20).enable_all().build().unwrap();
    let sources = tempfile::tempdir().unwrap();
    lais_synth::write(&Options { authorities: 24, years: 6, ..Options::default() }, sources.path(), &mut |_| {})
        .unwrap();
    write_documents(sources.path());
    let folder = tempfile::tempdir().unwrap();
    runtime.block_on(build(sources.path(), folder.path())).unwrap();
    let lake = Lake::at(folder.path());
    let snapshot = lake.current().unwrap();
    let open = || {
        let classes = [Class::Public, Class::Official];
        runtime.block_on(open_indexes(&Engine::Embedded, &lake, &snapshot, &classes, |_| {})).unwrap()
    };
    criterion.bench_function("make the index of 100,000 passages", |bench| {
        let forget = || std::fs::remove_dir_all(folder.path().join("search")).unwrap_or_default();
        bench.iter_batched(forget, |()| open(), BatchSize::PerIteration);
    });
    criterion.bench_function("open the index of 100,000 passages", |bench| bench.iter(open));
    let indexes = open();
    let indexes: Vec<&Index> = indexes.iter().collect();
    for (what, text) in [
        ("two words", "oversight permanence"),
        ("a rare word", "w19000"),
        ("a phrase", "\"social workers\""),
        ("nothing", "w19000x"),
    ] {
        let query = Query::text(text);
        let answer = search(&indexes, &query).unwrap();
        assert!(answer.searched.iter().map(|one| one.passages).sum::<u64>() > 100_000, "{answer:?}");
        criterion.bench_function(&format!("find {what}"), |bench| bench.iter(|| search(&indexes, &query).unwrap()));
    }
}

criterion_group! { name = benches; config = Criterion::default().sample_size(10); targets = searches }
criterion_main!(benches);
