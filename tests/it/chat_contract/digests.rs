//! The promise about digests: seen once, with the pictures that the platform shows.

use switchboard::domain::digest::{Digest, Figures};
use switchboard::domain::message::Content;
use switchboard::port::chat::{Picture, Posting};

use super::super::web_board::start;
use super::Looks;

/// The smallest picture: one grey dot, in the order of a PNG's parts.
const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\
    \x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00\x3a\x7e\x9b\x55\
    \x00\x00\x00\x0aIDAT\x78\x9c\x63\x68\x00\x00\x00\x82\x00\x81\xdd\x43\x6a\xf4\
    \x00\x00\x00\x00IEND\xae\x42\x60\x82";

pub(super) async fn a_digest_is_seen_once(stage: &dyn Looks) {
    let digest = Digest {
        department: "support".into(),
        department_name: "Customer Service".into(),
        day: "2026-11-24".parse().expect("a day"),
        open_by_age: [3, 1, 0, 0, 0],
        oldest: Vec::new(),
        breached: Vec::new(),
        stale_claims: Vec::new(),
        open_hand_offs: Vec::new(),
        yesterday: Figures {
            leads: 7,
            ..Figures::default()
        },
        unexamined: 0,
    };
    let platform = stage.platform();
    let pictures = match platform.shows_pictures() {
        true => vec![picture("open.png"), picture("waits.png")],
        false => Vec::new(),
    };
    let mut last = None;
    for since in [None, Some(start())] {
        let posting = Posting {
            since,
            ..Posting::from("digest")
        };
        let posted = platform
            .post_digest(&stage.channel(), &digest, &pictures, &posting)
            .await;
        last = Some(posted.expect("posted"));
    }
    let message = last.expect("twice");
    stage.heard(&stage.channel(), &message, Content::Digest(Box::new(digest)));
    let seen = stage.seen().await;
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert!(seen[0].text.contains("Customer Service"), "{}", seen[0].text);
    assert_eq!(seen[0].pictures, pictures.len());
}

fn picture(file: &str) -> Picture {
    Picture {
        file: file.into(),
        title: "Open leads".into(),
        alt: "Four open leads".into(),
        png: DOT.to_vec(),
    }
}
