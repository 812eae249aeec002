//! The shell: the desk thread, the couriers, the ticker, the HTTP server, ordered shutdown. The only place that spawns,
//! commits and sees everything; nobody imports it but `cli`.

pub mod backup;
mod conversation;
pub mod couriers;
pub mod desk;
pub mod front;
mod health;
mod http;
mod ingest;
pub mod platforms;
pub mod replay;
pub mod running;
pub mod setup;
pub mod ticker;
