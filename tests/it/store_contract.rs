//! What every store promises, one function per promise, run against each of them.

/// Runs each promise against a new store of each kind.
macro_rules! promises {
    ($($promise:ident)*) => {
        mod memory {
            $(#[test] fn $promise() { super::$promise(&switchboard::store::memory::MemoryStore::default()); })*
        }
        mod sled {
            $(#[test] fn $promise() {
                let dir = tempfile::tempdir().unwrap();
                super::$promise(&*switchboard::store::open(dir.path()).unwrap());
            })*
        }
    };
}

mod agreement;
mod backups;
mod board;
mod conversations;
mod leads;
mod outbox;
