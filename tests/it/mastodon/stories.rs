//! Stories: a mention becomes a card, the reply goes out once and to nobody more, and what changes upstream is told.

use super::house::House;
use super::server::{Fault, Kind};

const KINDS: [Kind; 3] = [Kind::Mastodon, Kind::GoToSocial, Kind::Takahe];

#[tokio::test]
async fn a_mention_arrives_as_a_card_and_is_answered_in_its_own_circle() {
    for kind in KINDS {
        for (visibility, spoiler) in [
            ("public", ""),
            ("unlisted", "broken things"),
            ("private", ""),
            ("direct", ""),
            ("circle", ""),
        ] {
            let mut house = House::open(kind).await;
            let asked = house.server.posted(
                "mara@social.example",
                "my order 4711 never arrived",
                visibility,
                spoiler,
                None,
            );
            house.server.follow();
            house.poll().await;
            let cards = house.cards("support");
            assert_eq!(cards.len(), 1, "{kind:?}");
            let turn = &cards[0].turns[0];
            let warning = if spoiler.is_empty() {
                String::new()
            } else {
                format!("[{spoiler}]\n\n")
            };
            assert_eq!(
                turn.text.as_written(),
                format!("{warning}@shop my order 4711 never arrived")
            );

            house.done("dana", "/claim L-1").await;
            house.done("dana", "/reply L-1 So sorry! It leaves today.").await;
            let ours = house.server.ours();
            assert_eq!(ours.len(), 1, "{kind:?}");
            assert_eq!(ours[0].answers, Some(asked));
            assert!(
                ours[0].html.contains("https://our.example/@mara@social.example"),
                "it names whom it answers"
            );
            let expected = if visibility == "circle" {
                "direct"
            } else {
                visibility
            };
            assert_eq!(
                (ours[0].visibility.as_str(), ours[0].spoiler.as_str()),
                (expected, spoiler)
            );
            let card = &house.cards("support")[0];
            let link = card.turns.last().unwrap().url.clone().unwrap();
            assert!(link.ends_with(&ours[0].id), "{link}");
        }
    }
}

#[tokio::test]
async fn a_reply_is_there_once_however_the_connection_ends() {
    for kind in KINDS {
        for faults in [
            vec![Fault::CutAfter],
            vec![Fault::CutBefore],
            vec![Fault::StrangeAnswer],
            vec![Fault::Refuse(429)],
            vec![Fault::Refuse(500)],
            vec![Fault::CutBefore, Fault::CutAfter],
            vec![Fault::Refuse(503), Fault::StrangeAnswer],
        ] {
            for killed in [false, true] {
                let mut house = House::open(kind).await;
                house
                    .server
                    .written("mara@social.example", "my order never arrived");
                house.poll().await;
                house.done("dana", "/claim L-1").await;
                faults.iter().for_each(|fault| house.server.fails(*fault));
                house
                    .done(
                        "dana",
                        "/reply L-1 It's *here* & waiting: https://shop.example/a?b=1&c\n\nBye",
                    )
                    .await;
                if killed {
                    house = house.restart();
                }
                house.in_time().await;
                assert_eq!(
                    house.server.ours().len(),
                    1,
                    "{kind:?} {faults:?} killed: {killed}"
                );
                let card = &house.cards("support")[0];
                assert!(
                    card.turns.last().unwrap().url.is_some(),
                    "{kind:?} {faults:?}: the card knows it"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_is_told_to_the_person_and_nothing_goes_out() {
    for (fault, told) in [
        (Fault::Refuse(401), "401"),
        (Fault::Refuse(403), "403"),
        (Fault::Refuse(422), "422"),
    ] {
        let mut house = House::open(Kind::Mastodon).await;
        house
            .server
            .written("mara@social.example", "my order never arrived");
        house.poll().await;
        house.done("dana", "/claim L-1").await;
        house.server.fails(fault);
        house.done("dana", "/reply L-1 On its way.").await;
        house.in_time().await;
        assert_eq!(house.server.ours().len(), 0);
        let card = format!("{:?}", house.cards("support")[0]);
        assert!(card.contains(told), "{card}");
    }
}

#[tokio::test]
async fn an_edit_and_a_deletion_are_told_once_also_over_a_restart() {
    let mut house = House::open(Kind::Mastodon).await;
    let id = house
        .server
        .written("mara@social.example", "my order 4711 never arrived");
    house.poll().await;
    house.done("dana", "/claim L-1").await;
    house = house.restart();
    house.server.edit(&id, "my order 4712 never arrived", house.now());
    house.poll().await;
    house = house.restart();
    house.poll().await;
    let told = |house: &House, word: &str| {
        house
            .notices("dana")
            .iter()
            .filter(|told| told.contains(word))
            .count()
    };
    assert_eq!(told(&house, "changed what they wrote"), 1);
    house = house.restart();
    house.server.delete(&id);
    house.poll().await;
    house = house.restart();
    house.poll().await;
    assert_eq!(told(&house, "deleted what they wrote"), 1);
    assert_eq!(house.cards("support")[0].due, None, "nobody waits any more");
}

#[tokio::test]
async fn an_answer_to_our_reply_joins_the_lead() {
    let mut house = House::open(Kind::GoToSocial).await;
    house
        .server
        .written("mara@social.example", "my order never arrived");
    house.poll().await;
    house.done("dana", "/claim L-1").await;
    house.done("dana", "/reply L-1 Which order?").await;
    let ours = house.server.ours()[0].id.clone();
    house
        .server
        .posted("mara@social.example", "4711", "public", "", Some(&ours));
    house.poll().await;
    let cards = house.cards("support");
    assert_eq!(cards.len(), 1);
    assert!(cards[0].turns.last().unwrap().text.as_written().contains("4711"));
}
