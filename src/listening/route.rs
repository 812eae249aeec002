//! The ordered tree of routes: the first child that matches wins, unless it says `continue`; where no child matches, the
//! node itself does. These are Alertmanager's semantics (<https://prometheus.io/docs/alerting/latest/configuration/#route>),
//! with one addition: what `continue` routes found is kept (tags, watchers, the most urgent priority), while a later match
//! may still choose the department.

use super::explain::{Explanation, Step, Verdict};
use super::matcher::{Compiled, Condition, Index, IndexBuilder, Seen};
use crate::domain::assessment::Assessment;
use crate::domain::ids::{DepartmentId, MemberId};
use crate::domain::lead::Priority;
use crate::domain::mention::Mention;

/// One rule as the configuration gives it. A child inherits department and priority, and adds to tags and watchers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Route {
    /// What reasons call it.
    pub name: String,
    /// Must hold.
    pub when: Condition,
    /// At least one must hold, where there are any.
    pub any: Vec<Condition>,
    /// None may hold.
    pub none: Vec<Condition>,
    pub department: Option<DepartmentId>,
    pub priority: Option<Priority>,
    pub tags: Vec<String>,
    pub watchers: Vec<MemberId>,
    /// Go on to the next sibling after a match.
    pub continues: bool,
    pub children: Vec<Route>,
}

/// What a matched route contributes, its parents' part included.
#[derive(Clone, Debug, Default)]
struct Found {
    department: Option<DepartmentId>,
    priority: Option<Priority>,
    tags: Vec<String>,
    watchers: Vec<MemberId>,
}

/// A matching node with everything above it, outermost first.
type Trail<'t> = Vec<&'t Node>;

#[derive(Debug)]
struct Node {
    /// `orders › late`.
    path: String,
    depth: usize,
    when: Compiled,
    any: Vec<Compiled>,
    none: Vec<Compiled>,
    found: Found,
    continues: bool,
    children: Vec<Node>,
}

/// The whole tree, ready to be asked. Building it costs; asking it costs one pass over the text and one over the tree.
#[derive(Debug)]
pub struct Routes {
    nodes: Vec<Node>,
    index: Index,
    fallback: DepartmentId,
}

impl Routes {
    pub fn new(routes: &[Route], fallback: DepartmentId) -> Self {
        let mut index = IndexBuilder::default();
        let nodes = compile(routes, &Found::default(), "", 0, &mut index);
        Self {
            nodes,
            index: index.build(),
            fallback,
        }
    }

    /// How many routes there are, nested ones included.
    pub fn len(&self) -> usize {
        fn count(nodes: &[Node]) -> usize {
            nodes.iter().map(|node| 1 + count(&node.children)).sum()
        }
        count(&self.nodes)
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Where leads go that no route claims.
    pub fn fallback(&self) -> &DepartmentId {
        &self.fallback
    }

    /// Where the mention goes, and why. Never fails: what no route claims is the fallback's.
    pub fn assess(&self, mention: &Mention) -> Assessment {
        let seen = self.index.look_at(mention);
        let mut matched = Vec::new();
        walk(&self.nodes, &seen, &mut Vec::new(), &mut matched, None);
        self.decide(&matched, &seen)
    }

    /// The same answer, with every step on the way.
    pub fn explain(&self, mention: &Mention) -> Explanation {
        let seen = self.index.look_at(mention);
        let mut matched = Vec::new();
        let mut steps = Vec::new();
        walk(
            &self.nodes,
            &seen,
            &mut Vec::new(),
            &mut matched,
            Some(&mut steps),
        );
        Explanation {
            steps,
            assessment: self.decide(&matched, &seen),
        }
    }

    fn decide(&self, matched: &[Trail<'_>], seen: &Seen<'_>) -> Assessment {
        let mut department = None;
        let mut priority = None;
        let mut tags = Vec::new();
        let mut watchers = Vec::new();
        let mut reasons = Vec::new();
        for trail in matched {
            let Some(node) = trail.last() else {
                continue;
            };
            department = node.found.department.as_ref().or(department);
            priority = match (priority, node.found.priority) {
                (Some(one), Some(other)) => Some(std::cmp::min(one, other)),
                (one, other) => one.or(other),
            };
            add_new(&mut tags, &node.found.tags);
            add_new(&mut watchers, &node.found.watchers);
            reasons.push(format!("route “{}”: {}", node.path, why(trail, seen)));
        }
        if department.is_none() {
            reasons.push(match matched {
                [] => "no route matched: the fallback department takes it".to_owned(),
                _ => "no route named a department: the fallback takes it".to_owned(),
            });
        }
        Assessment {
            department: department.unwrap_or(&self.fallback).clone(),
            priority: priority.unwrap_or_default(),
            tags,
            watchers,
            reasons,
        }
    }
}

fn add_new<T: Clone + PartialEq>(to: &mut Vec<T>, from: &[T]) {
    for entry in from {
        if !to.contains(entry) {
            to.push(entry.clone());
        }
    }
}

fn compile(
    routes: &[Route],
    parent: &Found,
    above: &str,
    depth: usize,
    index: &mut IndexBuilder,
) -> Vec<Node> {
    let node = |route: &Route| {
        let path = match above {
            "" => route.name.clone(),
            above => format!("{above} › {}", route.name),
        };
        let mut found = parent.clone();
        found.department = route.department.clone().or(found.department);
        found.priority = route.priority.or(found.priority);
        add_new(&mut found.tags, &route.tags);
        add_new(&mut found.watchers, &route.watchers);
        Node {
            when: index.compile(&route.when),
            any: route
                .any
                .iter()
                .map(|condition| index.compile(condition))
                .collect(),
            none: route
                .none
                .iter()
                .map(|condition| index.compile(condition))
                .collect(),
            continues: route.continues,
            children: compile(&route.children, &found, &path, depth + 1, index),
            found,
            path,
            depth,
        }
    };
    routes.iter().map(node).collect()
}

/// Collects the deepest matching nodes in order; says whether there was any.
fn walk<'t>(
    nodes: &'t [Node],
    seen: &Seen<'_>,
    above: &mut Trail<'t>,
    matched: &mut Vec<Trail<'t>>,
    mut steps: Option<&mut Vec<Step>>,
) -> bool {
    let mut any = false;
    for node in nodes {
        let holds = node.holds(seen);
        if let Some(steps) = steps.as_deref_mut() {
            steps.push(node.step(seen));
        }
        if !holds {
            continue;
        }
        any = true;
        above.push(node);
        if !walk(&node.children, seen, above, matched, steps.as_deref_mut()) {
            matched.push(above.clone());
        }
        above.pop();
        if !node.continues {
            break;
        }
    }
    any
}

/// What matched, from the outermost route to the deciding one.
fn why(trail: &[&Node], seen: &Seen<'_>) -> String {
    let reasons: Vec<String> = trail
        .iter()
        .filter_map(|node| node.answer(seen).ok())
        .flatten()
        .collect();
    match reasons.as_slice() {
        [] => "takes everything that reaches it".to_owned(),
        reasons => reasons.join(", "),
    }
}

impl Node {
    fn holds(&self, seen: &Seen<'_>) -> bool {
        self.when.holds(seen)
            && (self.any.is_empty() || self.any.iter().any(|condition| condition.holds(seen)))
            && !self.none.iter().any(|condition| condition.holds(seen))
    }

    fn answer(&self, seen: &Seen<'_>) -> Result<Vec<String>, String> {
        let mut reasons = self.when.ask(seen)?;
        if !self.any.is_empty() {
            match self.any.iter().find_map(|condition| condition.ask(seen).ok()) {
                Some(found) => reasons.extend(found),
                None => return Err("none of its `any` conditions holds".to_owned()),
            }
        }
        match self.none.iter().find_map(|condition| condition.ask(seen).ok()) {
            Some(found) if found.is_empty() => Err("excluded by `none`".to_owned()),
            Some(found) => Err(format!("excluded by {}", found.join(", "))),
            None => Ok(reasons),
        }
    }

    fn step(&self, seen: &Seen<'_>) -> Step {
        Step {
            route: self.path.clone(),
            depth: self.depth,
            verdict: match self.answer(seen) {
                Ok(_) => Verdict::Matched {
                    why: why(&[self], seen),
                    continues: self.continues,
                },
                Err(why) => Verdict::Passed { why },
            },
        }
    }
}
