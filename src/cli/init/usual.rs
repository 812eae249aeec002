//! What departments that every company has usually promise and answer: where `init` starts from.

/// What a department that we know by name usually promises and routes.
pub(super) struct Usual {
    pub(super) id: &'static str,
    pub(super) confidential: bool,
    pub(super) targets: &'static str,
    pub(super) guidelines: &'static [&'static str],
    pub(super) words: &'static [&'static str],
    pub(super) phrases: &'static [&'static str],
}

pub(super) const USUAL: [Usual; 6] = [
    Usual {
        id: "legal",
        confidential: true,
        targets: "{ urgent = \"1h\", high = \"4h\", normal = \"1 day\" }",
        guidelines: &[
            "Do name the address where Legal can be reached.",
            "Don't admit, deny or apologise for anything.",
        ],
        words: &[
            "lawyer",
            "attorney",
            "sue",
            "lawsuit",
            "court",
            "GDPR",
            "copyright",
            "trademark",
        ],
        phrases: &["legal action", "data protection"],
    },
    Usual {
        id: "pr",
        confidential: false,
        targets: "{ urgent = \"20m\", high = \"1h\", normal = \"2h\" }",
        guidelines: &[
            "Do answer with the press desk's address.",
            "Don't comment on rumours or competitors.",
        ],
        words: &["journalist", "reporter", "press", "interview", "newsroom"],
        phrases: &["request for comment", "writing a piece"],
    },
    Usual {
        id: "hr",
        confidential: true,
        targets: "{ normal = \"1 day\" }",
        guidelines: &[
            "Do point to the jobs page.",
            "Don't discuss an application in public.",
        ],
        words: &[
            "job",
            "jobs",
            "apply",
            "internship",
            "vacancy",
            "hiring",
            "career",
            "careers",
        ],
        phrases: &["work for you"],
    },
    Usual {
        id: "support",
        confidential: false,
        targets: "{ urgent = \"30m\", high = \"1h\", normal = \"4h\" }",
        guidelines: &[
            "Do say what happens next, and when.",
            "Do move to a direct message before asking for an address or an order number.",
            "Don't offer money in public.",
        ],
        words: &[
            "order", "refund", "return", "delivery", "parcel", "late", "broken", "damaged", "missing",
            "faulty",
        ],
        phrases: &["money back", "never arrived", "still waiting", "customer service"],
    },
    Usual {
        id: "sales",
        confidential: false,
        targets: "{ high = \"1h\", normal = \"3h\", low = \"2 days\" }",
        guidelines: &[
            "Do ask what it is for.",
            "Don't quote a price for large orders in public.",
        ],
        words: &[
            "price",
            "cost",
            "quote",
            "bulk",
            "wholesale",
            "buy",
            "discount",
            "stock",
        ],
        phrases: &["how much", "in stock", "do you ship", "do you sell"],
    },
    Usual {
        id: "marketing",
        confidential: false,
        targets: "{ normal = \"1 day\" }",
        guidelines: &["Do ask before you repost somebody's photo, and credit them."],
        words: &[
            "love",
            "beautiful",
            "campaign",
            "collab",
            "influencer",
            "giveaway",
        ],
        phrases: &["thank you", "great job", "well done"],
    },
];

pub(super) fn usual(id: &str) -> Option<&'static Usual> {
    USUAL.iter().find(|usual| usual.id == id)
}
