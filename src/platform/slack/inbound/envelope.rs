//! The frames of Socket Mode, read and answered as JSON. Does no work: what is in an envelope is `payload`'s to read.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::payload::{self, Incoming};

pub(super) struct Envelope {
    pub id: String,
    pub takes_answer: bool,
    pub incoming: Incoming,
}

pub(super) enum Frame {
    Envelope(Box<Envelope>),
    /// This socket will be closed soon; open the next.
    Refresh,
    /// Socket Mode was switched off.
    Disabled,
    TooMany,
    Closed,
    Other,
}

pub(super) fn frame(message: &Message) -> Frame {
    let text = match message {
        Message::Text(text) => text,
        Message::Close(_) => return Frame::Closed,
        _ => return Frame::Other,
    };
    let Ok(mut frame) = serde_json::from_str::<Value>(text) else {
        return Frame::Other;
    };
    let payload = payload::taken(&mut frame, "/payload");
    let incoming = match frame["type"].as_str().unwrap_or_default() {
        "disconnect" => {
            return match frame["reason"].as_str().unwrap_or_default() {
                "link_disabled" => Frame::Disabled,
                "too_many_websockets" => Frame::TooMany,
                _ => Frame::Refresh,
            };
        }
        "slash_commands" => payload::typed(&payload),
        "interactive" => payload::interaction(payload),
        "events_api" => payload::happening(payload),
        _ => Incoming::Other,
    };
    match frame["envelope_id"].as_str() {
        Some(id) => Frame::Envelope(Box::new(Envelope {
            id: id.to_owned(),
            takes_answer: frame["accepts_response_payload"] == true,
            incoming,
        })),
        None => Frame::Other,
    }
}

pub(super) fn is_hello(message: &Message) -> bool {
    let Message::Text(text) = message else {
        return false;
    };
    serde_json::from_str::<Value>(text).is_ok_and(|frame| frame["type"] == "hello")
}

pub(super) fn acknowledgement(id: &str, answer: Option<&Value>) -> String {
    match answer {
        Some(answer) => json!({ "envelope_id": id, "payload": answer }),
        None => json!({ "envelope_id": id }),
    }
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart_and_none_is_beyond_reading() {
        let read = |text: &str| match frame(&Message::text(text)) {
            Frame::Envelope(envelope) => match envelope.incoming {
                Incoming::Other => "acknowledged only",
                _ => "work",
            },
            Frame::Refresh => "refresh",
            Frame::Disabled => "disabled",
            Frame::TooMany => "too many",
            Frame::Closed => "closed",
            Frame::Other => "other",
        };
        for (text, expected) in [
            (r#"{"type":"hello","num_connections":1}"#, "other"),
            (r#"{"type":"disconnect","reason":"warning"}"#, "refresh"),
            (r#"{"type":"disconnect","reason":"refresh_requested"}"#, "refresh"),
            (r#"{"type":"disconnect"}"#, "refresh"),
            (r#"{"type":"disconnect","reason":"link_disabled"}"#, "disabled"),
            (
                r#"{"type":"disconnect","reason":"too_many_websockets"}"#,
                "too many",
            ),
            (
                r#"{"type":"slash_commands","envelope_id":"1","payload":{"command":"/lead"}}"#,
                "work",
            ),
            (
                r#"{"type":"slash_commands","envelope_id":"1","payload":null}"#,
                "acknowledged only",
            ),
            (
                r#"{"type":"interactive","envelope_id":"1","payload":{"type":"view_closed","team":null}}"#,
                "work",
            ),
            (r#"{"type":"interactive","envelope_id":"1"}"#, "acknowledged only"),
            (
                r#"{"type":"events_api","envelope_id":"1","payload":{"type":"event_callback"}}"#,
                "work",
            ),
            (
                r#"{"type":"of tomorrow","envelope_id":"1","payload":[]}"#,
                "acknowledged only",
            ),
            (
                r#"{"type":"slash_commands","payload":{"command":"/lead"}}"#,
                "other",
            ),
            ("[1", "other"),
            ("null", "other"),
            ("[]", "other"),
            ("7", "other"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
