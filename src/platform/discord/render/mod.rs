//! Cards, notices, digests, thread lines and forms as Discord's JSON. Pure: the same picture gives the same body.
//! Deliberately sends nothing and decides nothing; the outbound half posts these bodies, the inbound half answers with them.
//! <https://docs.discord.com/developers/resources/message>

pub mod card;
pub mod digest;
pub mod form;
pub mod notice;
pub mod text;
pub mod thread;

#[cfg(test)]
mod tests;
