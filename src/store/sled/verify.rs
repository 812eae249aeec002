//! Verifying: every row is read again, and everything that follows from another row is derived again and compared.
//! Commits wait while it runs; it is for a person who asks, not for every start.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use sled::IVec;

use super::backup::Kept;
use super::rows::{self, Key};
use super::{Meta, SledStore, unreadable, value};
use crate::domain::ids::LeadId;
use crate::domain::timeline::verify_chain;
use crate::port::store::StoreError;
use crate::store::record::Record;

/// Findings beyond this many are counted and not listed.
const LISTED: usize = 1000;

#[derive(Default)]
struct Findings {
    lines: Vec<String>,
    more: u64,
    /// How many rows of each derived kind there should be.
    derived: BTreeMap<u8, u64>,
    counted: Meta,
}

impl Findings {
    fn add(&mut self, line: String) {
        if self.lines.len() < LISTED {
            self.lines.push(line);
        } else {
            self.more += 1;
        }
    }

    fn finish(mut self) -> Vec<String> {
        if self.more > 0 {
            self.lines.push(format!("and {} more findings", self.more));
        }
        self.lines
    }
}

impl SledStore {
    pub(super) fn verify_rows(&self) -> Result<Vec<String>, StoreError> {
        let _writing = self.writing();
        let mut findings = Findings::default();
        let done = catch_unwind(AssertUnwindSafe(|| self.verify_all(&mut findings)));
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => findings.add(format!("verifying stopped here: {error}")),
            Err(panic) => findings.add(format!(
                "verifying stopped here: {}",
                super::disk::panic_text(panic.as_ref())
            )),
        }
        Ok(findings.finish())
    }

    fn verify_all(&self, findings: &mut Findings) -> Result<(), StoreError> {
        let mut there: BTreeMap<u8, u64> = BTreeMap::new();
        for row in self.tree.iter() {
            let (key, head) = row.map_err(unreadable)?;
            let kind = key.first().copied().unwrap_or_default();
            *there.entry(kind).or_default() += 1;
            match kind {
                rows::QUEUE | rows::DUE | rows::AUTHOR | rows::CARD | rows::DEAD => {
                    if !head.is_empty() {
                        findings.add(format!("{}: holds a value", rows::name(&key)));
                    }
                }
                rows::CONTINUED => {}
                rows::META => self.verify_meta(&key, &head, findings),
                _ => self.verify_record(kind, &key, &head, findings)?,
            }
        }
        self.verify_totals(findings);
        // Every derived row that should be there was looked for; were one too many, the numbers would differ.
        for kind in [
            rows::QUEUE,
            rows::DUE,
            rows::AUTHOR,
            rows::CARD,
            rows::DEAD,
            rows::CONTINUED,
        ] {
            let expected = findings.derived.get(&kind).copied().unwrap_or_default();
            if there.get(&kind).copied().unwrap_or_default() != expected {
                self.name_strays(kind, findings)?;
            }
        }
        Ok(())
    }

    fn verify_meta(&self, key: &[u8], head: &IVec, findings: &mut Findings) {
        match value::decode::<Meta>(key, head, |part| self.raw(part)) {
            Ok(meta) if meta == self.meta() => {}
            Ok(_) => findings.add("the totals on disk are not those in memory".into()),
            Err(error) => findings.add(error.to_string()),
        }
    }

    fn verify_record(
        &self,
        kind: u8,
        key: &[u8],
        head: &IVec,
        findings: &mut Findings,
    ) -> Result<(), StoreError> {
        for part in 1..=value::parts(head) {
            self.expect(rows::continued(key, part), findings)?;
        }
        let records = match self.records_of(kind, key, head, &Kept::default()) {
            Ok(records) if records.is_empty() => {
                findings.add(format!("{}: holds nothing", rows::name(key)));
                return Ok(());
            }
            Ok(records) => records,
            Err(error) => {
                findings.add(error.to_string());
                return Ok(());
            }
        };
        let expected_key = match &records[0] {
            Record::Lead(lead) => rows::lead(lead.id),
            Record::Entry { lead, entry } => rows::timeline(*lead, entry.seq),
            Record::Errand(errand) => rows::errand(&errand.effect.key()),
            Record::Message(message) => rows::message(&message.channel, &message.message),
            _ => key.to_vec(),
        };
        if expected_key != key {
            findings.add(format!("{}: is not where it belongs", rows::name(key)));
        }
        match &records[0] {
            Record::Lead(lead) => {
                findings.counted.leads += 1;
                findings.counted.open += u64::from(lead.is_open());
                findings.counted.next_lead.0 = findings.counted.next_lead.0.max(lead.id.0 + 1);
                for row in rows::index_of_lead(lead) {
                    self.expect(row, findings)?;
                }
                match self.read_timeline(lead.id, 0, usize::MAX) {
                    Ok(entries) => {
                        let chain = verify_chain(lead.id, &entries, lead.entries, &lead.head);
                        chain.err().into_iter().for_each(|line| findings.add(line));
                    }
                    // The damaged row is found and named where it stands.
                    Err(_) => findings.add(format!("{}: its timeline cannot be read", lead.id)),
                }
            }
            Record::Entry { lead, .. } => self.expect_lead(*lead, key, findings)?,
            Record::Seen { seen, .. } => {
                if let Some(lead) = seen.lead {
                    self.expect_lead(lead, key, findings)?;
                }
            }
            Record::Conversation { conversation, .. } => {
                for (_, lead) in &conversation.leads {
                    self.expect_lead(*lead, key, findings)?;
                }
            }
            Record::Errand(errand) => {
                let dead = u64::from(errand.dead.is_some());
                findings.counted.dead += dead;
                findings.counted.errands += 1 - dead;
                if let Some(row) = rows::index_of_errand(errand) {
                    self.expect(row, findings)?;
                }
            }
            Record::Message(message) => {
                if let Some(row) = rows::index_of_message(message) {
                    self.expect(row, findings)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A row that follows from another one.
    fn expect(&self, row: Key, findings: &mut Findings) -> Result<(), StoreError> {
        *findings.derived.entry(row[0]).or_default() += 1;
        if self.raw(&row)?.is_none() {
            findings.add(format!("{}: is missing", rows::name(&row)));
        }
        Ok(())
    }

    fn expect_lead(&self, lead: LeadId, of: &[u8], findings: &mut Findings) -> Result<(), StoreError> {
        if self.raw(&rows::lead(lead))?.is_none() {
            findings.add(format!("{}: names {lead}, which is not there", rows::name(of)));
        }
        Ok(())
    }

    fn verify_totals(&self, findings: &mut Findings) {
        let (meta, counted) = (self.meta(), findings.counted);
        let totals = [
            ("leads", meta.leads, counted.leads),
            ("open leads", meta.open, counted.open),
            ("waiting errands", meta.errands, counted.errands),
            ("dead errands", meta.dead, counted.dead),
        ];
        for (what, recorded, found) in totals {
            if recorded != found {
                findings.add(format!("{recorded} {what} are recorded, {found} were found"));
            }
        }
        if meta.next_lead < counted.next_lead {
            findings.add(format!(
                "the next lead would be {}, which is taken",
                meta.next_lead
            ));
        }
    }

    /// Derived rows that follow from nothing; looked for only when there are too many.
    fn name_strays(&self, kind: u8, findings: &mut Findings) -> Result<(), StoreError> {
        for row in self.tree.scan_prefix([kind]) {
            let (key, _) = row.map_err(unreadable)?;
            if !self.follows(kind, &key).unwrap_or(false) {
                findings.add(format!("{}: follows from nothing", rows::name(&key)));
            }
        }
        Ok(())
    }

    fn follows(&self, kind: u8, key: &[u8]) -> Result<bool, StoreError> {
        use crate::port::store::Store;
        let index = match kind {
            rows::CONTINUED => {
                let Some((row, part)) = rows::continued_row(key) else {
                    return Ok(false);
                };
                let head = self.raw(row)?;
                return Ok(head.is_some_and(|head| (1..=value::parts(&head)).contains(&part)));
            }
            rows::CARD => {
                let posted = rows::posted(key).map(|(channel, message)| rows::message(&channel, &message));
                let message = posted.map(|row| self.record(&row)).transpose()?.flatten();
                Vec::from_iter(message.as_ref().and_then(rows::index_of_message))
            }
            rows::DEAD => {
                let errand = rows::effect_key(key).map(|key| self.errand(key)).transpose()?;
                Vec::from_iter(errand.flatten().as_ref().and_then(rows::index_of_errand))
            }
            _ => {
                let lead = rows::last_lead(key).map(|lead| self.lead(lead)).transpose()?;
                lead.flatten()
                    .as_ref()
                    .map(rows::index_of_lead)
                    .unwrap_or_default()
            }
        };
        Ok(index.iter().any(|row| row == key))
    }
}
