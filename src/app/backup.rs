//! Backups: the whole store in one file, written beside its name first and put in place when it is on disk. A running
//! Switchboard holds its store, so that a backup of it is asked for through the data folder: whoever may write there may
//! ask. The live folder itself is never copied; such a copy can open and be empty.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::port::store::Store;

const REQUEST: &str = "backup.request";
const ANSWER: &str = "backup.answer";
/// How often a running Switchboard looks for a request, and a caller for its answer.
const LOOK: Duration = Duration::from_millis(500);
/// A running Switchboard takes a request within this; after it nobody is there.
const TAKEN_WITHIN: Duration = Duration::from_secs(5);

#[derive(Serialize, Deserialize)]
struct Request {
    file: PathBuf,
}

/// Writes a backup; returns how many records it holds.
pub fn write(store: &dyn Store, file: &Path) -> anyhow::Result<u64> {
    whole_file(file, |out| Ok(store.backup(out)?))
}

/// Answers requests for backups until `stop`.
pub async fn run(store: Arc<dyn Store>, data: PathBuf, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => return,
        }
        let Ok(text) = fs::read(data.join(REQUEST)) else {
            continue;
        };
        let (store, folder) = (Arc::clone(&store), data.clone());
        let answered = tokio::task::spawn_blocking(move || answer(store.as_ref(), &folder, &text)).await;
        match answered {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!("a request for a backup could not be answered: {error:#}"),
            Err(error) => tracing::error!("a backup ended badly: {error}"),
        }
    }
}

fn answer(store: &dyn Store, data: &Path, request: &[u8]) -> anyhow::Result<()> {
    fs::remove_file(data.join(REQUEST))?;
    let written = serde_json::from_slice::<Request>(request)
        .context("the request cannot be read")
        .and_then(|request| write(store, &request.file))
        .map_err(|error| format!("{error:#}"));
    if let Ok(records) = &written {
        tracing::info!(records, "a backup was written");
    }
    whole_file(&data.join(ANSWER), |out| {
        Ok(serde_json::to_writer(out, &written)?)
    })
}

/// Asks the Switchboard that runs on this folder for a backup. None when nobody runs there.
pub fn ask(data: &Path, file: &Path) -> anyhow::Result<Option<u64>> {
    let (request, answer) = (data.join(REQUEST), data.join(ANSWER));
    let _ = fs::remove_file(&answer);
    let file = std::path::absolute(file)?;
    whole_file(&request, |out| Ok(serde_json::to_writer(out, &Request { file })?))?;
    let asked = Instant::now();
    while request.exists() {
        if asked.elapsed() > TAKEN_WITHIN {
            let _ = fs::remove_file(&request);
            return Ok(None);
        }
        std::thread::sleep(LOOK);
    }
    // A large store takes its time; the answer comes, or the process there ends and its lock with it.
    loop {
        if let Ok(text) = fs::read(&answer) {
            let _ = fs::remove_file(&answer);
            return match serde_json::from_slice::<Result<u64, String>>(&text)? {
                Ok(records) => Ok(Some(records)),
                Err(why) => bail!("the running Switchboard could not write it: {why}"),
            };
        }
        if asked.elapsed() > Duration::from_secs(3600) {
            bail!(
                "the running Switchboard took the request and gave no answer within an hour; look at its log"
            );
        }
        std::thread::sleep(LOOK);
    }
}

/// Writes beside the file first and puts it in place when it is on disk, so that there is never half a file under its name.
fn whole_file<T>(file: &Path, write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let mut name = file
        .file_name()
        .context("the backup needs a file name")?
        .to_owned();
    name.push(".unfinished");
    let unfinished = file.with_file_name(name);
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let written = (|| {
        let mut out = BufWriter::new(File::create(&unfinished)?);
        let written = write(&mut out)?;
        out.into_inner()?.sync_all()?;
        fs::rename(&unfinished, file)?;
        File::open(folder)?.sync_all()?;
        anyhow::Ok(written)
    })();
    if written.is_err() {
        // What is left of it is of no use; that it cannot be removed changes nothing about the error.
        let _ = fs::remove_file(&unfinished);
    }
    written.with_context(|| format!("{} cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::MemoryStore;

    #[tokio::test]
    async fn a_running_switchboard_writes_its_own_backup_and_nobody_there_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_owned();
        let file = data.join("monday.jsonl");
        let stop = CancellationToken::new();
        let running = tokio::spawn(run(Arc::new(MemoryStore::default()), data.clone(), stop.clone()));
        let asked = {
            let (data, file) = (data.clone(), file.clone());
            tokio::task::spawn_blocking(move || ask(&data, &file))
                .await
                .unwrap()
                .unwrap()
        };
        assert!(asked.is_some());
        assert!(file.is_file());
        assert!(!data.join(REQUEST).exists() && !data.join(ANSWER).exists());
        stop.cancel();
        running.await.unwrap();
    }
}
