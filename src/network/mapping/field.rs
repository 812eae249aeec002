//! The fields of a mention that a record can fill, by the names that settings, options and messages use.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Id,
    Text,
    Author,
    AuthorId,
    AuthorName,
    AuthorUrl,
    Followers,
    Verified,
    Created,
    Url,
    Network,
    Account,
    Kind,
    Language,
    InReplyTo,
    Conversation,
    Rating,
    ReplyTarget,
    Media,
    Own,
    Inbound,
}

impl Field {
    /// In the order of the variants, which is what indexing by `as usize` relies on.
    pub const ALL: [Self; 21] = [
        Self::Id,
        Self::Text,
        Self::Author,
        Self::AuthorId,
        Self::AuthorName,
        Self::AuthorUrl,
        Self::Followers,
        Self::Verified,
        Self::Created,
        Self::Url,
        Self::Network,
        Self::Account,
        Self::Kind,
        Self::Language,
        Self::InReplyTo,
        Self::Conversation,
        Self::Rating,
        Self::ReplyTarget,
        Self::Media,
        Self::Own,
        Self::Inbound,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Author => "author",
            Self::AuthorId => "author_id",
            Self::AuthorName => "author_name",
            Self::AuthorUrl => "author_url",
            Self::Followers => "followers",
            Self::Verified => "verified",
            Self::Created => "created",
            Self::Url => "url",
            Self::Network => "network",
            Self::Account => "account",
            Self::Kind => "kind",
            Self::Language => "language",
            Self::InReplyTo => "in_reply_to",
            Self::Conversation => "conversation",
            Self::Rating => "rating",
            Self::ReplyTarget => "reply_target",
            Self::Media => "media",
            Self::Own => "own",
            Self::Inbound => "inbound",
        }
    }

    /// Reads a field's name; the error lists the names there are.
    pub fn parse(name: &str) -> Result<Self, String> {
        // The names that our own form uses are understood as well: `created_at`, `parent_id`, `lang`.
        let in_own_form = || {
            let mut places = OWN_FORM.iter();
            places
                .find(|(_, places)| places.contains(&[name].as_slice()))
                .map(|(field, _)| *field)
        };
        Self::ALL
            .into_iter()
            .find(|field| field.word() == name)
            .or_else(in_own_form)
            .ok_or_else(|| {
                let words: Vec<_> = Self::ALL.iter().map(|field| field.word()).collect();
                format!("“{name}” is not a field; the fields are {}", words.join(", "))
            })
    }
}

/// Our own form of a mention: the places of each field, the documented one first.
pub(super) const OWN_FORM: &[(Field, &[&[&str]])] = &[
    (Field::Id, &[&["id"]]),
    (Field::Text, &[&["text"]]),
    (Field::Author, &[&["author", "handle"], &["author"]]),
    (Field::AuthorId, &[&["author", "id"], &["author_id"]]),
    (Field::AuthorName, &[&["author", "name"], &["author_name"]]),
    (Field::AuthorUrl, &[&["author", "url"], &["author_url"]]),
    (Field::Followers, &[&["author", "followers"], &["followers"]]),
    (Field::Verified, &[&["author", "verified"], &["verified"]]),
    (Field::Created, &[&["created_at"], &["created"]]),
    (Field::Url, &[&["url"]]),
    (Field::Network, &[&["network"]]),
    (Field::Account, &[&["account"]]),
    (Field::Kind, &[&["type"], &["kind"]]),
    (Field::Language, &[&["lang"], &["language"]]),
    (Field::InReplyTo, &[&["parent_id"], &["in_reply_to"]]),
    (Field::Conversation, &[&["thread_id"], &["conversation"]]),
    (Field::Rating, &[&["rating"]]),
    (Field::ReplyTarget, &[&["reply_target"]]),
    (Field::Media, &[&["media"]]),
    (Field::Own, &[&["own"]]),
    (Field::Inbound, &[&["inbound"]]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_in_the_order_of_their_numbers() {
        for (at, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, at);
            assert_eq!(Field::parse(field.word()), Ok(field));
        }
    }

    #[test]
    fn the_names_of_our_own_form_are_understood() {
        for (name, field) in [
            ("created_at", Field::Created),
            ("parent_id", Field::InReplyTo),
            ("thread_id", Field::Conversation),
            ("lang", Field::Language),
            ("type", Field::Kind),
        ] {
            assert_eq!(Field::parse(name), Ok(field));
        }
        assert!(Field::parse("handle").is_err());
    }
}
