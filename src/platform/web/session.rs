//! Who is looking: a cookie. Where nobody signs in it holds the name that somebody chose; where people do, it is signed
//! with the data folder's key, ends after twelve hours, and ends at once when the member's code is changed.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use super::failure::Failure;
use super::room::{Room, Shared};
use super::settings::CodeHash;
use crate::domain::ids::MemberId;

const LIFETIME: SignedDuration = SignedDuration::from_hours(12);
/// The member's name, percent-encoded as `encodeURIComponent` does.
const ACTING_FOR: &str = "board-member";
const CHOSEN: &str = "who";
const SIGNED: &str = "session";

/// A known member of staff, and when the session ends, where it does.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub member: MemberId,
    pub until: Option<Timestamp>,
}

impl FromRequestParts<Shared> for Who {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, room: &Shared) -> Result<Self, Failure> {
        let who = room.who(&parts.headers).ok_or_else(Failure::nobody)?;
        // Cookies are shared by all tabs; a page says for whom it acts, so that nobody acts in a colleague's name.
        match parts.headers.get(ACTING_FOR) {
            Some(name) if !is_name_of(name.as_bytes(), &who.member) => Err(Failure::somebody_else()),
            _ => Ok(who),
        }
    }
}

impl Room {
    pub(super) fn who(&self, headers: &HeaderMap) -> Option<Who> {
        let who = match &self.settings.sign_in {
            None => Who {
                member: MemberId::new(cookie(headers, CHOSEN)?),
                until: None,
            },
            Some(codes) => {
                let (member, until) = read(cookie(headers, SIGNED)?)?;
                let code = codes.get(&member)?;
                let expected = mac(self.board.session_key(), &member, until, code);
                let given = URL_SAFE_NO_PAD
                    .decode(cookie(headers, SIGNED)?.rsplit('.').next()?)
                    .ok()?;
                expected.verify_slice(&given).ok()?;
                if Timestamp::from_second(until).ok()? <= self.front.now() {
                    return None;
                }
                Who {
                    member,
                    until: Timestamp::from_second(until).ok(),
                }
            }
        };
        self.front
            .company()
            .members
            .contains_key(&who.member)
            .then_some(who)
    }

    /// The cookie that makes this browser the member's.
    pub(super) fn cookie_for(&self, member: &MemberId, secure: bool) -> String {
        match self
            .settings
            .sign_in
            .as_ref()
            .map(|codes| (codes.get(member), self.front.now()))
        {
            None => set(CHOSEN, member.as_str(), 365 * 24 * 3600, secure),
            Some((None, _)) => set(SIGNED, "", 0, secure),
            Some((Some(code), now)) => {
                let until = now.as_second() + LIFETIME.as_secs();
                let signature = mac(self.board.session_key(), member, until, code)
                    .finalize()
                    .into_bytes();
                let value = format!(
                    "{}.{until}.{}",
                    URL_SAFE_NO_PAD.encode(member.as_str()),
                    URL_SAFE_NO_PAD.encode(signature)
                );
                set(SIGNED, &value, LIFETIME.as_secs(), secure)
            }
        }
    }
}

fn is_name_of(encoded: &[u8], member: &MemberId) -> bool {
    url::form_urlencoded::parse(&[b"who=", encoded].concat())
        .next()
        .is_some_and(|(_, name)| name == member.as_str())
}

/// Cookies that make this browser nobody's.
pub(super) fn forget(secure: bool) -> [String; 2] {
    [set(CHOSEN, "", 0, secure), set(SIGNED, "", 0, secure)]
}

fn set(name: &str, value: &str, seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/board; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

fn read(value: &str) -> Option<(MemberId, i64)> {
    let mut parts = value.split('.');
    let member = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
    let until = parts.next()?.parse().ok()?;
    parts.next()?;
    match parts.next() {
        Some(_) => None,
        None => Some((MemberId::new(String::from_utf8(member).ok()?), until)),
    }
}

fn mac(key: &[u8; 32], member: &MemberId, until: i64, code: &CodeHash) -> Hmac<Sha256> {
    // A key shorter than HMAC's block is padded with zeros; doing so here leaves nothing that could fail.
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block);
    mac.update(b"switchboard board session\0");
    mac.update(&until.to_be_bytes());
    mac.update(code.bytes());
    mac.update(member.as_str().as_bytes());
    mac
}
