//! Discord, against a test server of our own.

mod binary;
mod checked;
mod egress;
mod house;
mod inbound;
mod outbound;
mod outbound_refusals;
pub mod server;
mod server_itself;
