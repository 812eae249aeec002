//! Rows on the platter: one atomic batch, sled's flush, and the sync that sled leaves out. After a refusal nothing more is
//! written until the store is opened again.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;

use super::rows::Key;
use super::{SledStore, Writing};
use crate::port::store::StoreError;

/// What must stay free on the disk. sled cannot go on after a failed write, not even read; so it never gets to see a disk
/// that is full. It also needs some room to start.
const KEEP_FREE: u64 = 48 << 20;

/// Rows to write (some) or to remove (none).
pub(super) type Rows = BTreeMap<Key, Option<Vec<u8>>>;

impl SledStore {
    /// Writes all rows or none, and returns when they are on disk. Ask `may_write` first.
    pub(super) fn write_rows(&self, writing: &mut Writing, rows: Rows) -> Result<(), StoreError> {
        self.room_for(&rows)?;
        if let Some(kept) = &mut writing.backup {
            kept.keep(&self.tree, rows.keys()).map_err(super::unreadable)?;
        }
        let written = catch_unwind(AssertUnwindSafe(|| self.write_and_sync(rows)));
        let written = written.unwrap_or_else(|panic| Err(panic_text(panic.as_ref())));
        written.map_err(|why| {
            writing.refused = Some(why.clone());
            StoreError::Write(why)
        })
    }

    /// Refuses while the disk is nearly full; as soon as there is room again, the desk goes on.
    fn room_for(&self, rows: &Rows) -> Result<(), StoreError> {
        let Ok(disk) = rustix::fs::fstatvfs(&self.file) else {
            return Ok(());
        };
        let size = |(key, row): (&Key, &Option<Vec<u8>>)| key.len() + row.as_ref().map_or(0, Vec::len);
        let bytes: usize = rows.iter().map(size).sum();
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        // sled writes a page again when a few of its rows have changed.
        let wanted = KEEP_FREE + 16 * bytes as u64;
        if free >= wanted {
            return Ok(());
        }
        Err(StoreError::Write(format!(
            "it is nearly full ({} MB free, {} MB wanted); free some space, and Switchboard goes on by itself",
            free >> 20,
            wanted >> 20
        )))
    }

    fn write_and_sync(&self, rows: Rows) -> Result<(), String> {
        let mut batch = sled::Batch::default();
        for (key, value) in rows {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        let applied = {
            let _alone = self.gate.write().unwrap_or_else(PoisonError::into_inner);
            self.tree.apply_batch(batch)
        };
        applied.map_err(|error| error.to_string())?;
        self.db.flush().map_err(|error| error.to_string())?;
        self.file.sync_data().map_err(|error| error.to_string())
    }
}

/// Refuses everything after a failed write: what a commit would start from is a state that was never acknowledged.
pub(super) fn may_write(writing: &Writing) -> Result<(), StoreError> {
    match &writing.refused {
        None => Ok(()),
        Some(why) => Err(StoreError::Write(format!(
            "nothing more is written since an earlier failure ({why}); mend the disk and start again"
        ))),
    }
}

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the database gave up: {}", text.unwrap_or("no reason given"))
}
