//! `--name value` pairs after `cargo bench --bench NAME --`. What cargo itself adds (`--bench`) is passed over.

use std::str::FromStr;

pub struct Options(Vec<String>);

impl Options {
    pub fn given() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    pub fn get<T: FromStr>(&self, name: &str, otherwise: T) -> T {
        let flag = format!("--{name}");
        let value = self
            .0
            .iter()
            .position(|given| *given == flag)
            .and_then(|at| self.0.get(at + 1));
        match value.map(|value| value.parse()) {
            Some(Ok(value)) => value,
            Some(Err(_)) => panic!("{flag} has a value that cannot be read"),
            None => otherwise,
        }
    }

    /// A list: `--leads 1000,100000`.
    pub fn list<T: FromStr>(&self, name: &str, otherwise: &str) -> Vec<T> {
        let text: String = self.get(name, otherwise.to_owned());
        let read = |one: &str| one.replace('_', "").parse();
        text.split(',')
            .map(|one| read(one).unwrap_or_else(|_| panic!("--{name}: {one}")))
            .collect()
    }
}
