//! Switchboard: the public conversation, brought to the people who can answer it.
//!
//! A synchronous desk in the middle, two asynchronous rings around it. Three ways in, one door, one way out:
//! everything that happens is an [`domain::event::Event`]; one writer takes events in order, asks a pure function what
//! they mean, and commits the answer together with the errands it implies; couriers carry the errands out and report
//! back, as events. `docs/architecture.md` walks through it.
//!
//! - [`domain`] decides, and imports nothing of ours. [`listening`] says what a mention means. Both are pure.
//! - [`command`] reads what people type; its catalogue is the folder `commands/`.
//! - [`port`] names the seams; [`store`], [`network`], [`platform`] are what is plugged in.
//! - [`report`] makes figures, digests and exports out of the store.
//! - [`app`] is the shell: the only place that spawns, commits and sees everything. [`config`] and `cli` start it.
//!
//! The five laws: nothing is lost; the company never speaks twice, and never by accident; a lead has one owner; what a
//! stranger wrote is data; every refusal and every automatic step says why.

pub mod app;
pub mod cli;
pub mod command;
pub mod config;
pub mod domain;
pub mod listening;
pub mod network;
pub mod platform;
pub mod port;
pub mod report;
pub mod store;
