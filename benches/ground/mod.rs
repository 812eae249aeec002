//! The ground that the process-driving benches stand on: the real binary in a folder of its own, people who write to it,
//! colleagues who use its board, and figures. Nothing here is measured; it only must not stand in the way.

#![allow(dead_code)] // Each bench takes what it needs.

pub mod board;
pub mod figures;
pub mod http;
pub mod load;
pub mod options;
pub mod server;
pub mod slack;
pub mod stock;
pub mod writers;
