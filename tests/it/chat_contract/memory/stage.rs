//! Chat in memory, as whoever reads the memory sees it.

use async_trait::async_trait;
use switchboard::domain::ids::Channel;
use switchboard::platform::memory::MemoryChat;
use switchboard::port::chat::ChatPlatform;

use super::super::{Looks, Seen};

pub struct Stage {
    chat: MemoryChat,
}

impl Stage {
    pub async fn open() -> Self {
        Self {
            chat: MemoryChat::new("web"),
        }
    }
}

#[async_trait]
impl Looks for Stage {
    fn platform(&self) -> &dyn ChatPlatform {
        &self.chat
    }

    fn channel(&self) -> Channel {
        Channel::new("web", "support")
    }

    async fn seen(&self) -> Vec<Seen> {
        let mut threads = self.chat.threads("support").into_iter();
        let cards = self.chat.cards("support").into_iter().map(|card| {
            let said = card.turns.iter().map(|turn| turn.text.as_written());
            let words = [card.lead.to_string(), card.status.clone()];
            Seen {
                text: said.chain(words.iter().map(String::as_str)).collect::<Vec<_>>().join("\n"),
                buttons: card.actions.iter().map(|action| action.label.clone()).collect(),
                thread: threads.next().unwrap_or_default(),
                ..Seen::default()
            }
        });
        let digests = self.chat.digests("support").into_iter().map(|digest| Seen {
            text: digest.department_name,
            ..Seen::default()
        });
        cards.chain(digests).collect()
    }

    async fn told(&self, member: &str) -> Vec<String> {
        self.chat.notices(&member.into())
    }
}
