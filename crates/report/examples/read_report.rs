//! x
use lais_report::*;
fn main() {
    let mode = std::env::args().nth(1).unwrap();
    let files: Vec<String> = if std::env::args().nth(2).as_deref() == Some("-") {
        std::io::stdin().lines().map(|l| l.unwrap()).collect()
    } else {
        std::env::args().skip(2).collect()
    };
    for f in files {
        let Ok(b) = std::fs::read(&f) else {
            eprintln!("no {f}");
            continue;
        };
        if mode == "facts" {
            let t = std::time::Instant::now();
            let r = read(&b, &Hint::from_file_name(f.rsplit('/').next().unwrap()));
            let ms = t.elapsed().as_millis();
            match r {
                Err(e) => println!("{{\"file\":{f:?},\"error\":\"{}\"}}", e.id()),
                Ok(r) => {
                    let j: Vec<_> = r
                        .judgements
                        .iter()
                        .map(|j| {
                            format!(
                                "\"{}\":\"{}\"",
                                j.aspect.id(),
                                j.grade.map_or(j.missing.map_or("?".to_string(), |m| m.id().to_string()), |g| g
                                    .id()
                                    .to_string())
                            )
                        })
                        .collect();
                    let d: Vec<_> = r
                        .confidence
                        .doubts()
                        .iter()
                        .map(|d| serde_json::to_string(&format!("{}: {d}", d.id())).unwrap())
                        .collect();
                    let day = |p: &Option<Printed<jiff::civil::Date>>| {
                        p.as_ref().map_or(String::new(), |p| p.value.to_string())
                    };
                    println!(
                        "{{\"file\":{f:?},\"ms\":{ms},\"kind\":\"{}\",\"la\":{:?},\"start\":\"{}\",\"end\":\"{}\",\"pub\":\"{}\",\"role\":\"{}\",\"pa\":\"{:?}\",\"send\":\"{:?}\",\"scope\":{},\"topics\":{:?},\"n\":{},\"g\":{{{}}},\"doubts\":[{}]}}",
                        r.kind().map_or(
                            match r.recognition {
                                Recognition::NotAReport => "not-a-report",
                                _ => "unknown",
                            },
                            |k| k.id()
                        ),
                        r.authority.as_ref().map_or("", |a| a.value.as_str()),
                        day(&r.started_on),
                        day(&r.ended_on),
                        r.published.as_ref().map_or(String::new(), |p| p.date.to_string()),
                        r.lead_inspector_role.as_ref().map_or("", |a| a.value.as_str()),
                        r.priority_action,
                        r.area_send_outcome.as_ref().map(|o| o.value),
                        serde_json::to_string(r.focus.as_ref().map_or("", |f| f.scope.value.as_str())).unwrap(),
                        r.focus.as_ref().map_or(vec![], |f| f.topics.clone()),
                        r.statements.len(),
                        j.join(","),
                        d.join(",")
                    );
                }
            }
            continue;
        }
        if mode == "st" {
            let r = read(&b, &Hint::default()).unwrap();
            for s in &r.statements {
                println!("{:3} p{:2} {:16} [{}] {}", s.ordinal, s.page, s.kind.id(), s.section, s.text);
            }
            println!("{:?}", r.left_out);
            continue;
        }
        if mode == "places" {
            let r = read(&b, &Hint::from_file_name(f.rsplit('/').next().unwrap())).unwrap();
            for j in &r.judgements {
                println!("{} {:?} {:?}", j.aspect.id(), j.grade, j.missing);
                for p in &j.places {
                    println!("     p{} {:?} {}", p.page, p.value, p.words);
                }
            }
            println!("{:?}", r.confidence);
            continue;
        }
        match PdfText.pages(&b) {
            Err(e) => println!("ERR {e} {f}"),
            Ok(p) => {
                for page in p {
                    println!("=== {}", page.number);
                    for l in page.lines {
                        let c: Vec<_> = l.cells.iter().map(|c| format!("{:.0}:{}", c.x, c.text)).collect();
                        if mode == "text" {
                            println!("{}", l.text())
                        } else {
                            println!("{:4.0} {:4.1}{} {}", l.y, l.size, if l.bold { "B" } else { " " }, c.join(" | "))
                        }
                    }
                }
            }
        }
    }
}
