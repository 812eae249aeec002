//! What people read: queue, mine, find, who, show, as text; and that a confidential lead is a stub everywhere.

use std::sync::Arc;

use switchboard::domain::event::Verb;
use switchboard::domain::ids::{DepartmentId, LeadId, MemberId};
use switchboard::domain::lead::Outcome;
use switchboard::domain::notice::Notice;
use switchboard::report::digest_text::row_text;
use switchboard::report::readings;

use crate::report_house::House;

/// A notice as a person reads it.
fn read(notice: &Notice) -> String {
    let rows = notice.rows.iter().map(row_text);
    std::iter::once(notice.text.clone())
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n")
}

fn lines(text: &str) -> String {
    text.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

/// Four leads: one claimed, one offered to Sales, one confidential, one urgent.
fn morning() -> House {
    let mut house = House::new();
    let parcel = house.mention("mara", "Where is my parcel?");
    house.wait(10);
    let quote = house.mention("tom", "I want to buy 40 desks");
    let salary = house.mention("eve", "my salary was not paid");
    house.wait(20);
    house.mention("zoe", "urgent: the app is down\n\u{202e}now");
    house.ask("dana", parcel, Verb::Claim);
    house.ask("lee", quote, Verb::Claim);
    house.offer("lee", quote, "sales", "wants a quote");
    house.ask("ida", salary, Verb::Claim);
    house.wait(10);
    house
}

#[test]
fn the_queue_shows_the_most_urgent_first_with_owner_and_clock() {
    let house = morning();
    let queue = |department: Option<&str>, who: &str| {
        let department = department.map(DepartmentId::from);
        let notice = readings::queue(
            house.store.as_ref(),
            &house.company,
            department.as_ref(),
            &who.into(),
            house.now,
        );
        read(&notice.expect("a reading"))
    };
    assert_eq!(
        queue(Some("support"), "dana"),
        lines(
            "Support: 3 leads are open, most urgent first.
            L-4 · urgent · waiting 10 min · unclaimed · due in 5 min · “@zoe: urgent: the app is down ⟨U+202E⟩now”
            L-1 · waiting 40 min · Dana Okafor · due in 20 min · “@mara: Where is my parcel?”
            L-2 · waiting 30 min · Lee Park · offered to Sales · due in 30 min · “@tom: I want to buy 40 desks”"
        )
    );
    assert_eq!(
        queue(None, "mo"),
        lines(
            "Sales: nothing is open. 1 lead is offered by another department and waits for an answer.
            L-2 · Support · waiting 30 min · Lee Park · offered to Sales · due in 30 min · “@tom: I want to buy 40 desks”"
        )
    );
    assert_eq!(
        queue(Some("hr"), "dana"),
        "HR: 1 lead is open.\nL-3 · HR · claimed · confidential"
    );
    assert_eq!(queue(Some("hr"), "ida").lines().count(), 2);
    assert!(queue(Some("hr"), "ida").contains("my salary"));
    assert_eq!(
        queue(Some("legal"), "ida"),
        "There is no department called “legal”."
    );
}

#[test]
fn mine_shows_what_is_due_next_and_breached_before_that() {
    let mut house = morning();
    house.wait(45);
    let mine = |who: &str| {
        let notice = readings::mine(house.store.as_ref(), &house.company, &who.into(), house.now);
        read(&notice.expect("a reading"))
    };
    assert_eq!(
        mine("dana"),
        lines(
            "You hold 1 open lead.
            L-1 · Support · waiting 85 min · Dana Okafor · breached 25 min ago · “@mara: Where is my parcel?”"
        )
    );
    assert_eq!(mine("kim"), "You hold no open lead.");
}

#[test]
fn show_tells_the_story_in_plain_words() {
    let mut house = morning();
    let lead = LeadId(1);
    house.ask(
        "dana",
        lead,
        Verb::Note {
            text: "parcel is in Leipzig".to_owned(),
        },
    );
    house.ask(
        "dana",
        lead,
        Verb::Escalate {
            reason: "third parcel lost".to_owned(),
        },
    );
    house.ask("lee", lead, Verb::Acknowledge);
    house.wait(24 * 60);
    house.ask(
        "dana",
        lead,
        Verb::Resolve {
            outcome: Outcome::Answered,
            note: Some("found it".to_owned()),
            duplicate_of: None,
        },
    );
    house.mention_in("mara", "Thank you!", "m1-2", "m1");
    let show = |lead, who: &str| {
        let notice = readings::show(
            house.store.as_ref(),
            &house.company,
            LeadId(lead),
            &who.into(),
            house.now,
        );
        read(&notice.expect("a reading"))
    };
    assert_eq!(
        show(1, "mo"),
        lines(
            "L-1 · Support · high · claimed by Dana Okafor · 2 mentions, 0 replies
            Opened in Support: no route took it · 24 Nov 09:00
            The author wrote · 24 Nov 09:00 · “Where is my parcel?”
            Dana Okafor claimed it · 24 Nov 09:30 · web
            Dana Okafor noted: parcel is in Leipzig · 24 Nov 09:40 · web
            Dana Okafor escalated it to Lee Park (step 1): third parcel lost · 24 Nov 09:40 · web
            Lee Park acknowledged the escalation · 24 Nov 09:40 · web
            Dana Okafor resolved it as answered: found it · 09:40 · web
            The author wrote · 09:40 · “Thank you!”
            Switchboard reopened it: the author wrote again; it was resolved as answered just now · 09:40"
        )
    );
    assert_eq!(show(3, "dana"), "L-3 · HR · claimed · only HR may read it.");
    assert!(show(3, "ida").contains("my salary was not paid"));
    assert_eq!(show(77, "dana"), "There is no lead L-77.");
}

#[test]
fn a_long_story_is_told_from_its_end_and_says_how_much_came_before() {
    let mut house = morning();
    for number in 1..=60 {
        let text = format!("call {number} to the carrier");
        house.ask("dana", LeadId(1), Verb::Note { text });
    }
    let entries = house.store.lead(LeadId(1)).expect("read").expect("there").entries;
    let show = readings::show(
        house.store.as_ref(),
        &house.company,
        LeadId(1),
        &"mo".into(),
        house.now,
    );
    let show = show.expect("a reading");
    assert!(show.rows.len() >= 40, "{}", show.rows.len());
    assert_eq!(show.earlier, Some(entries as usize - show.rows.len()));
    let last = show.rows.last().expect("rows");
    assert!(last.text.contains("call 60 to the carrier"), "{}", last.text);
}

#[test]
fn find_knows_numbers_handles_and_words_and_says_how_far_it_looked() {
    let mut house = morning();
    house.mention_in("mara", "and the second parcel, from Leipzig?", "m1-2", "m1");
    house.mention_in("mara", "hello?", "m1-3", "m1");
    let find = |words: &str, who: &str| {
        let notice = readings::find(
            house.store.as_ref(),
            &house.company,
            words,
            &who.into(),
            house.now,
        );
        read(&notice.expect("a reading"))
    };
    let first_line = |text: String| text.lines().next().unwrap_or_default().to_owned();
    for (words, told) in [
        ("L-1", "Found L-1."),
        ("4", "Found L-4."),
        ("#9", "There is no lead L-9."),
        ("@mara", "1 lead matches “@mara”. Searched all 4 leads."),
        (
            "LEIPZIG parcel",
            "1 lead matches “LEIPZIG parcel”. Searched all 4 leads.",
        ),
        ("nowhere", "Nothing matches “nowhere”. Searched all 4 leads."),
        ("salary", "Nothing matches “salary”. Searched all 4 leads."),
        ("@eve", "Nothing matches “@eve”. Searched all 4 leads."),
        (
            "  ",
            "Say what to look for: a lead’s number, a handle, or words of the text.",
        ),
    ] {
        assert_eq!(first_line(find(words, "dana")), told);
    }
    assert_eq!(
        find("L-3", "dana"),
        "Found L-3.\nL-3 · HR · claimed · confidential"
    );
    assert!(find("salary", "ida").starts_with("1 lead matches"));
    assert!(find("@eve", "ida").starts_with("1 lead matches"));
}

#[test]
fn a_search_is_bounded_but_an_exact_handle_is_found_however_old() {
    let mut house = House::new();
    house.mention("old", "the first one, about a lighthouse");
    for index in 0..5_000 {
        house.mention(&format!("author{index}"), "hello");
    }
    let find = |words: &str| {
        let who = MemberId::from("dana");
        let notice = readings::find(house.store.as_ref(), &house.company, words, &who, house.now);
        notice.expect("a reading").text
    };
    assert_eq!(
        find("lighthouse"),
        "Nothing matches “lighthouse”. Searched the newest 5,000 leads."
    );
    assert_eq!(
        find("id-old"),
        "1 lead matches “id-old”. Searched the newest 5,000 leads."
    );
    assert_eq!(
        find("hello"),
        "The newest 20 leads that match “hello”. Searched the newest 20 leads."
    );
}

#[test]
fn who_says_who_owns_who_may_act_who_is_away_and_who_is_next() {
    let mut house = morning();
    let (store, company) = (Arc::clone(&house.store), Arc::clone(&house.company));
    let of_lead = |lead, who: &str, now| {
        let notice = readings::who_of_lead(store.as_ref(), &company, LeadId(lead), &who.into(), now);
        read(&notice.expect("a reading"))
    };
    assert_eq!(
        of_lead(2, "mo", house.now),
        lines(
            "L-2 · Support · offered to Sales by Lee Park · due in 30 min · 1 mention, 0 replies
            Owner: Lee Park (away until Monday)
            May act: Dana Okafor, Lee Park (away until Monday)
            Next on the ladder: Lee Park (step 1 of 2)
            Sales may accept: Mo Haddad"
        )
    );
    let reason = "no answer".to_owned();
    house.ask("dana", LeadId(1), Verb::Escalate { reason });
    assert!(
        of_lead(1, "dana", house.now).contains("Next on the ladder: Mo Haddad (step 2 of 2, in 30 min)"),
        "{}",
        of_lead(1, "dana", house.now)
    );
    assert_eq!(
        of_lead(3, "dana", house.now),
        "L-3 · HR · claimed · only HR may read it."
    );
    let support = readings::who_of_department(store.as_ref(), &company, &"support".into());
    assert_eq!(
        read(&support.expect("a reading")),
        lines(
            "Support: 3 members, 3 open leads.
            Lee Park · lead · holds 1 open lead (away until Monday)
            Dana Okafor · agent · holds 1 open lead
            Kim Novak · viewer · holds no open lead"
        )
    );
    let dana = readings::who_of_member(store.as_ref(), &company, &"dana".into());
    assert_eq!(
        read(&dana.expect("a reading")),
        "Dana Okafor holds 1 open lead.\nSupport · agent"
    );
    let everybody = readings::who_of_everybody(store.as_ref(), &company).expect("a reading");
    assert_eq!(
        read(&everybody),
        lines(
            "At work: 4 of 5.
            Dana Okafor · Support · holds 1 open lead
            Ida Berg · HR · holds 1 open lead
            Kim Novak · Support · holds no open lead
            Mo Haddad · Sales · holds no open lead
            Lee Park · Support · holds 1 open lead (away until Monday)"
        )
    );
}
