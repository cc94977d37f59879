//! Finding the authority that a person means.

use std::collections::BTreeSet;

use arrow::array::AsArray as _;
use datafusion::prelude::SessionContext;
use lais_ingest::normal_name;
use lais_lake::Result;

/// An authority that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Its stable code.
    pub authority_code: String,
    /// Its name.
    pub name: String,
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.authority_code)
    }
}

/// Why what was asked for is not one authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotOne {
    /// Nothing is called so.
    None(String),
    /// Several are.
    Several(String, Vec<Named>),
}

impl std::fmt::Display for NotOne {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None(asked) => write!(f, "no authority has the code or name {asked:?}"),
            Self::Several(asked, found) => {
                let names: Vec<String> = found.iter().map(Named::to_string).collect();
                write!(f, "{asked:?} could be {}; give the code", names.join(", "))
            }
        }
    }
}

/// The one authority that a code of any vintage, a name or another spelling means, or why there is not one.
///
/// # Errors
/// Where the session cannot be asked.
pub async fn find_authority(session: &SessionContext, asked: &str) -> Result<std::result::Result<Named, NotOne>> {
    let mut found = find_authorities(session, asked).await?;
    Ok(match found.len() {
        0 => Err(NotOne::None(asked.to_owned())),
        1 => Ok(found.remove(0)),
        _ => Err(NotOne::Several(asked.to_owned(), found)),
    })
}

/// The authorities that a code of any vintage, a name or another spelling means.
///
/// Of several that are called so exactly, those that exist today; where nothing is called so, those that exist today
/// and whose names begin so. An empty answer is no error.
///
/// # Errors
/// Where the session cannot be asked.
async fn find_authorities(session: &SessionContext, asked: &str) -> Result<Vec<Named>> {
    let known = session.sql(include_str!("../../../sql/lookups/authority_by_name.sql")).await?.collect().await?;
    let wanted = normal_name(asked);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let (mut living, mut exact, mut beginning) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for batch in &known {
        let column = |i: usize| batch.column(i).as_string::<i32>();
        let lives = batch.column(3).as_boolean();
        for (((spelling, code), name), lives) in column(0).iter().zip(column(1)).zip(column(2)).zip(lives) {
            let (Some(spelling), Some(code), Some(name)) = (spelling, code, name) else { continue };
            let known_as = normal_name(spelling);
            let found = || Named { authority_code: code.to_owned(), name: name.to_owned() };
            if known_as == wanted {
                exact.insert(found());
                if lives == Some(true) {
                    living.insert(found());
                }
            } else if lives == Some(true) && spelling == name && wanted.len() > 2 && known_as.starts_with(&wanted) {
                beginning.insert(found());
            }
        }
    }
    let found = [living, exact, beginning].into_iter().find(|found| !found.is_empty());
    Ok(found.unwrap_or_default().into_iter().collect())
}
