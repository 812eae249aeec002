//! The web board: the chat platform that needs no account. A small team chat in the browser, live by server-sent events.
//!
//! [`WebBoard`] is the outbound half: the desk posts cards, digests and notices through it. [`router`] is the inbound
//! half: the page, its JSON interface and the event stream. The board keeps no storage of its own; what was posted is
//! in the desk's store, and cards are rendered from the lead whenever somebody looks. It does not terminate TLS.

mod access;
mod board;
mod channels;
mod events;
mod failure;
mod gate;
mod leads;
mod messages;
mod page;
mod requests;
mod room;
mod session;
mod settings;
mod sign_in;
mod throttle;

pub use board::{Clock, WebBoard};
pub use room::router;
pub use settings::{CodeHash, Settings, check_address};

/// The board's name among the chat platforms: its channels are written `web/support`.
pub const PLATFORM: &str = "web";
