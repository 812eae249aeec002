//! The Slack app manifest: the files that are checked in, and every combination of settings against the schema that Slack
//! publishes. The schema is not part of the project; where it is not there, that test says so.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use switchboard::command::{Catalogue, Spelling, Style};
use switchboard::platform::slack::{Inbound, Wanted, as_yaml, manifest};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn switchboard(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the program runs")
}

fn printed(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_checked_in_manifests_are_what_the_program_prints() {
    for format in ["yaml", "json"] {
        let fresh = printed(switchboard(&[
            "manifest", "slack", "--config", "config", "--format", format,
        ]));
        let file = root()
            .join("config/generated")
            .join(format!("slack-manifest.{format}"));
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(
            kept, fresh,
            "out of date; make it anew: switchboard manifest slack --config config --format {format} > \
             config/generated/slack-manifest.{format}"
        );
    }
}

/// Every style, prefix, way in, and threads or none.
fn combinations() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for style in Style::ALL {
        for prefix in ["", "sb-", "a-long-prefix-1_"] {
            for (inbound, url) in [
                (Inbound::Socket, None),
                (Inbound::Http, Some("https://chat.example")),
            ] {
                for threads in [true, false] {
                    let spelling = Spelling {
                        style,
                        prefix: prefix.to_owned(),
                    };
                    let wanted = Wanted {
                        inbound,
                        threads,
                        url,
                    };
                    let made = manifest(Catalogue::builtin(), &spelling, &wanted).expect("a manifest");
                    all.push((
                        format!("{style:?}, “{prefix}”, {inbound:?}, threads {threads}"),
                        made,
                    ));
                }
            }
        }
    }
    all
}

/// Slack's schemas refer to each other by address; here they are files.
struct Schemas(std::path::PathBuf);

impl jsonschema::Retrieve for Schemas {
    fn retrieve(
        &self,
        uri: &jsonschema::Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default();
        Ok(serde_json::from_str(&std::fs::read_to_string(
            self.0.join(name),
        )?)?)
    }
}

#[test]
fn slacks_own_schema_accepts_every_manifest() {
    let folder = root().join("../shared/specs/slack");
    let Ok(schema) = std::fs::read_to_string(folder.join("manifest.schema.json")) else {
        println!("skipped: Slack's manifest schema is not here");
        return;
    };
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::options()
        .with_retriever(Schemas(folder))
        .build(&schema)
        .expect("a schema");
    let all = combinations();
    assert_eq!(all.len(), 36);
    for (name, manifest) in &all {
        let errors: Vec<_> = validator
            .iter_errors(manifest)
            .map(|error| format!("{}: {error}", error.instance_path))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
    // The schema is lenient in places; that it looks at ours at all is seen when it is spoilt.
    for (at, spoilt) in [
        ("/features/slash_commands/0/command", Value::from("lead")),
        ("/display_information/long_description", "short".into()),
        ("/features/shortcuts/0/name", "x".repeat(25).into()),
        ("/settings", serde_json::json!({ "unknown": true })),
    ] {
        let mut manifest = all.first().expect("a manifest").1.clone();
        *manifest.pointer_mut(at).expect(at) = spoilt;
        assert!(!validator.is_valid(&manifest), "{at}");
    }
}

/// Another program's YAML reader understands ours as the same manifest.
#[test]
fn the_yaml_says_what_the_json_says() {
    let script = "import json, sys, yaml; json.dump([yaml.safe_load(text) for text in json.load(sys.stdin)], sys.stdout)";
    let has_yaml = Command::new("python3").args(["-c", "import yaml"]).output();
    if !has_yaml.is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 with yaml is not here");
        return;
    }
    let (_, manifests): (Vec<_>, Vec<Value>) = combinations().into_iter().unzip();
    let texts: Vec<String> = manifests.iter().map(as_yaml).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("texts.json");
    std::fs::write(&file, serde_json::to_vec(&texts).expect("JSON")).expect("a file");
    let output = Command::new("python3")
        .args(["-c", script])
        .stdin(std::fs::File::open(&file).expect("the file"))
        .output()
        .expect("python3 runs");
    let read: Vec<Value> = serde_json::from_str(&printed(output)).expect("JSON");
    assert_eq!(read, manifests);
}

#[test]
fn http_without_an_address_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [
        "switchboard.toml",
        "departments.toml",
        "members.toml",
        "routes.toml",
    ] {
        std::fs::copy(root().join("config").join(name), folder.path().join(name)).expect("a copy");
    }
    let shown = folder.path().display().to_string();
    let file = folder.path().join("connectors.toml");
    std::fs::write(folder.path().join("secret"), "x").expect("a file");
    std::fs::write(
        &file,
        "[slack]\ninbound = \"http\"\nbot_token = { file = \"secret\" }\nsigning_secret = { file = \"secret\" }\n",
    )
    .expect("a file");
    let output = switchboard(&["manifest", "slack", "--config", &shown]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("add --url https://"), "{said}");
    let there = printed(switchboard(&[
        "manifest",
        "slack",
        "--config",
        &shown,
        "--url",
        "https://chat.example",
    ]));
    assert!(
        there.contains("request_url: \"https://chat.example/slack/events\""),
        "{there}"
    );
}
