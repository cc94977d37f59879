//! Draws every sample chart into a folder, as SVG and PNG, to be looked at:
//! `cargo run -p lais-chart --example gallery -- FOLDER`.

use std::error::Error;
use std::path::PathBuf;

use lais_chart::{Point, Role, Series, Trend};

#[path = "../src/samples.rs"]
mod samples;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("give a folder")?);
    std::fs::create_dir_all(&folder)?;
    for (name, trend) in samples::all() {
        let svg = lais_chart::trend(&trend)?;
        std::fs::write(folder.join(name).with_extension("png"), lais_chart::png(&svg, 1440)?)?;
        std::fs::write(folder.join(name).with_extension("svg"), svg)?;
    }
    Ok(())
}
