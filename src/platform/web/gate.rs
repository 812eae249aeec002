//! The gate before every request: only our own host names (against DNS rebinding), writes only as JSON from our own
//! page (against cross-site requests), and headers on every answer that leave a hostile text nothing to run.
//! Who somebody is, is not asked here; see `session`.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::{Host, Url};

use super::failure::{Answered, Failure};
use super::room::Shared;
use super::settings::Settings;

/// Nothing runs or loads but the board's own files; the page may not be framed, and text can never become markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

pub(super) async fn guard(State(room): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = match admit(&room.settings, &request) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn admit(settings: &Settings, request: &Request) -> Answered<()> {
    let host = text(request.headers(), &header::HOST)
        .and_then(Authority::of_host)
        .filter(|host| is_ours(settings, host))
        .ok_or_else(|| {
            Failure::forbidden(
                "This board does not answer under that host name. Open it by its address, \
                 or add the name to web.public_hosts.",
            )
        })?;
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(());
    }
    let from_our_page = text(request.headers(), &header::ORIGIN)
        .and_then(|origin| Url::parse(origin).ok())
        .is_some_and(|origin| host.is_origin(&origin));
    if !from_our_page {
        return Err(Failure::forbidden(
            "Requests that change something come from the board's own page only.",
        ));
    }
    let json = text(request.headers(), &header::CONTENT_TYPE)
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !json {
        return Err(Failure::unsupported("Send application/json."));
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A host name and, where it was written, its port.
struct Authority {
    host: String,
    port: Option<u16>,
}

impl Authority {
    /// Reads a `Host` header by the rules of URLs, so that case, IPv6 brackets and default ports do not matter.
    fn of_host(text: &str) -> Option<Self> {
        if text.contains(['/', '?', '#', '@', '\\']) {
            return None;
        }
        let url = Url::parse(&format!("http://{text}/")).ok()?;
        Some(Self {
            host: url.host_str()?.to_owned(),
            port: url.port(),
        })
    }

    /// A TLS proxy in front of us makes `https` origins; its port is the default one then, and `Host` names none.
    fn is_origin(&self, origin: &Url) -> bool {
        matches!(origin.scheme(), "http" | "https")
            && origin.host_str() == Some(&self.host)
            && origin.port() == self.port.filter(|port| *port != 443 || origin.scheme() == "http")
    }
}

/// Ports are not compared: a forwarded port is still this machine, and rebinding needs a foreign name.
fn is_ours(settings: &Settings, host: &Authority) -> bool {
    let public = settings
        .public_hosts
        .iter()
        .filter_map(|name| Authority::of_host(name))
        .any(|name| name.host == host.host && name.port.is_none_or(|port| Some(port) == host.port));
    let here = settings.address.ip();
    public
        || match Host::parse(&host.host) {
            Ok(Host::Domain(name)) => name == "localhost",
            Ok(Host::Ipv4(ip)) => ip.is_loopback() || here == ip,
            Ok(Host::Ipv6(ip)) => ip.is_loopback() || here == ip,
            Err(_) => false,
        }
}

/// Did the browser come over TLS? Only the page's own origin tells, because a proxy may stand between.
pub(super) fn is_secure(headers: &HeaderMap) -> bool {
    text(headers, &header::ORIGIN).is_some_and(|origin| origin.starts_with("https://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_answered() {
        let settings = Settings {
            address: "192.168.1.5:8080".parse().expect("an address"),
            public_hosts: vec!["board.example.com".into()],
            sign_in: None,
        };
        for (host, ours) in [
            ("127.0.0.1:8080", true),
            ("localhost:9000", true),
            ("LOCALHOST", true),
            ("[::1]:8080", true),
            ("192.168.1.5:8080", true),
            ("board.example.com", true),
            ("Board.Example.com:443", true),
            ("evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("localhost.evil.example", false),
            ("evil.example@localhost", false),
            ("192.168.1.6", false),
            ("", false),
        ] {
            let found = Authority::of_host(host).is_some_and(|host| is_ours(&settings, &host));
            assert_eq!(found, ours, "{host}");
        }
    }

    #[test]
    fn an_origin_must_be_the_very_same_place() {
        for (host, origin, same) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080", true),
            ("127.0.0.1:8080", "http://127.0.0.1:8081", false),
            ("127.0.0.1:8080", "http://localhost:8080", false),
            ("board.example.com", "https://board.example.com", true),
            ("board.example.com:443", "https://board.example.com", true),
            ("board.example.com", "http://evil.example", false),
            ("127.0.0.1:8080", "null", false),
        ] {
            let host = Authority::of_host(host).expect("a host");
            let found = Url::parse(origin).is_ok_and(|origin| host.is_origin(&origin));
            assert_eq!(found, same, "{origin}");
        }
    }
}
