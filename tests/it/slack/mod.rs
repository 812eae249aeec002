//! Slack, through a server that keeps Slack's rules on this machine: nothing here speaks to Slack.

pub mod server;

mod check_online;
mod inbound;
mod members;
mod outbound;
mod server_keeps_rules;
