//! Connectors to social networks, one file or folder each, all the same shape: the specification's address, limits as
//! constants, `Settings`, the connector, its port implementation, private wire types, tests. And the readers of
//! recordings, which `replay` plays. Nothing here decides what a mention means, and no connector knows another.

pub mod mapping;
pub mod recorded;
pub mod scripted;
pub mod secret;
pub mod webhook;

use std::sync::Arc;

use jiff::Timestamp;

/// Where a connector asks for the time; the shell gives the real one, tests a still one.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
