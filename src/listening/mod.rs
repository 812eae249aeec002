//! Listening: what a mention means. Pure; its answer is a `domain::assessment::Assessment`.
//!
//! [`route`] is the ordered tree of rules, [`matcher`] what one rule asks of a mention, [`folding`] how text is compared,
//! [`explain`] the account of a decision that `switchboard route` prints.

pub mod explain;
pub mod folding;
pub mod matcher;
pub mod route;

pub use explain::Explanation;
pub use matcher::Condition;
pub use route::{Route, Routes};
