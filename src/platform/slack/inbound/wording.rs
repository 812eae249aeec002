//! What people wrote in Slack, as they meant it: tokens become names and links, and the three escapes are undone. Tokens
//! are cut out first; a `<` that a person typed arrives as `&lt;` and stays a character.
//!
//! <https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages>

use crate::domain::company::Company;
use crate::domain::ids::PlatformId;
use crate::domain::staff::Group;
use crate::platform::slack::PLATFORM;

/// How people and groups are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// As the command line reads them: the member's and the department's short names.
    Short,
    /// As colleagues say them: `@Dana Okafor`.
    Spoken,
}

/// A text of Slack's, in plain words.
pub(super) fn plain(text: &str, company: &Company, names: Names) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        unescape(before, &mut out);
        match after.split_once('>') {
            Some((token, behind)) => {
                out.push_str(&meant(token, company, names));
                rest = behind;
            }
            None => {
                out.push('<');
                rest = after;
            }
        }
    }
    unescape(rest, &mut out);
    out
}

/// `&amp;lt;` was typed as `&lt;`: each escape is undone once.
fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, escaped) = rest.split_at(at);
        out.push_str(before);
        let known = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')];
        let found = known
            .into_iter()
            .find_map(|(escape, c)| Some((c, escaped.strip_prefix(escape)?)));
        rest = match found {
            Some((c, behind)) => {
                out.push(c);
                behind
            }
            None => {
                out.push('&');
                escaped.strip_prefix('&').unwrap_or_default()
            }
        };
    }
    out.push_str(rest);
}

fn meant(token: &str, company: &Company, names: Names) -> String {
    let (target, label) = match token.split_once('|') {
        Some((target, label)) => (target, plain_label(label)),
        None => (token, String::new()),
    };
    let or_label = |fallback: &str| match label.as_str() {
        "" => fallback.to_owned(),
        label => label.to_owned(),
    };
    if let Some(user) = target.strip_prefix('@') {
        return match company.member_of(&PlatformId::from(PLATFORM), user) {
            Some(member) if names == Names::Short => format!("@{}", member.id),
            Some(member) => format!("@{}", member.name),
            None => format!("@{}", or_label(user)),
        };
    }
    if let Some(channel) = target.strip_prefix('#') {
        return format!("#{}", or_label(channel));
    }
    if let Some(special) = target.strip_prefix('!') {
        return match special.strip_prefix("subteam^") {
            Some(group) => department(group, company, names)
                .unwrap_or_else(|| format!("@{}", or_label(group).trim_start_matches('@'))),
            // `<!date^…|31 May>` has words of its own.
            None if special.contains('^') => or_label(special),
            None => format!("@{special}"),
        };
    }
    let mut address = String::new();
    unescape(target, &mut address);
    // Slack makes links of what only looks like one: the label says what was typed.
    match address
        .strip_prefix("mailto:")
        .or_else(|| address.strip_prefix("tel:"))
    {
        Some(bare) => or_label(bare),
        None => address,
    }
}

fn plain_label(label: &str) -> String {
    let mut out = String::new();
    unescape(label, &mut out);
    out
}

/// The department that this user group works in.
fn department(group: &str, company: &Company, names: Names) -> Option<String> {
    let group = Group {
        platform: PLATFORM.into(),
        name: group.to_owned(),
    };
    let department = company
        .departments
        .values()
        .find(|department| department.groups.contains_key(&group))?;
    Some(match names {
        Names::Short => department.id.to_string(),
        Names::Spoken => format!("@{}", department.name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::company::{Department, Member, Role};

    fn company() -> Company {
        let dana = Member {
            id: "dana".into(),
            name: "Dana Okafor".to_owned(),
            identities: [(PLATFORM.into(), "U1".to_owned())].into(),
            away: None,
        };
        let group = Group {
            platform: PLATFORM.into(),
            name: "S1".to_owned(),
        };
        let support = Department {
            id: "support".into(),
            name: "Customer service".to_owned(),
            groups: [(group, Role::Agent)].into(),
            ..Department::default()
        };
        Company {
            members: [(dana.id.clone(), dana)].into(),
            departments: [(support.id.clone(), support)].into(),
            ..Company::default()
        }
    }

    #[test]
    fn tokens_become_names_and_escapes_what_was_typed() {
        for (written, short, spoken) in [
            ("L-1 <@U1|dana.o>", "L-1 @dana", "L-1 @Dana Okafor"),
            ("<@U9|guest>", "@guest", "@guest"),
            ("<@U9>", "@U9", "@U9"),
            (
                "L-1 <!subteam^S1|@support>",
                "L-1 support",
                "L-1 @Customer service",
            ),
            ("<!subteam^S9|@others> <!here>", "@others @here", "@others @here"),
            (
                "see <#C1|general>, <#C2>",
                "see #general, #C2",
                "see #general, #C2",
            ),
            (
                "<https://a.example/?a=1&amp;b=2|a.example>",
                "https://a.example/?a=1&b=2",
                "https://a.example/?a=1&b=2",
            ),
            ("<mailto:a@b.example|a@b.example>", "a@b.example", "a@b.example"),
            ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
            (
                "&lt;@U1&gt; &amp;lt; &copy;",
                "<@U1> &lt; &copy;",
                "<@U1> &lt; &copy;",
            ),
            ("open < end & done", "open < end & done", "open < end & done"),
            ("<!date^1392734382^{date}|18 Feb>", "18 Feb", "18 Feb"),
            ("“smart” ’quotes’", "“smart” ’quotes’", "“smart” ’quotes’"),
        ] {
            assert_eq!(plain(written, &company(), Names::Short), short);
            assert_eq!(plain(written, &company(), Names::Spoken), spoken);
        }
    }
}
