//! `lais pack`: the pre-inspection analysis of one authority or of all.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use lais_pack::Evidence;

use super::one_authority;
use crate::args::{PackArgs, Render};
use crate::output::write_file;
use crate::progress::Progress;
use crate::settings::{Opened, Settings};

pub(crate) async fn run(settings: &Settings, args: &PackArgs) -> anyhow::Result<ExitCode> {
    let Opened { session, as_at, from, .. } = settings.open_today(args.as_at).await?;
    let mut codes = Vec::new();
    for asked in &args.authorities {
        codes.push(one_authority(&session, asked).await?.authority_code);
    }
    let evidence = Evidence::gather(&session, &from, as_at).await?;
    if args.all {
        codes = evidence.authorities().into_iter().map(|(code, _)| code).collect();
    }
    let files = lay_out(settings, &evidence, &codes, &args.render, &args.out)?;
    // The paths are what a script wants: they are the data of this command.
    for file in files {
        println!("{}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the packs of authorities and gives the files in order.
pub(crate) fn lay_out(
    settings: &Settings,
    evidence: &Evidence,
    codes: &[String],
    forms: &[Render],
    out: &Path,
) -> anyhow::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot create {}", out.display()))?;
    let progress = Progress::new(settings.quiet);
    progress.begin("packs", codes.len());
    let mut files = Vec::new();
    for code in codes {
        let pack = evidence.pack(code)?;
        for form in forms {
            let (ending, text) = match form {
                Render::Html => ("html", pack.html()?),
                Render::Json => ("json", pack.json()?),
            };
            let file = out.join(format!("{code}.{ending}"));
            write_file(&file, text.as_bytes())?;
            files.push(file);
        }
        progress.piece(&pack.authority.name);
    }
    progress.end();
    Ok(files)
}
