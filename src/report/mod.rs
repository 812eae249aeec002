//! Reports: figures, digests, lists that people read, exports. Reads the store, writes nothing to it.

pub mod charts;
pub mod curve;
pub mod digest;
pub mod digest_text;
pub mod export;
pub mod figures;
pub mod history;
pub mod lead_row;
pub mod readings;
pub mod schedule;
pub mod words;
