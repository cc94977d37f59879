//! Finding the authority that a person means.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::AsArray as _;
use datafusion::prelude::SessionContext;
use lais_ingest::{normal_name, shorter_name};
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
    /// Nothing is called so; these are called nearly so.
    None(String, Vec<Named>),
    /// Several are.
    Several(String, Vec<Named>),
}

impl std::fmt::Display for NotOne {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |found: &[Named], between: &str| -> String {
            let names: Vec<String> = found.iter().map(Named::to_string).collect();
            names.join(between)
        };
        match self {
            Self::None(asked, near) if near.is_empty() => write!(f, "no authority has the code or name {asked:?}"),
            Self::None(asked, near) => {
                write!(f, "no authority has the code or name {asked:?}; did you mean {}?", list(near, " or "))
            }
            Self::Several(asked, found) => write!(f, "{asked:?} could be {}; give the code", list(found, ", ")),
        }
    }
}

/// The one authority that a code of any vintage, a name or another spelling means, or why there is not one.
///
/// Words that say what kind of council it is ("Birmingham City Council") may stand beside a name. Of several that are
/// called so exactly, the one that exists today; where nothing is called so, the one that exists today and whose name
/// begins so.
///
/// # Errors
/// Where the session cannot be asked.
pub async fn find_authority(session: &SessionContext, asked: &str) -> Result<std::result::Result<Named, NotOne>> {
    let known = known(session).await?;
    let wanted = normal_name(asked);
    let mut found = meant(&known, &wanted);
    Ok(match found.len() {
        0 => Err(NotOne::None(asked.to_owned(), near(&known, &wanted))),
        1 => Ok(found.remove(0)),
        _ => Err(NotOne::Several(asked.to_owned(), found)),
    })
}

/// A code, a name or a spelling of an authority.
struct Known {
    /// As names are compared.
    known_as: String,
    named: Named,
    /// Whether it is the authority's name itself.
    is_name: bool,
    /// Whether the authority exists today.
    lives: bool,
}

async fn known(session: &SessionContext) -> Result<Vec<Known>> {
    let rows = session.sql(include_str!("../../../sql/lookups/authority_by_name.sql")).await?.collect().await?;
    let mut known = Vec::new();
    for batch in &rows {
        let column = |i: usize| batch.column(i).as_string::<i32>();
        let lives = batch.column(3).as_boolean();
        for (((spelling, code), name), lives) in column(0).iter().zip(column(1)).zip(column(2)).zip(lives) {
            let (Some(spelling), Some(code), Some(name)) = (spelling, code, name) else { continue };
            known.push(Known {
                known_as: normal_name(spelling),
                named: Named { authority_code: code.to_owned(), name: name.to_owned() },
                is_name: spelling == name,
                lives: lives == Some(true),
            });
        }
    }
    Ok(known)
}

/// The authorities that are meant; none where nothing is called so.
fn meant(known: &[Known], wanted: &str) -> Vec<Named> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let beginning =
        || all(known, |one| one.lives && one.is_name && wanted.len() > 2 && one.known_as.starts_with(wanted));
    let found = called(known, wanted);
    let found = if found.is_empty() { beginning() } else { found };
    if found.is_empty() { titled(known, wanted) } else { found }
}

/// The authorities that are called exactly so: those that exist today before others.
fn called(known: &[Known], name: &str) -> Vec<Named> {
    let living = all(known, |one| one.lives && one.known_as == name);
    if living.is_empty() { all(known, |one| one.known_as == name) } else { living }
}

/// The authorities of whose name a title is, such as a council's full one.
fn titled(known: &[Known], title: &str) -> Vec<Named> {
    let mut name = title;
    while let Some(shorter) = shorter_name(name) {
        name = shorter;
        let found = called(known, name);
        if found.is_empty() {
            continue;
        }
        // Beside a city lies or lay a shire of its name: "Nottingham County Council" is neither for certain.
        let may_be_shire = title.split(' ').any(|word| word == "county");
        let is_neither = may_be_shire && !called(known, &format!("{name}shire")).is_empty();
        return if is_neither { Vec::new() } else { found };
    }
    Vec::new()
}

/// Those of nearly that name, the nearest first: for one letter in four, another one.
fn near(known: &[Known], wanted: &str) -> Vec<Named> {
    let mut name = wanted;
    while let Some(shorter) = shorter_name(name) {
        name = shorter;
    }
    let most = (name.chars().count() / 4).max(1);
    let distance = |one: &Known| {
        let begins = name.len() > 3 && one.known_as.starts_with(name);
        if begins { 1 } else { strsim::osa_distance(name, &one.known_as) }
    };
    // Codes are no names.
    let spelt = known.iter().filter(|one| !one.known_as.chars().any(|letter| letter.is_ascii_digit()));
    let mut nearest: BTreeMap<&Named, (usize, bool)> = BTreeMap::new();
    for one in spelt {
        let far = (distance(one), !one.lives);
        nearest.entry(&one.named).and_modify(|held| *held = far.min(*held)).or_insert(far);
    }
    let mut nearest: Vec<((usize, bool), &Named)> = nearest.into_iter().map(|(named, far)| (far, named)).collect();
    nearest.retain(|((far, _), _)| *far <= most);
    nearest.sort();
    nearest.into_iter().take(3).map(|(_, named)| named.clone()).collect()
}

fn all(known: &[Known], is_meant: impl Fn(&Known) -> bool) -> Vec<Named> {
    let found: BTreeSet<&Named> = known.iter().filter(|one| is_meant(one)).map(|one| &one.named).collect();
    found.into_iter().cloned().collect()
}
