//! What people do in Slack, on its way to the front desk: slash commands, buttons, windows, shortcuts, talk in threads.
//! Two ways in, one set of handlers: `http` and `socket` hand the same JSON to `payload`, and what it reads to the `door`.
//! Everything is acknowledged at once; nothing here decides.

mod clicked;
mod dial;
mod door;
mod ear;
mod envelope;
mod happening;
mod home;
mod http;
mod opening;
mod payload;
mod remembered;
mod shortcut;
mod signature;
mod socket;
mod typed;
mod who;
mod wording;
mod written;

pub use http::router;
pub use socket::listen;
