//! Chat platforms, one folder each: inbound half, rendering, outbound half.

pub mod discord;
pub mod slack;
pub mod web;

pub mod memory;
