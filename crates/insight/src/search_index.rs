//! The indexes of words that lie in a lake beside its snapshots.

use lais_lake::{Class, Engine, Lake, LakeError, Snapshot};
use lais_search::{Identity, Index, OpenError, SearchError, Shelf};

use crate::passages::{class_of, passages};

/// Why an index cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The lake cannot give the passages.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// They cannot be made an index.
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// Opens the indexes of the passages of a snapshot that are of these classes, in their order.
///
/// An index that is not there is made, and one that is stale or damaged gives way to a new one; where the lake cannot
/// be written to it is made in memory. Indexes of other classes are not looked at, nor are tables that fewer people
/// may see. `say` is told what a person would wonder about. Making an index blocks the thread.
///
/// # Errors
/// The snapshot cannot be asked, or an index cannot be made.
pub async fn open_indexes(
    engine: &Engine,
    lake: &Lake,
    snapshot: &Snapshot,
    classes: &[Class],
    say: impl Fn(&str),
) -> Result<Vec<Index>, IndexError> {
    let shelf = Shelf::at(&lake.root().join("search"));
    let mut indexes = Vec::new();
    let mut is_new = false;
    for &class in classes {
        let identity = Identity { snapshot: snapshot.manifest().id.clone(), class: class_of(class) };
        let why = match shelf.open(&identity) {
            Ok(index) => {
                indexes.push(index);
                continue;
            }
            Err(why) => why,
        };
        if !matches!(why, OpenError::Absent(_)) {
            say(&why.to_string());
        }
        let found = passages(engine, snapshot, class).await?;
        say(&format!("making the index of what is {}: {} passage(s)", class.id(), found.len()));
        indexes.push(match shelf.restock(&identity, found) {
            Ok(index) => index,
            Err(error @ SearchError::Io { .. }) => {
                say(&format!("{error}; the index is made for this once and not kept"));
                Index::in_memory(&identity, passages(engine, snapshot, class).await?)?
            }
            Err(error) => return Err(error.into()),
        });
        is_new = true;
    }
    if is_new && let Err(error) = shelf.forget(|name| !is_id(name) || lake.root().join("snapshots").join(name).exists())
    {
        say(&error.to_string());
    }
    Ok(indexes)
}

/// Whether a folder's name could be a snapshot's id; others are none of ours.
fn is_id(name: &str) -> bool {
    name.len() == 16 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
