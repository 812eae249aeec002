//! How commands are spelled: `/lead claim L-142` or `/claim L-142`. The setting chooses what is shown, completed and
//! registered; the parser always reads both.

/// The word that every command can stand behind.
pub(super) const UMBRELLA: &str = "lead";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// `/lead claim L-142`: one name to register, which collides with nobody's.
    Umbrella,
    /// `/claim L-142`.
    Flat,
    /// Flat names are shown; both are registered and completed.
    #[default]
    Both,
}

/// Which spelling, and what flat names begin with where plain ones would collide (`sb-claim`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    pub style: Style,
    pub prefix: String,
}

impl Style {
    pub const ALL: [Self; 3] = [Self::Both, Self::Umbrella, Self::Flat];

    /// The word that the settings use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Umbrella => "umbrella",
            Self::Flat => "flat",
        }
    }
}

impl From<Style> for Spelling {
    fn from(style: Style) -> Self {
        let prefix = String::new();
        Self { style, prefix }
    }
}

impl Spelling {
    /// What is wrong with the setting, for `check`; none when all is well.
    pub fn problem(&self) -> Option<String> {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        (!self.prefix.chars().all(letters) || self.prefix.len() > 16).then(|| {
            format!(
                "prefix “{}”: use at most 16 small letters, digits, - and _ (platforms allow 32 for a whole name), such as “sb-”",
                self.prefix
            )
        })
    }

    /// The word to register that every command can stand behind, where it is in use.
    pub fn umbrella(&self) -> Option<&'static str> {
        (self.style != Style::Flat).then_some(UMBRELLA)
    }

    /// The name to register for one command alone, where commands have one.
    pub fn flat(&self, name: &str) -> Option<String> {
        (self.style != Style::Umbrella).then(|| format!("{}{name}", self.prefix))
    }

    /// The command as this company is shown it: `/claim`, `/sb-claim`, `/lead claim`.
    pub fn show(&self, name: &str) -> String {
        match self.style {
            Style::Umbrella => format!("/{UMBRELLA} {name}"),
            Style::Flat | Style::Both => format!("/{}{name}", self.prefix),
        }
    }
}
