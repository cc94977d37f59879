//! The golden values: every file of the folder, every case of it, within the tolerance that its README states.

mod harness;
mod intervals;
mod series;
#![expect(unreachable_pub, missing_docs, reason = "a test binary")]

mod funnel;
mod harness;
mod many;
mod overdispersion;
