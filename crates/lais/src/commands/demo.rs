//! `lais demo`: a fictional country from its published files to a served page.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use lais_lake::{Engine, Lake};
use lais_pack::Evidence;

use super::{build, pack, serve, synth};
use crate::args::{DemoArgs, Render};
use crate::progress::Progress;
use crate::settings::{Opened, Settings, today};

pub(crate) async fn run(settings: &Settings, args: &DemoArgs) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    std::fs::create_dir_all(&args.dir).with_context(|| format!("cannot create {}", args.dir.display()))?;
    let (sources, packs) = (args.dir.join("sources"), args.dir.join("packs"));
    let settings = Settings { lake: Lake::at(&args.dir.join("lake")), ..settings.clone() };
    synth::write(&settings, &lais_synth::Options::default(), &sources)?;
    build::build(&settings, &[sources], &[], &Engine::Embedded, today()).await?;
    let Opened { session, as_at, from, .. } = settings.open_today(None).await?;
    let evidence = Evidence::gather(&session, &from, as_at).await?;
    let codes: Vec<String> = evidence.authorities().into_iter().map(|(code, _)| code).collect();
    let files = pack::lay_out(&settings, &evidence, &codes, &[Render::Html], &packs)?;
    Progress::new(settings.quiet).say(&format!(
        "{} packs in {}; {:.0} s in all",
        files.len(),
        packs.display(),
        begun.elapsed().as_secs_f64()
    ));
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let server = serve::at_or_near(&settings, args.listen).await?;
    serve::serve(&settings, server).await
}
