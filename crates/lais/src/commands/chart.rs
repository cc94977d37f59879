//! `lais chart`: one chart as SVG or PNG.

use std::process::ExitCode;

use anyhow::bail;
use lais_pack::{Evidence, PackError};

use super::{breaks, one_authority};
use crate::args::{ChartArgs, ChartKind};
use crate::output::write_file;
use crate::settings::{Opened, Settings};

pub(crate) async fn run(settings: &Settings, args: &ChartArgs) -> anyhow::Result<ExitCode> {
    let ChartKind::Trend { authority, indicator, out, width, as_at } = &args.kind;
    let ending = out.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    let is_png = match ending.as_deref() {
        Some("svg") => false,
        Some("png") => true,
        _ => bail!("{} ends in neither .svg nor .png; the ending says what is drawn", out.display()),
    };
    let Opened { session, as_at, from, .. } = settings.open_today(*as_at).await?;
    let named = one_authority(&session, authority).await?;
    let evidence = Evidence::gather(&session, &from, as_at).await?;
    let view = match evidence.trend(indicator, &named.authority_code) {
        Err(PackError::NoIndicator(id)) => {
            bail!(
                "no described indicator has the id {id:?}; `lais indicators` lists them, and the authority comes first: lais chart trend AUTHORITY INDICATOR"
            )
        }
        view => view?,
    };
    match is_png {
        true => write_file(out, &lais_chart::png(&view.svg, *width)?)?,
        false => write_file(out, view.svg.as_bytes())?,
    }
    if !settings.quiet {
        eprintln!("{named}, {}, as at {as_at}: {}", view.title, view.description);
        for line in breaks(&session, &named, as_at).await? {
            eprintln!("{line}");
        }
    }
    println!("{}", out.display());
    Ok(ExitCode::SUCCESS)
}
