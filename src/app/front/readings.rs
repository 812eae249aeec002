//! What people ask to read. Answers come from the store at once and never wait for the desk.

use crate::command::{Catalogue, Reading, WhoAbout};
use crate::domain::ids::{DepartmentId, MemberId};
use crate::domain::notice::Notice;
use crate::domain::refusal::Refusal;
use crate::port::store::StoreError;
use crate::report::{digest, digest_text, figures, readings};

use super::Front;

impl Front {
    pub(super) fn reading(&self, who: &MemberId, reading: &Reading) -> Result<Notice, StoreError> {
        let store = self.store.as_ref();
        let company = self.setup.company();
        let now = (self.setup.clock)();
        match reading {
            Reading::Queue { department } => readings::queue(store, &company, department.as_ref(), who, now),
            Reading::Mine => readings::mine(store, &company, who, now),
            Reading::Show { lead } => readings::show(store, &company, *lead, who, now),
            Reading::Find { words } => readings::find(store, &company, words, who, now),
            Reading::Who { about } => match about {
                WhoAbout::Everybody => readings::who_of_everybody(store, &company),
                WhoAbout::Lead(lead) => readings::who_of_lead(store, &company, *lead, who, now),
                WhoAbout::Department(department) => readings::who_of_department(store, &company, department),
                WhoAbout::Member(member) => readings::who_of_member(store, &company, member),
            },
            Reading::Help { command } => Ok(Catalogue::builtin()
                .help(command.as_deref(), &self.asker(&company, who))
                .unwrap_or_else(Notice::from)),
            Reading::Digest { department } => self.digests(who, department.as_ref()),
        }
    }

    /// The digest of the named department as of now, or of all in which the asker works.
    fn digests(&self, who: &MemberId, department: Option<&DepartmentId>) -> Result<Notice, StoreError> {
        let company = self.setup.company();
        let now = (self.setup.clock)();
        let asked: Vec<&DepartmentId> = match department {
            Some(department) => vec![department],
            None => company
                .departments
                .keys()
                .filter(|id| company.role(id, who).is_some())
                .collect(),
        };
        let mut digests = Vec::new();
        for department in asked {
            if !company.may_read(department, who) {
                let name = company.department_name(department);
                let text = format!("{name}’s leads are confidential, and so is its digest.");
                return Ok(Refusal::because(text).into());
            }
            let day = figures::local_day(&company, department, now);
            digests.push(digest::build(
                self.store.as_ref(),
                &company,
                department,
                day,
                now,
            )?);
        }
        if digests.is_empty() {
            return Ok(
                Refusal::because("You work in no department; name one, such as `/digest support`.").into(),
            );
        }
        Ok(digest_text::notice(&digests))
    }
}
