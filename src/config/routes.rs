//! The route tree out of its sections: names that must exist, lists that must not be empty, routes that can never match.

use toml::Spanned;

use super::assemble::Placed;
use super::company::Known;
use super::conditions;
use super::document::{ConditionSection, List, RouteSection};
use super::similar::did_you_mean;
use super::source::{Place, Problems};
use crate::domain::ids::DepartmentId;
use crate::domain::lead::Priority;
use crate::listening::folding::fold;
use crate::listening::{Condition, Route};

/// Where leads go that no route claims.
pub(super) fn fallback(
    given: Option<&Placed<String>>,
    known: &Known,
    problems: &mut Problems<'_>,
) -> Option<DepartmentId> {
    match given {
        Some(given) => known.department(&given.at, &given.value, "fallback", problems),
        None => {
            let first = known.departments.first().map_or("support", String::as_str);
            problems.missing(
                &Place { file: 0, span: 0..0 },
                "fallback",
                "no department takes what no route claims",
                format!("add a line at the top of a file, before any section: fallback = \"{first}\""),
            );
            None
        }
    }
}

pub(super) fn priority(at: &Place, word: &str, key: &str, problems: &mut Problems<'_>) -> Option<Priority> {
    let found = Priority::ALL.into_iter().find(|priority| priority.word() == word);
    if found.is_none() {
        let todo = did_you_mean(word, Priority::ALL.map(Priority::word));
        problems.add(at, key, format!("“{word}” is not a priority"), todo);
    }
    found
}

/// Builds the tree, top to bottom.
pub(super) fn build(
    sections: Vec<(usize, Spanned<RouteSection>)>,
    known: &Known,
    problems: &mut Problems<'_>,
) -> Vec<Route> {
    let mut reader = Reader { known, problems };
    reader.siblings(sections, "route")
}

struct Reader<'a, 's> {
    known: &'a Known,
    problems: &'a mut Problems<'s>,
}

impl Reader<'_, '_> {
    fn siblings(&mut self, sections: Vec<(usize, Spanned<RouteSection>)>, key: &str) -> Vec<Route> {
        let mut routes: Vec<Route> = Vec::new();
        let mut catches_all: Option<String> = None;
        for (index, (file, section)) in sections.into_iter().enumerate() {
            let at = Place {
                file,
                span: section.span(),
            };
            let route = self.route(file, section, &format!("{key}.{}", index + 1));
            if let Some(earlier) = &catches_all {
                self.problems.add(
                    &at,
                    &format!("{key}.{}", index + 1),
                    format!(
                        "the route “{}” can never match: “{earlier}” before it takes everything",
                        route.name
                    ),
                    format!("move it up, or give “{earlier}” a matcher or continue = true"),
                );
            } else if route.when.is_empty()
                && route.any.is_empty()
                && route.none.is_empty()
                && !route.continues
            {
                catches_all = Some(route.name.clone());
            }
            if !route.name.is_empty() && routes.iter().any(|other| other.name == route.name) {
                self.problems.add(
                    &at,
                    &format!("{key}.{}.name", index + 1),
                    format!("two routes are called “{}”", route.name),
                    "give each its own name, so that a reason tells which one it was",
                );
            }
            routes.push(route);
        }
        routes
    }

    fn route(&mut self, file: usize, section: Spanned<RouteSection>, key: &str) -> Route {
        let at = Place {
            file,
            span: section.span(),
        };
        let mut section = section.into_inner();
        let before = self.problems.count();
        let when = conditions::read(file, section.take_matchers(), key, self.problems);
        let name = match &section.name {
            Some(name) if !name.get_ref().trim().is_empty() => name.get_ref().trim().to_owned(),
            _ => {
                self.problems.missing(
                    &at,
                    &format!("{key}.name"),
                    "this route has no name",
                    "add a line: name = \"…\"; reasons on cards use it",
                );
                String::new()
            }
        };
        let department = section.department.as_ref().and_then(|text| {
            let at = Place {
                file,
                span: text.span(),
            };
            let key = format!("{key}.department");
            self.known.department(&at, text.get_ref(), &key, self.problems)
        });
        let priority = section.priority.as_ref().and_then(|text| {
            let at = Place {
                file,
                span: text.span(),
            };
            priority(&at, text.get_ref(), &format!("{key}.priority"), self.problems)
        });
        let watchers = List::texts(section.watchers)
            .iter()
            .filter_map(|text| {
                self.known
                    .member(file, text, &format!("{key}.watchers"), self.problems)
            })
            .collect();
        let tags = conditions::list(file, section.tags, &format!("{key}.tags"), fold, self.problems);
        let mut conditions = |list: Vec<Spanned<ConditionSection>>, name: &str| -> Vec<Condition> {
            let mut read = Vec::new();
            for (index, entry) in list.into_iter().enumerate() {
                let key = format!("{key}.{name}.{}", index + 1);
                let at = Place {
                    file,
                    span: entry.span(),
                };
                let before = self.problems.count();
                let condition = conditions::read(file, entry.into_inner(), &key, self.problems);
                if condition.is_empty() && self.problems.count() == before {
                    let what = format!("an empty condition in `{name}` holds for everything");
                    self.problems
                        .missing(&at, &key, what, "give it a matcher, or take it out");
                }
                read.push(condition);
            }
            read
        };
        let any = conditions(section.any, "any");
        let none = conditions(section.none, "none");
        let children = section.route.into_iter().map(|child| (file, child)).collect();
        let children = self.siblings(children, &format!("{key}.route"));
        // A matcher that was not understood must not make its route look like one that takes everything.
        let understood = self.problems.count() == before;
        Route {
            name,
            when,
            any,
            none,
            department,
            priority,
            tags,
            watchers,
            continues: section.r#continue || !understood,
            children,
        }
    }
}
