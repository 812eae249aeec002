//! `switchboard check`: reads the whole configuration and reports every problem at once, or what was understood. Only with
//! `--online` does it ask anybody outside, in `online`: whether a token still works is not known here.

mod online;

use serde_json::json;

use super::config_option::{ConfigOption, as_error, count};
use crate::command::{Catalogue, Style};
use crate::config::{Problem, Settings, duration};
use crate::domain::company::{Department, Role};
use crate::platform::slack;

/// Checks a configuration and says what to mend
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard check                         the configuration in ./config
  switchboard check --config acme           the one in the folder acme
  switchboard check --config acme --online  asks Slack as well: tokens, scopes, channels, groups, people
  switchboard check --config acme --json    for a script; exit code 1 where there are problems")]
pub struct Args {
    #[command(flatten)]
    config: ConfigOption,
    /// Ask the services that the configuration names whether everything is ready there; posts nothing
    #[arg(long)]
    online: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let origin = args.config.origin();
    let read = args.config.read();
    let commands = Catalogue::builtin_problems();
    let commands = commands.into_iter().map(|what| {
        Problem::of_file(
            "commands/",
            what,
            "this is a mistake of this program; please report it",
        )
    });
    let problems: Vec<_> = read
        .as_ref()
        .err()
        .into_iter()
        .flatten()
        .cloned()
        .chain(commands)
        .collect();
    match &read {
        Ok(settings) if problems.is_empty() => understood(&args, &origin.to_string(), settings),
        _ if args.json => {
            let answer = json!({ "ok": false, "configuration": origin.to_string(), "problems": problems });
            super::say(&format!("{answer:#}\n"))?;
            anyhow::bail!("{} in the configuration", count(problems.len()))
        }
        _ => Err(as_error(&problems)),
    }
}

/// The configuration is right; with `--online`, whether the world is as it says.
fn understood(args: &Args, origin: &str, settings: &Settings) -> anyhow::Result<()> {
    let mut answer = as_json(origin, settings);
    if !args.json {
        super::say(&summary(origin, settings))?;
    }
    let mut problems = 0;
    if args.online {
        // A line that cannot be printed is noticed by the next one that must be.
        let mut progress = |asked: &str, finding: &_| {
            let _ = super::say(&online::line(asked, finding));
        };
        let mut silent = |_: &str, _: &_| {};
        let found = match args.json {
            true => online::ask(settings, &mut silent)?,
            false => {
                super::say("\n")?;
                online::ask(settings, &mut progress)?
            }
        };
        if found.is_empty() && !args.json {
            super::say("Nobody had to be asked: no chat platform besides the web board is configured.\n")?;
        }
        problems = online::problems(&found);
        answer["ok"] = (problems == 0).into();
        answer["online"] = online::as_json(&found);
    }
    if args.json {
        super::say(&format!("{answer:#}\n"))?;
    }
    match problems {
        0 => Ok(()),
        _ => anyhow::bail!("{} outside of the configuration", count(problems)),
    }
}

/// What was understood, for a person.
fn summary(origin: &str, settings: &Settings) -> String {
    let company = &settings.company;
    let mut out = format!("{}: no problems in {origin}\n", company.name);
    let rows: Vec<Vec<String>> = company.departments.values().map(department_row).collect();
    table(
        &mut out,
        &[
            "department",
            "name",
            "channels",
            "staff",
            "targets",
            "lease",
            "ladder",
            "digest",
        ],
        &rows,
    );
    let rows: Vec<Vec<String>> = company
        .members
        .values()
        .map(|member| {
            let roles = company.departments.values().filter_map(|department| {
                let role = department.role(&member.id)?;
                Some(format!("{} of {}", role.word(), department.id))
            });
            let admin = company
                .admins
                .contains(&member.id)
                .then(|| "admin of everything".to_owned());
            vec![
                member.id.to_string(),
                member.name.clone(),
                or_none(admin.into_iter().chain(roles).collect::<Vec<_>>().join(", ")),
            ]
        })
        .collect();
    table(&mut out, &["member", "name", "roles"], &rows);
    let rows: Vec<Vec<String>> = settings
        .connectors
        .iter()
        .map(|connector| vec![connector.name().to_owned(), connector.kind().to_owned()])
        .collect();
    table(&mut out, &["connector", "kind"], &rows);
    out.push_str(&format!(
        "\nroutes      {}; the rest goes to {}\naccounts    {}\ncommands    {}, spelled {} ({})\ndata        {}\n",
        settings.routes.len(),
        settings.routes.fallback(),
        or_none(accounts(settings).join(", ")),
        Catalogue::builtin().commands().len(),
        settings.commands.show("claim"),
        style_in_words(settings.commands.style),
        settings.data.display(),
    ));
    if settings.connectors.is_empty() {
        out.push_str("\nNothing will come in yet: there is no [[connector]].\n");
    }
    for note in notes(settings) {
        out.push_str(&format!("\nnote: {note}\n"));
    }
    out
}

/// What is no mistake, and yet should be known.
fn notes(settings: &Settings) -> Vec<String> {
    match &settings.slack {
        Some(_) => slack::command_notes(Catalogue::builtin(), &settings.commands),
        None => Vec::new(),
    }
}

fn style_in_words(style: Style) -> &'static str {
    match style {
        Style::Both => "/lead claim works too",
        Style::Umbrella => "everything behind one name",
        Style::Flat => "every command under its own name",
    }
}

fn department_row(department: &Department) -> Vec<String> {
    let staff = |role: Role| department.roles.values().filter(|held| **held == role).count();
    let staff: Vec<_> = [Role::Admin, Role::Lead, Role::Agent, Role::Viewer]
        .into_iter()
        .filter(|role| staff(*role) > 0)
        .map(|role| format!("{} {}", staff(role), role.word()))
        .collect();
    let targets: Vec<_> = department
        .targets
        .iter()
        .map(|(priority, target)| format!("{} {}", priority.word(), duration::show(*target)))
        .collect();
    let confidential = if department.confidential {
        " (confidential)"
    } else {
        ""
    };
    vec![
        department.id.to_string(),
        format!("{}{confidential}", department.name),
        channels(department).join(", "),
        or_none(staff.join(", ")),
        or_none(targets.join(", ")),
        or_none(department.lease.as_ref().map_or(String::new(), |lease| {
            format!(
                "{}, {}",
                duration::show(lease.nudge_after),
                duration::show(lease.lapse_after)
            )
        })),
        or_none(match department.ladder.len() {
            0 => String::new(),
            1 => "1 rung".to_owned(),
            rungs => format!("{rungs} rungs"),
        }),
        or_none(
            department
                .digest_at
                .map_or(String::new(), |at| at.strftime("%H:%M").to_string()),
        ),
    ]
}

fn channels(department: &Department) -> Vec<String> {
    department.channels.iter().map(ToString::to_string).collect()
}

fn accounts(settings: &Settings) -> Vec<String> {
    let shown = settings
        .company
        .accounts
        .iter()
        .map(|account| match &account.network {
            Some(network) => format!("{network}/{}", account.handle),
            None => account.handle.clone(),
        });
    shown.collect()
}

fn or_none(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

/// Columns as wide as their widest cell; the last one as it comes.
fn table(out: &mut String, head: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let width = |column: usize| {
        let cells = rows
            .iter()
            .chain(std::iter::once(&head))
            .filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    out.push('\n');
    for row in std::iter::once(&head).chain(rows) {
        let padded: Vec<_> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| format!("{cell}{}", " ".repeat(width(column) - cell.chars().count())))
            .collect();
        out.push_str(padded.join("  ").trim_end());
        out.push('\n');
    }
}

/// What was understood, for a script.
fn as_json(origin: &str, settings: &Settings) -> serde_json::Value {
    let company = &settings.company;
    let departments: Vec<_> = company
        .departments
        .values()
        .map(|department| {
            json!({
                "id": department.id,
                "name": department.name,
                "channels": channels(department),
                "confidential": department.confidential,
                "members": department.roles,
            })
        })
        .collect();
    let connectors: Vec<_> = settings
        .connectors
        .iter()
        .map(|connector| json!({ "name": connector.name(), "kind": connector.kind() }))
        .collect();
    json!({
        "ok": true,
        "configuration": origin,
        "company": company.name,
        "departments": departments,
        "members": company.members.keys().collect::<Vec<_>>(),
        "accounts": accounts(settings),
        "routes": settings.routes.len(),
        "fallback": settings.routes.fallback(),
        "connectors": connectors,
        "commands": Catalogue::builtin().commands().len(),
        "data": settings.data.display().to_string(),
        "problems": [],
        "notes": notes(settings),
    })
}
