//! Ports: the seams between Switchboard and the outside, as traits and their vocabulary. Implementations live in
//! `store/`, `network/`, `platform/` and `app/`; nothing here does anything.

pub mod chat;
pub mod delivery_error;
pub mod finding;
pub mod front_desk;
pub mod secret;
pub mod social;
pub mod store;
