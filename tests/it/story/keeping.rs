//! Keeping: history is chained, figures add up, and a random day never bends a law.

use super::*;
use proptest::prelude::*;

stories! {
    history_tells_the_whole_story_and_its_chain_holds
}

async fn history_tells_the_whole_story_and_its_chain_holds() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.says("dana", "/note L-1 Asked the warehouse").await.done();
    desk.says("dana", "/reply L-1 It left today.").await.done();
    desk.says("dana", "/resolve L-1 answered Happy").await.done();
    let entries = desk.store.timeline(lead, 0, 100).unwrap();
    let kept = desk.lead(lead);
    switchboard::domain::timeline::verify_chain(lead, &entries, kept.entries, &kept.head).unwrap();
    let told = desk.history(lead).join("\n");
    for word in ["claimed", "Asked the warehouse", "It left today", "answered"] {
        assert!(told.contains(word), "{word} in {told}");
    }
    let mut changed = entries.clone();
    changed[2].at = desk.now().checked_add(hours(1)).unwrap();
    assert!(switchboard::domain::timeline::verify_chain(lead, &changed, kept.entries, &kept.head).is_err());
}

fn step() -> impl Strategy<Value = (usize, &'static str, u8)> {
    let lines = prop::sample::select(vec![
        "/claim L-1",
        "/release L-1 tired",
        "/assign L-1 yuki",
        "/reply L-1 Hello there",
        "/retry L-1",
        "/settle L-1 not-sent",
        "/note L-1 hm",
        "/hand-off L-1 sales Please",
        "/accept L-1",
        "/decline L-1 no",
        "/withdraw L-1",
        "/escalate L-1 now",
        "/acknowledge L-1",
        "/snooze L-1 2h",
        "/resolve L-1 answered",
        "/reopen L-1 again",
        "follow-up",
        "wait",
    ]);
    (0..6_usize, lines, 0..3_u8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people do in whatever order, with a network that loses answers: the chain holds, nobody's reply goes out
    /// twice, and a resolved lead has no clock.
    #[test]
    fn a_random_day_bends_no_law(steps in prop::collection::vec(step(), 1..40), seed in 0..1_000_u64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let faults = scripted::Faults { uncertain: 0.4, seed, ..scripted::Faults::default() };
            let mut desk = TestDesk::with(|_| {}, faults);
            let id = desk.question().await;
            let mut requested = 0;
            for (who, line, wait) in steps {
                let who = ["dana", "mateo", "yuki", "lee", "aisha", "amara"][who];
                match line {
                    "wait" => desk.pass(minutes(i64::from(wait) * 50)).await,
                    "follow-up" => {
                        let mut more = desk.written("x", "mara", "Hello?");
                        more.in_reply_to = Some("m1".into());
                        assert_eq!(desk.arrive(more).await, id);
                    }
                    line => {
                        let told = desk.says(who, line).await;
                        if line.starts_with("/reply") && matches!(&told.0, Answer::Notice(notice) if notice.tone == Tone::Done) {
                            requested += 1;
                        }
                    }
                }
                let lead = desk.lead(id);
                let entries = desk.store.timeline(id, 0, 10_000).unwrap();
                switchboard::domain::timeline::verify_chain(id, &entries, lead.entries, &lead.head).unwrap();
                if !lead.is_open() {
                    assert_eq!(lead.clock.due, None);
                    assert_eq!(lead.next_due(), None);
                }
                assert!(desk.public().len() <= requested, "more went out than was asked for");
            }
        });
    }
}
