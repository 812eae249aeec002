//! What Slack is shown: pictures of it, its limits, what strangers can do with it (nothing), and what Slack's own library
//! says of it.

mod limits;
mod pictures;
mod rules;
mod sample_forms;
mod samples;
mod sdk;
mod words;
