//! What is indexed: passages of published reports and of shared documents.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Who may see a passage; the ids are those of the lake's classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Anyone: it was published.
    #[default]
    Public,
    /// Inspectors and analysts: it was shared with them.
    Official,
    /// Named persons: it was told in confidence. Never indexed.
    Restricted,
}

impl Class {
    /// The kebab-case id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Official => "official",
            Self::Restricted => "restricted",
        }
    }

    /// The class with this id, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Public, Self::Official, Self::Restricted].into_iter().find(|class| class.id() == id)
    }
}

/// A piece of a document that is found as one: a finding, a claim of a self-evaluation, a paragraph of a letter.
///
/// Only `text` is searched. What stands before and after belongs to other passages and is shown, not searched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// Its id, unique in its index.
    pub id: String,
    /// Who may see it.
    pub class: Class,
    /// What it is taken from: `finding`, `self-evaluation`, ….
    pub source_kind: String,
    /// The document or inspection it belongs to.
    pub document_id: String,
    /// The authority's stable code.
    pub authority_code: String,
    /// The authority's name.
    pub authority_name: String,
    /// The day it was published or shared; nothing where that is not known.
    pub date: Option<Date>,
    /// The day from which another version of it stands in its place, such as a report that was published again.
    pub until: Option<Date>,
    /// The kind of inspection, or `self-evaluation`.
    pub kind: String,
    /// The heading it stands under.
    pub section: Option<String>,
    /// What it states: `strength`, `needs-to-improve`, ….
    pub statement: Option<String>,
    /// The evaluation heading it speaks to.
    pub criterion_id: Option<String>,
    /// The topic of focused visits it speaks to.
    pub focus_topic_id: Option<String>,
    /// The page, from 1.
    pub page: Option<u32>,
    /// Its words.
    pub text: String,
    /// What stands before it in the document.
    pub context_before: Option<String>,
    /// What stands after it in the document.
    pub context_after: Option<String>,
    /// The source, as the lake's table `source` names it.
    pub source_id: String,
    /// The source's release.
    pub release: String,
    /// The file, relative to the sources' folder.
    pub file_name: String,
}
