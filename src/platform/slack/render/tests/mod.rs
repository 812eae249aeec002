//! What Slack is shown: pictures of it, its limits, and what strangers can do with it (nothing).

mod limits;
mod pictures;
mod rules;
mod samples;
