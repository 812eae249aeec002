//! Opens the house of a story, and opens it again after a stop.

use super::discord::Guild;
use super::slack::Workspace;
use super::wire::Direct;
use super::*;

impl TestDesk {
    /// Larkspur Home on the web board, in memory.
    pub fn new() -> Self {
        Self::with(|_| {}, scripted::Faults::default())
    }

    /// The same with a changed company, and a network that fails in a chosen way.
    pub fn with(change: impl FnOnce(&mut Company), faults: scripted::Faults) -> Self {
        let settings = switchboard::config::demo().expect("the demo configuration is right");
        let mut company = Company::clone(&settings.company);
        company.platforms.insert("slack".into());
        company.threads.insert("slack".into());
        let surface = Surface::here();
        surface.move_in(&mut company);
        change(&mut company);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().to_owned();
        let opening = Opening {
            store: Arc::new(MemoryStore::default()),
            company: Arc::new(company),
            routes: settings.routes,
            now: Arc::new(Mutex::new(MORNING.parse().expect("a timestamp"))),
            surface,
            chats: BTreeMap::new(),
            slack: None,
            discord: None,
            faults,
            data,
            folder: Some(folder),
        };
        opening.open()
    }

    /// Stops at once and starts again on the same store; what the chat platforms and the network show stays as it was.
    pub fn restart(self) -> Self {
        let (clicks, mentions) = (self.clicks, self.mentions);
        drop((self.couriers, self.front, self.desk, self.wires));
        let opening = Opening {
            store: self.store,
            company: self.company,
            routes: self.routes,
            now: self.now,
            surface: self.surface,
            chats: self.chats,
            slack: self.slack,
            discord: self.discord,
            faults: self.faults,
            data: self.data,
            folder: self._folder,
        };
        let mut again = opening.open();
        (again.clicks, again.mentions) = (clicks, mentions);
        again
    }
}

/// What stays when a house is closed and opened again.
struct Opening {
    store: Arc<dyn Store>,
    company: Arc<Company>,
    routes: Arc<Routes>,
    now: Arc<Mutex<Timestamp>>,
    surface: Surface,
    chats: BTreeMap<PlatformId, Shown>,
    slack: Option<Workspace>,
    discord: Option<Guild>,
    faults: scripted::Faults,
    data: PathBuf,
    folder: Option<tempfile::TempDir>,
}

impl Opening {
    fn open(mut self) -> TestDesk {
        let clock: switchboard::app::setup::Clock = {
            let now = Arc::clone(&self.now);
            Arc::new(move || *now.lock().unwrap())
        };
        let network = scripted::Settings {
            faults: self.faults.clone(),
            ..scripted::Settings::new("scripted")
        };
        let network: Arc<dyn Connector> =
            Arc::new(Scripted::open(network, &self.data, Arc::clone(&clock)).expect("a scripted network"));
        let abilities = Arc::clone(&network);
        let listening = Arc::clone(&self.routes);
        let setup = Setup {
            roster: Arc::new(switchboard::app::setup::Roster::new(Arc::clone(&self.company))),
            assess: Arc::new(move |mention| listening.assess(mention)),
            capabilities: Arc::new(move |_, network| abilities.capabilities(network)),
            clock,
            quiet: false,
        };
        let desk = Desk::new(Arc::clone(&self.store), setup.clone()).expect("a desk");
        let (desk, _thread) = desk::start(desk).expect("the desk's thread");
        let front = Arc::new(Front {
            store: Arc::clone(&self.store),
            setup: setup.clone(),
            desk: desk.clone(),
            spelling: Spelling::default(),
        });
        let mut chats = BTreeMap::new();
        let mut wires: BTreeMap<PlatformId, Arc<dyn Wire>> = BTreeMap::new();
        for surface in self.surface.real() {
            let before = self.chats.remove(&surface.platform()).unwrap_or_default();
            let clock = before.clock(&self.now);
            let (company, front) = (&self.company, Arc::clone(&front));
            let (platform, wire): (Arc<dyn ChatPlatform>, Arc<dyn Wire>) = match surface {
                Surface::Slack => {
                    let open = || Workspace::open(company, Arc::clone(&clock));
                    let workspace = self.slack.get_or_insert_with(open);
                    let (slack, wire) = workspace.join(front, Arc::clone(&clock), &self.data);
                    (slack, Arc::new(wire))
                }
                _ => {
                    let open = || Guild::open(company, Arc::clone(&clock));
                    let guild = self.discord.get_or_insert_with(open);
                    let (discord, wire) = guild.join(front, Arc::clone(&clock), &self.data);
                    (discord, Arc::new(wire))
                }
            };
            chats.insert(surface.platform(), before.of(platform));
            wires.insert(surface.platform(), wire);
        }
        for platform in ["web", "slack"].map(PlatformId::from) {
            if chats.contains_key(&platform) {
                continue;
            }
            // In memory, the platform is what it shows.
            let before = self.chats.remove(&platform);
            let new = || Shown::default().of(Arc::new(MemoryChat::new(platform.as_str())));
            chats.insert(platform.clone(), before.unwrap_or_else(new));
            let front = Arc::clone(&front);
            let direct = Direct {
                front,
                platform: platform.clone(),
            };
            wires.insert(platform, Arc::new(direct));
        }
        let platforms = chats
            .iter()
            .map(|(id, shown)| (id.clone(), Arc::new(shown.clone()) as Arc<dyn ChatPlatform>))
            .collect();
        let couriers = Couriers {
            store: Arc::clone(&self.store),
            setup,
            desk: desk.clone(),
            platforms,
            connectors: [(ConnectorId::from("scripted"), network)].into(),
            lanes: switchboard::app::couriers::Lanes::default(),
            started: *self.now.lock().unwrap(),
        };
        TestDesk {
            store: self.store,
            company: self.company,
            routes: self.routes,
            now: self.now,
            front,
            couriers,
            desk,
            surface: self.surface,
            chat: chats[&self.surface.platform()].clone(),
            chats,
            slack: self.slack,
            discord: self.discord,
            wires,
            faults: self.faults,
            data: self.data,
            _folder: self.folder,
            clicks: 0,
            mentions: 0,
        }
    }
}
