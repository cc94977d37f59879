//! The one list of SQL functions that LAIS adds to every engine.
//!
//! Functions are deterministic, stateless and free of settings, so that they can travel to another
//! process by name. Each is a thin dress over a function of `lais-stats`: a line of a list, which says
//! its name, arguments, meaning and an example, and which function it calls.
//!
//! What a row lacks is said by SQL's own means: where an argument is missing, or the method has no answer for the
//! row (no children, too few areas), the result is NULL. What cannot be meant (a level of 95, more counted than there
//! are) is an error that names the function and its arguments.

mod aggregate;
mod lists;
mod scalar;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use datafusion::prelude::SessionContext;
use lais_stats::Refusal;

use aggregate::Aggregate;
use scalar::Scalar;

/// What a reader of `lais functions` is told of one function.
#[derive(Clone, Debug)]
pub struct FunctionDoc {
    /// Its name in SQL.
    pub name: &'static str,
    /// `aggregate` or `scalar`.
    pub kind: &'static str,
    /// How it is called.
    pub signature: String,
    /// What it gives, in one sentence.
    pub description: &'static str,
    /// A call that works on any snapshot.
    pub example: &'static str,
}

/// The functions that SQL may call beside the engine's own, in order of name.
#[must_use]
pub fn documented() -> Vec<FunctionDoc> {
    let scalars = lists::SCALARS.iter().flat_map(|list| list.iter()).map(Scalar::doc);
    let aggregates = lists::AGGREGATES.iter().flat_map(|list| list.iter()).map(Aggregate::doc);
    let mut all: Vec<_> = scalars.chain(aggregates).collect();
    all.sort_by_key(|doc| doc.name);
    all
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
    lists::SCALARS.iter().flat_map(|list| list.iter()).map(Scalar::function).collect()
}

pub(crate) fn aggregate_functions() -> Vec<AggregateUDF> {
    lists::AGGREGATES.iter().flat_map(|list| list.iter()).map(Aggregate::function).collect()
}

/// Whether a refusal says that there is no answer, rather than that the question cannot be meant.
fn is_no_answer(refusal: Refusal) -> bool {
    match refusal {
        Refusal::Empty | Refusal::Zero(_) | Refusal::TooFew { .. } | Refusal::Missing(_) | Refusal::Undefined(_) => {
            true
        }
        Refusal::NotAProbability
        | Refusal::NotALevel
        | Refusal::NotFinite
        | Refusal::Negative(_)
        | Refusal::NumeratorAboveDenominator
        | Refusal::Unknown(_)
        | Refusal::LengthsDiffer(_) => false,
    }
}

/// A call as it stands in SQL, for messages: `wilson_low(6, 5, 0.95)`.
fn called(name: &str, arguments: &[String]) -> String {
    format!("{name}({})", arguments.join(", "))
}
