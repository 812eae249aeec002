//! What the files of `commands/` make: help, the README's table, and mistakes told with file, line and key.

use switchboard::command::Catalogue;

use super::Room;

#[test]
fn mistakes_in_a_file_are_told_with_file_line_and_key() {
    let good = include_str!("../../../commands/claim.toml");
    let load = |text: &str| Catalogue::load(&[("claim.toml", text)]).map(|_| ()).unwrap_err();
    assert_eq!(
        load(&good.replacen("summary", "sumary", 1)),
        [
            "commands/claim.toml:2: unknown field `sumary`, expected one of `name`, `aliases`, `summary`, `help`, `examples`, \
             `kind`, `role`, `answer`, `form`, `options`"
        ]
    );
    let mut option = good.to_owned();
    option.push_str("hint = 1\n");
    assert_eq!(
        load(&option),
        [
            "commands/claim.toml:17: unknown field `hint`, expected one of `name`, `label`, `kind`, `required`, `summary`, \
             `choices`, `keyword`, `with`"
        ]
    );
    assert_eq!(
        load("name = \"claim\nkind = \"verb\"\n"),
        ["commands/claim.toml:1: invalid basic string, expected `\"`"]
    );
    assert_eq!(
        load(&good.replace("\"agent\"", "\"boss\"")),
        ["commands/claim.toml:9: unknown variant `boss`, expected one of `viewer`, `agent`, `lead`, `admin`"]
    );
    assert_eq!(
        load(&good.replace("\"claim\"", "\"clam\"")),
        [
            "commands/claim.toml:1: name: “clam” is not the file's name, “claim”",
            "commands/claim.toml:7: examples: must begin with “clam”, without a slash",
            "commands/claim.toml:1: name: nothing is bound to “clam”; add an arm in src/command/bind.rs",
        ]
    );
    assert_eq!(
        load(&good.replace("\"lead\"", "\"text\"")),
        ["commands/claim.toml:8: kind: the first option of a verb is “lead”, of the kind “lead”, required"]
    );
    assert_eq!(
        load(&good.replace("\"verb\"", "\"reading\"")),
        ["commands/claim.toml:8: kind: “claim” is bound to a verb, see src/command/bind.rs"]
    );
    // Every file's problems at once, and no name twice.
    let twice = good.replacen("claim\"", "claim\"\naliases = [\"Ack\", \"retry\"]", 1);
    let retry = include_str!("../../../commands/retry.toml");
    assert_eq!(
        Catalogue::load(&[("claim.toml", &twice), ("retry.toml", retry)])
            .map(|_| ())
            .unwrap_err(),
        [
            "commands/claim.toml:2: name: “Ack” must be small letters and -, at most 32, and not “lead”",
            "commands/retry.toml:1: name: “retry” is taken by commands/claim.toml",
        ]
    );
}

#[test]
fn help_lists_everything_and_explains_one() {
    let room = Room::new();
    let all = Catalogue::builtin().help(None, &room.asker()).expect("help");
    assert_eq!(all.rows.len(), Catalogue::builtin().commands().len());
    assert_eq!(
        all.rows[0].text,
        "/claim <lead>: Take a lead: from now on it is yours to answer"
    );
    let one = Catalogue::builtin()
        .help(Some("ack"), &room.asker())
        .expect("help");
    assert_eq!(
        one.text,
        "/acknowledge <lead>\nSay that you have seen an escalation, so that it stops climbing.\nNobody further up is told. \
         For those who were told, and for leads of the department. Acknowledging does not make the lead yours; claim does.\nFor viewers and above. Also: /ack, /lead acknowledge."
    );
    let rows: Vec<&str> = one.rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(
        rows,
        [
            "lead: The lead that was escalated",
            "For example: /acknowledge L-142"
        ]
    );
}

#[test]
fn the_readme_table_is_written_from_the_catalogue() {
    let table = Catalogue::builtin().readme_table();
    insta::assert_snapshot!(table);
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap_or_default();
    if readme.contains("| Command | What it does |") {
        assert!(
            readme.contains(&table),
            "the README's command table is old; put the snapshot's in its place"
        );
    }
}
