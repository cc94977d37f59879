//! Archives whose bytes depend on nothing but their content: stored as they are, with no time of the day.

use std::io::{Cursor, Write as _};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Puts entries into a zip archive, in this order.
///
/// # Errors
/// Where an entry or the archive is larger than the format allows.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive.start_file(*name, options)?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_stores_its_entries_as_they_are_and_is_the_same_each_time() {
        let archive = || zip(&[("a.txt", b"one"), ("b/c.txt", b"two")]).unwrap();
        let text = String::from_utf8_lossy(&archive()).into_owned();
        assert!(text.contains("a.txtone") && text.contains("b/c.txttwo"));
        assert_eq!(archive(), archive());
    }
}
