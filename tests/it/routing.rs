//! Routing: where a mention goes, and the reason it is given.

use std::sync::Arc;

use proptest::prelude::*;
use switchboard::config;
use switchboard::domain::assessment::Assessment;
use switchboard::domain::lead::Priority;
use switchboard::domain::mention::{Author, Mention, MentionKind};
use switchboard::listening::Routes;

/// A small company: three departments, two people, and the given routes.
fn routes(text: &str) -> Arc<Routes> {
    let company = r#"
        fallback = "support"
        [company]
        name = "Ink & Oak"
        [member.dana]
        name = "Dana Okafor"
        [member.lee]
        name = "Lee Novak"
        [department.support]
        name = "Customer service"
        channels = ["web/support"]
        [department.sales]
        name = "Sales"
        channels = ["web/sales"]
        [department.pr]
        name = "PR"
        channels = ["web/pr"]
    "#;
    let files = [("company.toml", company), ("routes.toml", text)];
    match config::load_files(&files, &|_| None) {
        Ok(settings) => settings.routes,
        Err(problems) => panic!("{}", problems.iter().map(ToString::to_string).collect::<String>()),
    }
}

fn mention(text: &str) -> Mention {
    Mention {
        connector: "test".into(),
        network: "x".into(),
        id: "1".into(),
        kind: MentionKind::Mention,
        author: Author {
            id: "u1".into(),
            handle: "Mara_K".into(),
            followers: Some(120),
            ..Author::default()
        },
        text: text.into(),
        created: "2026-11-24T09:00:00Z".parse().expect("a timestamp"),
        account: None,
        language: None,
        url: None,
        in_reply_to: None,
        conversation: None,
        media: Vec::new(),
        rating: None,
        reply_target: None,
        own: false,
    }
}

fn brief(assessment: &Assessment) -> String {
    format!(
        "{} {} {:?}",
        assessment.department,
        assessment.priority.word(),
        assessment.tags
    )
}

#[test]
fn words_are_whole_words_whatever_their_case_accents_and_disguise() {
    let routes = routes(
        "[[route]]\nname = \"r\"\nwords = [\"refund\", \"Rückgabe\", \"返金\", \"24/7\"]\nphrases = [\"money back\"]\nany = []\ndepartment = \"sales\"",
    );
    // Both lists are given, so both must hold; here each text carries the phrase.
    for (text, matches) in [
        ("refund, money back", true),
        ("REFUND! Money\n  back?", true),
        ("Réfünd, money back", true),
        ("ｒｅｆｕｎｄ money back", true),
        ("re\u{200b}fund money back", true),
        ("ruckgabe money-back", false),
        ("ruckgabe, Money Back", true),
        ("refunds money back", false),
        ("prerefund money back", false),
        ("the refund's late, money back", true),
        ("#refund money back", true),
        ("@refund money back", false),
        ("https://shop.example/refund money back", false),
        ("お金の返金をお願い money back", true),
        ("open 24/7 money back", true),
        ("refund money backwards", false),
        ("refund", false),
    ] {
        let went = routes.assess(&mention(text)).department;
        assert_eq!(went.as_str() == "sales", matches, "{text}");
    }
}

#[test]
fn every_matcher_asks_its_own_question() {
    for (matcher, change, matches) in [
        ("hashtags = [\"#InkOak\"]", "text=so nice #inkoak!", true),
        ("hashtags = [\"inkoak\"]", "text=inkoak", false),
        ("mentions = [\"@inkoak\"]", "text=hi @InkOak, hello", true),
        ("mentions = [\"@inkoak\"]", "text=hi @inkoak@social.example", true),
        ("mentions = [\"inkoak\"]", "text=hi inkoak", false),
        ("authors = [\"@mara_k\"]", "", true),
        ("authors = [\"mara\"]", "", false),
        ("networks = [\"X\", \"reviews\"]", "", true),
        ("networks = [\"reviews\"]", "", false),
        ("accounts = [\"@inkoak\"]", "account=InkOak", true),
        ("accounts = [\"@inkoak\"]", "", false),
        ("languages = [\"de\"]", "language=de-AT", true),
        ("languages = [\"de\"]", "language=den", false),
        ("languages = [\"de\"]", "", false),
        ("kinds = [\"review\", \"dm\"]", "kind=dm", true),
        ("kinds = [\"review\"]", "", false),
        ("followers_min = 120", "", true),
        ("followers_min = 121", "", false),
        ("followers_max = 100", "", false),
        ("followers_min = 1", "followers=", false),
        ("rating_max = 2", "rating=2", true),
        ("rating_max = 2", "rating=3", false),
        ("rating_max = 2", "", false),
        ("has_link = true", "text=see https://a.example", true),
        ("has_link = false", "text=see https://a.example", false),
        (
            "query = '(late OR delay*) NEAR/3 order -spam'",
            "text=my order is delayed",
            true,
        ),
        (
            "query = '(late OR delay*) NEAR/3 order -spam'",
            "text=spam: order late",
            false,
        ),
        ("query = 'author:mara_k rating:<3'", "rating=2", true),
        ("words = [\"a\"]\nquery = 'b'", "text=a", false),
        (
            "any = [{ query = '\"a b\"' }, { words = [\"c\"] }]",
            "text=A b",
            true,
        ),
        ("none = [{ query = 'a OR b' }]", "text=b", false),
        ("any = [{ words = [\"a\"] }, { words = [\"b\"] }]", "text=b", true),
        (
            "any = [{ words = [\"a\"] }, { words = [\"b\"] }]",
            "text=c",
            false,
        ),
        (
            "none = [{ words = [\"a\"] }, { words = [\"b\"] }]",
            "text=b",
            false,
        ),
        (
            "none = [{ words = [\"a\"], languages = [\"de\"] }]",
            "text=a",
            true,
        ),
    ] {
        let routes = routes(&format!(
            "[[route]]\nname = \"r\"\n{matcher}\ndepartment = \"sales\""
        ));
        let mut asked = mention("hello");
        match change.split_once('=') {
            Some(("text", text)) => asked.text = text.into(),
            Some(("account", account)) => asked.account = Some(account.into()),
            Some(("language", language)) => asked.language = Some(language.into()),
            Some(("kind", kind)) => asked.kind = MentionKind::parse(kind).expect("a kind"),
            Some(("followers", _)) => asked.author.followers = None,
            Some(("rating", rating)) => asked.rating = rating.parse().ok(),
            _ => {}
        }
        let went = routes.assess(&asked).department;
        assert_eq!(went.as_str() == "sales", matches, "{matcher} with {change}");
    }
}

#[test]
fn a_query_says_in_its_own_words_why_it_matched() {
    let routes = routes(
        "[[route]]\nname = \"r\"\nquery = '(refund* OR chargeback) -spam lang:de'\ndepartment = \"sales\"",
    );
    let mut asked = mention("Refunds, please");
    asked.language = Some("de".to_owned());
    assert_eq!(
        routes.assess(&asked).reasons,
        ["route “r”: the query’s refund*, lang:de"]
    );
    asked.text = "spam refund".into();
    let told = routes.explain(&asked).to_string();
    assert_eq!(told, "· r: not the query (refund* OR chargeback) -spam lang:de\n");
}

const TREE: &str = r#"
    [[route]]
    name = "far reach"
    followers_min = 10000
    priority = "high"
    tags = ["reach"]
    watchers = ["lee"]
    continue = true

    [[route]]
    name = "orders"
    words = ["order", "refund"]
    department = "support"
    priority = "low"
    tags = ["orders"]

      [[route.route]]
      name = "late"
      words = ["late"]
      priority = "urgent"
      tags = ["late"]
      watchers = ["dana"]

      [[route.route]]
      name = "bulk"
      words = ["bulk"]
      department = "sales"

    [[route]]
    name = "buying"
    words = ["price", "order"]
    department = "sales"
    continue = true

    [[route]]
    name = "press"
    words = ["press"]
    department = "pr"
"#;

#[test]
fn the_first_match_wins_unless_it_continues_and_children_refine_their_parent() {
    let routes = routes(TREE);
    for (text, followers, expected) in [
        ("hello", 1, "support normal []"),
        ("hello", 20_000, "support high [\"reach\"]"),
        ("my order", 1, "support low [\"orders\"]"),
        ("my order", 20_000, "support high [\"reach\", \"orders\"]"),
        ("my order is late", 1, "support urgent [\"orders\", \"late\"]"),
        ("late bulk order", 1, "support urgent [\"orders\", \"late\"]"),
        ("bulk order", 1, "sales low [\"orders\"]"),
        ("what price", 1, "sales normal []"),
        ("what price, for the press", 1, "pr normal []"),
        ("late price", 1, "sales normal []"),
    ] {
        let mut asked = mention(text);
        asked.author.followers = Some(followers);
        assert_eq!(brief(&routes.assess(&asked)), expected, "{text}, {followers}");
    }
}

#[test]
fn every_assessment_says_why() {
    let routes = routes(TREE);
    let reasons = |text: &str, followers| {
        let mut asked = mention(text);
        asked.author.followers = Some(followers);
        let assessment = routes.assess(&asked);
        assert_eq!(
            assessment.watchers.len(),
            assessment
                .watchers
                .iter()
                .collect::<std::collections::BTreeSet<_>>()
                .len()
        );
        assessment.reasons
    };
    assert_eq!(
        reasons("my Order is LATE", 20_000),
        [
            "route “far reach”: 20000 followers",
            "route “orders › late”: the word “order”, the word “late”",
        ]
    );
    assert_eq!(
        reasons("hello", 1),
        ["no route matched: the fallback department takes it"]
    );
    assert_eq!(
        reasons("hello", 20_000),
        [
            "route “far reach”: 20000 followers",
            "no route named a department: the fallback takes it",
        ]
    );
}

#[test]
fn an_explanation_tells_what_was_tried_and_on_what_it_failed() {
    let explanation = routes(TREE).explain(&mention("what price for bulk?"));
    insta::assert_snapshot!(explanation, @r"
    · far reach: 120 followers, fewer than 10000
    · orders: none of the words “order”, “refund”
    ✓ buying: the word “price” (and goes on)
    · press: no word “press”
    ");
    assert_eq!(
        explanation.assessment,
        routes(TREE).assess(&mention("what price for bulk?"))
    );
}

/// The departments that a person at Larkspur Home would expect.
#[test]
fn the_demo_company_sends_its_sample_where_a_person_would() {
    let settings = config::demo().unwrap_or_else(|problems| panic!("{problems:?}"));
    for (text, department) in [
        (
            "@larkspurhome my Alder floor lamp was due on Tuesday. Tracking says “out for delivery”. Order LH-48213.",
            "support",
        ),
        (
            "checkout ist kaputt, weiße Seite nach „Jetzt bezahlen“",
            "support",
        ),
        (
            "ma suspension Mirabelle est arrivée avec le verre cassé, un remboursement ?",
            "support",
        ),
        ("¿Hacéis envíos a Canarias? Mi pedido no llega", "support"),
        ("An wen wenden wir uns für ein Angebot mit Mengenrabatt?", "sales"),
        ("Wholesale price for 30 × Finch in oak?", "sales"),
        ("quel délai et quel prix pour la bibliothèque Orme ?", "sales"),
        ("is the lighting design internship for spring still open?", "hr"),
        (
            "I'm a journalist writing about repair-friendly furniture. Deadline is 5 pm",
            "pr",
        ),
        ("You will hear from my lawyer. GDPR request follows.", "legal"),
        (
            "The way the Marigold pendant turns my kitchen golden #LarkspurLight",
            "marketing",
        ),
        ("do turtles like lamps", "support"),
    ] {
        let assessment = settings.routes.assess(&mention(text));
        assert_eq!(
            assessment.department.as_str(),
            department,
            "{text}\n{:?}",
            assessment.reasons
        );
    }
    let fire = settings.routes.assess(&mention("the lamp nearly caught fire"));
    assert_eq!(fire.priority, Priority::Urgent);
}

proptest! {
    /// Whatever strangers write, it goes somewhere, for a reason, and the explanation agrees.
    #[test]
    fn any_text_goes_somewhere(text in "\\PC*|(order|late|price|press|[@#. \u{200b}é\n])*", followers in proptest::option::of(any::<u64>())) {
        let routes = routes(TREE);
        let mut asked = mention(&text);
        asked.author.followers = followers;
        let assessment = routes.assess(&asked);
        prop_assert!(["support", "sales", "pr"].contains(&assessment.department.as_str()));
        prop_assert!(!assessment.reasons.is_empty());
        prop_assert_eq!(routes.explain(&asked).assessment, assessment);
    }
}
