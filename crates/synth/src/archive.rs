//! Archives whose bytes depend on nothing but their content: no compression and no times.
//!
//! Writers of workbooks stamp entries with the time of the day, and order what they write by chance, so that
//! none of them gives the same bytes twice.

/// The first day that an archive can name, and midnight.
const STAMP: [u8; 4] = [0, 0, 0x21, 0];

/// The version of the format that can store entries.
const VERSION: [u8; 2] = [10, 0];

/// Puts entries into a zip archive, stored as they are, in this order.
///
/// `None` where an entry or the archive is larger than the format allows (4 GB).
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Option<Vec<u8>> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let offset = u32::try_from(archive.len()).ok()?.to_le_bytes();
        let shared = shared_header(name, content)?;
        archive.extend(b"PK\x03\x04");
        archive.extend(&shared);
        archive.extend(name.as_bytes());
        archive.extend(*content);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION);
        directory.extend(&shared);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(entries.len()).ok()?.to_le_bytes();
    let start = u32::try_from(archive.len()).ok()?.to_le_bytes();
    let length = u32::try_from(directory.len()).ok()?.to_le_bytes();
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, count].concat());
    archive.extend([length, start].concat());
    archive.extend([0; 2]);
    Some(archive)
}

/// What an entry's two headers have in common: version, flags, method, time, sum, sizes and lengths.
fn shared_header(name: &str, content: &[u8]) -> Option<Vec<u8>> {
    let size = u32::try_from(content.len()).ok()?.to_le_bytes();
    let mut header = VERSION.to_vec();
    header.extend([0; 4]);
    header.extend(STAMP);
    header.extend(crc32(content).to_le_bytes());
    header.extend([size, size].concat());
    header.extend(u16::try_from(name.len()).ok()?.to_le_bytes());
    header.extend([0; 2]);
    Some(header)
}

/// The sum by which a reader knows that an entry is whole.
fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 256] = std::array::from_fn(|i| {
        (0..8).fold(u32::try_from(i).unwrap_or_default(), |sum, _| {
            if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 }
        })
    });
    !bytes.iter().fold(!0, |sum, byte| table[usize::from((sum as u8) ^ byte)] ^ (sum >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_the_one_that_the_standard_gives() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn an_archive_names_its_entries_and_stores_them_as_they_are() {
        let archive = zip(&[("a.txt", b"one"), ("b/c.txt", b"two")]).unwrap();
        let text = String::from_utf8_lossy(&archive);
        assert!(text.contains("a.txtone") && text.contains("b/c.txttwo"));
        assert_eq!(text.matches("PK").count(), 5);
    }
}
