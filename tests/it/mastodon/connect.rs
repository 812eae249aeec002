//! `switchboard connect mastodon`, as a person and as a script use it.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::house::still_clock;
use super::server::{Kind, TOKEN, TestServer};

async fn connect(server: &str, folder: &Path, more: &[&str], typed: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command
        .args(["connect", "mastodon", server])
        .args(more)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let typed = typed.to_owned();
    let ran = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().expect("it starts");
        // It may have ended before anybody typed.
        let _ = child
            .stdin
            .take()
            .expect("a keyboard")
            .write_all(typed.as_bytes());
        child.wait_with_output().expect("it ends")
    });
    ran.await.expect("it ran")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_gets_a_token_with_a_code_and_so_does_a_script() {
    let server = TestServer::start(Kind::Mastodon, still_clock().1).await;
    let folder = tempfile::tempdir().unwrap();
    let output = connect(&server.address, folder.path(), &[], "code-1\n").await;
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("/oauth/authorize?client_id=client-1"), "{text}");
    assert!(
        text.contains("@shop") && text.contains("kind = \"mastodon\""),
        "{text}"
    );
    assert!(
        !text.contains(TOKEN) && !text.contains("secret-1"),
        "no secret is shown: {text}"
    );
    let file = folder.path().join("mastodon.token");
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), TOKEN);
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let again = connect(&server.address, folder.path(), &[], "code-1\n").await;
    assert!(!again.status.success() && said(&again).contains("is there already"));

    // In two steps: the page first, the code later.
    let more = ["--token-file", "second.token"];
    let first = connect(&server.address, folder.path(), &more, "").await;
    assert!(
        first.status.success() && said(&first).contains("--code CODE"),
        "{}",
        said(&first)
    );
    let wrong = connect(
        &server.address,
        folder.path(),
        &[&more[..], &["--code", "no"]].concat(),
        "",
    )
    .await;
    assert!(
        !wrong.status.success() && said(&wrong).contains("does not take the code"),
        "{}",
        said(&wrong)
    );
    let right = connect(
        &server.address,
        folder.path(),
        &[&more[..], &["--code", "code-1"]].concat(),
        "",
    )
    .await;
    assert!(right.status.success(), "{}", said(&right));
    assert!(folder.path().join("second.token").is_file());
    assert!(
        !folder.path().join("second.application").exists(),
        "what was kept between is gone"
    );
}

#[tokio::test]
async fn a_token_does_not_travel_unencrypted() {
    let folder = tempfile::tempdir().unwrap();
    let output = connect("http://social.example", folder.path(), &[], "").await;
    assert!(
        !output.status.success() && said(&output).contains("https://"),
        "{}",
        said(&output)
    );
}
