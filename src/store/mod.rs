//! Stores: what the desk knows, behind `port::store::Store`. One contract suite for all (`tests/it/store_contract.rs`).
//!
//! - [`memory`]: plain maps; for tests, and the yardstick the other stores are compared with.
//! - [`sled`]: the embedded default; one folder, one process, durable when `commit` returns.
//! - [`record`]: the lines of a backup, the same for every store.
//! - `outbox`: which errands may run now and who holds a lease; kept in memory by both.

use std::path::Path;
use std::sync::Arc;

use crate::port::store::{Store, StoreError};

pub mod memory;
mod outbox;
pub mod record;
pub mod sled;

/// Opens the store in a data folder, and makes one where there is none.
pub fn open(dir: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(sled::SledStore::open(dir)?))
}

/// Opens the store of a data folder that already has one; for commands that only read or copy, so that a mistyped
/// folder is an error and not a new, empty store.
pub fn open_existing(dir: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(sled::SledStore::open_existing(dir)?))
}
