//! The shell: the desk thread, the couriers, the ticker, the HTTP server, ordered shutdown. The only place that spawns,
//! commits and sees everything; nobody imports it but `cli`.

pub mod desk;
pub mod setup;
