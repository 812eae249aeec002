//! The abilities of the networks that the script plays on: names and limits of the real ones, so that forms and cards
//! count as they will in earnest. Sources of the limits are the networks' own documentation, as each connector's page
//! will name it.

use crate::domain::capability::{Capabilities, Counting};

/// Networks that can be read and not answered.
const READ_ONLY: [&str; 5] = ["reviews", "news", "feed", "blog", "podcast"];

pub(super) fn capabilities(network: &str) -> Capabilities {
    if READ_ONLY.contains(&network) {
        return Capabilities::read_only();
    }
    let (limit, counting, idempotent) = match network {
        "x" => (280, Counting::Weighted, false),
        "mastodon" => (500, Counting::GraphemesShortLinks, true),
        "bluesky" => (300, Counting::Graphemes, true),
        "threads" => (500, Counting::Characters, false),
        "facebook" => (8_000, Counting::Characters, false),
        "instagram" => (2_200, Counting::Characters, false),
        "linkedin" => (1_250, Counting::Characters, false),
        "reddit" | "youtube" => (10_000, Counting::Characters, false),
        // A network of somebody's own script.
        _ => (1_000, Counting::Characters, false),
    };
    Capabilities {
        replies: true,
        text_limit: Some(limit),
        counting,
        idempotent,
        reconciles: true,
        ..Capabilities::read_only()
    }
}
