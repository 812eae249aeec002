//! Who works where, as Slack knows it.

use std::sync::Arc;

use jiff::SignedDuration;
use switchboard::domain::company::Role;
use switchboard::domain::staff::Group;
use switchboard::network::scripted;
use switchboard::platform::slack::{Members, Settings, Slack};
use switchboard::port::front_desk::FrontDesk;

use super::server::{BOT_TOKEN, Fault, SlackServer};
use crate::story::TestDesk;

struct House {
    desk: TestDesk,
    slack: SlackServer,
    members: Members,
    _folder: tempfile::TempDir,
}

/// Customer service is Slack's user group S0SUPPORT, led by whoever is in the channel C0LEADS.
async fn house() -> House {
    let desk = TestDesk::with(
        |company| {
            let support = company.departments.get_mut(&"support".into()).expect("support");
            for (name, role) in [("S0SUPPORT", Role::Agent), ("C0LEADS", Role::Lead)] {
                let (platform, name) = ("slack".into(), name.to_owned());
                support.groups.insert(Group { platform, name }, role);
            }
        },
        scripted::Faults::default(),
    );
    let now = desk.clock();
    let slack = SlackServer::larkspur(now.clone()).await;
    slack.group("S0SUPPORT", "support", &["U0DANA", "U0LEE"]);
    slack.open_channel("C0LEADS", "support-leads");
    slack.members_of_channel("C0LEADS", &["U0AMARA"]);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), BOT_TOKEN).expect("a file");
    let settings = format!(
        "bot_token = {{ file = \"token\" }}\napi_url = \"{}\"\n",
        slack.api_url()
    );
    let settings: Settings = toml::from_str(&settings).expect("settings");
    let adapter = Slack::open(settings, folder.path(), now).expect("an adapter");
    let members = Members::new(Arc::new(adapter), Arc::clone(&desk.front) as Arc<dyn FrontDesk>);
    House {
        desk,
        slack,
        members,
        _folder: folder,
    }
}

impl House {
    fn role(&self, user: &str) -> Option<Role> {
        let company = self.desk.front.company();
        let member = company.member_of(&"slack".into(), user)?;
        company.role(&"support".into(), &member.id)
    }

    /// What administrators are told of Slack's groups.
    async fn told(&mut self) -> Vec<String> {
        self.desk.settle().await;
        self.desk.notices("amara")
    }
}

#[tokio::test]
async fn people_of_a_group_or_channel_have_its_role_and_strangers_have_none() {
    let mut house = house().await;
    for (id, key) in [
        ("U0GUEST", "is_restricted"),
        ("U0BOT", "is_bot"),
        ("U0GONE", "deleted"),
    ] {
        house.slack.person(id, "Somebody");
        house.slack.change_person(id, key, true.into());
    }
    house.slack.person("U0OTHER", "Of another company");
    house.slack.change_person("U0OTHER", "team_id", "T0OTHER".into());
    let everybody = ["U0AMARA", "U0GUEST", "U0BOT", "U0GONE", "U0OTHER"];
    house.slack.members_of_channel("C0LEADS", &everybody);

    house.members.round().await;
    assert_eq!(house.role("U0DANA"), Some(Role::Agent));
    assert_eq!(house.role("U0AMARA"), Some(Role::Lead));
    for stranger in ["U0GUEST", "U0BOT", "U0GONE", "U0OTHER", "U0SWITCH"] {
        assert_eq!(house.role(stranger), None, "{stranger}");
    }
    let company = house.desk.front.company();
    let amara = company.member_of(&"slack".into(), "U0AMARA").expect("a member");
    assert_eq!(amara.name, "Amara Nwosu");

    house.slack.group("S0SUPPORT", "support", &["U0LEE"]);
    house.slack.forget_calls();
    house.members.round().await;
    assert_eq!(
        (house.role("U0DANA"), house.role("U0LEE")),
        (None, Some(Role::Agent))
    );
    assert_eq!(
        house.slack.calls_of("users.info").len(),
        0,
        "names are remembered"
    );
    assert_eq!(house.told().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_big_channel_is_read_page_by_page() {
    let mut house = house().await;
    let many: Vec<String> = (0..450).map(|number| format!("U0M{number}")).collect();
    for id in &many {
        house.slack.person(id, id);
    }
    house
        .slack
        .members_of_channel("C0LEADS", &many.iter().map(String::as_str).collect::<Vec<_>>());
    house.members.round().await;
    assert!(many.iter().all(|id| house.role(id) == Some(Role::Lead)));
    assert_eq!(house.slack.calls_of("conversations.members").len(), 3);
}

#[tokio::test]
async fn what_is_in_the_way_is_told_once_and_again_when_it_comes_back() {
    let mut house = house().await;
    house.slack.free_plan();
    house.slack.make_private("C0LEADS");
    house.slack.bot_is_in("C0LEADS", false);
    house.members.round().await;
    house.members.round().await;
    let told = house.told().await;
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(
        told.iter()
            .any(|text| text.contains("paid plan") && text.contains("name a channel")),
        "{told:#?}"
    );
    assert!(
        told.iter().any(|text| text.contains("/invite @Switchboard")),
        "{told:#?}"
    );

    house.slack.bot_is_in("C0LEADS", true);
    house.members.round().await;
    assert_eq!(
        house.role("U0AMARA"),
        Some(Role::Lead),
        "one group does not hold up another"
    );
}

/// Half of a group would take the role away from the other half.
#[tokio::test]
async fn while_slack_is_down_everybody_keeps_the_role_they_had() {
    let mut house = house().await;
    house.members.round().await;
    house.desk.sleep(SignedDuration::from_hours(2));
    house.slack.fail("users.info", Fault::StatusBefore(503));
    house.members.round().await;
    assert_eq!(house.role("U0DANA"), Some(Role::Agent));
    house.slack.outage(true);
    house.members.round().await;
    assert_eq!(house.role("U0AMARA"), Some(Role::Lead));
    assert_eq!(
        house.told().await,
        Vec::<String>::new(),
        "nothing that an administrator could mend"
    );
}
