//! Chat platforms, one folder each: inbound half, rendering, outbound half.

pub mod web;

pub mod memory;
