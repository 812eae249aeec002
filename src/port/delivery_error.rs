//! What went wrong outside. The variant *is* the retry policy; no other code asks whether to try again.

use jiff::SignedDuration;
use thiserror::Error;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DeliveryError {
    /// Nothing was done; try again after the usual back-off.
    #[error("{0}")]
    Transient(String),
    /// Nothing was done; the other side named the wait.
    #[error("{why} (asked to wait {} s)", wait.as_secs())]
    Wait { wait: SignedDuration, why: String },
    /// The way there is closed for everything that goes this way (no such channel, not invited, token revoked): the text says
    /// what an administrator must do. Nothing is given up; the way is tried again now and then.
    #[error("{0}")]
    Blocked(String),
    /// It may or may not have been done: look before trying again.
    #[error("{0}")]
    Uncertain(String),
    /// It will never work as it is; a person must see it.
    #[error("{0}")]
    Permanent(String),
    /// What we wanted to edit or answer is gone.
    #[error("{0}")]
    Gone(String),
}
