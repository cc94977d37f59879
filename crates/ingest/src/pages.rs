//! How large the pages of a Parquet file say they are, read before any is unpacked.
//!
//! A page's header names the bytes it unpacks to, up to two thousand million, and the reader sets them
//! aside before it looks at the page. So a small file could ask for any amount of memory; here the headers
//! alone are walked, in the compact protocol of Thrift in which they are written.

/// What the pages of one column's chunk unpack to, in bytes: the sum, and the largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unpacked {
    pub(crate) sum: u64,
    pub(crate) largest: u64,
}

/// Walks the headers of the pages that lie in `chunk`.
///
/// # Errors
/// A sentence where they cannot be walked to the end.
pub(crate) fn unpacked(chunk: &[u8]) -> Result<Unpacked, String> {
    let mut found = Unpacked::default();
    let mut rest = chunk;
    while !rest.is_empty() {
        let mut header = Compact { rest };
        let (unpacked, packed) = header.page().ok_or("a page has no header that can be read")?;
        found.sum = found.sum.saturating_add(unpacked);
        found.largest = found.largest.max(unpacked);
        let packed = usize::try_from(packed).map_err(|e| e.to_string())?;
        rest = header.rest.get(packed..).ok_or("a page is longer than its column")?;
    }
    Ok(found)
}

/// How deep structures may lie in one another; those of a page's header lie three deep.
const DEEPEST: u8 = 8;

/// Bytes in the compact protocol.
struct Compact<'a> {
    rest: &'a [u8],
}

impl Compact<'_> {
    /// The unpacked and packed size of the page whose header is next.
    fn page(&mut self) -> Option<(u64, u64)> {
        let (mut unpacked, mut packed) = (None, None);
        let mut field = 0;
        while let Some(kind) = self.field(&mut field)? {
            match (field, kind) {
                (2, 5) => unpacked = u64::try_from(self.signed()?).ok(),
                (3, 5) => packed = u64::try_from(self.signed()?).ok(),
                _ => self.skip(kind, DEEPEST)?,
            }
        }
        Some((unpacked?, packed?))
    }

    /// The kind of the next field, whose number goes to `field`; nothing at the end of the structure.
    fn field(&mut self, field: &mut i64) -> Option<Option<u8>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        let step = i64::from(byte >> 4);
        *field = if step == 0 { self.signed()? } else { field.checked_add(step)? };
        Some(Some(byte & 15))
    }

    fn skip(&mut self, kind: u8, deepest: u8) -> Option<()> {
        match kind {
            // A boolean field is its kind alone.
            1 | 2 => Some(()),
            3 => self.byte().map(|_| ()),
            4..=6 => self.unsigned().map(|_| ()),
            7 => self.take(8),
            8 => {
                let length = self.unsigned()?;
                self.take(usize::try_from(length).ok()?)
            }
            9 | 10 => self.skip_list(deepest.checked_sub(1)?),
            12 => {
                let mut field = 0;
                while let Some(kind) = self.field(&mut field)? {
                    self.skip(kind, deepest.checked_sub(1)?)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    fn skip_list(&mut self, deepest: u8) -> Option<()> {
        let byte = self.byte()?;
        let length = if byte >> 4 == 15 { self.unsigned()? } else { u64::from(byte >> 4) };
        for _ in 0..length {
            // In a list a boolean is a byte.
            let kind = if matches!(byte & 15, 1 | 2) { 3 } else { byte & 15 };
            self.skip(kind, deepest)?;
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Option<()> {
        self.rest = self.rest.get(length..)?;
        Some(())
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        i64::try_from(value >> 1).ok().map(|half| if value & 1 == 1 { -half - 1 } else { half })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header: type 0, unpacked and packed size, and a nested structure with a number, a text and a list.
    fn page(unpacked: u64, packed: &[u8]) -> Vec<u8> {
        let number = |mut value: u64| {
            value <<= 1;
            let mut bytes = Vec::new();
            while value >= 128 {
                bytes.push((value & 127) as u8 | 128);
                value >>= 7;
            }
            bytes.push(value as u8);
            bytes
        };
        let nested = [0x15, 4, 0x18, 2, b'a', b'b', 0x19, 0x23, 7, 7, 0];
        [
            vec![0x15, 0, 0x15],
            number(unpacked),
            vec![0x15],
            number(packed.len() as u64),
            vec![0x2c],
            nested.to_vec(),
            vec![0],
            packed.to_vec(),
        ]
        .concat()
    }

    #[test]
    fn the_sizes_that_pages_claim_are_added_up() {
        let chunk = [page(10, b"abc"), page(2_000_000_000, b""), page(300, b"defgh")].concat();
        assert_eq!(unpacked(&chunk), Ok(Unpacked { sum: 2_000_000_310, largest: 2_000_000_000 }));
        assert_eq!(unpacked(b""), Ok(Unpacked::default()));
    }

    #[test]
    fn a_chunk_that_is_cut_short_is_told() {
        let chunk = page(10, b"abc");
        for length in 1..chunk.len() {
            assert!(unpacked(&chunk[..length]).is_err(), "{length}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_walked_without_a_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = unpacked(&bytes);
        }
    }
}
