//! The dated file of domains and weights, `crates/insight/risk.toml`.

use serde::Deserialize;

static FILE: &str = include_str!("../../risk.toml");

/// Domains, weights and draws.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    /// The day of the edition.
    pub(super) edition: String,
    /// How many authorities the first group has.
    pub(super) first_group: usize,
    pub(super) rank_draws: u32,
    pub(super) weight_draws: u32,
    pub(super) seed: u64,
    pub(super) domains: Vec<Domain>,
}

/// A domain: a group of criteria.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Domain {
    pub(super) id: String,
    pub(super) weight: f64,
    criteria: Vec<String>,
}

impl Plan {
    /// The plan as it was built in.
    ///
    /// # Errors
    /// Where the file is no such plan.
    pub(super) fn built_in() -> Result<Self, String> {
        toml::from_str(FILE).map_err(|e| format!("risk.toml: {e}"))
    }

    /// The position of the domain that a criterion belongs to.
    pub(super) fn domain_of(&self, criterion: &str) -> Option<usize> {
        self.domains.iter().position(|domain| domain.criteria.iter().any(|begins| criterion.starts_with(begins)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_criterion_of_the_framework_has_its_domain() {
        let plan = Plan::built_in().unwrap();
        let domain = |criterion: &str| plan.domains[plan.domain_of(criterion).unwrap()].id.clone();
        assert_eq!(domain("cc-care-leavers"), "care-leavers");
        assert_eq!(domain("cc-health"), "in-care");
        for criterion in lais_framework::criteria() {
            plan.domain_of(&criterion.id).unwrap_or_else(|| panic!("{} is in no domain", criterion.id));
        }
        assert_eq!(plan.domain_of("other"), None);
    }
}
