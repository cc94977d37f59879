//! Killing a build: a reader sees the old snapshot or the new one, and the next build needs no hand.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::country::{albia, referrals};
use crate::sandbox::Sandbox;

/// How often a build is killed.
const KILLS: u32 = 60;

#[test]
fn a_build_killed_at_any_moment_leaves_a_readable_snapshot_and_needs_no_hand() {
    let albia = albia();
    albia.source("signals.csv", signals("open"));
    let begun = Instant::now();
    albia.build().code(0);
    let whole = begun.elapsed();
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    let (mut killed, mut value) = (0, 15);
    for round in 0..KILLS {
        let next = 10 + (round % 80);
        albia.source("referrals.csv", referrals().replace("100,15,15", &format!("100,{next},{next}")));
        albia.source("signals.csv", signals(if round % 2 == 0 { "closed" } else { "open" }));
        // A fixed sequence of dice: the moments differ from round to round and not from run to run.
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let moment = whole.mul_f64((dice % 1000) as f64 / 1000.0);
        killed += u32::from(kill_after(&albia, moment));
        let seen = figure(&albia);
        assert!(seen == value || seen == next, "round {round}: {seen} is neither {value} nor {next}");
        value = seen;
        let told =
            albia.lais(&["query", "--restricted", "--format", "csv", "SELECT status FROM signal"]).code(0).rows();
        assert!(told == [["open"]] || told == [["closed"]], "round {round}: {told:?}");
    }
    assert!(killed >= KILLS / 2, "only {killed} of {KILLS} builds were still running when they were killed");
    albia.source("referrals.csv", referrals().replace("100,15,15", "100,99,99"));
    albia.build().code(0);
    assert_eq!(figure(&albia), 99);
    let beside = albia.path("lake/restricted/beside").join(albia.current().file_name().unwrap());
    let same = |link: &std::path::Path| std::fs::canonicalize(link).unwrap();
    let restricted = albia.path("lake/restricted/current");
    assert_eq!(same(&restricted), same(&beside));
    // As a kill between the last two renames leaves it.
    std::fs::remove_file(&restricted).unwrap();
    albia.build().code(0);
    assert_eq!(same(&restricted), same(&beside));
    let roots = ["lake", "lake/restricted", "lake/restricted/beside"].map(str::to_owned).into_iter();
    let below = ["lake", "lake/restricted"]
        .into_iter()
        .flat_map(|root| ["store", "steps", "snapshots"].map(|folder| format!("{root}/{folder}")));
    let debris: Vec<_> = roots
        .chain(below)
        .flat_map(|folder| std::fs::read_dir(albia.path(&folder)).unwrap().flatten())
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(".tmp-"))
        .collect();
    assert!(debris.is_empty(), "{debris:?}");
}

/// A file of one signal, which has this status.
fn signals(status: &str) -> String {
    format!(
        "signal_id,authority_code,received_on,channel,reporter_role,theme,severity,status,case_ref,summary\n\
         S-1,X06000001,2025-12-01,complaint,parent-or-carer,hp-early-help,low,{status},,\n"
    )
}

/// Starts a build and kills it at a moment; tells whether it was still running.
fn kill_after(sandbox: &Sandbox, moment: Duration) -> bool {
    let mut build = sandbox.command(&["build", "--sources", "sources", "--as-at", "2026-01-31"]);
    let mut child = build.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // The moment is what is tested, so it is waited for.
    std::thread::sleep(moment);
    let running = child.try_wait().unwrap().is_none();
    child.kill().ok();
    child.wait().unwrap();
    running
}

/// The one figure that changes, as the current snapshot has it.
fn figure(sandbox: &Sandbox) -> u32 {
    let value = sandbox.value(
        "SELECT cast(value AS bigint) FROM comparison
         WHERE indicator_id = 'rereferral-rate' AND authority_code = 'X06000001' AND period_end = '2025-03-31'",
    );
    value.parse().unwrap()
}
