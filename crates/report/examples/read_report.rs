//! x
use lais_report::*;
fn main() {
    let mode = std::env::args().nth(1).unwrap();
    for f in std::env::args().skip(2) {
        let b = std::fs::read(&f).unwrap();
        match PdfText.pages(&b) {
            Err(e) => println!("ERR {e} {f}"),
            Ok(p) => {
                for page in p {
                    println!("=== {}", page.number);
                    for l in page.lines {
                        let c: Vec<_> = l.cells.iter().map(|c| format!("{:.0}:{}", c.x, c.text)).collect();
                        if mode == "text" { println!("{}", l.text()) } else {
                        println!("{:4.0} {:4.1}{} {}", l.y, l.size, if l.bold { "B" } else { " " }, c.join(" | ")) }
                    }
                }
            }
        }
    }
}
