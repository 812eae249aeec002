//! Who is served: people of the company's own server who work in a department, by name or by role.

use super::*;

#[tokio::test]
async fn another_server_and_a_private_chat_are_refused_in_words() {
    for way in BOTH {
        let house = House::open(way).await;
        let foreign = Who {
            guild: Some(GUILD + 1),
            ..dana()
        };
        let seen = house.types(&foreign, "queue", json!([])).await;
        assert_eq!(
            house.words(&seen),
            "This server is not Larkspur Home’s. Leads are worked on in the company’s own server."
        );
        let private = Who {
            guild: None,
            ..dana()
        };
        let seen = house.types(&private, "queue", json!([])).await;
        assert_eq!(
            house.words(&seen),
            "Leads are worked on in Larkspur Home’s own server; ask me there."
        );
    }
}

#[tokio::test]
async fn a_stranger_is_told_what_to_do_and_changes_nothing() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.question().await;
        let stranger = Who::new(77_777_777, "Sam <@1> Bell", &[AGENTS + 1]);
        let seen = house.presses(&stranger, "claim", lead).await;
        assert_eq!(
            house.words(&seen),
            "Sam <@1> Bell, you are not a member of Larkspur Home as far as Switchboard knows. An administrator can \
             give you a role of this server that a department’s `groups` name, or write identities = { discord = \
             \"77777777\" } under your name among the members."
        );
        assert_eq!(seen.first["data"]["flags"], 64);
        assert_eq!(seen.first["data"]["allowed_mentions"], json!({ "parse": [] }));
        assert_eq!(house.story.lead(lead).owner(), None);
        assert_eq!(house.server.pings(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_role_makes_somebody_a_member_and_its_loss_unmakes_them() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.question().await;
        let nia = Who::new(77_777_778, "Nia Adeyemi", &[AGENTS]);
        let seen = house.presses(&nia, "claim", lead).await;
        assert_eq!(house.words(&seen), format!("{lead} is yours."));
        let owner = house.story.lead(lead).owner().cloned().expect("claimed");
        assert_eq!(house.story.front.company().name_of(&owner), "Nia Adeyemi");

        let without = Who::new(77_777_778, "Nia Adeyemi", &[]);
        let seen = house.presses(&without, "release", lead).await;
        assert!(
            house.words(&seen).contains("you are not a member"),
            "{}",
            house.words(&seen)
        );
        assert_eq!(house.story.lead(lead).owner(), Some(&owner));
    }
}

#[tokio::test]
async fn a_colleague_who_is_chosen_is_known_by_their_roles_too() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.claimed().await;
        for (id, name, roles, said) in [
            (77_777_779, "Pia Berg", vec![AGENTS], "Pia Berg"),
            (77_777_780, "Max Stranger", vec![], "Max Stranger is not a member"),
        ] {
            let options = json!([
                option("lead", &lead.to_string()),
                option("member", &format!("<@{id}>"))
            ]);
            let mut interaction = house.server.interact(
                &dana(),
                SUPPORT,
                Press::Slash {
                    command: "assign".to_owned(),
                    options,
                },
            );
            interaction["data"]["resolved"] = json!({
                "users": { id.to_string(): { "id": id.to_string(), "username": "someone", "global_name": name,
                    "discriminator": "0", "avatar": null } },
                "members": { id.to_string(): { "roles": roles.iter().map(u64::to_string).collect::<Vec<_>>(),
                    "nick": null, "avatar": null, "joined_at": "2024-01-01T00:00:00+00:00", "flags": 0,
                    "pending": false, "permissions": "0", "premium_since": null } },
            });
            let first = house.first(&interaction).await;
            let seen = Seen { interaction, first };
            assert!(
                house.words(&seen).contains(said),
                "{way:?}: {}",
                house.words(&seen)
            );
        }
        let owner = house.story.lead(lead).owner().cloned().expect("claimed");
        assert_eq!(house.story.front.company().name_of(&owner), "Pia Berg");
    }
}
