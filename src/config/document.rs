//! The shape of the configuration files: every key there is, as serde sees it. Any section may stand in any of the files.
//! Nothing is required here; what a company cannot do without is checked in `company` and `routes`, in their own words.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, SeqAccess, Visitor};
use toml::Spanned;

/// A text with its place in the file.
pub(super) type Text = Spanned<String>;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Document {
    pub(super) data: Option<Text>,
    pub(super) fallback: Option<Text>,
    pub(super) company: Option<Spanned<CompanySection>>,
    pub(super) commands: Option<Spanned<CommandsSection>>,
    pub(super) log: Option<Spanned<LogSection>>,
    pub(super) department: BTreeMap<Text, Spanned<DepartmentSection>>,
    pub(super) member: BTreeMap<Text, Spanned<MemberSection>>,
    pub(super) route: Vec<Spanned<RouteSection>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct CompanySection {
    pub(super) name: Option<Text>,
    pub(super) zone: Option<Text>,
    pub(super) holidays: Option<Spanned<List>>,
    pub(super) accounts: Option<Spanned<List>>,
    pub(super) admins: Option<Spanned<List>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct CommandsSection {
    pub(super) style: Option<Text>,
    pub(super) prefix: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct LogSection {
    pub(super) format: Option<Text>,
    pub(super) filter: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct MemberSection {
    pub(super) name: Option<Text>,
    pub(super) identities: BTreeMap<Text, Text>,
    pub(super) away: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct DepartmentSection {
    pub(super) name: Option<Text>,
    pub(super) channels: Option<Spanned<List>>,
    pub(super) members: BTreeMap<Text, Text>,
    pub(super) groups: BTreeMap<Text, Text>,
    pub(super) threads: Option<bool>,
    pub(super) zone: Option<Text>,
    pub(super) hours: Option<Spanned<List>>,
    pub(super) holidays: Option<Spanned<List>>,
    pub(super) targets: BTreeMap<Text, Text>,
    pub(super) lease: Option<Spanned<LeaseSection>>,
    pub(super) hand_off_timeout: Option<Text>,
    pub(super) ladder: Vec<Spanned<RungSection>>,
    pub(super) digest: Option<Text>,
    pub(super) guidelines: Option<Spanned<List>>,
    pub(super) confidential: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "a table like { nudge = \"2h\", lapse = \"4h\" }"
)]
pub(super) struct LeaseSection {
    pub(super) nudge: Option<Text>,
    pub(super) lapse: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "a table like { tell = [\"dana\"], wait = \"30m\" }"
)]
pub(super) struct RungSection {
    pub(super) tell: Option<Spanned<List>>,
    pub(super) wait: Option<Text>,
}

/// The matchers stand both on a route and in its `any` and `none` lists; serde cannot flatten and deny unknown keys at
/// once, so one list of fields makes both structs.
macro_rules! with_matchers {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize)]
        #[serde(default, deny_unknown_fields, expecting = "a table")]
        pub(super) struct $name {
            pub(super) words: Option<Spanned<List>>,
            pub(super) phrases: Option<Spanned<List>>,
            pub(super) hashtags: Option<Spanned<List>>,
            pub(super) mentions: Option<Spanned<List>>,
            pub(super) authors: Option<Spanned<List>>,
            pub(super) networks: Option<Spanned<List>>,
            pub(super) accounts: Option<Spanned<List>>,
            pub(super) languages: Option<Spanned<List>>,
            pub(super) kinds: Option<Spanned<List>>,
            pub(super) followers_min: Option<Spanned<u64>>,
            pub(super) followers_max: Option<Spanned<u64>>,
            pub(super) rating_min: Option<Spanned<u64>>,
            pub(super) rating_max: Option<Spanned<u64>>,
            pub(super) has_link: Option<bool>,
            pub(super) query: Option<Text>,
            $($(#[$attribute])* pub(super) $field: $kind,)*
        }
    };
}

with_matchers!(
    /// One entry of `any` or `none`.
    ConditionSection {}
);

with_matchers!(
    /// `[[route]]`, and `[[route.route]]` within it.
    RouteSection {
        name: Option<Text>,
        any: Vec<Spanned<ConditionSection>>,
        none: Vec<Spanned<ConditionSection>>,
        department: Option<Text>,
        priority: Option<Text>,
        tags: Option<Spanned<List>>,
        watchers: Option<Spanned<List>>,
        r#continue: bool,
        route: Vec<Spanned<RouteSection>>,
    }
);

impl RouteSection {
    /// The route's own matchers, as a condition like those in its lists.
    pub(super) fn take_matchers(&mut self) -> ConditionSection {
        ConditionSection {
            words: self.words.take(),
            phrases: self.phrases.take(),
            hashtags: self.hashtags.take(),
            mentions: self.mentions.take(),
            authors: self.authors.take(),
            networks: self.networks.take(),
            accounts: self.accounts.take(),
            languages: self.languages.take(),
            kinds: self.kinds.take(),
            followers_min: self.followers_min.take(),
            followers_max: self.followers_max.take(),
            rating_min: self.rating_min.take(),
            rating_max: self.rating_max.take(),
            has_link: self.has_link.take(),
            query: self.query.take(),
        }
    }
}

/// A list of texts; one text alone stands for a list of one.
#[derive(Debug, Default)]
pub(super) struct List(Vec<Text>);

impl List {
    /// The entries of a list that may be absent.
    pub(super) fn texts(list: Option<Spanned<Self>>) -> Vec<Text> {
        list.map(Self::entries).unwrap_or_default()
    }

    /// The entries; one that stood alone takes the place of the whole value.
    pub(super) fn entries(list: Spanned<Self>) -> Vec<Text> {
        let whole = list.span();
        let place = |entry: Text| match entry.span() {
            span if span.is_empty() => Spanned::new(whole.clone(), entry.into_inner()),
            _ => entry,
        };
        list.into_inner().0.into_iter().map(place).collect()
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = List;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of texts in brackets")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<List, E> {
        Ok(List(vec![Spanned::new(0..0, text.to_owned())]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<List, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = entries.next_element::<Text>()? {
            list.push(entry);
        }
        Ok(List(list))
    }
}
