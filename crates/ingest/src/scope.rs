//! Rules by which rows are left out on purpose.

use serde::Deserialize;

/// Rows that are left out on purpose.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeRule {
    /// The rule's kebab-case name.
    pub rule: String,
    /// The column that decides.
    pub column: String,
    /// The values for which a row is left out.
    #[serde(default)]
    pub values: Vec<String>,
    /// What a value begins with for which a row is left out.
    #[serde(default)]
    pub begins: Vec<String>,
    /// Whether a row is left out where anything at all stands there.
    #[serde(default)]
    pub filled: bool,
    /// Whether a row of an authority of the register stays all the same.
    #[serde(default)]
    pub unless_authority: bool,
    /// Why, in words.
    pub why: String,
}

impl ScopeRule {
    /// Whether a value of the column leaves its row out.
    #[must_use]
    pub fn leaves_out(&self, value: &str) -> bool {
        let value = value.trim();
        self.values.iter().any(|left_out| left_out == value)
            || self.begins.iter().any(|start| value.starts_with(start.as_str()))
            || (self.filled && !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_left_out_by_a_value_a_beginning_or_anything_at_all() {
        let rule = |values: &[&str], begins: &[&str], filled| ScopeRule {
            rule: "r".to_owned(),
            column: "c".to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            begins: begins.iter().map(|start| (*start).to_owned()).collect(),
            filled,
            unless_authority: false,
            why: "w".to_owned(),
        };
        assert!(rule(&["W1"], &[], false).leaves_out(" W1 ") && !rule(&["W1"], &[], false).leaves_out("W12"));
        assert!(rule(&[], &["W"], false).leaves_out("W12") && !rule(&[], &["W"], false).leaves_out(""));
        assert!(rule(&[], &[], true).leaves_out("x") && !rule(&[], &[], true).leaves_out(" "));
    }
}
