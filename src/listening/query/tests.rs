//! The query language by its tables, and the matcher against the evaluator on whatever queries chance writes.

use proptest::prelude::*;

use super::{Heard, Query, Reading, Rule, Rules};
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::{Author, Media, Mention, MentionKind, PublicText};

fn holds(query: &str, text: &str) -> bool {
    match Query::parse(query) {
        Ok(query) => query.holds(&Heard::text(text)),
        Err(error) => panic!("{query}: {error}"),
    }
}

#[test]
fn words_are_found_as_people_expect() {
    for (query, text, expected) in [
        ("refund", "a Réfund!", true),
        ("refund", "refunds", false),
        ("refund*", "refunds, please", true),
        ("refund", "#Refund", true),
        ("refund", "@refund", false),
        ("refund", "see https://shop.example/refund", false),
        ("#refund", "#ReFund now", true),
        ("#refund", "refund", false),
        ("#ref*", "#refund", true),
        ("@acme", "hey @Acme!", true),
        ("@acme", "acme", false),
        ("@acme", "mail me@acme.example", false),
        ("customer", "the customer’s order", true),
        ("don't", "I don’t know", true),
        ("\"late flight\"", "LATE, flight", true),
        ("\"late flight\"", "flight late", false),
        ("\"late fl*\"", "late flight", true),
        ("\"one two three four\"", "one two one two three four", true),
        ("late flight", "flight late", true),
        ("late AND flight", "flight", false),
        ("late OR flight", "flight", true),
        ("a b OR c d", "c d", true),
        ("a (b OR c) d", "a c", false),
        ("a -b", "a", true),
        ("a -b", "a b", false),
        ("a NOT (b OR c)", "a c", false),
        ("a AND NOT \"b c\"", "a c b", true),
        ("NOT spam", "", true),
        ("NOT NOT a", "a", true),
        ("e-mail", "my e mail", true),
        ("10:30", "at 10:30", true),
        ("😡", "so bad😡😡", true),
        ("👍", "👍🏽", true),
        ("返金", "すぐに返金してください", true),
        ("返金", "金返", false),
        ("คืนเงิน", "ขอคืนเงินด้วย", true),
        ("R&D", "our r&amp;d", true),
        ("“money back”", "MONEY BACK", true),
    ] {
        assert_eq!(holds(query, text), expected, "{query} in {text}");
    }
}

#[test]
fn near_counts_words_and_minds_no_order() {
    for (query, text, expected) in [
        ("late NEAR/1 flight", "late flight", true),
        ("late NEAR/1 flight", "flight late", true),
        ("late NEAR/2 flight", "late the flight", true),
        ("late NEAR/1 flight", "late the flight", false),
        ("late NEAR/3 \"my flight\"", "late again was my flight", true),
        ("late NEAR/2 \"my flight\"", "late again was my flight", false),
        (
            "(late OR delay*) NEAR/2 (flight OR plane)",
            "a plane, delayed",
            true,
        ),
        ("a NEAR/9 a", "a", false),
        ("a NEAR/9 a", "a b a", true),
        ("a NEAR/1 b NEAR/1 c", "c a b", true),
        ("a NEAR/1 b NEAR/1 c", "a b x c", false),
        ("-(a NEAR/1 b)", "a x b", true),
    ] {
        assert_eq!(holds(query, text), expected, "{query} in {text}");
    }
}

fn mention() -> Mention {
    Mention {
        connector: ConnectorId::new("hook"),
        network: NetworkId::new("x"),
        id: "1".to_owned(),
        kind: MentionKind::Review,
        author: Author {
            handle: PublicText::new("@Mara_K"),
            followers: Some(12_000),
            verified: true,
            ..Author::default()
        },
        text: PublicText::new("see https://Shop.example/Returns now"),
        created: jiff::Timestamp::UNIX_EPOCH,
        account: Some("acme_care".to_owned()),
        language: Some("de-AT".to_owned()),
        url: None,
        in_reply_to: None,
        conversation: None,
        media: vec![Media {
            url: "https://cdn.example/1.png".to_owned(),
            description: PublicText::default(),
        }],
        rating: Some(2),
        reply_target: None,
        own: false,
    }
}

#[test]
fn fields_ask_what_the_network_tells() {
    let full = mention();
    let bare = Mention {
        author: Author::default(),
        account: None,
        language: None,
        media: Vec::new(),
        rating: None,
        text: PublicText::new("nothing"),
        ..mention()
    };
    for (query, of_full, of_bare) in [
        ("author:mara_k", true, false),
        ("author:@MARA*", true, false),
        ("author:mara", false, false),
        ("network:x", true, true),
        ("network:mastodon,X", true, true),
        ("account:acme_care", true, false),
        ("kind:review", true, true),
        ("kind:dm,comment", false, false),
        ("lang:de", true, false),
        ("lang:de-CH", false, false),
        ("followers:>10000", true, false),
        ("followers:>12000", false, false),
        (
            "followers:>=12_000 followers:<=12000 followers:12000",
            true,
            false,
        ),
        ("followers:1..5", false, false),
        ("rating:<3", true, false),
        ("-rating:<3", false, true),
        ("verified:true", true, false),
        ("verified:no", false, true),
        ("has:media", true, false),
        ("has:link", true, false),
        ("url:shop.example/returns", true, false),
        ("url:\"shop.example\" see", true, false),
        ("(rating:<3 OR lang:fr) now", true, false),
    ] {
        let asked = Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        assert_eq!(asked.matches(&full), of_full, "{query} of the full one");
        assert_eq!(asked.matches(&bare), of_bare, "{query} of the bare one");
    }
}

#[test]
fn errors_point_at_the_character_and_suggest() {
    for (query, expected) in [
        ("", "character 1: this query is empty; write a word to look for"),
        (
            "ä or b",
            "character 3: “or” is no operator; did you mean OR? To look for the word itself, write \"or\"",
        ),
        (
            "a || b",
            "character 3: “||” is no operator; did you mean OR? To look for the word itself, write \"||\"",
        ),
        (
            "a near/3 b",
            "character 3: “near/3” is no operator; did you mean NEAR/3? To look for the word itself, write \"near/3\"",
        ),
        (
            "a NEAR/x b",
            "character 3: “NEAR/x” does not say how near; write a number of words from 1 to 100: NEAR/5",
        ),
        (
            "a \"b c",
            "character 3: this quote is never closed; put a \" behind the phrase's last word",
        ),
        (
            "(a OR b",
            "character 1: this parenthesis is never closed; put a ) where its part ends",
        ),
        (
            "a) b",
            "character 2: this parenthesis closes nothing; take it out, or put a ( where its part begins",
        ),
        (
            "a ()",
            "character 3: these parentheses are empty; write words into them, or take them out",
        ),
        (
            "a AND",
            "character 3: something is missing after “AND”; write a word behind it",
        ),
        (
            "OR a",
            "character 1: nothing stands before “OR”; write a word before it, or put it in quotes to look for it",
        ),
        (
            "auther:mara",
            "character 1: there is no field “auther”; did you mean author:?",
        ),
        (
            "https://a.example",
            "character 1: there is no field “https”; to look for a link, write url:shop.example",
        ),
        (
            "a followers:many",
            "character 13: “many” is not a number; write 5, >5, >=5, <5, <=5 or 3..5",
        ),
        (
            "lang:",
            "character 1: “lang:” says nothing; write what to look for right behind the colon, without a space",
        ),
        (
            "a !!!",
            "character 3: nothing is left of “!!!” to look for; write letters, or take it out",
        ),
        (
            "re*fund",
            "character 1: “re*fund” has a * where none can stand; put it at the end of a word: refund*",
        ),
        (
            "a NEAR/2 lang:en",
            "character 10: only words and phrases can be near each other; write words on both sides of NEAR, or several of them with OR in parentheses",
        ),
    ] {
        match Query::parse(query) {
            Ok(_) => panic!("{query} was understood"),
            Err(error) => assert_eq!(error.to_string(), expected, "{query}"),
        }
    }
    let deep = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
    let long = format!("a{}", " NEAR/1 a".repeat(5_000));
    for query in [deep, long, "NOT ".repeat(5_000) + "a", "-".repeat(5_000)] {
        assert!(Query::parse(&query).is_err());
    }
}

#[test]
fn what_made_it_match_is_said_in_the_querys_own_words() {
    let query =
        Query::parse("(refund* OR \"money back\" OR claim) -spam (order NEAR/5 late OR order) lang:de")
            .expect("a query");
    let mut mention = mention();
    mention.text = PublicText::new("Refunds! My order is late, money back");
    let heard = Heard::of(&mention);
    let found = query.explain(&heard);
    assert_eq!(
        found,
        Some(vec!["refund*", "\"money back\"", "order", "late", "lang:de"])
    );
    mention.text = PublicText::new("spam order refund");
    assert_eq!(query.explain(&Heard::of(&mention)), None);
}

fn query() -> impl Strategy<Value = String> {
    let words = [
        "a",
        "b",
        "c*",
        "\"a b\"",
        "\"b c a\"",
        "#a",
        "@b",
        "返金",
        "\"a b*\"",
        "extraordinary",
        "has:link",
    ];
    let leaf = prop::sample::select(words.to_vec()).prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} OR {other})")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} {other})")),
            inner.clone().prop_map(|one| format!("NOT {one}")),
            Just("(a NEAR/2 (b OR c*))".to_owned()),
        ]
    })
}

proptest! {
    #[test]
    fn the_matcher_says_of_queries_what_the_evaluator_says(
        queries in prop::collection::vec(query(), 1..20),
        texts in prop::collection::vec("(a |b |c |cd |#a |@b |返金|extraordinary |EXTRAORDINARILY |x |http://a |é){0,14}", 1..8),
    ) {
        let queries: Vec<Query> = queries
            .iter()
            .map(|query| Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}")))
            .collect();
        let rules: Vec<Rule> = queries.iter().cloned().map(Rule::Query).collect();
        let rules = Rules::new(&rules).expect("rules");
        let mut reading = Reading::default();
        for text in texts {
            rules.read(&text, &mut reading);
            let mut found = reading.matches().to_vec();
            found.sort_unstable();
            let heard = Heard::text(&text);
            let plain: Vec<u32> = (0..)
                .zip(&queries)
                .filter(|(_, query)| query.holds(&heard))
                .map(|(at, _)| at)
                .collect();
            prop_assert_eq!(found, plain, "{}", text);
        }
    }

    #[test]
    fn whatever_is_typed_is_understood_or_refused_at_a_place_in_it(
        query in prop_oneof!["\\PC*", "[a-c()\"* :<>#@-]{0,30}", "(a|b| |OR|AND|NOT|NEAR/2|\\(|\\)|\"|-|lang:|\\*|é|返){0,20}"],
        text in "\\PC*",
    ) {
        match Query::parse(&query) {
            Ok(query) => {
                let heard = Heard::text(&text);
                prop_assert_eq!(query.holds(&heard), query.explain(&heard).is_some());
            }
            Err(error) => prop_assert!(query.get(error.place.clone()).is_some(), "{:?}", error),
        }
    }
}
