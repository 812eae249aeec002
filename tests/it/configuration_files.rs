//! Configurations as people have them on disk: `check`, `init` and the sample, run as commands.

use std::path::Path;
use std::process::{Command, Output};

use switchboard::config;

use crate::configuration::{SOUND, understood};

fn switchboard(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(arguments)
        .env_remove("SWITCHBOARD_ADDRESS")
        .env_remove("SWITCHBOARD_DATA")
        .env_remove("SWITCHBOARD_LOG")
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs `check` on a path; the answer with the path taken out.
fn check(path: &Path) -> (bool, String) {
    let shown = path.display().to_string();
    let output = switchboard(&["check", "--config", &shown]);
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    (output.status.success(), said.replace(&shown, "FOLDER"))
}

#[test]
fn files_and_folders_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    assert_eq!(
        check(&at("missing")),
        (
            false,
            "switchboard: 1 problem in the configuration:\n\nproblem: there is no such folder\n  --> FOLDER\n   = \
             `switchboard init FOLDER` writes a configuration there\n"
                .to_owned()
        )
    );
    let (fine, said) = check(folder.path());
    assert!(
        !fine && said.contains("FOLDER/switchboard.toml") && said.contains("no such file"),
        "{said}"
    );

    std::fs::write(at("switchboard.toml"), b"[company]\nname = \"Ink \xff Oak\"\n").expect("a file");
    std::fs::write(at("route.toml"), "").expect("a file");
    let (fine, said) = check(folder.path());
    assert!(!fine && said.contains("switchboard.toml:2:13"), "{said}");
    assert!(said.contains("the file is not UTF-8: byte 23"), "{said}");
    assert!(said.contains("did you mean “routes.toml”?"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).expect("a folder");
    std::fs::write(closed.join("switchboard.toml"), SOUND).expect("a file");
    let permit =
        |mode| std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(mode)).expect("a mode");
    permit(0o000);
    // The administrator of the machine may read everything, so there is nothing to see.
    if std::fs::read_dir(&closed).is_ok() {
        println!("skipped: this user may read every folder");
        permit(0o700);
        return;
    }
    let (fine, said) = check(&closed);
    permit(0o700);
    assert!(!fine && said.contains("it may not be read"), "{said}");
}

#[test]
fn a_company_of_one_file_is_checked_by_its_name_or_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("switchboard.toml");
    std::fs::write(&file, SOUND).expect("a file");
    for path in [file.as_path(), folder.path()] {
        let (fine, said) = check(path);
        assert!(fine && said.starts_with("Ink & Oak: no problems"), "{said}");
    }
    let shown = file.display().to_string();
    let output = switchboard(&["check", "--json", "--config", &shown]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        (&answer["ok"], &answer["fallback"]),
        (&true.into(), &"support".into())
    );
    let output = switchboard(&["route", "--config", &shown, "hello", "--handle", "x"]);
    assert!(
        text(&output.stdout).starts_with("→ Customer service (web/support)"),
        "{output:?}"
    );
}

#[test]
fn a_new_configuration_is_accepted_at_once_and_never_overwrites() {
    let folder = tempfile::tempdir().expect("a folder");
    let acme = folder.path().join("acme").display().to_string();
    let flags = [
        "init",
        &acme,
        "--company",
        "Acme \"Lamps\"",
        "--zone",
        "Europe/Berlin",
        "--account",
        "@acme",
        "--account",
        "reviews/Acme Lamps",
        "--department",
        "sales,support=Help desk",
        "--department",
        "events",
        "--member",
        "Zoë Šimková",
        "--member",
        "Lee Novak:sales",
        "--address",
        "127.0.0.1:9000",
    ];
    let output = switchboard(&flags);
    assert!(output.status.success(), "{output:?}");
    let settings = understood(config::load(Path::new(&acme)));
    assert_eq!(settings.company.name, "Acme \"Lamps\"");
    assert_eq!(settings.web.address.to_string(), "127.0.0.1:9000");
    assert_eq!(settings.company.members[&"zoe".into()].name, "Zoë Šimková");
    assert_eq!(settings.company.departments[&"support".into()].name, "Help desk");
    let (fine, said) = check(Path::new(&acme));
    assert!(fine, "{said}");

    let before = std::fs::read_to_string(Path::new(&acme).join("routes.toml")).expect("a file");
    let again = switchboard(&["init", &acme, "--yes"]);
    assert!(!again.status.success());
    assert!(text(&again.stderr).contains("acme/routes.toml"), "{again:?}");
    let after = std::fs::read_to_string(Path::new(&acme).join("routes.toml")).expect("a file");
    assert_eq!(before, after);
}

/// The sample in `config/` is what `init` writes for a company that answers like this.
#[test]
fn the_sample_is_what_init_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = folder.path().join("sample");
    let output = switchboard(&[
        "init",
        &written.display().to_string(),
        "--company",
        "Your Company",
        "--zone",
        "Europe/London",
        "--account",
        "@yourcompany",
        "--department",
        "support,sales,marketing,pr,hr,legal",
        "--member",
        "Robin First",
        "--member",
        "Kim Second:support,sales",
    ]);
    assert!(output.status.success(), "{output:?}");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    for name in [
        "switchboard.toml",
        "departments.toml",
        "members.toml",
        "routes.toml",
    ] {
        let fresh = std::fs::read_to_string(written.join(name)).expect("a written file");
        if std::env::var_os("UPDATE_SAMPLE").is_some() {
            std::fs::write(sample.join(name), &fresh).expect("the sample");
        }
        let kept = std::fs::read_to_string(sample.join(name)).unwrap_or_default();
        assert_eq!(
            kept, fresh,
            "config/{name} is out of date; UPDATE_SAMPLE=1 cargo test writes it anew"
        );
    }
    understood(config::load(&sample));
}

/// What the sample only shows, behind `#`, works as well once the `#` is gone.
#[test]
fn the_sample_connectors_are_understood() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["departments.toml", "members.toml", "routes.toml"] {
        std::fs::copy(sample.join(name), folder.path().join(name)).expect("a copy");
    }
    let text = std::fs::read_to_string(sample.join("switchboard.toml")).expect("the sample");
    let (settings, connectors) = text.split_once("# Connectors:").expect("connectors");
    let is_code = |line: &str| line.starts_with("[[") || line.starts_with('#') || line.contains(" = ");
    let uncommented: Vec<&str> = connectors
        .lines()
        .skip(1)
        .map(|line| {
            line.strip_prefix("# ")
                .filter(|rest| is_code(rest))
                .unwrap_or(line)
        })
        .collect();
    let text = format!("{settings}{}", uncommented.join("\n"));
    std::fs::write(folder.path().join("switchboard.toml"), text).expect("a file");
    std::fs::write(folder.path().join("rehearsal.jsonl"), "").expect("a file");
    std::fs::write(folder.path().join("mastodon.token"), "a token").expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args([
            "check",
            "--json",
            "--config",
            &folder.path().display().to_string(),
        ])
        .env("LISTENING_TOOL_SECRET", "a secret of the tool")
        .env("REDDIT_CLIENT_ID", "an id")
        .env("REDDIT_CLIENT_SECRET", "a secret of Reddit's")
        .env("REDDIT_REFRESH_TOKEN", "a token of Reddit's")
        .env("YOUTUBE_CLIENT_ID", "an id")
        .env("YOUTUBE_CLIENT_SECRET", "a secret of Google's")
        .env("YOUTUBE_REFRESH_TOKEN", "a token of Google's")
        .env("BLUESKY_APP_PASSWORD", "abcd-efgh-ijkl-mnop")
        .output()
        .expect("the program runs");
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let kinds: Vec<_> = answer["connectors"]
        .as_array()
        .expect("connectors")
        .iter()
        .map(|connector| connector["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "scripted",
            "feed",
            "mastodon",
            "reddit",
            "youtube",
            "bluesky",
            "jetstream",
            "webhook",
        ]
        .map(Some),
        "{answer:#}"
    );
}

/// The same for the sample's Slack section: every key that it shows is one.
#[test]
fn the_sample_slack_section_is_understood() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["departments.toml", "members.toml", "routes.toml"] {
        std::fs::copy(sample.join(name), folder.path().join(name)).expect("a copy");
    }
    let text = std::fs::read_to_string(sample.join("switchboard.toml")).expect("the sample");
    let (before, rest) = text.split_once("# [slack]\n").expect("a section");
    let (section, after) = rest.split_once("\n\n").expect("its end");
    let section: Vec<&str> = section
        .lines()
        .map(|line| line.strip_prefix("# ").unwrap_or(line))
        .collect();
    assert_eq!(section.iter().filter(|line| line.contains(" = ")).count(), 9);
    let text = format!("{before}[slack]\n{}\n\n{after}", section.join("\n"));
    std::fs::write(folder.path().join("switchboard.toml"), text).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args([
            "check",
            "--json",
            "--config",
            &folder.path().display().to_string(),
        ])
        .env("SLACK_BOT_TOKEN", "xoxb-sample")
        .env("SLACK_APP_TOKEN", "xapp-sample")
        .env("SLACK_SIGNING_SECRET", "sample")
        .output()
        .expect("the program runs");
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["ok"], true, "{answer:#}");
    // Slack keeps two names of the usual spelling for itself, which an administrator is told.
    assert_eq!(answer["notes"].as_array().map(Vec::len), Some(2), "{answer:#}");
}
