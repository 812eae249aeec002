//! `switchboard route`: explains where a text would go, and why.

use anyhow::Context;
use jiff::Timestamp;

use super::config_option::ConfigOption;
use crate::config::Settings;
use crate::domain::mention::{Author, Mention, MentionKind, PublicText};
use crate::listening::Explanation;

/// Explains where a mention would go
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard route \"where is my refund?\"
  switchboard route \"ein Angebot, bitte\" --language de --network instagram
  switchboard route \"wobbles\" --kind review --rating 2 --followers 12000
  switchboard route \"hello @acme\" --config acme --json")]
pub struct Args {
    /// What somebody writes
    text: String,
    #[command(flatten)]
    config: ConfigOption,
    /// The network it stands on
    #[arg(long, default_value = "x")]
    network: String,
    /// The handle of its author
    #[arg(long, default_value = "someone")]
    handle: String,
    /// mention, comment, direct_message (dm) or review
    #[arg(long, default_value = "mention", value_parser = kind)]
    kind: MentionKind,
    /// How many followers its author has
    #[arg(long)]
    followers: Option<u64>,
    /// The stars of a review
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=5))]
    rating: Option<u8>,
    /// Its language tag, such as de or pt-BR
    #[arg(long)]
    language: Option<String>,
    /// The account of ours that it addresses
    #[arg(long)]
    account: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

fn kind(word: &str) -> Result<MentionKind, String> {
    MentionKind::parse(word).ok_or_else(|| {
        let known = MentionKind::ALL.map(MentionKind::word).join(", ");
        format!("there is no such kind; known: {known}")
    })
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let settings = args.config.load()?;
    let mention = args.mention();
    if settings.company.is_own_account(&mention.network, &args.handle) {
        let handle = args.handle.trim_start_matches('@');
        if args.json {
            return super::say(&format!("{}\n", serde_json::json!({ "own_account": handle })));
        }
        return super::say(&format!(
            "@{handle} is an account of the company: what it writes is a public reply, not a mention.\n"
        ));
    }
    let explanation = settings.routes.explain(&mention);
    if args.json {
        let text = serde_json::to_string_pretty(&explanation).context("cannot write the explanation")?;
        super::say(&format!("{text}\n"))
    } else {
        super::say(&in_words(&explanation, &settings))
    }
}

impl Args {
    fn mention(&self) -> Mention {
        Mention {
            connector: "route".into(),
            network: self.network.as_str().into(),
            id: "1".to_owned(),
            kind: self.kind,
            author: Author {
                id: self.handle.clone(),
                handle: PublicText::new(&self.handle),
                followers: self.followers,
                ..Author::default()
            },
            text: PublicText::new(&self.text),
            created: Timestamp::UNIX_EPOCH,
            account: self.account.clone(),
            language: self.language.clone(),
            url: None,
            in_reply_to: None,
            conversation: None,
            media: Vec::new(),
            rating: self.rating,
            reply_target: None,
            own: false,
        }
    }
}

fn in_words(explanation: &Explanation, settings: &Settings) -> String {
    let assessment = &explanation.assessment;
    let company = &settings.company;
    let channels: Vec<_> = company
        .department(&assessment.department)
        .into_iter()
        .flat_map(|department| &department.channels)
        .map(ToString::to_string)
        .collect();
    let mut out = format!(
        "→ {} ({}), priority {}\n",
        company.department_name(&assessment.department),
        channels.join(", "),
        assessment.priority.word()
    );
    if !assessment.tags.is_empty() {
        out.push_str(&format!("  tags: {}\n", assessment.tags.join(", ")));
    }
    if !assessment.watchers.is_empty() {
        let names = assessment.watchers.iter().map(|watcher| company.name_of(watcher));
        out.push_str(&format!(
            "  told by name: {}\n",
            names.collect::<Vec<_>>().join(", ")
        ));
    }
    out.push_str("because\n");
    for reason in &assessment.reasons {
        out.push_str(&format!("  {reason}\n"));
    }
    if !explanation.steps.is_empty() {
        out.push_str("tried, from top to bottom (✓ matched, · did not)\n");
        for line in explanation.to_string().lines() {
            out.push_str(&format!("  {line}\n"));
        }
    }
    out
}
