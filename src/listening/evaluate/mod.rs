//! Measures listening on texts that somebody else has labelled. Pure: rows go in, figures come out; files, clocks and
//! printing are `cli/listening`. Nothing here knows a data set.
//!
//! [`parity`] compares with recorded output of the original, [`spikes`] scores alerts on labelled series,
//! [`language`] counts how often a language is found, [`storms`] whether repetitions gather and nothing else.
//! [`routing`] and [`tone`] compare with people's labels, by [`score`].

pub mod language;
pub mod parity;
pub mod routing;
pub mod score;
pub mod spikes;
pub mod storms;
pub mod tone;
