//! stub
use serde::Serialize;
/// m
#[derive(Clone,Debug,Default,PartialEq,Serialize)]
pub struct Mapping{ /// c
 pub criterion_id: Option<String> }
pub(crate) fn topics_of_scope(s:&str)->Vec<&'static str>{ if s.is_empty(){vec![]}else{vec!["front-door"]} }

pub(crate) fn map(_s:&str,_t:&str)->Mapping{Mapping::default()}
