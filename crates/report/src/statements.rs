//! stub
use crate::body::Body; use lais_framework::Kind; use crate::report::Statement;
#[derive(Default)]
pub(crate) struct Findings { pub(crate) statements: Vec<Statement>, pub(crate) left_out: Vec<(&'static str,u32)>, pub(crate) priority_heading: bool }
pub(crate) fn read(body:&Body,_k:Kind)->Findings{ let p=body.rows.iter().any(|r|r.plain.starts_with("areas for priority action")||r.plain.starts_with("area for priority action")||r.plain.starts_with("priority and immediate action")); Findings{priority_heading:p,..Default::default()} }
pub(crate) fn says_priority_action(_t:&str)->bool{false}
