//! Reads a query. Where words merely stand beside each other, all must hold; `AND` binds closer than `OR`.

use super::error::QueryError;
use super::fields::Field;
use super::lexer::{Placed, Sign, signs};
use super::tokens::{Spelling, tokens};
use super::tree::{Node, Words};

/// Deeper than any person nests, and far from the end of a thread's stack.
const DEEPEST: usize = 60;

pub(super) fn parse(query: &str) -> Result<Node, QueryError> {
    let mut parser = Parser {
        query,
        signs: signs(query)?,
        at: 0,
        depth: 0,
    };
    if parser.signs.is_empty() {
        return Err(QueryError::at(
            query,
            0..query.len(),
            "this query is empty",
            "write a word to look for",
        ));
    }
    let node = parser.any()?;
    match parser.next() {
        None => Ok(node),
        Some(sign) => Err(QueryError::at(
            query,
            sign.place,
            "this parenthesis closes nothing",
            "take it out, or put a ( where its part begins",
        )),
    }
}

struct Parser<'q> {
    query: &'q str,
    signs: Vec<Placed>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Sign> {
        self.signs.get(self.at).map(|placed| &placed.sign)
    }

    fn next(&mut self) -> Option<Placed> {
        let placed = self.signs.get(self.at).cloned();
        self.at += 1;
        placed
    }

    fn takes(&mut self, sign: &Sign) -> bool {
        let is = self.peek() == Some(sign);
        self.at += usize::from(is);
        is
    }

    fn any(&mut self) -> Result<Node, QueryError> {
        let mut nodes = vec![self.all()?];
        while self.takes(&Sign::Or) {
            nodes.push(self.all()?);
        }
        Ok(one_or(nodes, Node::Any))
    }

    fn all(&mut self) -> Result<Node, QueryError> {
        let mut nodes = vec![self.not()?];
        loop {
            let spoken = self.takes(&Sign::And);
            match self.peek() {
                None | Some(Sign::Or | Sign::Close) if !spoken => return Ok(one_or(nodes, Node::All)),
                _ => nodes.push(self.not()?),
            }
        }
    }

    fn not(&mut self) -> Result<Node, QueryError> {
        if !self.takes(&Sign::Not) {
            return self.near();
        }
        let place = self.signs[self.at - 1].place.clone();
        self.deeper(place, |parser| Ok(Node::Not(Box::new(parser.not()?))))
    }

    fn near(&mut self) -> Result<Node, QueryError> {
        let start = self.at;
        let mut node = self.primary()?;
        while let Some(Sign::Near(distance)) = self.peek() {
            let distance = *distance;
            self.near_words(&node, start, self.at)?;
            let place = self.signs[self.at].place.clone();
            self.at += 1;
            let after = self.at;
            let other = self.primary()?;
            self.near_words(&other, after, self.at)?;
            // A chain is a tree as deep as it is long.
            if depth(&node) > DEEPEST {
                return Err(self.too_deep(place));
            }
            node = Node::Near(distance, Box::new(node), Box::new(other));
        }
        Ok(node)
    }

    /// Only words have a place in a text.
    fn near_words(&self, node: &Node, from: usize, to: usize) -> Result<(), QueryError> {
        if has_place(node) {
            return Ok(());
        }
        let start = self.signs.get(from).map_or(0, |placed| placed.place.start);
        let end = self
            .signs
            .get(to - 1)
            .map_or(self.query.len(), |placed| placed.place.end);
        Err(QueryError::at(
            self.query,
            start..end,
            "only words and phrases can be near each other",
            "write words on both sides of NEAR, or several of them with OR in parentheses",
        ))
    }

    fn primary(&mut self) -> Result<Node, QueryError> {
        let Some(Placed { sign, place }) = self.next() else {
            let end = self.query.len();
            let last = self.signs.last().map_or(0..end, |placed| placed.place.clone());
            let what = format!("something is missing after “{}”", &self.query[last.clone()]);
            return Err(QueryError::at(self.query, last, what, "write a word behind it"));
        };
        match sign {
            Sign::Open => {
                if self.takes(&Sign::Close) {
                    let todo = "write words into them, or take them out";
                    return Err(QueryError::at(
                        self.query,
                        place,
                        "these parentheses are empty",
                        todo,
                    ));
                }
                let opening = place.clone();
                let node = self.deeper(place, Self::any)?;
                match self.takes(&Sign::Close) {
                    true => Ok(node),
                    false => Err(QueryError::at(
                        self.query,
                        opening,
                        "this parenthesis is never closed",
                        "put a ) where its part ends",
                    )),
                }
            }
            Sign::Word(text) | Sign::Phrase(text) => self.words(&text, place),
            Sign::Field(name, value, at) => {
                Field::read(self.query, place, &name, &value, at).map(Node::Field)
            }
            Sign::Close | Sign::And | Sign::Or | Sign::Not | Sign::Near(_) => {
                let what = format!("nothing stands before “{}”", &self.query[place.clone()]);
                let todo = "write a word before it, or put it in quotes to look for it";
                Err(QueryError::at(self.query, place, what, todo))
            }
        }
    }

    fn words(&self, text: &str, place: std::ops::Range<usize>) -> Result<Node, QueryError> {
        let wrong = |what: String, todo: &str| Err(QueryError::at(self.query, place.clone(), what, todo));
        let bare = text.trim_end();
        let open = bare.ends_with('*');
        let bare = bare.strip_suffix('*').unwrap_or(bare);
        if bare.contains('*') {
            return wrong(
                format!("“{text}” has a * where none can stand"),
                "put it at the end of a word: refund*",
            );
        }
        let found = tokens(bare, Spelling::Folded);
        if found.is_empty() {
            return match bare.contains("://") || bare.to_lowercase().contains("www.") {
                true => wrong(
                    format!("“{text}” is a link, and words are not looked for in links"),
                    "write url:shop.example",
                ),
                false => wrong(
                    format!("nothing is left of “{text}” to look for"),
                    "write letters, or take it out",
                ),
            };
        }
        if open && bare.ends_with(|c: char| !c.is_alphanumeric() && c != '_') {
            return wrong(
                format!("“{text}” has a * behind no word"),
                "put it right behind the beginning of a word: refund*",
            );
        }
        Ok(Node::Words(Words {
            written: self.query[place].to_owned(),
            tokens: found,
            open,
        }))
    }

    fn deeper(
        &mut self,
        place: std::ops::Range<usize>,
        read: impl FnOnce(&mut Self) -> Result<Node, QueryError>,
    ) -> Result<Node, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.too_deep(place));
        }
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn too_deep(&self, place: std::ops::Range<usize>) -> QueryError {
        QueryError::at(
            self.query,
            place,
            format!("more than {DEEPEST} parts inside each other"),
            "say it with fewer parentheses, or with several routes",
        )
    }
}

fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match nodes.len() {
        1 => nodes.remove(0),
        _ => many(nodes),
    }
}

fn has_place(node: &Node) -> bool {
    match node {
        Node::Words(_) | Node::Near(..) => true,
        Node::Any(nodes) => nodes.iter().all(has_place),
        Node::All(_) | Node::Not(_) | Node::Field(_) => false,
    }
}

fn depth(node: &Node) -> usize {
    match node {
        Node::Near(_, one, _) => 1 + depth(one),
        _ => 0,
    }
}
