//! `lais synth`: the sources of a fictional country.

use std::path::Path;
use std::process::ExitCode;

use lais_synth::{Options, Summary};

use crate::args::SynthArgs;
use crate::progress::Progress;
use crate::settings::Settings;

pub(crate) fn run(settings: &Settings, args: &SynthArgs) -> anyhow::Result<ExitCode> {
    let written = write(settings, &args.country.into(), &args.out)?;
    for file in &written.files {
        println!("{}", args.out.join(&file.path).display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a country and says on stderr how large it became.
pub(crate) fn write(settings: &Settings, options: &Options, out: &Path) -> anyhow::Result<Summary> {
    let progress = Progress::new(settings.quiet);
    let summary = lais_synth::write(options, out, &mut |_| {})?;
    let rows: usize = summary.files.iter().map(|file| file.rows).sum();
    progress.say(&format!(
        "a fictional country of {} authorities: {} files, {rows} rows, in {}",
        summary.authorities,
        summary.files.len(),
        out.display()
    ));
    for fault in &summary.faults {
        let (file, row, what) = (fault.path.display(), fault.row, &fault.what);
        progress.say(&format!("  a fault on purpose: {file}, row {row}: {what}"));
    }
    Ok(summary)
}
