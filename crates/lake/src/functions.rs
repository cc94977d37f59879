//! The one list of SQL functions that LAIS adds to every engine.
//!
//! Functions are deterministic, stateless and free of settings, so that they can travel to another
//! process by name. Each is a thin dress over a function of `lais-stats`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, ListArray, StringArray};
use arrow::datatypes::{DataType, Field, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, ColumnarValue, ScalarUDF, Volatility, create_udaf, create_udf,
};
use datafusion::prelude::SessionContext;
use lais_stats::{Polarity, lait_band, quantile7};

/// What a reader of `lais functions` is told of one function.
#[derive(Clone, Copy, Debug)]
pub struct FunctionDoc {
    /// Its name in SQL.
    pub name: &'static str,
    /// `aggregate` or `scalar`.
    pub kind: &'static str,
    /// How it is called.
    pub signature: &'static str,
    /// What it gives, in one sentence.
    pub description: &'static str,
    /// A call that works on any snapshot.
    pub example: &'static str,
}

/// The functions that SQL may call beside the engine's own.
#[must_use]
pub fn documented() -> &'static [FunctionDoc] {
    &[
        FunctionDoc {
            name: "quantile7",
            kind: "aggregate",
            signature: "quantile7(value, p)",
            description: "The exact sample quantile of type 7 at probability p (0 to 1); missing values are left out, and no value gives no quantile.",
            example: "SELECT quantile7(value, 0.25) FROM comparison WHERE indicator_id = 'rereferral-rate'",
        },
        FunctionDoc {
            name: "lait_band",
            kind: "scalar",
            signature: "lait_band(value, q0, q25, q50, q75, q100, polarity)",
            description: "The quartile band A to D by the rule of the Local Authority Interactive Tool; nothing without polarity.",
            example: "SELECT lait_band(20.0, 0.0, 16.9, 20.0, 23.0, 46.7, 'low-is-better')",
        },
    ]
}

/// Registers every function on a session.
pub(crate) fn register(context: &SessionContext) {
    for function in scalar_functions() {
        context.register_udf(function);
    }
    for function in aggregate_functions() {
        context.register_udaf(function);
    }
}

pub(crate) fn scalar_functions() -> Vec<ScalarUDF> {
    let mut arguments = vec![DataType::Float64; 6];
    arguments.push(DataType::Utf8);
    vec![create_udf("lait_band", arguments, DataType::Utf8, Volatility::Immutable, Arc::new(invoke_lait_band))]
}

pub(crate) fn aggregate_functions() -> Vec<AggregateUDF> {
    let values = DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true)));
    vec![create_udaf(
        "quantile7",
        vec![DataType::Float64, DataType::Float64],
        Arc::new(DataType::Float64),
        Volatility::Immutable,
        Arc::new(|_| Ok(Box::<Quantile7>::default())),
        Arc::new(vec![values, DataType::Float64]),
    )]
}

fn invoke_lait_band(arguments: &[ColumnarValue]) -> Result<ColumnarValue> {
    let arrays = ColumnarValue::values_to_arrays(arguments)?;
    let numbers: Vec<&Float64Array> = arrays[..6].iter().map(AsArray::as_primitive::<Float64Type>).collect();
    let polarity = arrays[6].as_string::<i32>();
    let band = |row: usize| {
        if polarity.is_null(row) || numbers.iter().any(|column| column.is_null(row)) {
            return None;
        }
        let at = |column: usize| numbers[column].value(row);
        let polarity = Polarity::from_id(polarity.value(row))?;
        lait_band(at(0), [at(1), at(2), at(3), at(4), at(5)], polarity).map(lais_stats::Band::letter)
    };
    let bands: StringArray = (0..polarity.len()).map(band).collect();
    Ok(ColumnarValue::Array(Arc::new(bands)))
}

/// Collects the observed values of a group and their probability.
#[derive(Debug, Default)]
struct Quantile7 {
    values: Vec<f64>,
    p: Option<f64>,
}

impl Quantile7 {
    fn take_p(&mut self, p: &ArrayRef) -> Result<()> {
        for p in p.as_primitive::<Float64Type>().iter().flatten() {
            if *self.p.get_or_insert(p) != p {
                return exec_err!("quantile7 needs one probability for all rows of a group");
            }
        }
        Ok(())
    }
}

impl Accumulator for Quantile7 {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        self.values.extend(columns[0].as_primitive::<Float64Type>().iter().flatten());
        self.take_p(&columns[1])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let Some(p) = self.p.filter(|_| !self.values.is_empty()) else {
            return Ok(ScalarValue::Float64(None));
        };
        match quantile7(&self.values, p) {
            Ok(quantile) => Ok(ScalarValue::Float64(Some(quantile))),
            Err(refusal) => exec_err!("quantile7: {refusal}"),
        }
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.values.capacity() * size_of::<f64>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let values = ListArray::from_iter_primitive::<Float64Type, _, _>([Some(
            self.values.iter().copied().map(Some).collect::<Vec<_>>(),
        )]);
        Ok(vec![ScalarValue::List(Arc::new(values)), ScalarValue::Float64(self.p)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for values in states[0].as_list::<i32>().iter().flatten() {
            self.values.extend(values.as_primitive::<Float64Type>().iter().flatten());
        }
        self.take_p(&states[1])
    }
}
