//! Readers of recordings for `replay`: JSON Lines in our own form (`docs/mentions.md`) and any CSV file through a column
//! mapping. A row that cannot be read is a problem with its line, and the rest goes on.
//!
//! A recording is read twice: once to find every row's place and time, and once, in order of time, to hand out the
//! mentions. So a million rows cost some 24 MB, and a file out of order costs no more than one in order.

mod columns;
mod lines;
mod rows;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use thiserror::Error;

use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::Mention;
use crate::network::mapping::{Mapping, Origin, Pointer};

pub use columns::ColumnMap;
use columns::{CsvRow, Header};
use lines::Lines;
use rows::split;

/// How a recording is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One JSON object per line, in our own form.
    Jsonl,
    /// A first line with the names of the columns; comma, semicolon or tab between them.
    Csv,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word.to_lowercase().as_str() {
            "jsonl" | "ndjson" | "json" => Ok(Self::Jsonl),
            "csv" | "tsv" => Ok(Self::Csv),
            _ => Err(format!(
                "“{word}” is not a format of recordings; there are jsonl and csv"
            )),
        }
    }
}

/// What `replay` is told about a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// None: by the file's ending.
    pub format: Option<Format>,
    /// Pairs as typed, `id=tweet_id`, `network==x`. Empty: columns that are called like our fields.
    pub map: Vec<String>,
    /// The network of rows that name none; `recorded` when empty.
    pub network: String,
    /// Leave HTML entities in texts as they are.
    pub keep_entities: bool,
}

/// Why a file cannot be replayed at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Problem(pub String);

/// Why one row was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    pub line: u64,
    pub why: String,
}

impl std::fmt::Display for RowProblem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "line {}: {}", self.line, self.why)
    }
}

/// Where one good row stands, and when it was written.
#[derive(Clone, Copy, Debug)]
struct Place {
    created: i64,
    offset: u64,
    length: u32,
    line: u32,
}

/// A file whose rows were all found: the good ones by time, the others by line.
#[derive(Debug)]
pub struct Recording {
    places: Vec<Place>,
    /// Rows that were left out, at most [`PROBLEMS_KEPT`] of them; `skipped` counts all.
    pub problems: Vec<RowProblem>,
    pub skipped: u64,
    file: BufReader<File>,
    /// Where `file` stands; none after a failed read.
    at: Option<u64>,
    shape: Shape,
    origin: Origin,
    now: Timestamp,
}

/// How many problems are kept word for word; a file that is wrong throughout says the same a million times.
pub const PROBLEMS_KEPT: usize = 1_000;

/// How a row's bytes become a mention.
#[derive(Debug)]
enum Shape {
    Jsonl(Mapping<Pointer>),
    Csv { header: Header, mapping: Mapping<usize> },
}

impl Shape {
    fn mention(&self, row: &[u8], origin: &Origin, now: Timestamp) -> Result<Mention, String> {
        let text = std::str::from_utf8(row)
            .map_err(|error| format!("the row is not UTF-8 (its byte {})", error.valid_up_to() + 1))?;
        match self {
            Self::Jsonl(mapping) => {
                let record: serde_json::Value = serde_json::from_str(text)
                    .map_err(|error| format!("the row is not JSON: {}", json_problem(&error)))?;
                if !record.is_object() {
                    return Err("the row is not a JSON object".to_owned());
                }
                mapping
                    .mention(&record, origin, now)
                    .map_err(|why| why.to_string())
            }
            Self::Csv { header, mapping } => {
                let cells = split(text, header.delimiter)?;
                header.check_width(cells.len())?;
                mapping
                    .mention(&CsvRow(&cells), origin, now)
                    .map_err(|why| why.to_string())
            }
        }
    }
}

/// serde_json's message without its "at line 1", which is never the line of the file.
fn json_problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let bare = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(bare, _)| bare);
    format!("{bare} (column {})", error.column())
}

/// Finds every row of a recording. `now` stands in for the time of rows that have none.
pub fn read(path: &Path, settings: &Settings, now: Timestamp) -> Result<Recording, Problem> {
    let named = |why: String| Problem(format!("{}: {why}", path.display()));
    let format = match settings.format {
        Some(format) => format,
        None => path
            .extension()
            .and_then(|ending| ending.to_str()?.parse().ok())
            .ok_or_else(|| {
                named("the ending does not tell the format; add --format jsonl or --format csv".into())
            })?,
    };
    let open = || File::open(path).map_err(|error| named(error.to_string()));
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, open()?));
    let unread = |error: std::io::Error| named(format!("cannot be read: {error}"));
    lines.skip_mark().map_err(unread)?.map_err(named)?;
    let shape = match format {
        Format::Jsonl if !settings.map.is_empty() => {
            return Err(named(
                "--map is for CSV files; JSON Lines are in our own form".into(),
            ));
        }
        Format::Jsonl => {
            let mut mapping = Mapping::own_form();
            mapping.keep_entities = settings.keep_entities;
            Shape::Jsonl(mapping)
        }
        Format::Csv => {
            let header = lines.header().map_err(unread)?.map_err(named)?;
            let mut mapping = ColumnMap::parse(&settings.map)
                .and_then(|map| map.columns(&header))
                .map_err(named)?;
            mapping.keep_entities = settings.keep_entities;
            Shape::Csv { header, mapping }
        }
    };
    let network = match settings.network.as_str() {
        "" => "recorded",
        network => network,
    };
    let mut recording = Recording {
        places: Vec::new(),
        problems: Vec::new(),
        skipped: 0,
        file: BufReader::with_capacity(1 << 16, open()?),
        at: Some(0),
        shape,
        origin: Origin {
            connector: ConnectorId::new("recorded"),
            network: NetworkId::new(network),
        },
        now,
    };
    recording.find_rows(&mut lines).map_err(unread)?;
    recording.places.sort_by_key(|place| place.created);
    Ok(recording)
}

impl Recording {
    /// How many rows the file has, the unreadable ones included.
    pub fn read(&self) -> u64 {
        self.places.len() as u64 + self.skipped
    }

    /// When the first and the last mention were written.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let time = |place: &Place| Timestamp::from_microsecond(place.created).ok();
        Some((time(self.places.first()?)?, time(self.places.last()?)?))
    }

    fn find_rows(&mut self, lines: &mut Lines<BufReader<File>>) -> std::io::Result<()> {
        let delimiter = match &self.shape {
            Shape::Jsonl(_) => None,
            Shape::Csv { header, .. } => Some(header),
        };
        let header = delimiter.cloned();
        loop {
            let row = match &header {
                None => lines.next_line()?,
                Some(header) => lines.next_row(header)?,
            };
            let Some(row) = row else { return Ok(()) };
            let mention = match row.problem {
                Some(why) => Err(why),
                None => self.shape.mention(lines.bytes(&row), &self.origin, self.now),
            };
            match mention {
                Ok(mention) => self.places.push(Place {
                    created: mention.created.as_microsecond(),
                    offset: row.offset,
                    length: row.length as u32,
                    line: u32::try_from(row.line).unwrap_or(u32::MAX),
                }),
                Err(why) => {
                    self.skipped += 1;
                    if self.problems.len() < PROBLEMS_KEPT {
                        self.problems.push(RowProblem { line: row.line, why });
                    }
                }
            }
        }
    }

    /// The mentions in order of time; rows of the same time in order of the file.
    pub fn mentions(&mut self) -> impl Iterator<Item = Result<Mention, Problem>> + '_ {
        (0..self.places.len()).map(|number| self.mention(self.places[number]))
    }

    fn mention(&mut self, place: Place) -> Result<Mention, Problem> {
        let changed = |why: String| {
            Problem(format!(
                "line {}: {why}; the file was changed while it was read",
                place.line
            ))
        };
        let found = match self.at.take() {
            Some(at) => self.file.seek_relative(place.offset as i64 - at as i64),
            None => self.file.seek(SeekFrom::Start(place.offset)).map(drop),
        };
        let mut row = vec![0; place.length as usize];
        found
            .and_then(|()| self.file.read_exact(&mut row))
            .map_err(|error| changed(error.to_string()))?;
        self.at = Some(place.offset + u64::from(place.length));
        self.shape.mention(&row, &self.origin, self.now).map_err(changed)
    }
}
