//! Forms that may hold anything.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::samples::lead;
use super::words::{any_text, stranger};
use crate::domain::capability::Counting;
use crate::domain::form::{Field, Form};

fn counting() -> impl Strategy<Value = Counting> {
    use Counting::*;
    select(vec![
        Characters,
        Graphemes,
        GraphemesShortLinks,
        Weighted,
        Bytes,
        Utf16,
    ])
}

fn field(name: String) -> impl Strategy<Value = Field> {
    let again = name.clone();
    let text = (
        any_text(),
        any_text(),
        any::<bool>(),
        any::<bool>(),
        option::of(0..9_000_usize),
        counting(),
        any_text(),
    );
    let text = text.prop_map(
        move |(label, value, required, multiline, limit, counting, hint)| Field::Text {
            name: name.clone(),
            label,
            value,
            required,
            multiline,
            limit,
            counting,
            hint,
        },
    );
    let options = vec((any_text(), any_text()), 0..130);
    let choice = (any_text(), any_text(), any::<bool>(), options);
    let choice = choice.prop_map(move |(label, value, required, options)| Field::Choice {
        name: again.clone(),
        label,
        value,
        required,
        options,
    });
    prop_oneof![2 => text, 1 => choice]
}

pub fn form() -> impl Strategy<Value = Form> {
    let fields = (0..6_usize).prop_flat_map(|count| {
        (0..count)
            .map(|at| field(format!("field-{at}")))
            .collect::<Vec<_>>()
    });
    let head = (
        select(vec!["reply", "note", "hand-off"]),
        lead(),
        any_text(),
        any_text(),
    );
    let rest = (
        "\\PC{1,200}",
        any::<u32>(),
        option::of(stranger()),
        vec(any_text(), 0..20),
        fields,
    );
    (head, rest).prop_map(|(head, rest)| Form {
        command: head.0.to_owned(),
        lead: head.1,
        title: head.2,
        submit: head.3,
        key: rest.0,
        seen: rest.1,
        quote: rest.2,
        guidelines: rest.3,
        fields: rest.4,
    })
}
