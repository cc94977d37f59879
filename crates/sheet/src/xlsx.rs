//! Office Open XML workbooks, through calamine's stream of cells.

use std::io::Cursor;

use calamine::{Data, Dimensions, Reader as _, Xlsx, XlsxError};

use crate::budget::Budget;
use crate::cell::{is_percent_format, text_of};
use crate::error::SheetError;
use crate::package::Seen;
use crate::{Merged, Sheet};

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads every sheet.
pub(crate) fn read(bytes: &[u8], seen: Seen) -> Result<Vec<Sheet>, SheetError> {
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes)).map_err(told)?;
    let mut budget = Budget::new();
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        match sheet(&mut workbook, name, &mut budget, seen) {
            Ok(sheet) => sheets.push(sheet),
            // A sheet that is a chart has no cells.
            Err(Fault::NotASheet) => {}
            Err(Fault::Sheet(error)) => return Err(error),
        }
    }
    Ok(sheets)
}

enum Fault {
    NotASheet,
    Sheet(SheetError),
}

impl From<SheetError> for Fault {
    fn from(error: SheetError) -> Self {
        Self::Sheet(error)
    }
}

impl From<XlsxError> for Fault {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::NotAWorksheet(_) => Self::NotASheet,
            other => Self::Sheet(told(other)),
        }
    }
}

fn sheet(workbook: &mut Workbook<'_>, name: String, budget: &mut Budget, seen: Seen) -> Result<Sheet, Fault> {
    let mut sheet = Sheet { name, ..Sheet::default() };
    let mut cells = workbook.worksheet_cells_reader(&sheet.name)?;
    let percent: Vec<bool> = cells
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().is_some_and(|format| is_percent_format(&format.format_code)))
        .collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        let value = Data::from(cell.get_value().clone());
        let text = text_of(&value, percent.get(style).copied().unwrap_or(false));
        budget.put(&sheet.name, &mut sheet.rows, row as usize, column as usize, text)?;
    }
    drop(cells);
    if seen.formulas {
        put_formulas(workbook, &mut sheet, budget)?;
    }
    if seen.merged {
        sheet.merged = workbook.merge_cells_by_sheet_name(&sheet.name)?.into_iter().map(merged).collect();
    }
    Ok(sheet)
}

/// Puts each formula that nothing has computed into its cell: a blank would pass for one that says nothing.
fn put_formulas(workbook: &mut Workbook<'_>, sheet: &mut Sheet, budget: &mut Budget) -> Result<(), Fault> {
    let mut formulas = workbook.worksheet_cells_reader(&sheet.name)?;
    while let Some(cell) = formulas.next_cell_with_formula_metadata()? {
        if cell.formula.is_some() && cell.value == calamine::DataRef::Empty {
            let text = match cell.formula {
                Some(
                    calamine::XlsxFormulaMetadata::Normal { formula }
                    | calamine::XlsxFormulaMetadata::Shared { formula, .. },
                ) => format!("={formula}"),
                _ => "=".to_owned(),
            };
            let (row, column) = cell.pos;
            budget.put(&sheet.name, &mut sheet.rows, row as usize, column as usize, text)?;
        }
    }
    Ok(())
}

pub(crate) fn merged(area: Dimensions) -> Merged {
    Merged {
        first_row: area.start.0 as usize,
        first_column: area.start.1 as usize,
        last_row: area.end.0 as usize,
        last_column: area.end.1 as usize,
    }
}

fn told(error: XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::Encrypted,
        other => SheetError::damaged(&other),
    }
}
