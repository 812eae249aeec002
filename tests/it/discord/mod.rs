//! Discord, against a test server of our own.

pub mod server;
mod server_itself;
