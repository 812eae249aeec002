//! With another address than Discord's set, nothing is asked of the real one. Told in a network of its own, where the only
//! name server is the test's and writes down who is asked for: Discord is reached by name, so whoever asks for no name
//! reaches nobody.

use std::net::{TcpListener, UdpSocket};
use std::process::Command;
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;

use switchboard::platform::discord;
use switchboard::port::front_desk::FrontDesk;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::house::House;
use super::server::{Fault, Server, TOKEN};

/// Set where this test runs inside the network of its own.
const INSIDE: &str = "SWITCHBOARD_TEST_INSIDE_ITS_OWN_NETWORK";

#[test]
fn with_another_address_set_nothing_is_asked_of_the_real_discord() {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let folder = tempfile::tempdir().expect("a folder");
    let resolver = folder.path().join("resolv.conf");
    std::fs::write(&resolver, "nameserver 127.0.0.1\noptions attempts:1 timeout:1\n").expect("written");
    let script = "ip link set lo up && mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"";
    let alone = |program: &[&std::ffi::OsStr]| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--net", "--mount", "sh", "-c", script]);
        command.arg(&resolver).args(program);
        command
    };
    let possible = alone(&["true".as_ref()]).output();
    if !possible.is_ok_and(|output| output.status.success()) {
        println!("not tried: this machine gives a test no network of its own (unshare, ip, mount)");
        return;
    }
    let this = std::env::current_exe().expect("this test");
    let name = "discord::egress::with_another_address_set_nothing_is_asked_of_the_real_discord";
    let output = alone(&[
        this.as_os_str(),
        "--exact".as_ref(),
        name.as_ref(),
        "--nocapture".as_ref(),
    ])
    .env(INSIDE, "1")
    .output()
    .expect("it runs");
    let told = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{wrong}");
    assert!(told.contains("1 passed"), "{told}\n{wrong}");
}

/// Listens at the gateway until it was asked for, or until there is a session.
async fn listen(house: &House, to_a_session: bool) {
    let discord = Arc::new(house.discord());
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let front = Arc::clone(&house.front) as Arc<dyn FrontDesk>;
    let listening = tokio::spawn(discord::listen(discord, Vec::new(), front, tasks, stop.clone()));
    match to_a_session {
        true => house.server.until_ready().await,
        false => house.server.until(|state| state.was_asked("/gateway")).await,
    }
    stop.cancel();
    listening.await.expect("it ends");
}

/// Names that were asked for, and connections that came for them.
#[derive(Clone, Default)]
struct Watch(Arc<Mutex<Vec<String>>>);

impl Watch {
    fn begin() -> Self {
        let watch = Self::default();
        let names = UdpSocket::bind("127.0.0.1:53").expect("the name server's port");
        let door = TcpListener::bind("127.0.0.9:443").expect("a door");
        let (asked, knocked) = (watch.clone(), watch.clone());
        std::thread::spawn(move || {
            let mut question = [0; 1500];
            while let Ok((length, from)) = names.recv_from(&mut question) {
                let (name, answer) = answer(&question[..length]);
                asked.note(name);
                let _ = names.send_to(&answer, from);
            }
        });
        std::thread::spawn(move || {
            while door.accept().is_ok() {
                knocked.note("a connection".to_owned());
            }
        });
        watch
    }

    fn note(&self, what: String) {
        self.0.lock().expect("the list").push(what);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("the list"))
    }
}

/// The name in a question, and the answer that it lives at 127.0.0.9.
fn answer(question: &[u8]) -> (String, Vec<u8>) {
    let (mut labels, mut at) = (Vec::new(), 12);
    while let Some(length) = question
        .get(at)
        .map(|length| usize::from(*length))
        .filter(|length| *length > 0)
    {
        labels.push(String::from_utf8_lossy(&question[at + 1..at + 1 + length]).into_owned());
        at += 1 + length;
    }
    let end = at + 5;
    let wants_ipv4 = question[at + 1..at + 3] == [0, 1];
    let mut answer = question[..end].to_vec();
    answer[2..4].copy_from_slice(&[0x81, 0x80]);
    answer[6..12].copy_from_slice(&[0, u8::from(wants_ipv4), 0, 0, 0, 0]);
    if wants_ipv4 {
        answer.extend([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 9]);
    }
    (labels.join("."), answer)
}

#[tokio::main(flavor = "current_thread")]
async fn inside() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let watch = Watch::begin();

    // The watch sees what it must see: an honest request, and serenity's limiter, which forgets the address.
    let _ = reqwest::get("https://discord.com/api/v10/gateway").await;
    assert!(watch.take().contains(&"discord.com".to_owned()));
    let server = Server::start(Arc::new(jiff::Timestamp::now)).await;
    let forgetful = serenity::http::HttpBuilder::new(TOKEN)
        .proxy(&server.api_url)
        .build();
    let _ = forgetful.get_gateway().await;
    assert!(watch.take().contains(&"discord.com".to_owned()));
    assert!(server.requests().is_empty());

    let mut house = House::new().await;
    for address in [&house.server.api_url, &house.server.gateway_url] {
        let address = url::Url::parse(address).expect("an address");
        assert_eq!(address.host_str(), Some("127.0.0.1"));
    }
    house.server.list_gateway(false);
    house.question().await;
    house.says("dana", "/claim L-1").await;
    house.says("dana", "/note L-1 Asked").await;
    house.tick().await;
    house.pass(SignedDuration::from_hours(24));
    house.tick().await;
    house.settle().await;
    let too_fast = Fault::TooFast {
        retry_after: 1.0,
        global: true,
    };
    for fault in [
        Fault::CutAfter,
        Fault::ErrorAfter(502),
        too_fast,
        Fault::Refused(403, 50013),
    ] {
        house.server.fail_next("POST", "/messages", [fault]);
        house.question().await;
        house.work(2, SignedDuration::from_mins(5)).await;
    }
    house.server.set_down(true);
    house.question().await;
    house.server.set_down(false);
    house.server.set_token("another");
    house.question().await;
    house.work(2, SignedDuration::from_mins(5)).await;
    assert!(house.server.requests().len() > 20, "it was busy");

    // The gateway: while it cannot be had serenity would go to Discord's own, and then it is opened where it is.
    house.server.set_token(TOKEN);
    for listed in [false, true] {
        house.server.list_gateway(listed);
        listen(&house, listed).await;
    }
    assert_eq!(watch.take(), [""; 0], "nobody was asked for, nobody was called");
}
