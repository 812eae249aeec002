//! One conditional GET, with its redirects followed by hand so that every hop is looked at, bounded in size and time.
//! Messages name the host and never the whole link, which may carry a key.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderMap};
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;

use super::address::{Private, PublicOnly, check_literal};
use super::{BODY_LIMIT, Known, REDIRECT_LIMIT};
use crate::port::delivery_error::DeliveryError;

/// The longest wait that a server is granted.
const WAIT_LIMIT: SignedDuration = SignedDuration::from_hours(24);
/// The wait when a server asks for one and does not say how long.
const WAIT_DEFAULT: SignedDuration = SignedDuration::from_mins(15);
/// A longer validator is not worth keeping.
const VALIDATOR_LIMIT: usize = 1_000;

const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.8, */*;q=0.1";

pub(super) enum Fetched {
    Unchanged,
    Page(Page),
}

pub(super) struct Page {
    pub body: Vec<u8>,
    /// Where it was found after redirects; relative links count from here.
    pub url: Url,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

pub(super) struct Fetcher {
    client: Client,
    timeout: Duration,
    allow_private: bool,
}

impl Fetcher {
    pub fn new(timeout: Duration, allow_private: bool) -> Result<Self, String> {
        let mut client = Client::builder()
            .user_agent(concat!(
                "Switchboard/",
                env!("CARGO_PKG_VERSION"),
                " (feed reader)"
            ))
            .redirect(redirect::Policy::none())
            .timeout(timeout);
        if !allow_private {
            client = client.dns_resolver(Arc::new(PublicOnly)).no_proxy();
        }
        Ok(Self {
            client: client.build().map_err(|error| error.to_string())?,
            timeout,
            allow_private,
        })
    }

    pub async fn fetch(&self, url: &Url, known: &Known, now: Timestamp) -> Result<Fetched, DeliveryError> {
        match tokio::time::timeout(self.timeout, self.follow(url, known, now)).await {
            Ok(fetched) => fetched,
            Err(_) => Err(self.too_slow(url)),
        }
    }

    async fn follow(&self, url: &Url, known: &Known, now: Timestamp) -> Result<Fetched, DeliveryError> {
        let mut url = url.clone();
        for _ in 0..=REDIRECT_LIMIT {
            let answer = self.ask(&url, known).await?;
            let status = answer.status();
            if status == StatusCode::NOT_MODIFIED {
                return Ok(Fetched::Unchanged);
            }
            if let Some(next) = redirected(&url, &answer)? {
                url = next;
                continue;
            }
            if status != StatusCode::OK {
                return Err(unexpected(&url, status, answer.headers(), now));
            }
            return self.read(url, answer).await.map(Fetched::Page);
        }
        let why = format!("{} redirects more than {REDIRECT_LIMIT} times", host(&url));
        Err(DeliveryError::Permanent(why))
    }

    async fn ask(&self, url: &Url, known: &Known) -> Result<Response, DeliveryError> {
        if !self.allow_private {
            check_literal(url).map_err(|private| DeliveryError::Permanent(private.to_string()))?;
        }
        let mut request = self.client.get(url.clone()).header(header::ACCEPT, ACCEPT);
        if let Some(etag) = &known.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(since) = &known.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, since);
        }
        request.send().await.map_err(|error| self.failed(url, error))
    }

    /// Reads piece by piece, so that neither a long body nor a bomb of zeros fills the memory.
    async fn read(&self, url: Url, mut answer: Response) -> Result<Page, DeliveryError> {
        let validator = |name| {
            let text = answer.headers().get(name)?.to_str().ok()?;
            (text.len() <= VALIDATOR_LIMIT).then(|| text.to_owned())
        };
        let (etag, last_modified) = (validator(header::ETAG), validator(header::LAST_MODIFIED));
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| self.failed(&url, error))? {
            if body.len() + piece.len() > BODY_LIMIT {
                let why = format!("the feed at {} is larger than {BODY_LIMIT} bytes", host(&url));
                return Err(DeliveryError::Permanent(why));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Page {
            body,
            url,
            etag,
            last_modified,
        })
    }

    fn too_slow(&self, url: &Url) -> DeliveryError {
        DeliveryError::Transient(format!(
            "{} took longer than {} s",
            host(url),
            self.timeout.as_secs()
        ))
    }

    fn failed(&self, url: &Url, error: reqwest::Error) -> DeliveryError {
        if error.is_timeout() {
            return self.too_slow(url);
        }
        let error = error.without_url();
        let mut cause: &dyn Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
            if let Some(private) = cause.downcast_ref::<Private>() {
                return DeliveryError::Permanent(private.to_string());
            }
        }
        DeliveryError::Transient(format!("{} cannot be read: {cause}", host(url)))
    }
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("the feed")
}

/// Where a redirect leads; none when the answer is no redirect.
fn redirected(url: &Url, answer: &Response) -> Result<Option<Url>, DeliveryError> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let next = answer
        .headers()
        .get(header::LOCATION)
        .and_then(|place| url.join(place.to_str().ok()?).ok())
        .ok_or_else(|| DeliveryError::Permanent(format!("{} redirects to nowhere", host(url))))?;
    if matches!(next.scheme(), "http" | "https") {
        Ok(Some(next))
    } else {
        let why = format!(
            "{} redirects to {}:, which is not the web",
            host(url),
            next.scheme()
        );
        Err(DeliveryError::Permanent(why))
    }
}

fn unexpected(url: &Url, status: StatusCode, headers: &HeaderMap, now: Timestamp) -> DeliveryError {
    let why = format!("{} answered {status}", host(url));
    match status.as_u16() {
        429 | 503 => DeliveryError::Wait {
            wait: retry_after(headers, now)
                .unwrap_or(WAIT_DEFAULT)
                .clamp(SignedDuration::ZERO, WAIT_LIMIT),
            why,
        },
        410 => DeliveryError::Gone(format!("{why}: the feed has ended")),
        408 | 425 | 500..=599 => DeliveryError::Transient(why),
        _ => DeliveryError::Permanent(why),
    }
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<u32>() {
        Ok(seconds) => Some(SignedDuration::from_secs(seconds.into())),
        Err(_) => {
            let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
            Some(now.duration_until(at))
        }
    }
}
