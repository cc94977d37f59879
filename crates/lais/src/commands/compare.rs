//! `lais compare`: one authority's latest figures against its comparators.

use std::process::ExitCode;
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{JoinType, ParamValues, ScalarValue};
use datafusion::functions::expr_fn::{coalesce, concat, round};
use datafusion::prelude::{DataFrame, Expr, SessionContext, cast, col, lit, when};

use super::{breaks, first_column, one_authority};
use crate::args::{Comparator, CompareArgs, Format};
use crate::output;
use crate::settings::{Opened, Settings};

pub(crate) async fn run(settings: &Settings, args: &CompareArgs) -> anyhow::Result<ExitCode> {
    let Opened { snapshot, session, as_at, .. } = settings.open_today(args.as_at).await?;
    let named = one_authority(&session, &args.authority).await?;
    let text = |text: &str| ScalarValue::Utf8(Some(text.to_owned()));
    let parameters = vec![
        ("authority_code", text(&named.authority_code)),
        ("indicator_id", text("")),
        ("snapshot", text(&snapshot.manifest().id)),
    ];
    let frame = session
        .sql(include_str!("../../../../sql/api/comparison.sql"))
        .await?
        .with_param_values(ParamValues::from(parameters))?;
    let day = ScalarValue::Date32(Some(lais_lake::days_since_epoch(as_at)));
    let revised = frame.clone().filter(col("vintage_published_on").gt(lit(day.clone())))?.count().await?;
    let region = region(&session, &frame).await?;
    let mut columns = columns(args.table.format, args.with);
    if revised > 0 {
        columns.push(col("vintage_published_on").gt(lit(day)).alias("later_revised"));
    }
    let frame = frame.select(columns)?;
    let schema = Arc::new(frame.schema().as_arrow().clone());
    let batches = frame.collect().await?;
    if !settings.quiet {
        eprintln!("{named}, as at {as_at}, snapshot {}", snapshot.manifest().id);
        if let Some(region) = region.filter(|_| args.with.is_none_or(|only| only == Comparator::Region)) {
            eprintln!("its region here is {region}");
        }
        for line in breaks(&session, &named, as_at).await? {
            eprintln!("{line}");
        }
        if batches.iter().all(|batch| batch.num_rows() == 0) {
            let held = session.table("headline").await?.filter(col("geography_code").eq(lit(&named.authority_code)))?;
            eprintln!("{}", nothing_to_compare(held.count().await?));
        }
        if revised > 0 {
            eprintln!(
                "{revised} of these figures stand as later revised (later_revised): the file that was public then is not held"
            );
        }
    }
    output::print(&schema, &batches, args.table.format.into())?;
    Ok(ExitCode::SUCCESS)
}

/// The region that figures are compared with, by name: for a London borough Inner or Outer London.
async fn region(session: &SessionContext, frame: &DataFrame) -> anyhow::Result<Option<String>> {
    let regions = session.table("region").await?.select(vec![col("region_code").alias("code"), col("region_name")])?;
    let compared = frame.clone().select(vec![col("region_code")])?.distinct()?;
    let named = compared.join(regions, JoinType::Inner, &["region_code"], &["code"], None)?;
    let names = first_column(named.select(vec![col("region_name")])?).await?;
    Ok((!names.is_empty()).then(|| names.join(" and ")))
}

/// Why there is nothing to compare of an authority of which so many figures are held.
fn nothing_to_compare(held: usize) -> String {
    match held {
        0 => "the snapshot has no figure of it".to_owned(),
        held => format!(
            "the snapshot has {held} figure(s) of it, but none of an indicator that is compared: `lais indicators` lists those, `lais indicators --all` the others too, which `lais query` shows from the table headline"
        ),
    }
}

/// What is shown: everything to a program, and to a person what fits a screen.
fn columns(format: Format, with: Option<Comparator>) -> Vec<Expr> {
    let shows = |comparator| with.is_none_or(|only| only == comparator);
    let for_person = format == Format::Table;
    let mut columns: Vec<Expr> = if for_person {
        let value = coalesce(vec![cast(as_published("value"), DataType::Utf8), col("status")]).alias("value");
        vec![col("indicator_id"), col("unit"), col("period_end"), value, interval()]
    } else {
        let plain = [
            "criterion_id",
            "indicator_id",
            "title",
            "unit",
            "polarity",
            "period_end",
            "value",
            "status",
            "ci_low",
            "ci_high",
        ];
        plain.map(col).into()
    };
    let figure = |name: &str| if for_person { as_published(name).alias(name) } else { col(name) };
    if shows(Comparator::England) {
        columns.push(figure("england"));
    }
    if shows(Comparator::Region) {
        columns.push(figure("region"));
        columns.extend((!for_person).then(|| col("region_code")));
    }
    if shows(Comparator::Neighbours) && for_person {
        let mean = round(vec![col("neighbour_mean"), lit(2)]).alias("neighbour_mean");
        columns.extend([mean, col("neighbour_n")]);
    } else if shows(Comparator::Neighbours) {
        columns.extend(["neighbour_mean", "neighbour_median", "neighbour_n", "neighbour_set"].map(col));
    }
    columns.extend(["rank", "rank_of", "quartile_band", "label"].map(col));
    columns.extend((!for_person).then_some(["z", "z_adjusted", "why"].map(col)).into_iter().flatten());
    columns
}

/// A figure to the decimals that its indicator is published with; one that is computed has many more.
fn as_published(name: &str) -> Expr {
    round(vec![col(name), col("decimals")])
}

/// The 95 per cent interval of a figure, in words.
fn interval() -> Expr {
    let end = |name: &str| cast(round(vec![col(name), lit(1)]), DataType::Utf8);
    let known = when(col("ci_low").is_not_null(), concat(vec![end("ci_low"), lit(" to "), end("ci_high")]));
    known.end().unwrap_or_else(|_| lit("")).alias("ci_95")
}
