//! What every rendered body keeps: Discord's limits, people's texts as nothing but text, ids that are read back.

mod bodies;
mod checks;
mod rendered;
mod samples;
mod spec;
