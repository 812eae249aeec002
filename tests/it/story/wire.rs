//! How what a person does reaches the desk: on the web board straight through the front desk, elsewhere over the
//! platform's own wire.

use async_trait::async_trait;

use super::*;

#[async_trait]
pub trait Wire: Send + Sync {
    /// A click on a card's button. The same key is the same click, delivered again.
    async fn click(&self, who: &str, command: &str, lead: LeadId, key: &str) -> Told;

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
    async fn click(&self, who: &str, command: &str, lead: LeadId, key: &str) -> Told {
        let answer = self
            .front
            .click(&who.into(), &self.platform, command, lead, key)
            .await;
        Told(answer.expect("taken"))
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
