//! The channel's side of the wire: signed-in calls within the day's units, and what YouTube's errors mean, which it tells
//! by a `reason`: <https://developers.google.com/youtube/v3/docs/errors>.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::{Client, RequestBuilder, header};
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::comment::Page;
use super::quota::{Quota, READ, WRITE};
use super::{SCOPE, Settings};
use crate::network::Clock;
use crate::network::http::{self, Answer, Means, Purpose};
use crate::network::oauth::{Access, ClientIn, Grant};
use crate::port::delivery_error::DeliveryError;
use crate::port::finding::Finding;

const TIMEOUT: Duration = Duration::from_secs(20);
/// The number of threads or comments on a page.
pub(super) const PAGE: usize = 100;

/// What YouTube's reasons mean; quotation marks keep them whole words.
const TABLE: [(u16, &str, Means); 20] = [
    (403, "\"rateLimitExceeded\"", Means::Wait),
    (403, "\"userRateLimitExceeded\"", Means::Wait),
    (403, "\"accessNotConfigured\"", Means::Blocked),
    (403, "\"insufficientPermissions\"", Means::Blocked),
    (403, "\"ACCESS_TOKEN_SCOPE_INSUFFICIENT\"", Means::Blocked),
    (401, "\"youtubeSignupRequired\"", Means::Blocked),
    (400, "\"keyInvalid\"", Means::Blocked),
    (403, "\"commentsDisabled\"", Means::Permanent),
    (403, "\"ineligibleAccount\"", Means::Permanent),
    (403, "\"forbidden\"", Means::Permanent),
    (400, "\"parentCommentIsPrivate\"", Means::Permanent),
    (400, "\"commentTextTooLong\"", Means::Permanent),
    (400, "\"commentTextRequired\"", Means::Permanent),
    (400, "\"operationNotSupported\"", Means::Permanent),
    // “Can be a transient error”, says the documentation, and not whether the comment is there.
    (400, "\"processingFailure\"", Means::Uncertain),
    (404, "\"parentCommentNotFound\"", Means::Gone),
    (404, "\"commentNotFound\"", Means::Gone),
    (404, "\"commentThreadNotFound\"", Means::Gone),
    (404, "\"videoNotFound\"", Means::Gone),
    (404, "\"channelNotFound\"", Means::Permanent),
];

pub(super) struct Account {
    client: Client,
    base: String,
    access: Access,
    channel: OnceCell<String>,
    quota: Mutex<Quota>,
    name: String,
    clock: Clock,
}

impl Account {
    pub fn open(settings: &Settings, folder: &Path, clock: Clock) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let [client_id, client_secret, refresh_token] = settings.secrets().map(|(name, secret)| {
            let secret = secret.resolve(folder);
            secret.map_err(|why| problems.push(format!("{name}: {why}"))).ok()
        });
        let (Some(client_id), Some(client_secret), Some(refresh_token)) =
            (client_id, client_secret, refresh_token)
        else {
            return Err(problems);
        };
        let client = http::client(TIMEOUT).map_err(|why| vec![why])?;
        let grant = Grant {
            network: "Google",
            url: format!("{}/token", settings.auth_url.trim_end_matches('/')),
            client_id: client_id.expose_secret().to_owned(),
            client_secret,
            client_in: ClientIn::Form,
            refresh_token,
            user_agent: concat!("Switchboard/", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        Ok(Self {
            access: Access::new(client.clone(), grant, clock.clone()),
            client,
            base: settings.api_url.trim_end_matches('/').to_owned(),
            channel: OnceCell::new_with(settings.channel.clone()),
            quota: Mutex::new(Quota::new(settings.daily_units)),
            name: settings.name.clone(),
            clock,
        })
    }

    pub fn quota(&self) -> MutexGuard<'_, Quota> {
        self.quota.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Our channel's id: as configured, or asked for once.
    pub async fn channel(&self) -> Result<&str, DeliveryError> {
        let asked = self.channel.get_or_try_init(async || {
            let page = self.page("channels", &[("part", "id"), ("mine", "true")]).await?;
            let id = page.items.first().and_then(|item| item.get("id")?.as_str());
            id.map(str::to_owned).ok_or_else(|| {
                DeliveryError::Blocked(
                    "this Google account owns no YouTube channel; sign in as the channel".to_owned(),
                )
            })
        });
        asked.await.map(String::as_str)
    }

    /// One page of a listing.
    pub async fn page(&self, of: &str, query: &[(&str, &str)]) -> Result<Page, DeliveryError> {
        let request = self.client.get(format!("{}/{of}", self.base)).query(query);
        Page::read(&self.call(request, Purpose::Read).await?.json()?)
    }

    /// Every page of a listing, as long as there is another, up to `bound` pages.
    pub async fn pages(
        &self,
        of: &str,
        query: &[(&str, &str)],
        bound: usize,
    ) -> Result<Vec<Value>, DeliveryError> {
        let (mut items, mut token) = (Vec::new(), None::<String>);
        for _ in 0..bound {
            let mut query = query.to_vec();
            query.extend(token.as_deref().map(|token| ("pageToken", token)));
            let page = self.page(of, &query).await?;
            items.extend(page.items);
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        Ok(items)
    }

    pub async fn insert(&self, body: &Value) -> Result<Answer, DeliveryError> {
        let request = self
            .client
            .post(format!("{}/comments?part=snippet", self.base))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
        self.call(request, Purpose::Write).await
    }

    async fn call(&self, request: RequestBuilder, purpose: Purpose) -> Result<Answer, DeliveryError> {
        let token = self.access.token().await?;
        let units = if purpose == Purpose::Write { WRITE } else { READ };
        self.quota().spend(units, (self.clock)())?;
        let answer = http::send(request.bearer_auth(token.secret.expose_secret()), purpose).await?;
        let now = (self.clock)();
        self.tell(units);
        let body = String::from_utf8_lossy(&answer.body);
        let quota_gone = ["\"quotaExceeded\"", "\"dailyLimitExceeded\""]
            .into_iter()
            .any(|word| body.contains(word));
        match answer.status {
            200..300 => Ok(answer),
            403 | 429 if quota_gone => Err(self.quota().exhausted(now)),
            401 if !body.contains("\"youtubeSignupRequired\"") => Err(self.access.was_refused(&token).await),
            _ => Err(http::refused(&answer, purpose, &TABLE, now)),
        }
    }

    /// The day's units, for whoever watches the figures, and in the log at every tenth of the day's budget.
    fn tell(&self, units: u32) {
        let mut quota = self.quota();
        let (spent, daily) = (quota.spent((self.clock)()).units, quota.daily);
        let name = self.name.clone();
        metrics::gauge!("switchboard_youtube_units_spent", "connector" => name).set(f64::from(spent));
        let tenth = (daily / 10).max(1);
        if spent / tenth != spent.saturating_sub(units) / tenth {
            tracing::info!(connector = %self.name, spent, daily, "YouTube's units of this day");
        }
    }

    pub async fn check(&self) -> Vec<Finding> {
        if let Err(error) = self.access.token().await {
            let todo = "sign the channel in again, see docs/networks/youtube.md";
            return vec![Finding::problem("refresh_token", error.to_string(), todo)];
        }
        let mut found = Vec::new();
        match self
            .page("channels", &[("part", "snippet"), ("mine", "true")])
            .await
        {
            Ok(page) => {
                let own: Vec<&str> = page
                    .items
                    .iter()
                    .filter_map(|item| item.get("id")?.as_str())
                    .collect();
                let wanted = self.channel.get().map(String::as_str);
                found.push(match (own.first(), wanted) {
                    (None, _) => Finding::problem(
                        "channel",
                        "this Google account owns no channel",
                        "sign in as the channel",
                    ),
                    (Some(_), Some(wanted)) if !own.contains(&wanted) => Finding::problem(
                        "channel",
                        format!("{wanted} is not the channel that is signed in"),
                        format!("write channel = “{}”, or sign in as the other channel", own[0]),
                    ),
                    (Some(own), _) => Finding::fine("channel", format!("signed in as {own}")),
                });
            }
            Err(error) => {
                let todo = format!("is the YouTube Data API on, and was {SCOPE} allowed?");
                found.push(Finding::problem("channel", error.to_string(), todo));
            }
        }
        let mut quota = self.quota();
        let (spent, daily) = (quota.spent((self.clock)()).units, quota.daily);
        found.push(Finding::fine(
            "units",
            format!("{spent} of {daily} spent today by this process"),
        ));
        found
    }
}
