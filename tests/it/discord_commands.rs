//! The commands that are registered with Discord: the file that is checked in, and every spelling against the
//! description of its interface that Discord publishes. That is not part of the project; where it is not there, the test
//! says so.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use switchboard::command::{Catalogue, Spelling, Style};
use switchboard::platform::discord::commands;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_checked_in_commands_are_what_the_program_prints() {
    let output = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(["manifest", "discord", "--config", "config"])
        .current_dir(root())
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    let fresh = String::from_utf8(output.stdout).expect("UTF-8");
    let kept = std::fs::read_to_string(root().join("config/generated/discord-commands.json"));
    assert_eq!(
        kept.unwrap_or_default(),
        fresh,
        "out of date; make it anew: switchboard manifest discord --config config > config/generated/discord-commands.json"
    );
}

#[test]
fn discords_own_description_accepts_every_spelling() {
    let file = root().join("../shared/specs/discord/openapi.json");
    let Ok(description) = std::fs::read_to_string(file) else {
        println!("skipped: Discord's description of its interface is not here");
        return;
    };
    let description: Value = serde_json::from_str(&description).expect("JSON");
    let mut body = description["paths"]["/applications/{application_id}/guilds/{guild_id}/commands"]["put"]
        ["requestBody"]["content"]["application/json"]["schema"]
        .clone();
    body["components"] = description["components"].clone();
    let validator = jsonschema::validator_for(&body).expect("a schema");
    for style in Style::ALL {
        for prefix in ["", "sb-", "a-long-prefix-1_"] {
            let prefix = prefix.to_owned();
            let spelling = Spelling { style, prefix };
            let list = Value::from(commands(Catalogue::builtin(), &spelling).expect("commands"));
            let errors: Vec<_> = validator
                .iter_errors(&list)
                .map(|error| format!("{}: {error}", error.instance_path))
                .collect();
            assert!(errors.is_empty(), "{spelling:?}: {errors:#?}");
            // That the description looks at ours at all is seen when it is spoilt.
            for (at, spoilt) in [
                ("/0/name", json!("x".repeat(33))),
                ("/0/description", json!("x".repeat(101))),
                ("/0/contexts", json!([9])),
                ("/0/options/0/type", json!(12)),
                ("/0/options/0/description", json!("")),
            ] {
                let mut list = list.clone();
                *list.pointer_mut(at).expect(at) = spoilt;
                assert!(!validator.is_valid(&list), "{at}");
            }
        }
    }
}
