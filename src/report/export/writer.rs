//! Writes rows of cells in one of the two formats, one at a time. Knows nothing of what they mean.

use std::io::{self, Write};

use serde::{Serializer, ser::SerializeMap};

use super::Format;
use super::cell::Cell;

pub(super) struct Rows<W: Write> {
    sink: Sink<W>,
    columns: &'static [&'static str],
    written: u64,
}

enum Sink<W: Write> {
    Csv(Box<csv::Writer<W>>),
    JsonLines(io::BufWriter<W>),
}

impl<W: Write> Rows<W> {
    /// A CSV file starts with its header, also when no row follows.
    pub fn new(format: Format, columns: &'static [&'static str], out: W) -> io::Result<Self> {
        let sink = match format {
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(columns).map_err(as_io)?;
                Sink::Csv(Box::new(writer))
            }
            Format::JsonLines => Sink::JsonLines(io::BufWriter::new(out)),
        };
        Ok(Self {
            sink,
            columns,
            written: 0,
        })
    }

    pub fn write(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.written += 1;
        match &mut self.sink {
            Sink::Csv(writer) => writer
                .write_record(cells.iter().map(Cell::in_spreadsheet))
                .map_err(as_io),
            Sink::JsonLines(out) => {
                let mut json = serde_json::Serializer::new(&mut *out);
                let mut object = json.serialize_map(Some(cells.len()))?;
                for (column, cell) in self.columns.iter().zip(cells) {
                    object.serialize_entry(column, cell)?;
                }
                object.end()?;
                out.write_all(b"\n")
            }
        }
    }

    /// Flushes; returns how many rows were written.
    pub fn finish(mut self) -> io::Result<u64> {
        match &mut self.sink {
            Sink::Csv(writer) => writer.flush()?,
            Sink::JsonLines(out) => out.flush()?,
        }
        Ok(self.written)
    }
}

/// The CSV writer's errors are the file's, since our rows all have the same length.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
