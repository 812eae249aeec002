//! How what a person does reaches the desk: on the web board straight through the front desk, elsewhere over the
//! platform's own wire.

use async_trait::async_trait;
use switchboard::domain::form::Field;

use super::*;

#[async_trait]
pub trait Wire: Send + Sync {
    /// A click on a card's button. The same key is the same click, delivered again: where the platform's half remembers it,
    /// nothing is said.
    async fn click(&self, who: &str, command: &str, lead: LeadId, key: &str) -> Option<Told>;

    /// A typed line.
    async fn says(&self, who: &str, line: &str, key: &str) -> Told;

    /// A form that was opened before, filled in.
    async fn send(&self, who: &str, form: &Form, fields: &[(&str, &str)]) -> Told;

    /// Compares what the platform shows with what it was asked to show.
    async fn agrees(&self, asked: &Shown);
}

/// Straight through the front desk.
pub struct Direct {
    pub front: Arc<Front>,
    pub platform: PlatformId,
}

#[async_trait]
impl Wire for Direct {
    async fn click(&self, who: &str, command: &str, lead: LeadId, key: &str) -> Option<Told> {
        let answer = self
            .front
            .click(&who.into(), &self.platform, command, lead, key)
            .await;
        Some(Told(answer.expect("taken")))
    }

    async fn says(&self, who: &str, line: &str, key: &str) -> Told {
        let answer = self.front.command(&who.into(), &self.platform, line, key).await;
        Told(answer.expect("taken"))
    }

    async fn send(&self, who: &str, form: &Form, fields: &[(&str, &str)]) -> Told {
        let filled = FilledIn {
            command: form.command.clone(),
            lead: form.lead,
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            seen: form.seen,
            key: form.key.clone(),
        };
        let answer = self.front.fill_in(&who.into(), &self.platform, filled).await;
        Told(answer.expect("taken"))
    }

    /// The board draws cards from the store whenever somebody looks.
    async fn agrees(&self, _: &Shown) {}
}

/// Serves on a port of its own, until the test's runtime ends.
pub fn serve(router: axum::Router) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// Whether somebody who reads `shown` (JSON, with whatever markup) reads these words there, in this order.
pub fn reads(shown: &str, words: &str) -> bool {
    let bare = |text: &str| -> String {
        let text = text.replace("\\n", " ").replace("\\u", " ");
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    bare(shown).contains(&bare(words))
}

pub fn name_of(field: &Field) -> &str {
    match field {
        Field::Text { name, .. } | Field::Choice { name, .. } => name,
    }
}
