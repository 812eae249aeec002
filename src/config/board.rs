//! The web board out of its section: its shape is beside its code; here, the environment's address, and whether those who
//! may sign in exist.

use toml::Spanned;
use toml::de::DeValue;

use super::assemble::Placed;
use super::company::Known;
use super::connectors::entry;
use super::problem::Problem;
use super::read;
use super::similar::did_you_mean;
use super::source::{Place, Problems};
use crate::platform::web;

const ADDRESS: &str = "SWITCHBOARD_ADDRESS";

pub(super) fn build(
    section: Option<Placed<Spanned<DeValue<'_>>>>,
    known: &Known,
    environment: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems<'_>,
) -> web::Settings {
    let written = section.as_ref();
    let mut settings: web::Settings = written
        .and_then(|Placed { at, value }| read::shape(at.file, "web", value.clone(), problems))
        .unwrap_or_default();
    let place = |path: &str| {
        written.map_or(Place { file: 0, span: 0..0 }, |Placed { at, value }| Place {
            file: at.file,
            span: entry(value.get_ref(), path).unwrap_or_else(|| at.span.clone()),
        })
    };
    let given = environment(ADDRESS);
    if let Some(address) = &given {
        match address.parse() {
            Ok(address) => settings.address = address,
            Err(_) => problems.push(Problem::of_file(
                ADDRESS,
                format!("“{address}” is not an address to listen on"),
                "write an address and a port: 127.0.0.1:8080",
            )),
        }
    }
    for member in settings
        .sign_in
        .iter()
        .flatten()
        .map(|(member, _)| member.as_str())
    {
        if !known.members.iter().any(|known| known == member) {
            let path = format!("sign_in.{member}");
            problems.missing(
                &place(&path),
                &format!("web.{path}"),
                format!("there is no member “{member}”"),
                did_you_mean(member, known.members.iter().map(String::as_str)),
            );
        }
    }
    if let Err(why) = web::check_address(&settings) {
        let (what, todo) = why.split_once(". ").unwrap_or((&why, "listen on 127.0.0.1"));
        match given {
            Some(_) => problems.push(Problem::of_file(ADDRESS, what, todo)),
            None => problems.add(&place("address"), "web.address", what, todo),
        }
    }
    settings
}
