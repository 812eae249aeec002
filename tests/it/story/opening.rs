//! Opens the house of a story, and opens it again after a stop.

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
        change(&mut company);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().to_owned();
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let chats = (
            Arc::new(MemoryChat::new("web")),
            Arc::new(MemoryChat::new("slack")),
        );
        let now = Arc::new(Mutex::new(MORNING.parse().expect("a timestamp")));
        Self::assemble(
            store,
            Arc::new(company),
            settings.routes,
            now,
            chats,
            faults,
            data,
            Some(folder),
        )
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "assembled in two places only, both here"
    )]
    fn assemble(
        store: Arc<dyn Store>,
        company: Arc<Company>,
        routes: Arc<Routes>,
        now: Arc<Mutex<Timestamp>>,
        (web, slack): (Arc<MemoryChat>, Arc<MemoryChat>),
        faults: scripted::Faults,
        data: PathBuf,
        folder: Option<tempfile::TempDir>,
    ) -> Self {
        let clock: switchboard::app::setup::Clock = {
            let now = Arc::clone(&now);
            Arc::new(move || *now.lock().unwrap())
        };
        let network = scripted::Settings {
            faults: faults.clone(),
            ..scripted::Settings::new("scripted")
        };
        let network: Arc<dyn Connector> =
            Arc::new(Scripted::open(network, &data, Arc::clone(&clock)).expect("a scripted network"));
        let abilities = Arc::clone(&network);
        let listening = Arc::clone(&routes);
        let setup = Setup {
            roster: Arc::new(switchboard::app::setup::Roster::new(Arc::clone(&company))),
            assess: Arc::new(move |mention| listening.assess(mention)),
            capabilities: Arc::new(move |_, network| abilities.capabilities(network)),
            clock,
            quiet: false,
        };
        let desk = Desk::new(Arc::clone(&store), setup.clone()).expect("a desk");
        let (desk, _thread) = desk::start(desk).expect("the desk's thread");
        let front = Arc::new(Front {
            store: Arc::clone(&store),
            setup: setup.clone(),
            desk: desk.clone(),
            spelling: Spelling::default(),
        });
        let platforms: BTreeMap<PlatformId, Arc<dyn ChatPlatform>> = [
            ("web".into(), web.clone() as Arc<dyn ChatPlatform>),
            ("slack".into(), slack.clone()),
        ]
        .into();
        let connectors = [(ConnectorId::from("scripted"), network)].into();
        let couriers = Couriers {
            store: Arc::clone(&store),
            setup,
            desk: desk.clone(),
            platforms,
            connectors,
            lanes: switchboard::app::couriers::Lanes::default(),
        };
        Self {
            store,
            company,
            routes,
            now,
            front,
            couriers,
            desk,
            web,
            slack,
            faults,
            data,
            _folder: folder,
            clicks: 0,
            mentions: 0,
        }
    }

    /// Stops at once and starts again on the same store; what the chat platforms and the network show stays as it was.
    pub fn restart(self) -> Self {
        let (clicks, mentions) = (self.clicks, self.mentions);
        let chats = (self.web, self.slack);
        drop((self.couriers, self.front, self.desk));
        let mut again = Self::assemble(
            self.store,
            self.company,
            self.routes,
            self.now,
            chats,
            self.faults,
            self.data,
            self._folder,
        );
        (again.clicks, again.mentions) = (clicks, mentions);
        again
    }
}
