//! The Mastodon connector against a server on this machine, and against what real servers said.

mod connect;
mod house;
mod reading;
mod recorded;
mod routes;
mod server;
mod stories;
