//! Listening: what a mention means. Pure; its answer is a `domain::assessment::Assessment`.
