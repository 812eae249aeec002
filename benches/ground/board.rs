//! A colleague at the web board, as the page's own requests are.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::figures::Latencies;
use super::http::Connection;
use super::server::Server;

pub struct Colleague {
    connection: Connection,
    host: String,
    who: &'static str,
    keys: u64,
}

impl Colleague {
    pub fn sits_down(server: &Server, who: &'static str) -> Self {
        let connection = Connection::open(server.address).expect("the board answers");
        Self {
            connection,
            host: server.address.to_string(),
            who,
            keys: 0,
        }
    }

    pub fn read(&mut self, path: &str) -> (Duration, Value) {
        let Self { host, who, .. } = self;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: who={who}\r\n\r\n");
        self.ask(&request)
    }

    pub fn line(&mut self, line: &str) -> (Duration, Value) {
        let key = self.key();
        self.post("/board/api/command", &json!({ "line": line, "key": key }))
    }

    pub fn click(&mut self, command: &str, lead: u64) -> (Duration, Value) {
        let key = self.key();
        self.post(
            "/board/api/click",
            &json!({ "command": command, "lead": lead, "key": key }),
        )
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
        format!("{since}-{}", self.keys)
    }

    fn post(&mut self, path: &str, body: &Value) -> (Duration, Value) {
        let Self { host, who, .. } = self;
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: who={who}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.ask(&request)
    }

    fn ask(&mut self, request: &str) -> (Duration, Value) {
        let begun = Instant::now();
        let answer = self
            .connection
            .ask(request.as_bytes())
            .expect("the board answers");
        let took = begun.elapsed();
        let body = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        assert!(answer.status == 200, "{}: {body}", answer.status);
        (took, body)
    }

    /// Claims these leads one after the other, resting in between as people do; how long each took, and how many won.
    pub fn claims(&mut self, leads: impl Iterator<Item = u64>, rest: Duration) -> (Latencies, usize) {
        let mut latencies = Latencies::default();
        let mut won = 0;
        for lead in leads {
            let (took, answer) = self.click("claim", lead);
            latencies.add(took);
            won += usize::from(answer.to_string().contains("\"done\""));
            std::thread::sleep(rest);
        }
        (latencies, won)
    }
}
