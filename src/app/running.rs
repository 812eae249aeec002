//! A running Switchboard: starts the desk, the couriers, the ticker, the connectors and the HTTP server, and stops them in
//! order: inbound first, then the attempts under way, then the desk, which commits all it was given.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::command::Spelling;
use crate::domain::company::Company;
use crate::domain::ids::ConnectorId;
use crate::network::webhook::{self, Webhook};
use crate::platform::web::{self, WebBoard};
use crate::port::chat::ChatPlatform;
use crate::port::front_desk::FrontDesk;
use crate::port::social::Connector;
use crate::port::store::Store;

use super::couriers::{self, Couriers, Lanes};
use super::desk::{self, Desk, DeskQueue};
use super::front::Front;
use super::http::{self, Probes};
use super::platforms::Chats;
use super::setup::{Assess, Clock, Roster, Setup};
use super::{backup, ingest, ticker};

/// How long open connections may take to finish when Switchboard stops.
const FAREWELL: Duration = Duration::from_secs(5);

/// How long the desk may take to commit what it was given, once nobody can give it more.
const LAST_WORD: Duration = Duration::from_secs(2);

/// All that one Switchboard is made of.
pub struct Plan {
    pub company: Arc<Company>,
    pub assess: Assess,
    pub clock: Clock,
    pub spelling: Spelling,
    pub store: Arc<dyn Store>,
    pub connectors: Vec<Arc<dyn Connector>>,
    pub webhooks: Vec<Arc<Webhook>>,
    pub web: web::Settings,
    /// The chat platforms besides the web board.
    pub chats: Chats,
    /// The data folder.
    pub data: PathBuf,
    /// Signs the board's session cookies.
    pub session_key: [u8; 32],
}

pub struct Running {
    pub address: SocketAddr,
    pub front: Arc<Front>,
    stop: CancellationToken,
    board: Arc<WebBoard>,
    server: JoinHandle<std::io::Result<()>>,
    tasks: TaskTracker,
    desk: DeskQueue,
    desk_thread: std::thread::JoinHandle<()>,
}

/// Starts everything. Returns when the address is bound, so that the first request is answered.
pub async fn start(plan: Plan) -> anyhow::Result<Running> {
    web::check_address(&plan.web).map_err(anyhow::Error::msg)?;
    let figures = figures()?;
    let connectors: BTreeMap<ConnectorId, Arc<dyn Connector>> = plan
        .connectors
        .iter()
        .map(|connector| (connector.id().clone(), Arc::clone(connector)))
        .collect();
    let abilities = connectors.clone();
    let setup = Setup {
        roster: Arc::new(Roster::new(Arc::clone(&plan.company))),
        assess: plan.assess,
        capabilities: Arc::new(move |connector, network| match abilities.get(connector) {
            Some(connector) => connector.capabilities(network),
            None => crate::domain::capability::Capabilities::read_only(),
        }),
        clock: Arc::clone(&plan.clock),
        quiet: false,
    };
    let chats = plan.chats.open(&setup, &plan.spelling)?;
    let listener = TcpListener::bind(plan.web.address).await.with_context(|| {
        format!(
            "cannot listen on {}; is another program using it? Choose another with --address",
            plan.web.address
        )
    })?;
    let address = listener.local_addr()?;

    let (desk, desk_thread) = desk::start(Desk::new(Arc::clone(&plan.store), setup.clone())?)?;
    let front = Arc::new(Front {
        store: Arc::clone(&plan.store),
        setup: setup.clone(),
        desk: desk.clone(),
        spelling: plan.spelling,
    });
    let board = Arc::new(WebBoard::new(
        Arc::clone(&plan.company),
        Arc::clone(&plan.clock),
        plan.session_key,
    ));
    let mut platforms = chats.outbound();
    platforms.insert(board.id(), Arc::clone(&board) as Arc<dyn ChatPlatform>);

    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    for connector in plan.connectors {
        tasks.spawn(ingest::run(
            connector,
            Arc::clone(&plan.store),
            desk.clone(),
            Arc::clone(&plan.clock),
            stop.clone(),
        ));
    }
    tasks.spawn(ticker::run(
        Arc::clone(&plan.store),
        setup.clone(),
        desk.clone(),
        stop.clone(),
    ));
    tasks.spawn(backup::run(Arc::clone(&plan.store), plan.data, stop.clone()));
    let couriers = Couriers {
        store: Arc::clone(&plan.store),
        setup,
        desk: desk.clone(),
        platforms,
        connectors,
        lanes: Lanes::default(),
        started: (plan.clock)(),
    };
    tasks.spawn(couriers::run(Arc::new(couriers), stop.clone()));
    tasks.spawn(announce(Arc::clone(&board), desk.clone(), stop.clone()));

    let settings = web::Settings { address, ..plan.web };
    let at_the_desk: Arc<dyn FrontDesk> = Arc::clone(&front) as Arc<dyn FrontDesk>;
    let called = chats.listen(&at_the_desk, &tasks, &stop);
    let probes = Probes {
        store: plan.store,
        desk: desk.clone(),
        figures,
    };
    let routes = http::router(probes)
        .merge(called)
        .merge(webhook::router(Arc::clone(&at_the_desk), plan.webhooks))
        .merge(web::router(at_the_desk, Arc::clone(&board), settings));
    let stopped = stop.clone();
    let server = tokio::spawn(async move {
        axum::serve(listener, routes)
            .with_graceful_shutdown(stopped.cancelled_owned())
            .await
    });
    tasks.close();
    tracing::info!(%address, "Switchboard is running");
    Ok(Running {
        address,
        front,
        stop,
        board,
        server,
        tasks,
        desk,
        desk_thread,
    })
}

impl Running {
    /// Stops in order. Everything that was acknowledged is on disk when this returns.
    pub async fn stop(self) {
        tracing::info!("stopping: no more input, finishing what is under way");
        self.stop.cancel();
        self.board.close();
        let Self {
            server,
            tasks,
            desk,
            desk_thread,
            front,
            ..
        } = self;
        let mut server = server;
        if tokio::time::timeout(FAREWELL, &mut server).await.is_err() {
            server.abort();
            let _ = server.await;
        }
        tasks.wait().await;
        drop((desk, front));
        let joined = tokio::task::spawn_blocking(move || desk_thread.join());
        match tokio::time::timeout(LAST_WORD, joined).await {
            Ok(Ok(Ok(()))) => tracing::info!("stopped; everything is on disk"),
            // A request whose sender never finished it still holds the desk's door open; nothing of it was acknowledged.
            Err(_) => tracing::info!("stopped; a request that never ended was left"),
            _ => tracing::error!(
                "the desk ended badly; what was acknowledged is on disk, run `switchboard verify`"
            ),
        }
    }
}

/// Tells open boards at once which of their channels a commit changed.
async fn announce(board: Arc<WebBoard>, desk: DeskQueue, stop: CancellationToken) {
    let mut changes = desk.changes();
    let platform = board.id();
    drop(desk);
    loop {
        let change = tokio::select! {
            change = changes.recv() => change,
            () = stop.cancelled() => return,
        };
        match change {
            Ok(stepped) => {
                let channels: std::collections::BTreeSet<_> = stepped
                    .channels
                    .iter()
                    .filter(|channel| channel.platform == platform)
                    .collect();
                channels
                    .into_iter()
                    .for_each(|channel| board.changed(channel, None));
            }
            // Boards read anew when they reconnect or focus; missing some announcements only costs time.
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
            Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// The process's figures. One recorder per process, however many Switchboards tests start in it.
fn figures() -> anyhow::Result<PrometheusHandle> {
    static FIGURES: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    FIGURES
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).map_err(|error| error.to_string())?;
            Ok(handle)
        })
        .clone()
        .map_err(anyhow::Error::msg)
}

/// The key that signs the board's sessions: random, made once, readable by the owner of the folder only.
pub fn session_key(data: &Path) -> anyhow::Result<[u8; 32]> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let path = data.join("session.key");
    if let Ok(bytes) = std::fs::read(&path)
        && let Ok(key) = <[u8; 32]>::try_from(bytes)
    {
        return Ok(key);
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("no randomness from the system: {error}"))?;
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&path)
        .and_then(|mut file| file.write_all(&key))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(key)
}
