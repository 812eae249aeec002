//! Who is asking: the server they are in, who they are there, and what their roles say about where they work. Discord
//! vouches for all three in every interaction, so nothing is looked up and nobody is remembered for longer than that.

use std::collections::BTreeMap;

use super::interaction::{Interaction, Person};
use crate::domain::ids::{MemberId, PlatformId};
use crate::domain::refusal::Refusal;
use crate::domain::staff::{Membership, Person as Colleague};
use crate::platform::discord::{PLATFORM, Settings};
use crate::port::front_desk::FrontDesk;

/// A member of staff, and what names their request.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub member: MemberId,
    /// The same request has the same key, however often it is delivered.
    pub key: String,
    /// Colleagues whom they chose in options, by Discord's id.
    pub chosen: BTreeMap<String, Result<MemberId, String>>,
}

/// Lets the front desk know of everybody in it, and names the asker.
pub(super) fn is_asking(
    interaction: &Interaction,
    settings: &Settings,
    front: &dyn FrontDesk,
) -> Result<Who, Refusal> {
    let company = front.company();
    let Some(guild) = &interaction.guild else {
        let text = format!(
            "Leads are worked on in {}’s own server; ask me there.",
            company.name
        );
        return Err(Refusal::because(text));
    };
    if *guild != settings.guild {
        let text = format!(
            "This server is not {}’s. Leads are worked on in the company’s own server.",
            company.name
        );
        return Err(Refusal::because(text));
    }
    let Some(person) = &interaction.person else {
        return Err(Refusal::because("Discord did not say who you are; try again."));
    };
    let member = member(person, front).ok_or_else(|| {
        Refusal::because(format!(
            "{}, you are not a member of {} as far as Switchboard knows. An administrator can give you a role of this \
             server that a department’s `groups` name, or write identities = {{ discord = \"{}\" }} under your name among the members.",
            person.name, company.name, person.id
        ))
    })?;
    let chosen = interaction
        .chosen_people
        .iter()
        .map(|(id, person)| {
            (
                id.clone(),
                self::member(person, front).ok_or_else(|| person.name.clone()),
            )
        })
        .collect();
    Ok(Who {
        member,
        key: format!("{PLATFORM}:{}", interaction.id),
        chosen,
    })
}

/// Roles first: they may make somebody a member.
fn member(person: &Person, front: &dyn FrontDesk) -> Option<MemberId> {
    let platform = PlatformId::new(PLATFORM);
    if let Some(roles) = &person.roles {
        front.learn(Membership::Person {
            platform: platform.clone(),
            person: Colleague {
                id: person.id.clone(),
                name: person.name.clone(),
            },
            groups: roles.clone(),
        });
    }
    let company = front.company();
    company
        .member_of(&platform, &person.id)
        .map(|member| member.id.clone())
}
