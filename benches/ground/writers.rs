//! People who write to the company: invented mentions of several kinds, lengths and languages, one in five of them a
//! follow-up in a conversation of its author; in signed requests, ready to send.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write;

pub const SECRET: &str = "a secret that only this bench knows";

pub const TEXTS: [&str; 12] = [
    "@larkspurhome my Alder floor lamp was due on Tuesday. It is Friday. Tracking says out for delivery. Order LH-{n}. Where is it?",
    "How much is the Heron sofa in dark green, and do you ship to Cork? I have seen it in the showroom {n} times now",
    "In love with my new Kranich lamp!! \u{1f60d} #mylarkspur #slowliving {n}",
    "Die Glühbirne in meiner neuen Leuchte flackert nach zwei Tagen. Umtausch oder Reparatur? Bestellung LH-{n}.",
    "Third message about my refund ({n}). This is ridiculous, nobody picks up the phone and the chat closes itself after a minute. I want my money back.",
    "Bonjour, la livraison de ma commande {n} est arrivée avec un plateau fêlé. Que faire ?",
    "Is it true that you close the Leeds workshop? I am writing a piece about it, deadline tonight. {n}",
    "Do you have any internships next summer? I study furniture design, second year. {n}",
    "My chair no. {n} is wobbly",
    "Not sure who to ask, but the lift in your Bristol store has been out of order since March and my mother could not get to the lighting floor. Could somebody tell me when it is going to be repaired? We would like to come again before Christmas, and there is a bed we want to lie on before we buy it. Thank you! ({n})",
    "anyone know if the @larkspurhome sale is still on? {n}",
    "El paquete {n} llegó roto. ¿Cómo hago la devolución?",
];

/// Follow-ups join one of this many conversations before them.
const RECENT: u64 = 5_000;

/// A stream of mentions that are never the same twice; two writers of different names share nothing.
pub struct Writers {
    name: String,
    next: u64,
    random: u64,
}

impl Writers {
    pub fn new(name: &str) -> Self {
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        Self {
            name: name.to_owned(),
            next: 0,
            random: seed | 1,
        }
    }

    fn below(&mut self, most: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % most.max(1)
    }

    /// Appends one mention as JSON in our own form.
    pub fn mention(&mut self, json: &mut String) {
        let number = self.next;
        self.next += 1;
        // Every fifth follows up on a recent conversation; only the others begin one.
        let follows = number > 50 && number.is_multiple_of(5);
        let begun = if follows {
            let earlier = number - 1 - self.below(RECENT.min(number - 2));
            earlier - u64::from(earlier.is_multiple_of(5))
        } else {
            number
        };
        let author = begun.wrapping_mul(0x9E37_79B9) % 300_000;
        let text = TEXTS[self.below(TEXTS.len() as u64) as usize].replace("{n}", &number.to_string());
        let name = &self.name;
        let _ = write!(
            json,
            "{{\"id\":\"{name}-{number}\",\"network\":\"x\",\"account\":\"larkspurhome\",\"created_at\":\"2026-11-24T09:00:00Z\",\
             \"author\":{{\"id\":\"{name}-u{author}\",\"handle\":\"writer{author}\",\"name\":\"Writer {author}\",\"followers\":{}}},\
             \"text\":\"{text}\",\"url\":\"https://x.example/writer{author}/{name}-{number}\"",
            author % 4_000
        );
        if follows {
            let _ = write!(json, ",\"parent_id\":\"{name}-{begun}\"");
        }
        json.push('}');
    }

    /// A whole signed POST with this many mentions.
    pub fn request(&mut self, mentions: usize) -> Vec<u8> {
        let mut body = String::with_capacity(mentions * 600);
        if mentions == 1 {
            self.mention(&mut body);
        } else {
            for number in 0..mentions {
                body.push(if number == 0 { '[' } else { ',' });
                self.mention(&mut body);
            }
            body.push(']');
        }
        let mut mac =
            Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(body.as_bytes());
        let signature: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!(
            "POST /hooks/bench HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Signature: sha256={signature}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }
}
