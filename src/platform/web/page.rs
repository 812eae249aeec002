//! The page and its files, compiled in: no build step, no framework, nothing from elsewhere.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::failure::Failure;

const HTML: &str = include_str!("assets/index.html");

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! assets {
    ($($kind:ident $name:literal),* $(,)?) => {
        &[$(($name, $kind, include_str!(concat!("assets/", $name)))),*]
    };
}

const ASSETS: &[(&str, &str, &str)] = assets![
    CSS "board.css",
    CSS "card.css",
    CSS "dialog.css",
    SVG "icon.svg",
    JS "api.js",
    JS "asking.js",
    JS "board.js",
    JS "card.js",
    JS "channels.js",
    JS "composer.js",
    JS "counting.js",
    JS "details.js",
    JS "digest.js",
    JS "dom.js",
    JS "field.js",
    JS "form.js",
    JS "hub.js",
    JS "keyboard.js",
    JS "live.js",
    JS "memory.js",
    JS "messages.js",
    JS "notices.js",
    JS "parts.js",
    JS "public.js",
    JS "said.js",
    JS "sign_in.js",
    JS "theme.js",
    JS "time.js",
];

pub(super) async fn index() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-cache")], Html(HTML))
}

pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((_, kind, content)) = ASSETS.iter().find(|(known, _, _)| *known == name) else {
        return Failure::missing("There is no such file.").into_response();
    };
    // Browsers ask each time and are mostly told "unchanged", so a new version is never mixed with an old one.
    let tag = format!(
        "\"{:08x}-{}\"",
        crc32fast::hash(content.as_bytes()),
        content.len()
    );
    let mut response = if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, *kind)], *content).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
