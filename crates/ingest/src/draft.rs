//! stub
#[derive(Debug)]
pub struct Drafted;
#[derive(Debug)]
pub struct DraftError;
pub fn draft() {}
