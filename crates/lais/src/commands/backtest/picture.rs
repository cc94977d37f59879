//! A backtest as a chart.

use std::path::Path;

use anyhow::bail;
use lais_insight::BacktestReport;

/// The form of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Svg,
    Png,
}

impl Form {
    /// What a file's ending says.
    pub(super) fn of(path: &Path) -> anyhow::Result<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        match ending.as_deref() {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            _ => bail!("{} ends in neither .svg nor .png; the ending says what is drawn", path.display()),
        }
    }
}

pub(super) fn draw(_report: &BacktestReport, _source: String, form: Form) -> anyhow::Result<Vec<u8>> {
    bail!("not yet {form:?}")
}
