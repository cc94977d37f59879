//! Functions of one row: numbers, texts and lists in, one number, text or list out.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, ListArray, ListBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use lais_stats::Refusal;

use super::{FunctionDoc, called, is_no_answer};

/// A function of one row.
pub(super) struct Scalar {
    /// Its name in SQL.
    pub(super) name: &'static str,
    /// Its arguments' names and kinds.
    pub(super) arguments: &'static [(&'static str, Kind)],
    /// What kind of value it gives.
    pub(super) gives: Kind,
    /// What it gives, in one sentence.
    pub(super) description: &'static str,
    /// A call that works on any snapshot.
    pub(super) example: &'static str,
    /// What it does.
    pub(super) call: Call,
}

/// What a function does with a row.
#[derive(Clone, Copy)]
pub(super) enum Call {
    /// Numbers in, one number out.
    Numbers(fn(&[f64]) -> std::result::Result<f64, Refusal>),
    /// Anything in, anything out.
    Row(fn(&Row<'_>) -> std::result::Result<Value, Refusal>),
}

/// A function of numbers that gives a number.
pub(super) const fn number(
    name: &'static str,
    arguments: &'static [(&'static str, Kind)],
    description: &'static str,
    example: &'static str,
    call: fn(&[f64]) -> std::result::Result<f64, Refusal>,
) -> Scalar {
    Scalar { name, arguments, gives: Kind::Number, description, example, call: Call::Numbers(call) }
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number.
    Number,
    /// A text, such as the name of a method.
    Text,
    /// A list of numbers, of which some may be missing.
    List,
    /// A list of texts, of which some may be missing; only given, never taken.
    Texts,
}

/// A value of one of the kinds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Text(&'static str),
    List(Vec<Option<f64>>),
    Texts(Vec<Option<&'static str>>),
}

impl Value {
    /// Refuses what is not a finite number, which only absurd arguments lead to: no table has one.
    fn checked(self) -> std::result::Result<Self, Refusal> {
        let is_finite = match &self {
            Self::Number(number) => number.is_finite(),
            Self::Text(_) | Self::Texts(_) => true,
            Self::List(numbers) => numbers.iter().flatten().all(|number| number.is_finite()),
        };
        if is_finite { Ok(self) } else { Err(Refusal::NotFinite) }
    }
}

/// The arguments of one row, those of each kind in their order.
#[derive(Debug, Default)]
pub(super) struct Row<'a> {
    pub(super) numbers: Vec<f64>,
    pub(super) texts: Vec<&'a str>,
    pub(super) lists: Vec<Vec<Option<f64>>>,
}

impl Kind {
    fn data_type(self) -> DataType {
        match self {
            Self::Number => DataType::Float64,
            Self::Text => DataType::Utf8,
            Self::List => DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true))),
            Self::Texts => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
        }
    }
}

impl Scalar {
    pub(super) fn doc(&self) -> FunctionDoc {
        let names: Vec<String> = self.arguments.iter().map(|(name, _)| (*name).to_owned()).collect();
        FunctionDoc {
            name: self.name,
            kind: "scalar",
            signature: called(self.name, &names),
            description: self.description,
            example: self.example,
        }
    }

    pub(super) fn function(&'static self) -> ScalarUDF {
        let kinds = self.arguments.iter().map(|(_, kind)| kind.data_type()).collect();
        let invoke = Arc::new(move |arguments: &[ColumnarValue]| self.invoke(arguments));
        create_udf(self.name, kinds, self.gives.data_type(), Volatility::Immutable, invoke)
    }

    fn invoke(&self, arguments: &[ColumnarValue]) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(arguments)?;
        let rows = arrays.first().map_or(1, Array::len);
        let mut values = Vec::with_capacity(rows);
        let mut row = Row::default();
        for i in 0..rows {
            values.push(if self.fill(&mut row, &arrays, i) { self.of(&row)? } else { None });
        }
        Ok(ColumnarValue::Array(self.array(values)))
    }

    /// Fills in the arguments of a row; false where one is missing.
    fn fill<'a>(&self, row: &mut Row<'a>, arrays: &'a [ArrayRef], i: usize) -> bool {
        row.numbers.clear();
        row.texts.clear();
        row.lists.clear();
        for ((_, kind), array) in self.arguments.iter().zip(arrays) {
            if array.is_null(i) {
                return false;
            }
            match kind {
                Kind::Number => row.numbers.push(array.as_primitive::<Float64Type>().value(i)),
                Kind::Text => row.texts.push(array.as_string::<i32>().value(i)),
                Kind::List => {
                    let list = array.as_list::<i32>().value(i);
                    row.lists.push(list.as_primitive::<Float64Type>().iter().collect());
                }
                Kind::Texts => return false,
            }
        }
        true
    }

    fn of(&self, row: &Row<'_>) -> Result<Option<Value>> {
        let value = match self.call {
            Call::Numbers(call) => call(&row.numbers).map(Value::Number),
            Call::Row(call) => call(row),
        };
        match value.and_then(Value::checked) {
            Ok(value) => Ok(Some(value)),
            Err(refusal) if is_no_answer(refusal) => Ok(None),
            Err(refusal) => {
                let texts = row.texts.iter().map(|text| format!("'{text}'"));
                let lists = row.lists.iter().map(|list| format!("a list of {}", list.len()));
                let shown: Vec<String> =
                    texts.chain(lists).chain(row.numbers.iter().map(ToString::to_string)).collect();
                exec_err!("{}: {refusal}", called(self.name, &shown))
            }
        }
    }

    fn array(&self, values: Vec<Option<Value>>) -> ArrayRef {
        let values = values.into_iter();
        match self.gives {
            Kind::Number => Arc::new(
                values.map(|v| if let Some(Value::Number(n)) = v { Some(n) } else { None }).collect::<Float64Array>(),
            ),
            Kind::Text => Arc::new(
                values.map(|v| if let Some(Value::Text(t)) = v { Some(t) } else { None }).collect::<StringArray>(),
            ),
            Kind::List => {
                let lists = values.map(|v| if let Some(Value::List(list)) = v { Some(list) } else { None });
                Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>(lists))
            }
            Kind::Texts => Arc::new(text_lists(values)),
        }
    }
}

fn text_lists(values: impl Iterator<Item = Option<Value>>) -> ListArray {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for value in values {
        match value {
            Some(Value::Texts(texts)) => lists.append_value(texts),
            _ => lists.append_null(),
        }
    }
    lists.finish()
}
