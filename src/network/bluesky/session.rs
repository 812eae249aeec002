//! The session at our account's server: begun when it is first needed, renewed when its token has run out, and never by
//! two at once, since the token that renews it works only once. <https://docs.bsky.app/docs/api/com-atproto-server-create-session>

use std::sync::Arc;

use reqwest::{Client, RequestBuilder, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;

use super::{ERRORS, Settings};
use crate::network::Clock;
use crate::network::http::{self, Answer, Purpose};
use crate::port::delivery_error::DeliveryError;

/// Whom we are signed in as, and where.
pub(super) struct Session {
    access: SecretString,
    refresh: SecretString,
    pub did: String,
    pub handle: String,
    /// Why the account cannot act, in the server's word: `deactivated`, `takendown`.
    pub status: Option<String>,
    /// The server that holds our account, without a slash at its end.
    pub server: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    access_jwt: String,
    refresh_jwt: String,
    did: String,
    handle: String,
    #[serde(default)]
    did_doc: Value,
    active: Option<bool>,
    status: Option<String>,
}

pub(super) struct Sessions {
    client: Client,
    /// Where to sign in, without a slash at its end.
    server: String,
    handle: String,
    password: SecretString,
    clock: Clock,
    now: Mutex<Option<Arc<Session>>>,
}

impl Sessions {
    pub fn new(settings: &Settings, password: SecretString, client: Client, clock: Clock) -> Self {
        Self {
            client,
            server: settings.server.trim_end_matches('/').to_owned(),
            handle: settings.handle.trim().trim_start_matches('@').to_owned(),
            password,
            clock,
            now: Mutex::new(None),
        }
    }

    /// The session as it is, begun if there is none.
    pub async fn get(&self) -> Result<Arc<Session>, DeliveryError> {
        let mut now = self.now.lock().await;
        if let Some(session) = now.as_ref() {
            return Ok(Arc::clone(session));
        }
        let session = self.sign_in().await?;
        Ok(Arc::clone(now.insert(session)))
    }

    /// One call with our token; one that has run out is renewed, and the call made once more: a call that was refused
    /// for its token did nothing. `build` gets the client and the server's address.
    pub async fn call(
        &self,
        purpose: Purpose,
        build: impl Fn(&Client, &Session) -> RequestBuilder,
    ) -> Result<Answer, DeliveryError> {
        let session = self.get().await?;
        let ask = |session: &Session| {
            let request = build(&self.client, session).bearer_auth(session.access.expose_secret());
            http::send(request, purpose)
        };
        let answer = ask(&session).await?;
        let answer = if ran_out(&answer) {
            let renewed = self.renew(&session).await?;
            ask(&renewed).await?
        } else {
            answer
        };
        if answer.is_success() {
            return Ok(answer);
        }
        Err(self.refused(&answer, purpose))
    }

    /// One call that needs no token.
    pub async fn ask(&self, request: RequestBuilder) -> Result<Answer, DeliveryError> {
        let answer = http::send(request, Purpose::Read).await?;
        if answer.is_success() {
            return Ok(answer);
        }
        Err(self.refused(&answer, Purpose::Read))
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    fn refused(&self, answer: &Answer, purpose: Purpose) -> DeliveryError {
        http::refused(answer, purpose, ERRORS, (self.clock)())
    }

    /// Renews the session unless somebody else did meanwhile. Where the renewing token is dead too, signs in again.
    async fn renew(&self, old: &Arc<Session>) -> Result<Arc<Session>, DeliveryError> {
        let mut now = self.now.lock().await;
        if let Some(session) = now.as_ref().filter(|session| !Arc::ptr_eq(session, old)) {
            return Ok(Arc::clone(session));
        }
        let address = format!("{}/xrpc/com.atproto.server.refreshSession", old.server);
        let request = self.client.post(address).bearer_auth(old.refresh.expose_secret());
        let answer = http::send(request, Purpose::Read).await?;
        let session = if answer.is_success() {
            self.granted(&answer)?
        } else if ran_out(&answer) || answer.status == 401 {
            self.sign_in().await?
        } else {
            return Err(self.refused(&answer, Purpose::Read));
        };
        Ok(Arc::clone(now.insert(session)))
    }

    async fn sign_in(&self) -> Result<Arc<Session>, DeliveryError> {
        let said = json!({"identifier": self.handle, "password": self.password.expose_secret()});
        let address = format!("{}/xrpc/com.atproto.server.createSession", self.server);
        let request = with_json(self.client.post(address), &said);
        // Signing in changes nothing there that a second attempt would double.
        let answer = http::send(request, Purpose::Read).await?;
        if answer.is_success() {
            return self.granted(&answer);
        }
        Err(match self.refused(&answer, Purpose::Read) {
            wait @ (DeliveryError::Wait { .. } | DeliveryError::Transient(_)) => wait,
            other => DeliveryError::Blocked(self.why_not(&answer, &other)),
        })
    }

    fn why_not(&self, answer: &Answer, other: &DeliveryError) -> String {
        let who = format!("Bluesky does not let @{} in", self.handle);
        let word = answer.json::<Value>().unwrap_or_default();
        match word["error"].as_str() {
            Some("AuthFactorTokenRequired") => format!(
                "{who}: that is the account's own password, which wants a code by e-mail; make an app password under \
                 Settings, Privacy and security, App passwords, and put it where app_password points"
            ),
            Some("AuthenticationRequired") => format!(
                "{who}: the handle or the app password is wrong, or the app password was deleted; make a new one under \
                 Settings, Privacy and security, App passwords, and put it where app_password points"
            ),
            Some("AccountTakedown") => format!(
                "{who}: the account was taken down; its owner must write to {}",
                self.server
            ),
            _ => format!("{who}: {other}"),
        }
    }

    fn granted(&self, answer: &Answer) -> Result<Arc<Session>, DeliveryError> {
        let granted: Granted = answer.json()?;
        let server = home(&self.server, &granted.did_doc).unwrap_or_else(|| self.server.clone());
        let status = match granted.active {
            Some(false) => Some(granted.status.unwrap_or_else(|| "inactive".to_owned())),
            _ => None,
        };
        Ok(Arc::new(Session {
            access: granted.access_jwt.into(),
            refresh: granted.refresh_jwt.into(),
            did: granted.did,
            handle: granted.handle,
            status,
            server,
        }))
    }
}

pub(super) fn with_json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.to_string())
}

fn ran_out(answer: &Answer) -> bool {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    matches!(answer.status, 400 | 401)
        && serde_json::from_slice::<Refusal>(&answer.body)
            .is_ok_and(|refusal| matches!(refusal.error.as_str(), "ExpiredToken" | "InvalidToken"))
}

/// The server that holds the account, as its identity says; bsky.social only signs people in. Our token follows only
/// from one encrypted address to another: what an administrator set up on this machine is where it stays.
fn home(server: &str, did_doc: &Value) -> Option<String> {
    let services = did_doc.get("service")?.as_array()?;
    let ours = services.iter().find(|service| {
        service["id"]
            .as_str()
            .is_some_and(|id| id.ends_with("#atproto_pds"))
    })?;
    let endpoint = Url::parse(ours["serviceEndpoint"].as_str()?).ok()?;
    let sound = server.starts_with("https://") && endpoint.scheme() == "https" && endpoint.has_host();
    sound.then(|| endpoint.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_follows_only_to_an_encrypted_address() {
        let doc = |endpoint: &str| {
            json!({"service": [
                {"id": "#other", "serviceEndpoint": "https://elsewhere.example"},
                {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": endpoint},
            ]})
        };
        let social = "https://bsky.social";
        assert_eq!(
            home(social, &doc("https://amanita.us-east.host.bsky.network")).as_deref(),
            Some("https://amanita.us-east.host.bsky.network")
        );
        for (server, doc) in [
            (social, doc("http://amanita.example")),
            (social, doc("file:///etc/passwd")),
            (social, doc("not an address")),
            (social, json!({})),
            (social, Value::Null),
            ("http://127.0.0.1:2583", doc("https://pds.example")),
        ] {
            assert_eq!(home(server, &doc), None, "{server} {doc}");
        }
    }
}
