//! Registers Switchboard as an application on a server, and exchanges the code that a person gets there for an access
//! token (<https://docs.joinmastodon.org/client/token/>). For `switchboard connect mastodon`; what is kept is the
//! caller's to keep.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::check::SCOPES;
use super::settings;
use crate::network::http::{self, Answer, Purpose};

/// The server shows the code instead of sending the browser somewhere.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// What the server gave Switchboard as an application. Registering costs nothing and opens nothing.
pub struct Application {
    server: Url,
    client_id: String,
    client_secret: SecretString,
}

/// A token of the account, and whose it is.
pub struct Granted {
    pub token: SecretString,
    pub account: String,
}

#[derive(Deserialize)]
struct Registered {
    client_id: String,
    client_secret: String,
}

#[derive(Deserialize)]
struct Kept {
    server: String,
    client_id: String,
    client_secret: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Deserialize)]
struct Account {
    acct: String,
}

/// The server's address as a person types it.
pub fn server(text: &str) -> Result<Url, String> {
    let typed = text.trim();
    let url = match typed.contains("://") {
        true => settings::server(typed)?,
        false => settings::server(&format!("https://{typed}"))?,
    };
    if url.scheme() == "http" && !settings::is_near(&url) {
        return Err("with http:// the token would travel unencrypted; write https://".to_owned());
    }
    Ok(url)
}

fn scopes() -> String {
    SCOPES.join(" ")
}

fn at(server: &Url, path: &str) -> Result<Url, String> {
    let base = server.as_str().trim_end_matches('/');
    Url::parse(&format!("{base}{path}")).map_err(|error| error.to_string())
}

fn good(answer: Answer, what: &str, now: Timestamp) -> Result<Answer, String> {
    match answer.is_success() {
        true => Ok(answer),
        false => Err(format!(
            "{what}: {}",
            http::refused(&answer, Purpose::Read, &[], now)
        )),
    }
}

fn client() -> Result<reqwest::Client, String> {
    http::client(std::time::Duration::from_secs(20))
}

/// Makes an application of this name on the server.
pub async fn register(server: &Url, name: &str, now: Timestamp) -> Result<Application, String> {
    let form = [
        ("client_name", name.to_owned()),
        ("redirect_uris", OUT_OF_BAND.to_owned()),
        ("scopes", scopes()),
    ];
    let request = client()?.post(at(server, "/api/v1/apps")?).form(&form);
    let answer = http::send(request, Purpose::Read)
        .await
        .map_err(|error| error.to_string())?;
    let answer = good(answer, "the server takes no application", now)?;
    let registered: Registered = answer
        .json()
        .map_err(|_| "the server registered nothing that can be used".to_owned())?;
    Ok(Application {
        server: server.clone(),
        client_id: registered.client_id,
        client_secret: registered.client_secret.into(),
    })
}

impl Application {
    /// To go on later; it holds a secret.
    pub fn kept(&self) -> String {
        let (id, secret) = (&self.client_id, self.client_secret.expose_secret());
        serde_json::json!({ "server": self.server.as_str(), "client_id": id, "client_secret": secret })
            .to_string()
    }

    pub fn read(kept: &str) -> Result<Self, String> {
        let unusable = || "it is no registration of Switchboard".to_owned();
        let kept: Kept = serde_json::from_str(kept).map_err(|_| unusable())?;
        Ok(Self {
            server: Url::parse(&kept.server).map_err(|_| unusable())?,
            client_id: kept.client_id,
            client_secret: kept.client_secret.into(),
        })
    }

    pub fn server(&self) -> &Url {
        &self.server
    }

    /// Where a person signs in as the account and gets the code.
    pub fn authorize(&self) -> Result<Url, String> {
        let mut url = at(&self.server, "/oauth/authorize")?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", OUT_OF_BAND)
            .append_pair("response_type", "code")
            .append_pair("scope", &scopes());
        Ok(url)
    }

    /// Exchanges the code, and asks whose token it is.
    pub async fn exchange(&self, code: &str, now: Timestamp) -> Result<Granted, String> {
        let scopes = scopes();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.trim()),
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose_secret()),
            ("redirect_uri", OUT_OF_BAND),
            ("scope", &scopes),
        ];
        let client = client()?;
        let request = client.post(at(&self.server, "/oauth/token")?).form(&form);
        let answer = http::send(request, Purpose::Read)
            .await
            .map_err(|error| error.to_string())?;
        let answer = good(answer, "the server does not take the code", now)?;
        let token: Token = answer.json().map_err(|_| "the server gave no token".to_owned())?;
        let request = client
            .get(at(&self.server, "/api/v1/accounts/verify_credentials")?)
            .bearer_auth(&token.access_token);
        let answer = http::send(request, Purpose::Read)
            .await
            .map_err(|error| error.to_string())?;
        let account: Account = good(answer, "the new token does not work", now)?
            .json()
            .map_err(|error| error.to_string())?;
        Ok(Granted {
            token: token.access_token.into(),
            account: account.acct,
        })
    }
}
