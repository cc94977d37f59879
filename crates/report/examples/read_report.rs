//! Shows what is read from reports: `read_report facts|places|statements|lines FILE…`, or `-` for names on standard
//! input; `facts` prints a JSON object a line.

use std::process::ExitCode;
use std::time::Instant;

use lais_framework::{Grade, MissingGrade};
use lais_report::{Hint, Page, PdfText, Printed, Recognition, Report, TextLayer, Unreadable, read};
use serde_json::json;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(mode) = arguments.next() else {
        eprintln!("usage: read_report facts|places|statements|lines FILE…");
        return ExitCode::from(2);
    };
    let named: Vec<String> = arguments.collect();
    let files = if named == ["-"] { std::io::stdin().lines().map_while(Result::ok).collect() } else { named };
    for file in files {
        match std::fs::read(&file) {
            Ok(bytes) => show(&mode, &file, &bytes),
            Err(error) => eprintln!("{file}: {error}"),
        }
    }
    ExitCode::SUCCESS
}

fn show(mode: &str, file: &str, bytes: &[u8]) {
    let hint = Hint::from_file_name(file.rsplit('/').next().unwrap_or(file));
    let begun = Instant::now();
    match mode {
        "lines" => lines(PdfText.pages(bytes)),
        "facts" => facts(file, read(bytes, &hint), begun),
        _ => match read(bytes, &hint) {
            Ok(report) if mode == "places" => places(&report),
            Ok(report) => statements(&report),
            Err(error) => println!("{error}"),
        },
    }
}

fn lines(pages: Result<Vec<Page>, Unreadable>) {
    let pages = match pages {
        Ok(pages) => pages,
        Err(error) => return println!("{error}"),
    };
    for page in pages {
        println!("=== {}", page.number);
        for line in page.lines {
            let cells: Vec<String> = line.cells.iter().map(|cell| format!("{:.0}:{}", cell.x, cell.text)).collect();
            let bold = if line.bold { "B" } else { " " };
            println!("{:4.0} {:4.1}{bold} {}", line.y, line.size, cells.join(" | "));
        }
    }
}

fn facts(file: &str, report: Result<Report, Unreadable>, begun: Instant) {
    let ms = begun.elapsed().as_millis();
    let report = match report {
        Ok(report) => report,
        Err(error) => return println!("{}", json!({ "file": file, "error": error.id() })),
    };
    let kind = match (&report.recognition, report.kind()) {
        (_, Some(kind)) => kind.id(),
        (Recognition::NotAReport, _) => "not-a-report",
        _ => "unknown",
    };
    let grades: serde_json::Map<String, serde_json::Value> = report
        .judgements
        .iter()
        .map(|judgement| {
            let grade = judgement.grade.map(Grade::id);
            let said = grade.or(judgement.missing.map(MissingGrade::id)).unwrap_or("?");
            (judgement.aspect.id().to_owned(), json!(said))
        })
        .collect();
    let doubts: Vec<String> =
        report.confidence.doubts().iter().map(|doubt| format!("{}: {doubt}", doubt.id())).collect();
    let value = |printed: &Option<Printed<jiff::civil::Date>>| printed.as_ref().map(|p| p.value.to_string());
    println!(
        "{}",
        json!({
            "file": file, "ms": ms, "kind": kind, "la": report.authority.as_ref().map(|a| &a.value),
            "start": value(&report.started_on), "end": value(&report.ended_on),
            "pub": report.published.as_ref().map(|p| p.date.to_string()),
            "role": report.lead_inspector_role.as_ref().map(|role| &role.value),
            "pa": report.priority_action, "send": report.area_send_outcome.as_ref().map(|o| o.value),
            "scope": report.focus.as_ref().map(|f| &f.scope.value), "topics": report.focus.as_ref().map(|f| &f.topics),
            "n": report.statements.len(), "g": grades, "doubts": doubts,
        })
    );
}

fn places(report: &Report) {
    for judgement in &report.judgements {
        println!("{} {:?} {:?}", judgement.aspect.id(), judgement.grade, judgement.missing);
        for place in &judgement.places {
            println!("     page {}: {:?} in {:?}", place.page, place.value, place.words);
        }
    }
    for doubt in report.confidence.doubts() {
        println!("{doubt}");
    }
}

fn statements(report: &Report) {
    for statement in &report.statements {
        let about = statement.mapping.criterion.unwrap_or("-");
        let (kind, section) = (statement.kind.id(), &statement.section);
        println!("{:3} p{:2} {kind:16} {about:30} [{section}] {}", statement.ordinal, statement.page, statement.text);
    }
    println!("{:?}", report.left_out);
}
