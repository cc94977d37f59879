//! Insight: the models that turn facts into evidence, and the checks that hold them to account.
//!
//! What a SELECT can say is a file in `sql/`; what needs an algorithm is a Rust model here. This
//! crate hands its list of models to the runner in `lais-lake`; it must never read a published file,
//! and must never know a page or a command.

mod attention;
mod authority;
mod backtest;
mod columns;
mod figures;
mod funnel;
mod inspection_link;
mod passages;
mod risk;
mod search_index;
mod session;
mod signals;
mod sql;
mod trend;

pub use authority::{Named, NotOne, find_authority};
pub use backtest::{
    About, BacktestError, DecisionPoint, Group, LeftOut, NOT_SHOWN, Options as BacktestOptions, OrdinalResult, Outcome,
    Report as BacktestReport, RuleAgreement, SignalResult, StratumResult, Tried, Verdict, WithBuilt, backtest,
};
pub use passages::passages;
pub use search_index::{IndexError, open_indexes};
pub use session::{AsAt, limit, session_at};
pub use sql::{checks, models};
