//! Is everything ready at Discord: the token, the application, the server, each channel's permissions, the roles that
//! `groups` name, the way in? For `check --online`. Only reads; posts nothing, registers nothing.
//! <https://docs.discord.com/developers/topics/permissions>

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, GuildId, UserId};

use super::client::{Call, Failure};
use super::{Clock, Discord, Inbound, PLATFORM, Settings};
use crate::domain::company::Company;
use crate::port::finding::Finding;

const ADMINISTRATOR: u64 = 1 << 3;

/// What the invitation asks for, as Discord's settings call it.
const NEEDED: [(u64, &str); 7] = [
    (1 << 10, "View Channel"),
    (1 << 11, "Send Messages"),
    (1 << 14, "Embed Links"),
    (1 << 15, "Attach Files"),
    (1 << 16, "Read Message History"),
    (1 << 35, "Create Public Threads"),
    (1 << 38, "Send Messages in Threads"),
];

/// Asks Discord about everything that the settings and the company name; each finding is told as soon as it is known.
pub async fn check(
    settings: &Settings,
    company: &Company,
    folder: &Path,
    clock: Clock,
    tell: &mut (dyn FnMut(Finding) + Send),
) {
    let known = Arc::new(company.clone());
    let discord = Discord::open(
        settings.clone(),
        folder,
        clock,
        Arc::new(move || Arc::clone(&known)),
    );
    // The configuration's own check has said which secret cannot be read.
    let Ok(discord) = discord else {
        let what = "Discord cannot be asked without the bot token";
        return tell(Finding::problem("[discord]", what, "provide it"));
    };
    let bot = match ask(&discord, "who the bot is", Route::UserMe).await {
        Ok(bot) => bot,
        Err(failure) => {
            return tell(untold(
                "bot_token",
                &failure,
                "reset the token in the developer portal (Bot, Reset Token) and provide the new one",
            ));
        }
    };
    tell(Finding::fine(
        "bot_token",
        format!("it is the bot {}", text(&bot["username"])),
    ));
    the_application(&discord, tell).await;
    let Some(powers) = the_server(&discord, text(&bot["id"]), tell).await else {
        return;
    };
    for department in company.departments.values() {
        let channels = department.channels.iter();
        for channel in channels.filter(|channel| channel.platform.as_str() == PLATFORM) {
            let about = format!("{channel} ({})", department.name);
            tell(powers.in_channel(&discord, &channel.name, &about).await);
        }
    }
    for group in company
        .groups()
        .filter(|group| group.platform.as_str() == PLATFORM)
    {
        tell(match powers.role(&group.name) {
            Some(role) => Finding::fine(
                group.to_string(),
                format!("it is the role {}", text(&role["name"])),
            ),
            None => Finding::problem(
                group.to_string(),
                "the server has no such role",
                "copy the role’s id again (Server Settings, Roles), or take it out of `groups`",
            ),
        });
    }
}

/// The application behind the token, and whether Discord and the settings agree about the way in.
async fn the_application(discord: &Discord, tell: &mut (dyn FnMut(Finding) + Send)) {
    let settings = &discord.settings;
    let application = match ask(discord, "the application", Route::Oauth2ApplicationCurrent).await {
        Ok(application) => application,
        Err(failure) => return tell(untold("application", &failure, "try again")),
    };
    let id = text(&application["id"]);
    if id != settings.application {
        let what = format!(
            "[discord] application says {}, and the token belongs to {id}",
            settings.application
        );
        return tell(Finding::problem(
            "application",
            what,
            format!("write application = \"{id}\""),
        ));
    }
    if let Some(address) = application.get("interactions_endpoint_url") {
        tell(way_in(settings.inbound, text(address)));
    }
    let key = text(&application["verify_key"]);
    if settings.inbound == Inbound::Http && !key.is_empty() && settings.public_key.as_deref() != Some(key) {
        let what = "it is not the application’s, so everything that Discord sends would be turned away";
        tell(Finding::problem(
            "public_key",
            what,
            format!("write public_key = \"{key}\""),
        ));
    }
    let application_id = discord.client.application();
    let everywhere = ask(
        discord,
        "commands of all servers",
        Route::Commands { application_id },
    )
    .await;
    if let Ok(commands) = everywhere
        && !list(&commands).is_empty()
    {
        let names: Vec<&str> = list(&commands)
            .iter()
            .map(|command| text(&command["name"]))
            .collect();
        tell(Finding::note(
            "commands",
            format!(
                "registered for all servers, and so shown twice in yours: {}",
                names.join(", ")
            ),
            "whoever registered them takes them away; Switchboard registers in your server only",
        ));
    }
}

/// An application uses one of the two.
fn way_in(inbound: Inbound, address: &str) -> Finding {
    match (inbound, address) {
        (Inbound::Gateway, "") => Finding::fine("inbound", "clicks and commands come over the gateway"),
        (Inbound::Gateway, address) => Finding::problem(
            "inbound",
            format!("Discord sends clicks and commands to {address}, so the gateway stays silent"),
            "empty the Interactions Endpoint URL in the developer portal, or set inbound = \"http\"",
        ),
        (Inbound::Http, "") => Finding::problem(
            "inbound",
            "the application has no Interactions Endpoint URL, so Discord sends clicks and commands to the gateway",
            "write https://YOUR-ADDRESS/discord/interactions there while Switchboard runs, or set inbound = \"gateway\"",
        ),
        (Inbound::Http, address) => {
            Finding::fine("inbound", format!("clicks and commands come to {address}"))
        }
    }
}

/// The server, and what the bot may do in it.
async fn the_server(discord: &Discord, bot: &str, tell: &mut (dyn FnMut(Finding) + Send)) -> Option<Powers> {
    let id = GuildId::new(discord.guild);
    let invite = format!(
        "invite the bot: https://discord.com/oauth2/authorize?client_id={}&scope=bot+applications.commands&permissions={}",
        discord.settings.application,
        NEEDED.iter().fold(0, |sum, (bit, _)| sum | bit)
    );
    let guild = match ask(discord, "the server", Route::Guild { guild_id: id }).await {
        Ok(guild) => guild,
        Err(failure) => {
            tell(untold("guild", &failure, &invite));
            return None;
        }
    };
    let user_id = UserId::from(bot.parse::<std::num::NonZeroU64>().ok()?);
    let member = match ask(
        discord,
        "the bot’s own roles",
        Route::GuildMember {
            guild_id: id,
            user_id,
        },
    )
    .await
    {
        Ok(member) => member,
        Err(failure) => {
            tell(untold("guild", &failure, &invite));
            return None;
        }
    };
    tell(Finding::fine(
        "guild",
        format!("the bot is in {}", text(&guild["name"])),
    ));
    let powers = Powers {
        guild: discord.settings.guild.clone(),
        bot: bot.to_owned(),
        roles: list(&guild["roles"]).to_vec(),
        own: list(&member["roles"])
            .iter()
            .map(|role| text(role).to_owned())
            .collect(),
    };
    if powers.everywhere() & ADMINISTRATOR != 0 {
        tell(Finding::note(
            "guild",
            "the bot is an administrator, which it never needs",
            "take that permission away",
        ));
    }
    Some(powers)
}

/// What the bot may do, as Discord computes it.
struct Powers {
    guild: String,
    bot: String,
    roles: Vec<Value>,
    /// The bot's roles.
    own: Vec<String>,
}

impl Powers {
    fn role(&self, id: &str) -> Option<&Value> {
        self.roles.iter().find(|role| role["id"] == id)
    }

    /// Before a channel changes it. The role of everybody has the server's id.
    fn everywhere(&self) -> u64 {
        let roles = self.own.iter().chain([&self.guild]);
        roles
            .filter_map(|id| self.role(id))
            .fold(0, |sum, role| sum | bits(&role["permissions"]))
    }

    /// In a channel: everybody's overwrites, then those of all roles together, then the bot's own.
    fn within(&self, channel: &Value) -> u64 {
        let mut may = self.everywhere();
        if may & ADMINISTRATOR != 0 {
            return u64::MAX;
        }
        let overwrites = list(&channel["permission_overwrites"]);
        let of = |wanted: &dyn Fn(&str) -> bool| {
            let these = overwrites
                .iter()
                .filter(|overwrite| wanted(text(&overwrite["id"])));
            these.fold((0, 0), |(deny, allow), overwrite| {
                (deny | bits(&overwrite["deny"]), allow | bits(&overwrite["allow"]))
            })
        };
        for (deny, allow) in [
            of(&|id| id == self.guild),
            of(&|id| self.own.iter().any(|own| own == id)),
            of(&|id| id == self.bot),
        ] {
            may = (may & !deny) | allow;
        }
        may
    }

    async fn in_channel(&self, discord: &Discord, id: &str, about: &str) -> Finding {
        let Ok(id) = id.parse::<std::num::NonZeroU64>() else {
            return Finding::problem(about, "this is not a channel’s id", "copy the channel’s id");
        };
        let route = Route::Channel {
            channel_id: ChannelId::from(id),
        };
        let channel = match ask(discord, "a channel", route).await {
            Ok(channel) => channel,
            Err(failure) => {
                return untold(
                    about,
                    &failure,
                    "let the bot into the channel (Edit Channel, Permissions), or correct the id",
                );
            }
        };
        if text(&channel["guild_id"]) != self.guild {
            return Finding::problem(
                about,
                "the channel is in another server",
                "name a channel of the company’s server",
            );
        }
        let missing = missing(self.within(&channel));
        match missing.is_empty() {
            true => Finding::fine(
                about,
                format!("#{}: every permission is there", text(&channel["name"])),
            ),
            false => Finding::problem(
                about,
                format!(
                    "#{}: the bot lacks {}",
                    text(&channel["name"]),
                    missing.join(", ")
                ),
                "give them to the bot’s role there (Edit Channel, Permissions)",
            ),
        }
    }
}

fn missing(may: u64) -> Vec<&'static str> {
    NEEDED
        .into_iter()
        .filter(|(bit, _)| may & bit == 0)
        .map(|(_, name)| name)
        .collect()
}

async fn ask(discord: &Discord, what: &'static str, route: Route<'_>) -> Result<Value, Failure> {
    discord
        .client
        .call(Call::new(what, LightMethod::Get, route))
        .await
}

fn untold(about: &str, failure: &Failure, todo: &str) -> Finding {
    match failure {
        Failure::Refused { status: 401, .. } => {
            Finding::problem(about, "Discord does not accept the token", todo)
        }
        Failure::Refused { status: 403, .. } => Finding::problem(about, "the bot is not let in", todo),
        Failure::Refused { status: 404, .. } => {
            Finding::problem(about, "Discord knows nothing of this id", todo)
        }
        Failure::Refused { status, code, .. } => Finding::problem(
            about,
            format!("Discord answered HTTP {status}, code {code}"),
            todo,
        ),
        Failure::TooFast(_) => Finding::problem(
            about,
            "Discord wants to be asked more slowly",
            "try again in a minute",
        ),
        Failure::NotSent(why) | Failure::Unknown(why) => Finding::problem(about, why.clone(), "try again"),
    }
}

fn bits(value: &Value) -> u64 {
    text(value).parse().unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn powers(own: &[&str]) -> Powers {
        let all = NEEDED.iter().fold(0, |sum, (bit, _)| sum | bit);
        Powers {
            guild: "1".to_owned(),
            bot: "9".to_owned(),
            roles: vec![
                json!({ "id": "1", "permissions": "1024" }),
                json!({ "id": "2", "permissions": all.to_string() }),
                json!({ "id": "3", "permissions": ADMINISTRATOR.to_string() }),
            ],
            own: own.iter().map(|id| (*id).to_owned()).collect(),
        }
    }

    #[test]
    fn a_channel_takes_and_gives_as_discord_computes_it() {
        let channel = |overwrites: Value| json!({ "permission_overwrites": overwrites });
        let lacks = |own: &[&str], overwrites: Value| missing(powers(own).within(&channel(overwrites)));
        assert_eq!(lacks(&["2"], json!([])), Vec::<&str>::new());
        assert_eq!(lacks(&[], json!([])).len(), 6);
        let private = json!({ "id": "1", "deny": "1024", "allow": "0" });
        assert_eq!(lacks(&["2"], json!([private])), ["View Channel"]);
        let let_in = json!({ "id": "9", "deny": "0", "allow": "1024" });
        assert_eq!(lacks(&["2"], json!([let_in, private])), Vec::<&str>::new());
        let by_role = json!({ "id": "2", "deny": "49152", "allow": "1024" });
        assert_eq!(
            lacks(&["2"], json!([private, by_role])),
            ["Embed Links", "Attach Files"]
        );
        assert_eq!(lacks(&["3"], json!([private])), Vec::<&str>::new());
    }
}
