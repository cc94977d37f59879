//! CSV as publishers write it: quoted only where needed, lines ended by a line feed.

/// A CSV file in memory.
#[derive(Debug)]
pub(crate) struct Csv {
    writer: csv::Writer<Vec<u8>>,
    /// Rows written, the header among them.
    pub(crate) rows: usize,
}

impl Csv {
    /// An empty file, or one that begins with a byte-order mark.
    pub(crate) fn new(has_mark: bool) -> Self {
        let bytes = if has_mark { vec![0xef, 0xbb, 0xbf] } else { Vec::new() };
        Self { writer: csv::WriterBuilder::new().flexible(true).from_writer(bytes), rows: 0 }
    }

    /// Adds a row.
    pub(crate) fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        // Writing to memory cannot fail, and rows may differ in length.
        let written = self.writer.write_record(cells);
        self.rows += usize::from(written.is_ok());
    }

    /// The file.
    pub(crate) fn bytes(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_need_it_and_nowhere_else() {
        let mut csv = Csv::new(true);
        csv.row(["a", "b, c"]);
        csv.row(["", "d"]);
        assert_eq!(csv.rows, 2);
        assert_eq!(csv.bytes(), b"\xef\xbb\xbfa,\"b, c\"\n,d\n");
    }
}
