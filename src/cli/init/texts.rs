//! The files that `init` writes: annotated, so that a person who has never seen them can edit them without fear. The sample
//! in `config/` is what these texts make of the defaults; a test holds them together.

use super::answers::{Answers, Department, Member};
use super::connectors::CONNECTORS;
use super::usual::{USUAL, usual};
use crate::config::MAIN_FILE;

/// Name, what it is, text.
pub(super) type File = (&'static str, &'static str, String);

pub(super) fn files(answers: &Answers) -> Vec<File> {
    vec![
        (
            MAIN_FILE,
            "the company, the web board, connectors",
            main_file(answers),
        ),
        (
            "departments.toml",
            "channels, staff, hours, targets, guidelines",
            departments(answers),
        ),
        ("members.toml", "who works here", members(answers)),
        ("routes.toml", "where a mention goes", routes(answers)),
    ]
}

/// A text as TOML has it, quotes and all.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<_> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

fn main_file(answers: &Answers) -> String {
    let admin = answers.members.first().map_or("", |member| &member.id);
    format!("{MAIN}{CONNECTORS}")
        .replace("@COMPANY@", &quoted(&answers.company))
        .replace("@ZONE@", &quoted(&answers.zone))
        .replace("@ACCOUNTS@", &list(answers.accounts.iter().map(String::as_str)))
        .replace("@ADMINS@", &list([admin]))
        .replace("@ADDRESS@", &quoted(&answers.address.to_string()))
}

const MAIN: &str = r##"# Switchboard's configuration. Every key is here, with its default where it has one.
# `switchboard check` reads all files of this folder and names every mistake with its line.
#
#   switchboard.toml   this file: the company, the web board, Slack, Discord, connectors, logs
#   departments.toml   channels, staff, hours, targets, guidelines
#   members.toml       who works here
#   routes.toml        where a mention goes
#
# Any section may stand in any of these files (connectors may have a connectors.toml of their own); a small company can
# keep everything here.
# A secret never stands in these files: write { env = "NAME" } or { file = "PATH" } where one is wanted.
# A relative path starts at this folder.

# Where the store lives. The environment variable SWITCHBOARD_DATA wins over it.
data = "data"

[company]
name = @COMPANY@
# Departments work in this time zone unless they name their own.
zone = @ZONE@
# Days on which no clock runs, for every department: ["2026-12-25", "2027-01-01"]
holidays = []
# The company's own accounts: "@handle" on every network, "reviews/Our Name" on one. What they write is a public reply,
# not a mention.
accounts = @ACCOUNTS@
# Who may do everything in every department.
admins = @ADMINS@

[web]
# Where the web board listens. SWITCHBOARD_ADDRESS wins over it. Any address that others can reach needs sign-in below.
address = @ADDRESS@
# Names under which browsers reach the board besides its address, for instance behind a reverse proxy.
public_hosts = []
# Personal sign-in codes, as SHA-256 (printf %s 'the code' | sha256sum). Without them everybody on this machine chooses
# who they are.
# [web.sign_in]
# dana = "64 hexadecimal digits"

[commands]
# "both": /claim and /lead claim; "flat": only /claim; "umbrella": only /lead claim.
style = "both"
# What flat names begin with where plain ones collide with another app's: "sb-" makes /sb-claim.
prefix = ""

[log]
# "auto": pretty on a terminal, JSON elsewhere; "pretty"; "json".
format = "auto"
# error, warn, info, debug, trace, also by module: "info,switchboard=debug". SWITCHBOARD_LOG wins over it.
filter = "info"

# Slack, besides the web board. docs/slack.md walks through it in ten minutes; `switchboard manifest slack` prints the
# app's manifest, and `switchboard check --online` says what is still missing. Take away the # before what you need.
# [slack]
# # Bot User OAuth Token, xoxb-…, from OAuth & Permissions.
# bot_token = { env = "SLACK_BOT_TOKEN" }
# # App-level token, xapp-…, with connections:write, from Basic Information; for Socket Mode.
# app_token = { env = "SLACK_APP_TOKEN" }
# # "socket": Switchboard dials out, no public address needed; "http": Slack calls us, which needs signing_secret.
# inbound = "socket"
# # From Basic Information; for "http".
# signing_secret = { env = "SLACK_SIGNING_SECRET" }
# # The workspace; without it, the one that the bot token belongs to.
# team = "T0123ABCD"
# # GovSlack's is https://slack-gov.com/api.
# api_url = "https://slack.com/api"
# # Whether each lead's history and notes are kept in a thread under its card.
# threads = true
# # A message in a card's thread that begins with this is kept as a note.
# note_sign = "note:"
# # Sockets held open at once, 1 to 10; two leave no gap while Slack replaces one.
# connections = 2

# Discord: step by step in docs/discord.md. Channels are then written "discord/1106298301283012608".
# [discord]
# bot_token = { env = "DISCORD_BOT_TOKEN" }
# application = "1106298301283012601"
# guild = "1106298301283012603"
# # "gateway": Switchboard dials out; "http": Discord calls /discord/interactions, which needs public_key.
# inbound = "gateway"
# public_key = "64 hexadecimal digits"
# # History and notes of each lead in a thread under its card.
# threads = true

"##;

fn works_in(member: &Member, department: &Department) -> bool {
    member.departments.is_empty() || member.departments.contains(&department.id)
}

fn departments(answers: &Answers) -> String {
    let mut out = DEPARTMENTS.to_owned();
    for department in &answers.departments {
        let staff: Vec<&Member> = answers
            .members
            .iter()
            .filter(|member| works_in(member, department))
            .collect();
        // The first who works there leads; without anybody, the administrator may still act.
        let roles: Vec<_> = staff
            .iter()
            .enumerate()
            .map(|(index, member)| {
                format!(
                    "{} = \"{}\"",
                    member.id,
                    if index == 0 { "lead" } else { "agent" }
                )
            })
            .collect();
        let roles = if roles.is_empty() {
            "{}".to_owned()
        } else {
            format!("{{ {} }}", roles.join(", "))
        };
        let first = staff
            .first()
            .copied()
            .or(answers.members.first())
            .map_or("", |member| &member.id);
        let usual = usual(&department.id);
        let targets = usual.map_or(
            "{ urgent = \"30m\", high = \"1h\", normal = \"4h\", low = \"2 days\" }",
            |usual| usual.targets,
        );
        let guidelines: String = usual
            .map_or(&["Do say what happens next, and when."][..], |usual| {
                usual.guidelines
            })
            .iter()
            .map(|line| format!("  {},\n", quoted(line)))
            .collect();
        out.push_str(
            &DEPARTMENT
                .replace("@ID@", &department.id)
                .replace("@NAME@", &quoted(&department.name))
                .replace("@ROLES@", &roles)
                .replace("@TARGETS@", targets)
                .replace("@FIRST@", &quoted(first))
                .replace("@GUIDELINES@", &guidelines)
                .replace(
                    "@CONFIDENTIAL@",
                    if usual.is_some_and(|usual| usual.confidential) {
                        "true"
                    } else {
                        "false"
                    },
                ),
        );
    }
    out
}

const DEPARTMENTS: &str = r#"# The departments: where their cards go, who may do what, when they work, what they promise.
#
# name              what people read
# channels          where its cards go, as "platform/channel": "web/support"; on Slack by the channel's id,
#                   "slack/C0614TZR7". A lead is live in all of them
# members           who works there: viewer (reads), agent (claims and answers), lead (also assigns, and takes over),
#                   admin. Each may do what the one before may.
# groups            the same for people of a group on a chat platform; on Slack a user group, or a channel whose members
#                   are meant: groups = { "slack/S0614TZR7" = "agent", "slack/C0614TZR8" = "lead" }
# threads           false: no thread under its cards, where a platform keeps them
# zone              its own time zone, where it differs from the company's
# hours             "24/7", or lines like "mon-fri 09:00-12:00, 13:00-17:00"
# holidays          days on which its clock stands, besides the company's
# targets           how soon the public gets an answer, in working time, by priority: urgent, high, normal, low.
#                   A day is a working day of these hours. A priority without a target has no clock.
# lease             how long an idle owner keeps a lead: reminded after `nudge`, back in the queue after `lapse`.
#                   Without it, for ever.
# hand_off_timeout  how long an offer to this department waits before it returns
# ladder            who is told when somebody escalates, rung by rung, and how long each rung waits for a sign
# digest            local time of the daily summary; without it, none
# guidelines        do's and don'ts, shown where a reply is written
# confidential      its leads show as a stub to everybody else
"#;

const DEPARTMENT: &str = r#"
[department.@ID@]
name = @NAME@
channels = ["web/@ID@"]
members = @ROLES@
hours = ["mon-fri 09:00-17:00"]
holidays = []
targets = @TARGETS@
lease = { nudge = "2h", lapse = "4h" }
hand_off_timeout = "4h"
ladder = [{ tell = [@FIRST@], wait = "30m" }]
digest = "08:30"
guidelines = [
@GUIDELINES@]
confidential = @CONFIDENTIAL@
"#;

fn members(answers: &Answers) -> String {
    let mut out = "\
# Who works here. What each may do is said in departments.toml. The short name in brackets is what other files use, and
# what people type: /assign L-142 dana
#
# away        until when somebody is away, in words that a colleague reads: away = \"until Monday\"
# identities  who they are on other platforms, once those are used: identities = { slack = \"U024BE7LH\" }
"
    .to_owned();
    for member in &answers.members {
        out.push_str(&format!(
            "\n[member.{}]\nname = {}\n",
            member.id,
            quoted(&member.name)
        ));
    }
    out
}

fn routes(answers: &Answers) -> String {
    let has = |id: &str| answers.departments.iter().any(|department| department.id == id);
    let first = answers
        .departments
        .first()
        .map_or("", |department| department.id.as_str());
    let fallback = if has("support") { "support" } else { first };
    let mut out = ROUTES.replace("@FALLBACK@", &quoted(fallback));
    // The order of the list is the order of care: what is dangerous to miss comes first.
    for usual in USUAL.iter().filter(|usual| has(usual.id)) {
        out.push_str(&format!(
            "\n[[route]]\nname = \"{id}\"\nany = [\n  {{ words = {words} }},\n  {{ phrases = {phrases} }},\n]\ndepartment = \"{id}\"\n",
            id = usual.id,
            words = list(usual.words.iter().copied()),
            phrases = list(usual.phrases.iter().copied()),
        ));
    }
    for department in answers
        .departments
        .iter()
        .filter(|department| usual(&department.id).is_none())
    {
        let named = quoted(&department.name);
        out.push_str(&format!(
            "\n[[route]]\nname = \"{id}\"\n# Which words are for them?\nwords = [{named}]\ndepartment = \"{id}\"\n",
            id = department.id,
        ));
    }
    out
}

const ROUTES: &str = r##"# Where a mention goes. From top to bottom, the first route that matches wins.
# Try it: switchboard route "where is my refund?" --config .
#
# name          what the reason on a card says
# What it asks for; everything given must hold, and within a list one entry is enough:
#   words, phrases        whole words, whatever their capitals and accents; not within links and handles
#   hashtags, mentions    what the text carries: ["#summer"], ["@acme"]
#   authors, accounts     who wrote it; which account of ours was addressed
#   networks, languages   ["instagram"]; ["de"] also stands for de-AT
#   kinds                 mention, comment, direct_message, review
#   followers_min, followers_max, rating_min, rating_max, has_link
#   query                 all this and more in one line: '(refund* OR "money back") NEAR/5 order -author:acme lang:en'
#   any = [{ … }, { … }]  at least one of these must hold
#   none = [{ … }]        none of these may hold
# What comes of it:
#   department, priority (urgent, high, normal, low), tags, watchers (told by name)
#   continue = true       adds its tags, watchers and priority, and goes on; a later route may still choose the department
# [[route.route]] after a route refines it: tried only where the one above matched, and takes over what it does not say.

# What no route claims goes here, to be sorted by people.
fallback = @FALLBACK@

# Somebody with a wide reach: more urgent, wherever it goes.
[[route]]
name = "wide reach"
followers_min = 50000
priority = "high"
tags = ["wide reach"]
continue = true

# A bad review is urgent even without words.
[[route]]
name = "bad review"
kinds = ["review"]
rating_max = 2
priority = "high"
tags = ["bad review"]
continue = true
"##;
