//! Listening: what a mention means. Pure; its answer is a `domain::assessment::Assessment`.
//!
//! [`route`] is the ordered tree of rules, [`matcher`] what one rule asks of a mention, [`folding`] how text is compared,
//! [`explain`] the account of a decision that `switchboard route` prints.
//! [`query`] is the query language, and asks thousands of rules at once.
//! [`learned`] proposes a department where no rule does, from what people decided before.
//! [`sentiment`] reads the tone of a text and [`language`] its language; [`spikes`] says when there are far more than usual,
//! [`storms`] gathers those that repeat each other; [`evaluate`] measures all this on texts that somebody else has labelled.

pub mod evaluate;
pub mod explain;
pub mod folding;
pub mod language;
pub mod learned;
pub mod matcher;
pub mod plain;
pub mod query;
pub mod route;
pub mod sentiment;
pub mod spikes;
pub mod storms;

pub use explain::Explanation;
pub use matcher::Condition;
pub use route::{Route, Routes};
