//! Measures building, opening and asking an index of many made-up passages.
//!
//! `cargo run --release -p lais-search --example measure -- 300000` prints seconds, bytes and memory; with a
//! folder after the number the index is kept there, and only opened and asked where it already is. Words are drawn
//! so that the n-th most frequent is about n times rarer than the first, as in any language.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on says where")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::ToSpan as _;
use jiff::civil::Date;
use lais_search::{Class, Identity, Index, Passage, Query};

/// The commonest words; the rest of the vocabulary is made up.
const COMMON: &str = "the of and to in children are for is a their with that care not have social workers local \
    authority by services plans be young people as on from this support leavers well child need planning assessments \
    timely managers health where visits education decisions placements protection risk practice quality improve";
const VOCABULARY: usize = 20_000;
const ASKED: usize = 40;

struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, number: usize) -> usize {
        (self.throw() * number as f64) as usize
    }
}

fn vocabulary() -> Vec<String> {
    let mut words: Vec<String> = COMMON.split_whitespace().map(str::to_owned).collect();
    let syllables =
        ["ba", "cor", "den", "fil", "gra", "lo", "mer", "nu", "pol", "ris", "sta", "tev", "um", "vel", "wen"];
    let mut dice = Dice(7);
    while words.len() < VOCABULARY {
        let ending = ["", "s", "ed", "ing", "er"][dice.below(5)];
        let length = 2 + dice.below(3);
        words.push((0..length).map(|_| syllables[dice.below(syllables.len())]).collect::<String>() + ending);
    }
    words
}

fn sentence(dice: &mut Dice, words: &[String]) -> String {
    let length = 8 + dice.below(25);
    // The density 1/x: each octave of ranks is as likely as any other.
    let rank = |dice: &mut Dice| ((words.len() as f64).powf(dice.throw()) as usize - 1).min(words.len() - 1);
    let list: Vec<&str> = (0..length).map(|_| words[rank(dice)].as_str()).collect();
    let mut sentence = list.join(" ");
    sentence[..1].make_ascii_uppercase();
    sentence + "."
}

fn passages(number: usize) -> Vec<Passage> {
    let words = vocabulary();
    let mut dice = Dice(42);
    let kinds = ["standard", "short", "focused-visit", "monitoring-visit", "sif"];
    let mut before = None;
    let mut made = Vec::with_capacity(number);
    for n in 0..number {
        let sentences = 2 + dice.below(4);
        let text = (0..sentences).map(|_| sentence(&mut dice, &words)).collect::<Vec<_>>().join(" ");
        let event = n / 90;
        let authority = event % 153;
        made.push(Passage {
            id: format!("event-{event:05}/{:03}", n % 90),
            source_kind: "finding".to_owned(),
            document_id: format!("event-{event:05}"),
            authority_code: format!("X{authority:08}"),
            authority_name: format!("Fictional Place {authority}"),
            date: Date::constant(2012, 1, 1).checked_add((event as i64 * 4_700 / 3_400).days()).ok(),
            kind: kinds[event % kinds.len()].to_owned(),
            section: Some("The experiences and progress of children in care".to_owned()),
            statement: Some(["strength", "needs-to-improve", "narrative"][dice.below(3)].to_owned()),
            page: Some(1 + (n % 90) as u32 / 8),
            context_before: before.replace(text.clone()),
            context_after: Some(sentence(&mut dice, &words)),
            text,
            source_id: "reports".to_owned(),
            release: "2026-11".to_owned(),
            file_name: format!("reports/event-{event:05}.pdf"),
            ..Passage::default()
        });
    }
    made
}

/// A line of this process's memory, in MiB.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let value = status.lines().find_map(|l| l.strip_prefix(line));
    value.and_then(|v| v.split_whitespace().nth(1)).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Seconds of processor that this process has used: what else runs on the machine does not count.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn queries() -> Vec<(&'static str, Vec<Query>)> {
    let words = vocabulary();
    let mut dice = Dice(3);
    let mut of = |make: &mut dyn FnMut(&mut Dice) -> Query| (0..ASKED).map(|_| make(&mut dice)).collect::<Vec<_>>();
    let rare = |dice: &mut Dice| words[2_000 + dice.below(VOCABULARY - 2_000)].clone();
    let frequent = |dice: &mut Dice| words[4 + dice.below(40)].clone();
    let from = Some(Date::constant(2021, 1, 1));
    vec![
        ("a rare word", of(&mut |d| Query::text(rare(d)))),
        ("a frequent word", of(&mut |d| Query::text(frequent(d)))),
        ("three frequent words", of(&mut |d| Query::text([frequent(d), frequent(d), frequent(d)].join(" ")))),
        ("alternatives", of(&mut |d| Query::text([frequent(d), rare(d), frequent(d)].join(" OR ")))),
        ("a phrase", of(&mut |d| Query::text(format!("\"{} {}\"", frequent(d), frequent(d))))),
        ("a name with its other names", of(&mut |_| Query::text("looked after children placements"))),
        ("a beginning", of(&mut |d| Query::text(format!("{}*", &frequent(d)[..2])))),
        ("an exclusion", of(&mut |d| Query::text(format!("{} -{}", frequent(d), rare(d))))),
        (
            "a word in one authority since 2021",
            of(&mut |d| Query { authorities: vec![format!("X{:08}", d.below(153))], from, ..Query::text(frequent(d)) }),
        ),
        ("a misspelt word", of(&mut |d| Query::text(rare(d).replacen('e', "x", 1) + "q"))),
        (
            "nothing within the filters",
            of(&mut |d| Query { kinds: vec!["jtai".to_owned()], ..Query::text(frequent(d)) }),
        ),
        (
            "64 alternatives, half of them beginnings",
            of(&mut |d| {
                let list: Vec<_> = (0..32).map(|_| format!("{} OR {}*", frequent(d), &rare(d)[..2])).collect();
                Query::text(list.join(" OR "))
            }),
        ),
        ("everything", of(&mut |_| Query::default())),
    ]
}

fn main() {
    let number = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(300_000);
    let home = tempfile::tempdir().unwrap();
    let dir = std::env::args().nth(2).map_or_else(|| home.path().join("public"), PathBuf::from);
    let identity = Identity { snapshot: "made-up".to_owned(), class: Class::Public };
    if !dir.exists() {
        build(number, &dir, &identity);
    }

    let before = memory("VmRSS");
    let start = Instant::now();
    let index = Index::open(&dir, &identity).unwrap();
    println!(
        "opened and checked in {:.2} s; memory {} MiB more",
        start.elapsed().as_secs_f64(),
        memory("VmRSS").saturating_sub(before)
    );

    let mut all = Vec::new();
    for (name, list) in queries() {
        let mut times = Vec::new();
        let mut hits = 0;
        for query in list {
            let start = Instant::now();
            hits += index.search(&query).unwrap().total;
            times.push(start.elapsed());
        }
        all.extend_from_slice(&times);
        println!("{name}: {}; {} hits on average", percentiles(&mut times), hits / ASKED);
    }
    println!("all: {}", percentiles(&mut all));
}

fn build(number: usize, dir: &Path, identity: &Identity) {
    let start = Instant::now();
    let made = passages(number);
    let text: usize = made.iter().map(|passage| passage.text.len()).sum();
    let took = start.elapsed().as_secs_f64();
    println!("{number} passages, {} MB of text, made in {took:.1} s; memory {} MiB", text / 1_000_000, memory("VmRSS"));

    let (start, used) = (Instant::now(), processor());
    let built = Index::build(dir, identity, made).unwrap();
    let (took, used) = (start.elapsed().as_secs_f64(), processor() - used);
    println!("built in {took:.1} s, {used:.1} s of processor; {} MB on disk", built.bytes / 1_000_000);
    println!("memory at most {} MiB", memory("VmHWM"));
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1_000.0;
    format!("p50 {:.1} ms, p99 {:.1} ms", at(50), at(99))
}
