//! A digest's charts: uploaded without a channel and shown inside the one message; where Slack does not show a file that is
//! shared nowhere, in the thread under it. A chart that does not arrive is left out; the digest stands without it.
//!
//! <https://docs.slack.dev/messaging/working-with-files>

use std::time::Duration;

use serde_json::json;

use super::Slack;
use super::client::Failure;
use super::errors::delivery;
use super::outbound::{Target, or_plain};
use super::render;
use crate::domain::digest::Digest;
use crate::port::chat::{Picture, Posting};
use crate::port::delivery_error::DeliveryError;

/// Slack looks at a file for a moment before it can be shown: how long to wait between asking.
const LOOKS: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

impl Slack {
    /// Posts a digest with its charts, wherever Slack lets them be.
    pub(super) async fn post_illustrated(
        &self,
        target: &Target,
        digest: &Digest,
        pictures: &[Picture],
        posting: &Posting,
    ) -> Result<String, DeliveryError> {
        let shown = match self.upload_all(pictures).await {
            Ok(shown) => shown,
            // Nothing is posted yet, and what holds for the charts holds for the digest.
            Err(failure @ (Failure::TooFast(_) | Failure::NotSent(_))) => {
                return Err(delivery(&failure, &target.place));
            }
            Err(failure) => {
                tracing::warn!("a digest goes without its charts: {failure:?}");
                Vec::new()
            }
        };
        let mut forms = Vec::from(or_plain(render::digest(digest, &[])));
        if !shown.is_empty() {
            forms.insert(0, render::digest(digest, &shown));
        }
        let (ts, form) = self.post_new(target, &forms, posting).await?;
        if !shown.is_empty() && form > 0 {
            // The digest is posted; what becomes of its charts must not post it again.
            if let Err(failure) = self.share_below(target, &ts, pictures).await {
                tracing::warn!("a digest goes without its charts: {failure:?}");
            }
        }
        Ok(ts)
    }

    /// Files that are ready to be shown: id, title, and what each shows.
    async fn upload_all(&self, pictures: &[Picture]) -> Result<Vec<(String, String, String)>, Failure> {
        let mut shown = Vec::new();
        for picture in pictures {
            let id = self.upload(picture).await?;
            let files = json!({"files": [{"id": id, "title": picture.title}]});
            self.write("files.completeUploadExternal", None, &files).await?;
            if self.is_ready(&id).await? {
                shown.push((id, picture.title.clone(), picture.alt.clone()));
            }
        }
        Ok(shown)
    }

    /// The bytes are there; nobody sees them yet.
    async fn upload(&self, picture: &Picture) -> Result<String, Failure> {
        let length = picture.png.len().to_string();
        let query = [
            ("filename", picture.file.as_str()),
            ("length", &length),
            ("alt_txt", &picture.alt),
        ];
        let place = self.read("files.getUploadURLExternal", &query).await?;
        let (Some(url), Some(id)) = (place["upload_url"].as_str(), place["file_id"].as_str()) else {
            return Err(Failure::Unknown("Slack named no place for a file".to_owned()));
        };
        self.client.upload(url, &picture.png).await?;
        Ok(id.to_owned())
    }

    async fn is_ready(&self, id: &str) -> Result<bool, Failure> {
        for wait in LOOKS {
            let answer = self.read("files.info", &[("file", id)]).await?;
            if answer["file"]["mimetype"]
                .as_str()
                .is_some_and(|kind| !kind.is_empty())
            {
                return Ok(true);
            }
            tokio::time::sleep(wait).await;
        }
        Ok(false)
    }

    async fn share_below(&self, target: &Target, ts: &str, pictures: &[Picture]) -> Result<(), Failure> {
        let mut files = Vec::new();
        for picture in pictures {
            files.push(json!({"id": self.upload(picture).await?, "title": picture.title}));
        }
        let body = json!({"files": files, "channel_id": target.to, "thread_ts": ts});
        self.write("files.completeUploadExternal", None, &body)
            .await
            .map(drop)
    }
}
