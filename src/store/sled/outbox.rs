//! Errands on loan: the order is in memory, the errands are on disk.

use jiff::Timestamp;
use std::collections::BTreeSet;

use super::{SledStore, rows, unreadable};
use crate::domain::effect::Errand;
use crate::port::store::StoreError;

impl SledStore {
    pub(super) fn lease(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
        busy: &BTreeSet<String>,
    ) -> Result<Vec<Errand>, StoreError> {
        let leased = self.outbox().lease(now, until, limit, busy);
        let mut errands = Vec::with_capacity(leased.len());
        let mut failure = None;
        for (key, id) in &leased {
            match self.record::<Errand>(&rows::errand(key)) {
                Ok(Some(errand)) if errand.id == *id && failure.is_none() => errands.push(errand),
                // A commit that replaces or ends this errand has been applied and is not on disk yet: when it is, it
                // tells the outbox. Nothing is handed out that a power cut could still undo.
                Ok(_) => self.outbox().release(key, *id),
                Err(error) => {
                    failure = Some(error);
                    self.outbox().release(key, *id);
                }
            }
        }
        match failure {
            None => Ok(errands),
            Some(error) => {
                let mut outbox = self.outbox();
                for errand in errands {
                    outbox.release(&errand.effect.key(), errand.id);
                }
                Err(error)
            }
        }
    }

    pub(super) fn read_dead_errands(&self, limit: usize) -> Result<Vec<Errand>, StoreError> {
        let mut errands = Vec::new();
        for row in self.tree.scan_prefix([rows::DEAD]).take(limit) {
            let (row, _) = row.map_err(unreadable)?;
            let key = rows::effect_key(&row).ok_or_else(|| StoreError::Damaged(rows::name(&row)))?;
            errands.extend(self.record::<Errand>(&rows::errand(key))?);
        }
        Ok(errands)
    }
}
