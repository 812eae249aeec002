//! Columns of a CSV file and what they fill: the header line, and the pairs that `--map` gives.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::rows::split;
use crate::network::mapping::{Field, Found, Mapping, Record, Source};

/// The first line of a CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub names: Vec<String>,
    pub delimiter: u8,
}

impl Header {
    /// Whichever of comma, semicolon and tab stands in the first line most often.
    pub fn guess_delimiter(text: &[u8]) -> u8 {
        let line = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
        let count = |delimiter: u8| line.iter().filter(|byte| **byte == delimiter).count();
        let best = [b'\t', b';', b',']
            .into_iter()
            .max_by_key(|delimiter| count(*delimiter));
        best.unwrap_or(b',')
    }

    pub fn parse(line: &[u8], delimiter: u8) -> Result<Self, String> {
        let text =
            std::str::from_utf8(line).map_err(|_| "the line with the names of the columns is not UTF-8")?;
        let cells =
            split(text, delimiter).map_err(|why| format!("the line with the names of the columns: {why}"))?;
        Ok(Self {
            names: cells.iter().map(|cell| cell.trim().to_owned()).collect(),
            delimiter,
        })
    }

    pub fn check_width(&self, cells: usize) -> Result<(), String> {
        if cells == self.names.len() {
            Ok(())
        } else {
            Err(format!(
                "the row has {cells} cells, the file has {} columns",
                self.names.len()
            ))
        }
    }

    /// By name as it stands; failing that without regard to case.
    fn column(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|column| column == name);
        exact.or_else(|| {
            self.names
                .iter()
                .position(|column| column.eq_ignore_ascii_case(name))
        })
    }
}

/// The pairs of `--map`: a field and a column, or a field and a constant (`network==x`).
#[derive(Clone, Debug, Default)]
pub struct ColumnMap(Vec<(Field, Source<String>)>);

impl ColumnMap {
    /// Reads pairs as typed.
    pub fn parse(pairs: &[String]) -> Result<Self, String> {
        let mut map = Vec::new();
        for pair in pairs {
            let Some((field, column)) = pair.split_once('=') else {
                return Err(format!(
                    "--map {pair}: write FIELD=COLUMN, such as text=tweet, or FIELD==CONSTANT, such as network==x"
                ));
            };
            let field = Field::parse(field.trim()).map_err(|why| format!("--map {pair}: {why}"))?;
            map.push((
                field,
                match column.strip_prefix('=') {
                    Some(constant) => Source::Constant(constant.to_owned()),
                    None => Source::At(column.trim().to_owned()),
                },
            ));
        }
        Ok(Self(map))
    }

    /// The mapping for a file with this header. Without pairs, columns that are called like fields fill them.
    pub(super) fn columns(self, header: &Header) -> Result<Mapping<usize>, String> {
        let mut mapping = Mapping::default();
        if self.0.is_empty() {
            for field in Field::ALL {
                if let Some(column) = header.column(field.word()) {
                    mapping.also(field, Source::At(column));
                }
            }
        }
        for (field, source) in self.0 {
            match source {
                Source::Constant(constant) => mapping.also(field, Source::Constant(constant)),
                Source::At(name) => match header.column(&name) {
                    Some(column) => mapping.also(field, Source::At(column)),
                    None => {
                        return Err(format!(
                            "--map {}={name}: the file has no column “{name}”; its columns are {}",
                            field.word(),
                            header.names.join(", ")
                        ));
                    }
                },
            }
        }
        if mapping.has(Field::Text) || mapping.has(Field::Url) || mapping.has(Field::Rating) {
            Ok(mapping)
        } else {
            Err(format!(
                "no column fills the text; add --map text=COLUMN, with one of {}",
                header.names.join(", ")
            ))
        }
    }
}

/// The cells of one row.
pub(super) struct CsvRow<'a>(pub &'a [Cow<'a, str>]);

impl Record for CsvRow<'_> {
    type Place = usize;

    fn find(&self, column: &usize) -> Option<Found<'_>> {
        let cell = self.0.get(*column)?;
        Some(Found::Text(Cow::Borrowed(cell)))
    }

    fn fingerprint(&self, into: &mut Sha256) {
        for cell in self.0 {
            into.update(cell.as_bytes());
            into.update([0x1f]);
        }
    }
}
