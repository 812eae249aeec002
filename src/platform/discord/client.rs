//! Calls to Discord: one attempt each, with a time limit, bodies and answers as raw JSON. serenity spells routes and
//! requests; its typed answers are too strict for what comes after a post that succeeded, and its limiter is never on:
//! it sleeps inside a call, tries 429 again without end, and sends everything to the real Discord whatever address was
//! set (docs/decisions/09). `pace` keeps Discord's limits instead. Does not decide whether to try again.
//!
//! Reference: <https://docs.discord.com/developers/reference>

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use reqwest::multipart::{Form, Part};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use serenity::http::{Http, HttpBuilder, LightMethod, Request, Route};
use serenity::model::id::ApplicationId;

use super::Clock;
use super::pace::{self, Pace};
use crate::port::chat::Picture;

/// No call waits longer for Discord.
const TIME_LIMIT: Duration = Duration::from_secs(15);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const ANSWER_LIMIT: usize = 8 * 1024 * 1024;

/// Why a call did not succeed. Carries no body and no address: either may hold tokens or strangers' words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Discord answered no; nothing was done. `code` is 0 where the answer was not in its JSON.
    Refused {
        status: u16,
        code: u32,
        /// The fields that did not fit: `embeds.0.title: BASE_TYPE_MAX_LENGTH`.
        fields: Vec<String>,
    },
    /// Too fast; nothing was done.
    TooFast(SignedDuration),
    /// The request never reached Discord.
    NotSent(String),
    /// It may or may not have been done.
    Unknown(String),
}

/// Where Discord is. Another address is for trials, and nothing then goes to the real one.
enum Place {
    Discord,
    Trial(String),
}

impl Place {
    fn address(&self) -> Option<&str> {
        match self {
            Self::Discord => None,
            Self::Trial(address) => Some(address),
        }
    }
}

pub(super) struct Client {
    place: Place,
    /// As it stands in the header: `Bot …`.
    token: SecretString,
    application: u64,
    web: reqwest::Client,
    pace: Pace,
}

/// One call, taken apart so that it can be paced.
pub(super) struct Call<'a> {
    pub what: &'static str,
    pub method: LightMethod,
    pub route: Route<'a>,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<&'a Value>,
    pub pictures: &'a [Picture],
}

impl<'a> Call<'a> {
    pub fn new(what: &'static str, method: LightMethod, route: Route<'a>) -> Self {
        Self {
            what,
            method,
            route,
            query: Vec::new(),
            body: None,
            pictures: &[],
        }
    }

    pub fn body(mut self, body: &'a Value) -> Self {
        self.body = Some(body);
        self
    }
}

impl Client {
    pub fn new(
        api_url: Option<&str>,
        token: SecretString,
        application: u64,
        clock: Clock,
    ) -> Result<Self, String> {
        Self::with_limit(api_url, token, application, clock, TIME_LIMIT)
    }

    fn with_limit(
        api_url: Option<&str>,
        token: SecretString,
        application: u64,
        clock: Clock,
        limit: Duration,
    ) -> Result<Self, String> {
        let web = reqwest::Client::builder()
            .use_rustls_tls()
            .timeout(limit)
            .connect_timeout(CONNECT_LIMIT)
            // A redirect would carry the token to wherever it points.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| "this machine cannot make TLS connections".to_owned())?;
        let place = match api_url {
            None => Place::Discord,
            Some(address) => Place::Trial(address.trim_end_matches('/').to_owned()),
        };
        let token = token.expose_secret().trim();
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        Ok(Self {
            place,
            token: SecretString::from(format!("Bot {token}")),
            application,
            web,
            pace: Pace::new(clock),
        })
    }

    /// serenity's own client, for its gateway. Its limiter is off here as well, which is what makes it keep to the address.
    pub fn for_gateway(&self) -> Http {
        let builder = HttpBuilder::new(self.token.expose_secret())
            .client(self.web.clone())
            .ratelimiter_disabled(true)
            .application_id(ApplicationId::new(self.application));
        match self.place.address() {
            Some(address) => builder.proxy(address).build(),
            None => builder.build(),
        }
    }

    pub fn application(&self) -> ApplicationId {
        ApplicationId::new(self.application)
    }

    pub fn now(&self) -> Timestamp {
        self.pace.now()
    }

    pub async fn call(&self, call: Call<'_>) -> Result<Value, Failure> {
        let what = call.what;
        let lane = pace::lane(what, &call.route);
        self.pace.admit(lane.as_ref())?;
        let request = self
            .request(call)
            .map_err(|why| Failure::NotSent(format!("{what} could not be put into a request: {why}")))?;
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => {
                return Err(Failure::NotSent("Discord cannot be reached".to_owned()));
            }
            Err(error) if error.is_timeout() => {
                return Err(Failure::Unknown(format!(
                    "no answer from Discord to {what} in time"
                )));
            }
            // The library's text names the address, and addresses hold tokens.
            Err(_) => return Err(Failure::Unknown(format!("the connection broke during {what}"))),
        };
        let status = response.status();
        let headers = response.headers().clone();
        self.pace.learn(lane.as_ref(), status, &headers);
        let body = read(response).await;
        match (status.is_success(), body) {
            (true, Some(body)) => Ok(body),
            (true, None) => Err(Failure::Unknown(format!(
                "{what} was not answered by Discord’s API"
            ))),
            (false, body) => Err(self.failure(what, status, &headers, &body.unwrap_or_default())),
        }
    }

    fn request(&self, call: Call<'_>) -> Result<reqwest::RequestBuilder, &'static str> {
        let body = call.body.map(serde_json::to_vec).transpose();
        let body = body.map_err(|_| "its body is no JSON")?;
        let plain = call.pictures.is_empty();
        let query = (!call.query.is_empty()).then_some(call.query);
        let request = Request::new(call.route, call.method)
            .params(query)
            .body(body.clone().filter(|_| plain))
            .build(&self.web, self.token.expose_secret(), self.place.address())
            .map_err(|_| "its address or token is not one")?;
        if plain {
            return Ok(request);
        }
        // serenity numbers files only for its own builders.
        let mut request = request.build().map_err(|_| "its address is not one")?;
        request.headers_mut().remove(CONTENT_LENGTH);
        let mut form = Form::new();
        for (number, picture) in call.pictures.iter().enumerate() {
            let part = Part::bytes(picture.png.clone()).file_name(picture.file.clone());
            let part = part.mime_str("image/png").map_err(|_| "its pictures are none")?;
            form = form.part(format!("files[{number}]"), part);
        }
        let body = Part::bytes(body.unwrap_or_default());
        let body = body
            .mime_str("application/json")
            .map_err(|_| "its body is no JSON")?;
        form = form.part("payload_json", body);
        Ok(reqwest::RequestBuilder::from_parts(self.web.clone(), request).multipart(form))
    }

    fn failure(&self, what: &str, status: StatusCode, headers: &HeaderMap, body: &Value) -> Failure {
        let code = body["code"].as_u64().and_then(|code| u32::try_from(code).ok());
        let code = code.unwrap_or_default();
        // Its own limit on edits of old messages says so with a code, not with a time.
        if status == StatusCode::TOO_MANY_REQUESTS && code == 0 {
            let told = body["retry_after"].as_f64();
            let header = headers.get("retry-after").and_then(|value| value.to_str().ok());
            let seconds = told.or_else(|| header?.parse().ok()).unwrap_or(5.0);
            return Failure::TooFast(wait(seconds));
        }
        if status.is_server_error() {
            return Failure::Unknown(format!("Discord answered HTTP {} to {what}", status.as_u16()));
        }
        let mut fields = Vec::new();
        collect(&body["errors"], &mut Vec::new(), &mut fields);
        Failure::Refused {
            status: status.as_u16(),
            code,
            fields,
        }
    }
}

/// Seconds as Discord tells them, kept within reason.
pub(super) fn wait(seconds: f64) -> SignedDuration {
    let seconds = if seconds.is_finite() {
        seconds.clamp(0.05, 86_400.0)
    } else {
        5.0
    };
    SignedDuration::try_from_secs_f64(seconds).unwrap_or(SignedDuration::from_secs(5))
}

/// The answer as JSON; nothing at all is `null`, and anything else is none.
async fn read(mut response: reqwest::Response) -> Option<Value> {
    if response.status() == StatusCode::NO_CONTENT {
        return Some(Value::Null);
    }
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > ANSWER_LIMIT {
            return None;
        }
    }
    serde_json::from_slice(&bytes).ok()
}

/// Paths and codes of Discord's error tree; its sentences repeat what we sent, so they stay behind.
fn collect(tree: &Value, path: &mut Vec<String>, fields: &mut Vec<String>) {
    let Some(branches) = tree.as_object() else {
        return;
    };
    for (name, branch) in branches.iter().take(20) {
        if name == "_errors" {
            let codes = branch.as_array().map_or(&[][..], Vec::as_slice);
            let codes = codes.iter().filter_map(|error| error["code"].as_str());
            fields.extend(codes.map(|code| format!("{}: {code}", path.join("."))));
        } else {
            path.push(name.clone());
            collect(branch, path, fields);
            path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serenity::model::id::InteractionId;
    use std::sync::Arc;

    const TOKEN: &str = "the-bots-own-token";
    const TICKET: &str = "the-interactions-ticket";

    fn client(address: &str, limit: Duration) -> Client {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock: Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
        Client::with_limit(Some(address), TOKEN.to_owned().into(), 1, clock, limit).unwrap()
    }

    async fn answer(client: &Client) -> Failure {
        let route = Route::InteractionResponse {
            interaction_id: InteractionId::new(7),
            token: TICKET,
        };
        let body = serde_json::json!({ "type": 5 });
        let call = Call::new("an answer", LightMethod::Post, route).body(&body);
        let failure = client.call(call).await.unwrap_err();
        let told = format!("{failure:?}");
        assert!(!told.contains(TOKEN) && !told.contains(TICKET), "{told}");
        failure
    }

    #[tokio::test]
    async fn whoever_never_answers_is_not_waited_for_and_nobody_can_tell_what_was_done() {
        let mute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", mute.local_addr().unwrap());
        let failure = answer(&client(&address, Duration::from_millis(20))).await;
        assert!(matches!(failure, Failure::Unknown(_)), "{failure:?}");
    }

    #[tokio::test]
    async fn where_nobody_listens_nothing_was_sent() {
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", closed.local_addr().unwrap());
        drop(closed);
        let failure = answer(&client(&address, TIME_LIMIT)).await;
        assert!(matches!(failure, Failure::NotSent(_)), "{failure:?}");
    }

    #[test]
    fn without_an_address_requests_are_for_discord_and_with_one_for_it_alone() {
        let address = |client: &Client| {
            let call = Call::new("who the bot is", LightMethod::Get, Route::UserMe);
            client.request(call).unwrap().build().unwrap().url().to_string()
        };
        let trial = client("http://127.0.0.1:4020/", TIME_LIMIT);
        assert_eq!(address(&trial), "http://127.0.0.1:4020/api/v10/users/@me");
        let clock: Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
        let real = Client::new(None, TOKEN.to_owned().into(), 1, clock).unwrap();
        assert_eq!(address(&real), "https://discord.com/api/v10/users/@me");
        for client in [&trial, &real] {
            assert!(client.for_gateway().ratelimiter.is_none());
        }
        assert_eq!(real.for_gateway().proxy, None);
        assert_eq!(
            trial.for_gateway().proxy.as_deref(),
            Some("http://127.0.0.1:4020")
        );
    }

    #[test]
    fn of_discords_error_tree_only_paths_and_codes_are_kept() {
        let tree = serde_json::json!({
            "embeds": { "0": { "title": { "_errors": [
                { "code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer: “what a stranger wrote”" }
            ] } } }
        });
        let mut fields = Vec::new();
        collect(&tree, &mut Vec::new(), &mut fields);
        assert_eq!(fields, ["embeds.0.title: BASE_TYPE_MAX_LENGTH"]);
    }
}
