//! The golden values: every file of the folder, every case of it, within the tolerance that its README states.

mod funnel;
#![expect(unreachable_pub, missing_docs, reason = "a test binary")]

mod belief;
mod harness;
mod intervals;
mod many;
mod overdispersion;
mod series;
