//! The domain: what a lead is and how it may change. Pure: no async, no clock, no randomness, no IO, no logging;
//! time, ids and randomness come as arguments. Imports nothing else of ours.

pub mod assessment;
pub mod calendar;
pub mod capability;
pub mod card;
pub mod company;
pub mod decide;
pub mod digest;
pub mod draw;
pub mod effect;
pub mod event;
pub mod form;
pub mod ids;
pub mod lead;
pub mod mention;
pub mod message;
pub mod notice;
pub mod refusal;
pub mod staff;
pub mod timeline;
