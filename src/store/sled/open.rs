//! Opening: one process at a time, a left-over half-written snapshot set aside, and damage turned into an error that says
//! what to do. Nothing here copies or deletes anything of the live folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, RwLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{FORMAT, Meta, SledStore, Writing, rows, value};
use crate::domain::effect::Errand;
use crate::port::store::StoreError;
use crate::store::outbox::Outbox;

/// The one tree. sled's default tree is left alone, because `export` and `import` rename it.
const TREE: &str = "switchboard";

/// What sled may keep in memory. Its default is 1 GiB; the limit is soft, and the process takes some more than twice this.
const CACHE_BYTES: u64 = 32 << 20;

/// How long a process that is just ending may still hold the folder.
const PATIENCE: Duration = Duration::from_secs(1);

impl SledStore {
    /// Opens the store in a data folder, and makes one where there is none.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(dir).map_err(|error| no_use(dir, "cannot be made", &error))?;
        let lock = lock(dir)?;
        let path = dir.join("sled");
        set_aside_snapshots(dir, &path).map_err(|error| no_use(dir, "cannot be tidied", &error))?;
        let fresh = !path.join("db").exists();
        guarded(dir, || {
            let db = open_engine(dir, &path)?;
            let tree = db.open_tree(TREE).map_err(super::unreadable)?;
            if fresh {
                sync_new(dir, &path).map_err(|error| no_use(dir, "cannot be synced", &error))?;
            }
            let file = File::open(path.join("db")).map_err(|error| no_use(dir, "cannot be read", &error))?;
            let store = Self {
                tree,
                db,
                file,
                meta: RwLock::default(),
                outbox: Mutex::default(),
                writing: Mutex::new(Writing::default()),
                gate: RwLock::default(),
                _lock: lock,
            };
            let meta = store.read_meta(dir)?;
            let outbox = store.read_outbox()?;
            Ok(Self {
                meta: RwLock::new(meta),
                outbox: Mutex::new(outbox),
                ..store
            })
        })
    }

    /// Opens the store of a data folder that has one.
    pub fn open_existing(dir: &Path) -> Result<Self, StoreError> {
        if !dir.join("sled").join("db").exists() {
            return Err(StoreError::CannotOpen(format!(
                "there is no store in {}; give the folder that `switchboard run` or `demo` was started with",
                dir.display()
            )));
        }
        Self::open(dir)
    }

    fn read_meta(&self, dir: &Path) -> Result<Meta, StoreError> {
        let Some(meta) = self.record::<Meta>(&rows::meta())? else {
            return match self.tree.iter().next() {
                // Written at once, so that a store without it is a damaged one.
                None => self.write_meta(Meta::default()),
                Some(_) => Err(StoreError::Damaged(
                    "the totals are missing; restore the last backup into a new folder".into(),
                )),
            };
        };
        if meta.format > FORMAT {
            return Err(StoreError::CannotOpen(format!(
                "{} was written by a newer Switchboard (layout {}, this one reads up to {FORMAT}); use that version",
                dir.display(),
                meta.format
            )));
        }
        if meta.restoring {
            return Err(StoreError::CannotOpen(format!(
                "a restore into {0} was not completed; delete {0} and restore again",
                dir.display()
            )));
        }
        Ok(meta)
    }

    /// The order of the outbox, from the errands that wait; those are few beside the leads.
    fn read_outbox(&self) -> Result<Outbox, StoreError> {
        let mut outbox = Outbox::default();
        for row in self.tree.scan_prefix([rows::ERRAND]) {
            let (key, head) = row.map_err(super::unreadable)?;
            let errand: Errand = value::decode(&key, &head, |part| self.raw(part))?;
            outbox.put(&errand.effect.key(), &errand, None);
        }
        Ok(outbox)
    }
}

fn no_use(dir: &Path, why: &str, error: &std::io::Error) -> StoreError {
    StoreError::CannotOpen(format!(
        "the data folder {} {why}: {error}; let this user read and write it, or choose another --data",
        dir.display()
    ))
}

/// Takes the lock file; its text is only for the message that a second process shows.
fn lock(dir: &Path) -> Result<File, StoreError> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(dir.join("lock"))
        .map_err(|error| no_use(dir, "cannot be locked", &error))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => sleep(PATIENCE / 20),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let process = match holder.trim() {
                    "" => "another Switchboard".to_owned(),
                    number => format!("another Switchboard (process {number})"),
                };
                return Err(StoreError::CannotOpen(format!(
                    "{process} is using {}; stop it or choose another --data",
                    dir.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(no_use(dir, "cannot be locked", &error)),
        }
    }
    let written = file
        .set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| writeln!(file, "{}", std::process::id()));
    // The lock holds without its text: on a full disk the store still opens for reading.
    let _ = written;
    Ok(file)
}

/// A crash while sled writes its start-up snapshot leaves `snap.*.generating`, which its next start would take for a
/// snapshot and fail on for ever. The file is not needed; it is moved, not deleted, so that it can be looked at.
fn set_aside_snapshots(dir: &Path, path: &Path) -> std::io::Result<()> {
    let Ok(files) = fs::read_dir(path) else {
        return Ok(());
    };
    for file in files {
        let file = file?;
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            let quarantine = dir.join("quarantine");
            fs::create_dir_all(&quarantine)?;
            fs::rename(file.path(), quarantine.join(name.as_ref()))?;
            tracing::warn!(file = %name, "a half-written snapshot was set aside in quarantine/; nothing is lost");
        }
    }
    Ok(())
}

fn open_engine(dir: &Path, path: &Path) -> Result<sled::Db, StoreError> {
    let begun = Instant::now();
    loop {
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(CACHE_BYTES)
            // Every commit flushes and syncs itself; a second flusher would only get in its way.
            .flush_every_ms(None);
        match config.open() {
            Ok(db) => return Ok(db),
            // sled gives its own lock back a little late when a store is closed and opened again at once.
            Err(sled::Error::Io(error)) if is_lock(&error) && begun.elapsed() < PATIENCE => {
                sleep(PATIENCE / 20);
            }
            Err(sled::Error::Io(error)) => return Err(no_use(dir, "cannot be opened", &error)),
            Err(error) => return Err(damaged(dir, &error.to_string())),
        }
    }
}

fn is_lock(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::WouldBlock || error.to_string().contains("could not acquire lock")
}

fn damaged(dir: &Path, why: &str) -> StoreError {
    StoreError::Damaged(format!(
        "{}: {why}; keep the folder, and restore the last backup into a new one",
        dir.display()
    ))
}

/// sled panics on some kinds of damage; that must not take the process down without a word.
fn guarded<T>(dir: &Path, open: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(open))
        .unwrap_or_else(|panic| Err(damaged(dir, &super::disk::panic_text(panic.as_ref()))))
}

/// A new database outlives a power cut only when its files and the folders that name them are synced once.
fn sync_new(dir: &Path, path: &Path) -> std::io::Result<()> {
    for name in ["db", "conf"] {
        File::open(path.join(name))?.sync_all()?;
    }
    File::open(path)?.sync_all()?;
    File::open(dir)?.sync_all()?;
    match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
