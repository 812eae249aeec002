//! Configuration: what a person sees when it is right, and every problem at once when it is not.

use std::path::Path;

use proptest::prelude::*;
use switchboard::config::{self, Problem, Settings};

/// A company without a mistake, to which a test adds one.
pub const SOUND: &str = r#"
fallback = "support"

[company]
name = "Ink & Oak"
zone = "Europe/Berlin"

[member.dana]
name = "Dana Okafor"

[department.support]
name = "Customer service"
channels = ["web/support"]
members = { dana = "lead" }
"#;

fn read(text: &str) -> Result<Settings, Vec<Problem>> {
    config::load_files(&[("switchboard.toml", text)], &|_| None)
}

fn report(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

fn problems(text: &str) -> String {
    match read(text) {
        Ok(_) => "no problems".to_owned(),
        Err(problems) => report(&problems),
    }
}

pub fn understood(read: Result<Settings, Vec<Problem>>) -> Settings {
    read.unwrap_or_else(|problems| panic!("{}", report(&problems)))
}

#[test]
fn the_demo_company_is_understood() {
    let settings = understood(config::demo());
    assert_eq!(settings.company.name, "Larkspur Home");
    assert_eq!(settings.company.departments.len(), 6);
    assert_eq!(settings.company.members.len(), 14);
    assert!(settings.routes.len() >= 13);
    assert_eq!(settings.connectors.len(), 1);
    let named = |id: &str| settings.company.members[&id.into()].name.clone();
    assert_eq!(
        (named("dana"), named("lee")),
        ("Dana Okafor".into(), "Lee Novak".into())
    );
}

#[test]
fn what_is_left_out_has_a_default() {
    let settings = understood(read(SOUND));
    let support = settings.company.department(&"support".into()).expect("support");
    assert!(support.calendar.blocks.is_empty(), "around the clock");
    assert_eq!(support.calendar.zone.iana_name(), Some("Europe/Berlin"));
    assert_eq!((&support.lease, support.digest_at), (&None, None));
    assert_eq!(settings.web.address.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.log.filter, "info");
    assert_eq!(settings.data, Path::new("data"));
}

#[test]
fn the_environment_wins_over_the_file() {
    let files = [("switchboard.toml", SOUND)];
    let environment = |name: &str| {
        let value = match name {
            "SWITCHBOARD_ADDRESS" => "127.0.0.1:9999",
            "SWITCHBOARD_DATA" => "/var/lib/switchboard",
            "SWITCHBOARD_LOG" => "debug",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let settings = understood(config::load_files(&files, &environment));
    assert_eq!(settings.web.address.port(), 9999);
    assert_eq!(settings.data, Path::new("/var/lib/switchboard"));
    assert_eq!(settings.log.filter, "debug");
    let exposed = |_: &str| Some("0.0.0.0:80".to_owned());
    let found = config::load_files(&files, &exposed)
        .err()
        .map(|found| report(&found));
    insta::assert_snapshot!(found.unwrap_or_default());
}

#[test]
fn every_mistake_of_a_department_is_named_at_once() {
    insta::assert_snapshot!(problems(
        r#"
fallback = "suport"

[company]
name = " "
zone = "Europe/Berln"
admins = ["dina"]
holidays = ["25.12.2026"]
accounts = ["@", "@ink", "@ink"]

[member.dana]
nmae = "Dana Okafor"
identities = { slak = "U1" }

[department.support]
name = "Customer service"
members = { dana = "boss", ghost = "agent" }
hours = ["mon-fri 09:00-17:00", "moon 10:00-11:00"]
targets = { urgent = "soon", important = "1h", low = "300 days" }
lease = { nudge = "4h", lapse = "2h" }
ladder = [{ wait = "30m" }, { tell = ["ghost"] }]
digest = "8.30"

[department.Sales]
name = "Sales"
channels = ["support", "slack/sales", "wev/sales", "web/no space"]
hours = []
hand_off_timeout = 4
confidential = "yes"
"#
    ));
}

#[test]
fn every_mistake_of_a_route_is_named_at_once() {
    let routes = r##"
[[route]]
words = ["#refund", "@ink", "…", "order"]
deparment = "support"

[[route]]
name = "reviews"
kinds = ["reviw"]
rating_min = 4
rating_max = 2
followers_min = -1
department = "sales"
priority = "critical"
watchers = ["lee"]
tags = []

[[route]]
name = "empty"
any = [{}]

[[route]]
name = "everything"
department = "support"

[[route]]
name = "everything"
words = "late"
"##;
    insta::assert_snapshot!(problems(&format!("{SOUND}{routes}")));
}

#[test]
fn a_mistake_in_a_query_is_shown_at_its_character() {
    let routes = r#"
[[route]]
name = "a"
query = 'refund or "money back"'

[[route]]
name = "b"
any = [{ query = "auther:mara" }]
"#;
    let told = problems(&format!("{SOUND}{routes}"));
    let line = SOUND.matches('\n').count() + 4;
    for expected in [
        format!("switchboard.toml:{line}:17\n"),
        "            ^^\n   = did you mean OR? To look for the word itself, write \"or\"".to_owned(),
        format!("switchboard.toml:{}:19\n", line + 4),
        "did you mean author:?".to_owned(),
    ] {
        assert!(told.contains(&expected), "{expected} is not in {told}");
    }
}

#[test]
fn every_mistake_of_connectors_and_board_is_named_at_once() {
    let sections = r#"
[web]
address = "0.0.0.0:8080"
[web.sign_in]
dana = "hunter2"
lee = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

[commands]
style = "umbrela"
prefix = "A B"

[log]
format = "xml"
filter = "loud=very"

[[connector]]
name = "one"

[[connector]]
kind = "telex"
name = "two"

[[connector]]
kind = "scripted"
name = "day"
speed = 0
faults = { uncertain = 2.0 }
script = "missing.jsonl"

[[connector]]
kind = "feed"
name = "news paper"
url = "ftp://news.example"
every_minutes = 0
colour = "blue"

[[connector]]
kind = "webhook"
name = "day"
scheme = { kind = "standard", secrets = [{ env = "PATH" }] }

[[connector]]
kind = "webhook"
name = "literal"
scheme = { kind = "hmac", header = "X-Signature", secrets = ["hunter2"] }

[[connector]]
kind = "webhook"
name = "tool"
path = "/elsewhere"
scheme = { kind = "token", header = "authorization", secrets = [{ env = "SWITCHBOARD_TEST_UNSET" }] }

[[connector]]
kind = "webhook"
name = "tool-2"
path = "/elsewhere"
scheme = { kind = "token", header = "authorization", secrets = [{ file = "no/such/file" }] }
"#;
    let shown = problems(&format!("{SOUND}{sections}"));
    assert!(!shown.contains("hunter2"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn a_file_that_is_not_toml_is_told_line_by_line_and_the_rest_is_checked_still() {
    let broken = "fallback = \"support\n\n[company]\nname = Ink\n[department.support]\nchanels = [\"web/a\"]\n= 3\n[department.support]\n";
    let files = [
        ("switchboard.toml", broken),
        ("members.toml", "[member.dana]\nname = 3\n"),
    ];
    let found = config::load_files(&files, &|_| None).err();
    insta::assert_snapshot!(report(&found.unwrap_or_default()));
}

#[test]
fn what_stands_in_two_files_is_a_mistake() {
    let files = [
        ("switchboard.toml", SOUND),
        ("members.toml", "[member.dana]\nname = \"Dana\"\n"),
    ];
    let found = config::load_files(&files, &|_| None).err();
    insta::assert_snapshot!(report(&found.unwrap_or_default()));
}

#[test]
fn nothing_at_all_says_what_is_missing() {
    insta::assert_snapshot!(problems(""));
}

const SLIPPERY: &str = r##"
hours = ["mon-fri 09:00-12:00, 13:00-17:00", "sat 22:00-06:00"]
targets = { urgent = "30m", low = "2 days" }
lease = { nudge = "1h", lapse = "2h" }
ladder = [{ tell = ["dana"], wait = "30m" }]
digest = "08:30"
holidays = ["2026-12-25"]

[[route]]
name = "grüße"
any = [{ words = ["hallo"] }, { hashtags = ["#hi"], followers_min = 3 }]
none = [{ languages = ["de"] }]
department = "support"

[[connector]]
kind = "feed"
name = "news"
url = "https://news.example/feed"
"##;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in a file, it is understood or its problems are named; each with a place in the file.
    #[test]
    fn no_text_is_too_strange(text in "\\PC*|([\\[\\]{}=\"',.#\n\\\\ ]|[a-z0-9_é]|route|name)*") {
        if let Err(found) = read(&text) {
            prop_assert!(!found.is_empty());
            for problem in found {
                let line = problem.line.unwrap_or(0);
                prop_assert!(line >= 1 && line <= text.matches('\n').count() + 1, "{}", problem);
            }
        }
    }

    /// A slip in a good file: a piece of it is gone, or stands twice.
    #[test]
    fn no_slip_is_too_strange(from in 0usize..2000, length in 0usize..60, twice in any::<bool>()) {
        let sound = format!("{SOUND}{SLIPPERY}");
        let start = (0..=from % sound.len()).rev().find(|at| sound.is_char_boundary(*at)).unwrap_or(0);
        let end = (0..=(start + length).min(sound.len())).rev().find(|at| sound.is_char_boundary(*at)).unwrap_or(start);
        let end = end.max(start);
        let text = if twice {
            format!("{}{}{}", &sound[..end], &sound[start..end], &sound[end..])
        } else {
            format!("{}{}", &sound[..start], &sound[end..])
        };
        if let Err(found) = read(&text) {
            prop_assert!(!found.is_empty() && !report(&found).is_empty());
        }
    }
}
