//! Slash commands: one line, in whichever spelling is registered, to the front desk; the answer to the person alone, or to
//! the channel where the catalogue says so. What the words mean is `command`'s business.
//!
//! <https://docs.slack.dev/interactivity/implementing-slash-commands>

use serde_json::Value;

use super::door::{Door, not_taken};
use super::ear::{self, Ear};
use super::opening::Opening;
use super::payload::Typed;
use super::wording::{self, Names};
use crate::command::{Catalogue, Shows};
use crate::domain::notice::{Answer, Notice, Tone};

impl Typed {
    pub fn ear(&self) -> Ear {
        Ear {
            user: self.by.user.clone(),
            channel: self.channel.clone(),
            thread: None,
            response_url: self.response_url.clone(),
        }
    }
}

impl Door {
    /// The message to answer with; none where a form opened.
    pub(super) async fn typed(&self, typed: Typed) -> Option<Value> {
        let company = self.front.company();
        let text = wording::plain(&typed.text, &company, Names::Short);
        let line = format!("{} {text}", typed.command);
        let who = match self.member(&typed.by).await {
            Ok(who) => who,
            Err(refusal) => return Some(ear::message(&refusal.into(), false)),
        };
        let key = format!("slack:{}", typed.trigger);
        match self.front.command(&who, &Self::via(), &line, &key).await {
            Ok(Answer::Notice(notice)) => {
                let aloud =
                    notice.tone != Tone::Refused && shows(Catalogue::builtin(), &line) == Shows::Channel;
                Some(ear::message(&notice, aloud))
            }
            Ok(Answer::Form(form)) => {
                let opening = Opening {
                    trigger: &typed.trigger,
                    state: typed.ear().state(""),
                    again: "type it",
                };
                let opened = self.open(&form, opening).await;
                opened
                    .err()
                    .map(|refusal| ear::message(&Notice::from(refusal), false))
            }
            Err(why) => Some(ear::message(&not_taken(&why), false)),
        }
    }
}

/// Who sees the answer to a line. With a prefix, `/sb-claim` ends in the command's name.
fn shows(catalogue: &Catalogue, line: &str) -> Shows {
    let mut words = line.trim_start_matches('/').split_whitespace();
    let first = words.next().unwrap_or_default();
    let name = match words.next() {
        Some(second) if first == "lead" => second,
        _ => first,
    };
    let named = catalogue.get(name).or_else(|| {
        let ends = |command: &&crate::command::Command| name.ends_with(command.name.as_str());
        catalogue
            .commands()
            .iter()
            .filter(ends)
            .max_by_key(|command| command.name.len())
    });
    named.map_or(Shows::Private, |command| command.answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_says_who_sees_an_answer() {
        let claim = include_str!("../../../../commands/claim.toml");
        let who = include_str!("../../../../commands/who.toml").replace("\"private\"", "\"channel\"");
        let catalogue = Catalogue::load(&[("claim.toml", claim), ("who.toml", &who)]).unwrap();
        for (line, expected) in [
            ("/who L-1", Shows::Channel),
            ("/lead who L-1", Shows::Channel),
            ("/sb-who L-1", Shows::Channel),
            ("/claim L-1", Shows::Private),
            ("/lead claim who", Shows::Private),
            ("/lead", Shows::Private),
            ("", Shows::Private),
            ("/lead nothing", Shows::Private),
        ] {
            assert_eq!(shows(&catalogue, line), expected, "{line}");
        }
    }
}
