//! What people do in Slack reaches the desk, over HTTP and over sockets alike, and each hears what came of it.

mod clicks;
mod commands;
mod forms;
mod house;
mod refused;
mod shortcuts;
mod sockets;
mod threads;

use house::{BOTH, House, Way, texts};
