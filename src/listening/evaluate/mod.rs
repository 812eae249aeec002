//! Measures listening on texts that somebody else has labelled. Pure: rows go in, figures come out; files, clocks and
//! printing are `cli/listening`. Nothing here knows a data set.
//!
//! [`parity`] compares with recorded output of the original, [`spikes`] scores alerts on labelled series,
//! [`language`] counts how often a language is found, [`storms`] whether repetitions gather and nothing else.

pub mod language;
pub mod parity;
pub mod spikes;
pub mod storms;
