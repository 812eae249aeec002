//! What people ask to read, each answered with a `Notice`: the queue, my leads, find, who, show. Straight from the
//! store, bounded, and never waiting for the desk. Deliberately changes nothing.
//!
//! A confidential department's lead is a stub to everybody else, in every one of them.

mod find;
mod queue;
mod show;
mod who;

pub use find::find;
pub use queue::{mine, queue};
pub use show::show;
pub use who::{who_of_department, who_of_everybody, who_of_lead, who_of_member};
