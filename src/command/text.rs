//! Reading what people typed: words, quotes, and names compared without regard to case, dashes and invisible characters.
//! Platforms and phones turn `"` into `“`, `-` into `–` and blanks into no-break spaces; none of that is the person's doing.

/// A character as it counts when names are compared. Blanks, dashes and underscores are one and the same.
fn fold(c: char) -> impl Iterator<Item = char> {
    let plain = match c {
        c if is_invisible(c) => None,
        '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' => Some(' '),
        c if c.is_whitespace() => Some(' '),
        '’' | '‘' => Some('\''),
        c => Some(c),
    };
    plain.into_iter().flat_map(char::to_lowercase)
}

/// Zero-width characters and direction marks that copying from a chat brings along.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

pub fn skip_spaces(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

pub fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// The whole of a name as it counts when names are compared.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in trim(text).chars().flat_map(fold) {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out.trim_end().to_owned()
}

pub fn same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// A word without invisible characters and with a plain `-`: what ids, times and links are read from.
pub fn tidy(word: &str) -> String {
    let dash = |c: char| {
        if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') {
            '-'
        } else {
            c
        }
    };
    word.chars().filter(|c| !is_invisible(*c)).map(dash).collect()
}

/// `@dana` and `#support` name the same as `dana` and `support`.
pub fn without_sigil(text: &str) -> &str {
    text.strip_prefix(['@', '#']).unwrap_or(text)
}

/// Splits the first word off; a quoted one, in whichever quotes, comes without them. Commas and colons behind it go.
pub fn next_word(text: &str) -> (&str, &str) {
    let text = skip_spaces(text);
    if let Some((inner, rest)) = quoted(text) {
        return (inner, rest);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word.trim_end_matches([',', ':', ';']), rest)
}

/// `“Dana Okafor” rest` → the name and the rest; none where no quote opens or none closes.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?;
    let closing: &[char] = match first {
        '"' | '“' | '”' | '„' => &['"', '“', '”'],
        '«' => &['»'],
        _ => return None,
    };
    let inner = &text[first.len_utf8()..];
    let end = inner.find(closing)?;
    let close = inner[end..].chars().next()?;
    Some((&inner[..end], &inner[end + close.len_utf8()..]))
}

/// Does `text` begin with this name, as a whole word? How many bytes of it, if so.
pub fn begins_with(text: &str, name: &str) -> Option<usize> {
    if let Some((inner, rest)) = quoted(text) {
        return same(without_sigil(inner), name).then(|| text.len() - rest.len());
    }
    let bare = without_sigil(text);
    let skipped = text.len() - bare.len();
    let name = folded(name);
    let mut wanted = name.chars().peekable();
    let (mut end, mut in_gap) = (0, false);
    for (at, c) in bare.char_indices() {
        if wanted.peek().is_none() {
            break;
        }
        for c in fold(c) {
            if c == ' ' && in_gap {
                continue;
            }
            if wanted.next() != Some(c) {
                return None;
            }
            in_gap = c == ' ';
        }
        end = at + c.len_utf8();
    }
    let follows = bare[end..].chars().find(|c| !is_invisible(*c));
    let ends_there = follows.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | ':' | ';'));
    (wanted.peek().is_none() && end > 0 && ends_there).then_some(skipped + end)
}

/// What a refusal repeats of what was typed: one line, short.
pub fn echo(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut line: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST + 1)
        .collect();
    if line.chars().count() > LONGEST {
        line.pop();
        line.push('…');
    }
    format!("“{}”", line.trim())
}

/// The names that someone may have meant: one or two slips away, the nearest first, each once.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<&'a str> {
    let typed = folded(without_sigil(typed));
    let allowed = if typed.chars().count() <= 4 { 1 } else { 2 };
    let mut found: Vec<(usize, &str)> = names
        .map(|(spelling, shown)| (slips(&typed, &folded(spelling)), shown))
        .filter(|(slips, _)| *slips <= allowed)
        .collect();
    found.sort();
    let mut near: Vec<&str> = Vec::new();
    for (_, shown) in found {
        if !near.contains(&shown) && near.len() < 3 {
            near.push(shown);
        }
    }
    near
}

/// Letters added, dropped, changed or swapped between two names. Long ones are not compared: nobody mistypes 64 letters.
fn slips(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > 2 || one.len() > 64 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let changed = last[j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut best = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

/// `a`, `a or b`, `a, b or c`.
pub fn either(names: &[impl AsRef<str>]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", most.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_at_the_beginning_of_a_text() {
        for (text, name, rest) in [
            (
                "Customer Service they want",
                "customer service",
                Some(" they want"),
            ),
            ("customer\u{a0}service", "Customer Service", Some("")),
            ("“Dana Okafor” rest", "dana okafor", Some(" rest")),
            ("@dana, please", "dana", Some(", please")),
            ("danae", "dana", None),
            ("not-a-lead", "not a lead", Some("")),
            ("hand\u{2011}off", "hand-off", Some("")),
            ("prx", "pr", None),
            ("", "pr", None),
            ("d\u{200b}ana x", "dana", Some(" x")),
        ] {
            let found = begins_with(text, name).map(|end| &text[end..]);
            assert_eq!(found, rest, "{text} / {name}");
        }
    }

    #[test]
    fn slips_are_counted() {
        for (one, other, count) in [
            ("claim", "clam", 1),
            ("claim", "calim", 1),
            ("queue", "queu", 1),
            ("a", "", 1),
        ] {
            assert_eq!(slips(one, other), count, "{one} {other}");
        }
        assert_eq!(
            nearest("suport", [("support", "support"), ("pr", "pr")].into_iter()),
            ["support"]
        );
    }
}
