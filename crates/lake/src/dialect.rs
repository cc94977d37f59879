//! The dialect gate: what a model may not say, because another engine would refuse it or because
//! its answer could change from run to run.

use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::logical_expr::expr::{AggregateFunction, WindowFunction};
use datafusion::logical_expr::{Distinct, Expr, ExprSchemable as _, LogicalPlan, Volatility};

use crate::error::{LakeError, Result};

/// Something a model says that the gate refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding(pub String);

/// Aggregates whose result over floating point depends on the order of rows.
const FLOAT_SENSITIVE: [&str; 11] =
    ["sum", "avg", "mean", "stddev", "stddev_pop", "stddev_samp", "var", "var_pop", "var_samp", "corr", "covar"];

/// Aggregates and window functions that mean nothing without an order.
const ORDER_SENSITIVE: [&str; 10] = [
    "array_agg",
    "string_agg",
    "first_value",
    "last_value",
    "nth_value",
    "row_number",
    "ntile",
    "lag",
    "lead",
    "listagg",
];

/// Refuses a model whose plan another engine could answer differently; the first finding is named.
///
/// # Errors
/// [`LakeError::Dialect`] with what to write instead.
pub fn gate(file: &str, plan: &LogicalPlan, must_be_ordered: bool) -> Result<()> {
    match gate_plan(plan, must_be_ordered).into_iter().next() {
        None => Ok(()),
        Some(Finding(reason)) => Err(LakeError::Dialect { model: file.to_owned(), reason }),
    }
}

/// Everything in a plan that the gate refuses.
#[must_use]
pub fn gate_plan(plan: &LogicalPlan, must_be_ordered: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(error) = crate::engine::read_only().verify_plan(plan) {
        findings.push(Finding(format!("a model is one SELECT: {}", error.strip_backtrace())));
    }
    if must_be_ordered && !is_sorted(plan) {
        findings.push(Finding(
            "its last line is not ORDER BY its key; without one its rows come in another order each time".to_owned(),
        ));
    }
    let walked = plan.apply_with_subqueries(|node| {
        inspect_node(node, &mut findings);
        node.apply_expressions(|expression| {
            expression.apply(|inner| {
                inspect_expression(inner, node, &mut findings);
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    if let Err(error) = walked {
        findings.push(Finding(format!("its plan cannot be walked: {}", error.strip_backtrace())));
    }
    findings
}

fn is_sorted(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Sort(_) => true,
        LogicalPlan::Projection(p) => is_sorted(&p.input),
        LogicalPlan::SubqueryAlias(p) => is_sorted(&p.input),
        LogicalPlan::Limit(p) => is_sorted(&p.input),
        _ => false,
    }
}

fn inspect_node(node: &LogicalPlan, findings: &mut Vec<Finding>) {
    match node {
        LogicalPlan::Limit(limit) if !is_sorted(&limit.input) => {
            findings
                .push(Finding("LIMIT without ORDER BY takes other rows each time; order by a total key".to_owned()));
        }
        LogicalPlan::Distinct(Distinct::On(on)) if on.sort_expr.is_none() => findings
            .push(Finding("DISTINCT ON without ORDER BY keeps another row each time; order by a total key".to_owned())),
        LogicalPlan::RecursiveQuery(_) => {
            findings.push(Finding("a recursive query does not run on a cluster".to_owned()));
        }
        _ => {}
    }
}

fn inspect_expression(expression: &Expr, node: &LogicalPlan, findings: &mut Vec<Finding>) {
    match expression {
        Expr::AggregateFunction(AggregateFunction { func, params }) => {
            inspect_call(func.name(), &params.args, !params.order_by.is_empty(), node, findings);
        }
        Expr::WindowFunction(window) => {
            let WindowFunction { fun, params } = window.as_ref();
            inspect_call(fun.name(), &params.args, !params.order_by.is_empty(), node, findings);
        }
        Expr::ScalarFunction(call) if call.func.signature().volatility != Volatility::Immutable => {
            findings.push(Finding(format!(
                "{} changes from run to run; give what it gives as a parameter such as $as_at",
                call.func.name()
            )));
        }
        _ => {}
    }
}

fn inspect_call(name: &str, arguments: &[Expr], ordered: bool, node: &LogicalPlan, findings: &mut Vec<Finding>) {
    if name.starts_with("approx_") {
        findings.push(Finding(format!("{name} differs from run to run; use quantile7 or count(DISTINCT …)")));
    }
    if ORDER_SENSITIVE.contains(&name) && !ordered {
        findings
            .push(Finding(format!("{name} without ORDER BY gives another answer each time; order it by a total key")));
    }
    if FLOAT_SENSITIVE.contains(&name) && arguments.iter().any(|argument| is_float(argument, node)) {
        findings.push(Finding(format!(
            "{name} over floating point changes in its last digits with the order of rows; cast to decimal first"
        )));
    }
}

/// Whether an expression is floating point in what the node reads; unknown counts as not.
fn is_float(expression: &Expr, node: &LogicalPlan) -> bool {
    node.inputs().iter().any(|input| expression.get_type(input.schema()).is_ok_and(|data_type| data_type.is_floating()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    async fn findings(select: &str) -> Vec<String> {
        let context = Engine::Embedded.session();
        let given = "SELECT * FROM (VALUES (1, 1.5e0, 'a'), (2, 2.5e0, 'b')) AS t(k, x, s)";
        let plan = context.state().create_logical_plan(given).await.unwrap();
        let table = datafusion::datasource::ViewTable::new(plan, None);
        context.register_table("t", std::sync::Arc::new(table)).unwrap();
        let plan = context.state().create_logical_plan(select).await.unwrap();
        gate_plan(&plan, true).into_iter().map(|Finding(reason)| reason).collect()
    }

    #[tokio::test]
    async fn a_well_posed_model_passes() {
        for select in [
            "SELECT k, sum(cast(x AS decimal(20, 6))) AS s FROM t GROUP BY k ORDER BY k",
            "SELECT k, rank() OVER (ORDER BY x) AS r FROM t ORDER BY k",
            "SELECT k, quantile7(x, 0.5) AS q FROM t GROUP BY k ORDER BY k",
            "SELECT k FROM t ORDER BY k LIMIT 1",
            "SELECT first_value(s ORDER BY k) AS f FROM t ORDER BY f",
        ] {
            assert_eq!(findings(select).await, Vec::<String>::new(), "{select}");
        }
    }

    #[tokio::test]
    async fn what_could_change_from_run_to_run_is_refused() {
        for (select, word) in [
            ("SELECT sum(x) AS s FROM t ORDER BY s", "floating point"),
            ("SELECT avg(x) OVER (PARTITION BY s ORDER BY k) AS a FROM t ORDER BY a", "floating point"),
            ("SELECT k FROM (SELECT sum(x) AS k FROM t) ORDER BY k", "floating point"),
            ("SELECT k FROM t", "ORDER BY its key"),
            ("SELECT * FROM (SELECT k FROM t LIMIT 1) ORDER BY k", "LIMIT without"),
            ("SELECT k, row_number() OVER () AS n FROM t ORDER BY k", "row_number"),
            ("SELECT string_agg(s, ',') AS a FROM t ORDER BY a", "string_agg"),
            ("SELECT approx_distinct(k) AS n FROM t ORDER BY n", "approx_distinct"),
            ("SELECT random() AS r FROM t ORDER BY r", "random"),
            ("SELECT now() AS d FROM t ORDER BY d", "now"),
            ("SELECT k FROM t WHERE k IN (SELECT k FROM t LIMIT 1) ORDER BY k", "LIMIT without"),
        ] {
            let found = findings(select).await;
            assert!(found.iter().any(|reason| reason.contains(word)), "{select}: {found:?}");
        }
    }

    #[tokio::test]
    async fn a_model_that_writes_is_refused() {
        let context = Engine::Embedded.session();
        for statement in ["CREATE TABLE a AS SELECT 1 AS k", "COPY (SELECT 1 AS k) TO '/nowhere/a.parquet'"] {
            let plan = context.state().create_logical_plan(statement).await.unwrap();
            let found = gate_plan(&plan, false);
            assert!(found.iter().any(|Finding(reason)| reason.contains("one SELECT")), "{statement}: {found:?}");
        }
    }
}
