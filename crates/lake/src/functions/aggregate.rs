//! Functions of a group of rows.
//!
//! The rows are collected and put in order before anything is computed, so that neither the order in which they come
//! nor the number of partitions can change a digit.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray};
use arrow::datatypes::{DataType, Field, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{Accumulator, AggregateUDF, Volatility, create_udaf};
use lais_stats::Refusal;

use super::{FunctionDoc, called, is_no_answer};

/// A function of a group of rows; its result is a number.
pub(super) struct Aggregate {
    /// Its name in SQL.
    pub(super) name: &'static str,
    /// The columns it reads; a row in which one is missing is left out. Rows are put in order by them.
    pub(super) columns: &'static [&'static str],
    /// What is the same for all rows, such as a probability.
    pub(super) parameters: &'static [&'static str],
    /// What it gives, in one sentence.
    pub(super) description: &'static str,
    /// A call that works on any snapshot.
    pub(super) example: &'static str,
    /// What it does with the columns of the rows in order, and the parameters.
    pub(super) call: Call,
}

/// What a function does with the columns of a group and its parameters.
type Call = fn(&[Vec<f64>], &[f64]) -> std::result::Result<f64, Refusal>;

impl Aggregate {
    pub(super) fn doc(&self) -> FunctionDoc {
        let names: Vec<String> = self.columns.iter().chain(self.parameters).map(|name| (*name).to_owned()).collect();
        FunctionDoc {
            name: self.name,
            kind: "aggregate",
            signature: called(self.name, &names),
            description: self.description,
            example: self.example,
        }
    }

    pub(super) fn function(&'static self) -> AggregateUDF {
        let list = DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true)));
        let (columns, parameters) = (self.columns.len(), self.parameters.len());
        let state = [vec![list; columns], vec![DataType::Float64; parameters]].concat();
        create_udaf(
            self.name,
            vec![DataType::Float64; columns + parameters],
            Arc::new(DataType::Float64),
            Volatility::Immutable,
            Arc::new(move |_| Ok(Box::new(Collected::new(self)))),
            Arc::new(state),
        )
    }
}

/// The rows of a group, column by column, and the parameters.
#[derive(Debug)]
struct Collected {
    of: &'static Aggregate,
    columns: Vec<Vec<f64>>,
    parameters: Vec<Option<f64>>,
}

impl std::fmt::Debug for Aggregate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Collected {
    fn new(of: &'static Aggregate) -> Self {
        Self { of, columns: vec![Vec::new(); of.columns.len()], parameters: vec![None; of.parameters.len()] }
    }

    fn take_parameters(&mut self, arrays: &[ArrayRef]) -> Result<()> {
        for ((kept, array), name) in self.parameters.iter_mut().zip(arrays).zip(self.of.parameters) {
            for value in array.as_primitive::<Float64Type>().iter().flatten() {
                if *kept.get_or_insert(value) != value {
                    return exec_err!("{} needs one {name} for all rows of a group", self.of.name);
                }
            }
        }
        Ok(())
    }

    /// The columns with their rows in order.
    fn in_order(&self) -> Vec<Vec<f64>> {
        let rows = self.columns.first().map_or(0, Vec::len);
        let mut order: Vec<usize> = (0..rows).collect();
        let compare = |a: &usize, b: &usize| {
            let by = |column: &Vec<f64>| column[*a].total_cmp(&column[*b]);
            self.columns.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        order.sort_by(compare);
        self.columns.iter().map(|column| order.iter().map(|i| column[*i]).collect()).collect()
    }
}

impl Accumulator for Collected {
    fn update_batch(&mut self, arrays: &[ArrayRef]) -> Result<()> {
        let (columns, parameters) = arrays.split_at(self.columns.len());
        let columns: Vec<_> = columns.iter().map(AsArray::as_primitive::<Float64Type>).collect();
        let rows = columns.first().map_or(0, Array::len);
        for i in (0..rows).filter(|i| columns.iter().all(|column| column.is_valid(*i))) {
            for (kept, column) in self.columns.iter_mut().zip(&columns) {
                kept.push(column.value(i));
            }
        }
        self.take_parameters(parameters)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let Some(parameters) = self.parameters.iter().copied().collect::<Option<Vec<f64>>>() else {
            return Ok(ScalarValue::Float64(None));
        };
        match (self.of.call)(&self.in_order(), &parameters) {
            Ok(value) if value.is_finite() => Ok(ScalarValue::Float64(Some(value))),
            Ok(_) => exec_err!("{}: {}", self.of.name, Refusal::NotFinite),
            Err(refusal) if is_no_answer(refusal) => Ok(ScalarValue::Float64(None)),
            Err(refusal) => {
                let names = self.of.columns.iter().map(|name| (*name).to_owned());
                let shown: Vec<String> = names.chain(parameters.iter().map(ToString::to_string)).collect();
                exec_err!("{}: {refusal}", called(self.of.name, &shown))
            }
        }
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.columns.iter().map(|column| column.capacity() * size_of::<f64>()).sum::<usize>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let list = |column: &Vec<f64>| {
            let values = column.iter().copied().map(Some).collect::<Vec<_>>();
            ScalarValue::List(Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>([Some(values)])))
        };
        let lists = self.columns.iter().map(list);
        Ok(lists.chain(self.parameters.iter().map(|value| ScalarValue::Float64(*value))).collect())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let (columns, parameters) = states.split_at(self.columns.len());
        for (kept, lists) in self.columns.iter_mut().zip(columns) {
            for values in lists.as_list::<i32>().iter().flatten() {
                kept.extend(values.as_primitive::<Float64Type>().iter().flatten());
            }
        }
        self.take_parameters(parameters)
    }
}
