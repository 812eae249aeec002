//! Rows on the platter: one atomic batch, sled's flush, and the sync that sled leaves out. After a refusal nothing more is
//! written until the store is opened again.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;

use super::rows::Key;
use super::{SledStore, Writing};
use crate::port::store::StoreError;

/// Rows to write (some) or to remove (none).
pub(super) type Rows = BTreeMap<Key, Option<Vec<u8>>>;

impl SledStore {
    /// Writes all rows or none, and returns when they are on disk.
    pub(super) fn write_rows(&self, writing: &mut Writing, rows: Rows) -> Result<(), StoreError> {
        if let Some(why) = &writing.refused {
            return Err(StoreError::Write(format!(
                "nothing more is written since an earlier failure ({why}); free the disk and start again"
            )));
        }
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

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the database gave up: {}", text.unwrap_or("no reason given"))
}
