//! What a person was told: done, refused, or a form. Anything else than expected fails the story with the words.

use switchboard::domain::form::Form;
use switchboard::domain::notice::{Answer, Notice, Tone};

/// What a person was told.
#[derive(Debug)]
pub struct Told(pub Answer);

impl Told {
    /// It was done; returns the words.
    #[track_caller]
    pub fn done(self) -> String {
        let notice = self.notice();
        assert_eq!(notice.tone, Tone::Done, "not done: {}", notice.text);
        notice.text
    }

    /// It was politely refused; returns why.
    #[track_caller]
    pub fn refused(self) -> String {
        let notice = self.notice();
        assert_eq!(notice.tone, Tone::Refused, "not refused: {}", notice.text);
        notice.text
    }

    #[track_caller]
    pub fn notice(self) -> Notice {
        match self.0 {
            Answer::Notice(notice) => notice,
            Answer::Form(form) => panic!("a form opened: {}", form.title),
        }
    }

    #[track_caller]
    pub fn form(self) -> Form {
        match self.0 {
            Answer::Form(form) => *form,
            Answer::Notice(notice) => panic!("no form opened: {}", notice.text),
        }
    }
}
