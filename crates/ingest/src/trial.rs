//! A file read by itself, as a build would read it, without a table of it: for fuzzing.

use std::collections::BTreeMap;

use lais_lake::{Class, LakeError, Writer, sha256_hex};

use crate::decisions::Decisions;
use crate::file::Shared;
use crate::ingest::{FileReport, IngestError, Outcome, recognise_and_read};
use crate::input::{Fault, Input};
use crate::pipeline::Pipeline;
use crate::pipelines::Loaded;
use crate::register::Register;

/// What reading one file after another needs.
#[derive(Debug)]
pub struct Trial {
    loaded: Vec<Loaded>,
    pipelines: Vec<Pipeline>,
    register: Register,
    writer: Writer,
    restricted: Writer,
}

impl Trial {
    /// Makes ready to read files by these pipelines and the embedded register; parts of tables go to the lake's store.
    ///
    /// # Errors
    /// [`IngestError`] where the lake cannot be written.
    pub fn new(writer: Writer, loaded: Vec<Loaded>) -> Result<Self, IngestError> {
        let register = Register::embedded().map_err(|fault| IngestError::Sources(fault.to_string()))?;
        let pipelines = loaded.iter().map(|loaded| loaded.pipeline.clone()).collect();
        let restricted = writer.restricted()?;
        Ok(Self { loaded, pipelines, register, writer, restricted })
    }

    /// Reads bytes under a name, and says what became of them; unlike a build it lets a panic of a reader through.
    ///
    /// # Errors
    /// [`LakeError`] where the lake cannot be written.
    pub fn read(&self, name: &str, bytes: &[u8]) -> Result<FileReport, LakeError> {
        let input = Input { name: name.to_owned(), bytes: bytes.to_vec(), sha256: sha256_hex(bytes) };
        let shared = Shared {
            loaded: &self.loaded,
            pipelines: &self.pipelines,
            register: &self.register,
            dictionaries: &BTreeMap::new(),
            decisions: &Decisions::default(),
            writer: &self.writer,
            restricted: &self.restricted,
        };
        let mut report = FileReport::unread(name);
        match recognise_and_read(&shared, &input, "", &mut report, &mut Class::Public) {
            Ok(_) => {}
            Err(Fault::Lake(error)) => return Err(error),
            Err(Fault::Refused(refused)) => {
                report.outcome = Outcome::Refused;
                report.message = refused.reason;
            }
        }
        Ok(report)
    }
}
