//! "Did you mean …?": the closest known word to a mistyped one.

/// The closest candidate, where one is close enough to be a slip of the keyboard.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let known = candidate.to_lowercase();
            let mut distance = strsim::damerau_levenshtein(&typed, &known);
            // `Berln` is meant to be `Europe/Berlin`, and `colour` to be `colours`.
            if let Some((_, last)) = known.rsplit_once('/')
                && typed.len() >= 4
                && !typed.contains('/')
            {
                distance = distance.min(strsim::damerau_levenshtein(&typed, last));
            }
            if typed.len() >= 3 && known == format!("{typed}s") {
                distance = 0;
            }
            (distance, candidate)
        })
        // One slip for every three letters that were typed.
        .filter(|(distance, _)| *distance <= (typed.chars().count() / 3).clamp(1, 4))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What to do about an unknown word: the closest known one, or all of them.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(candidate) = closest(word, candidates.clone()) {
        return format!("did you mean “{candidate}”?");
    }
    let all: Vec<_> = candidates.into_iter().collect();
    match all.as_slice() {
        [] => "none is known yet".to_owned(),
        all => format!("known: {}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        let zones = ["Europe/Berlin", "Europe/London", "UTC"];
        assert_eq!(closest("Europe/Berln", zones), Some("Europe/Berlin"));
        assert_eq!(closest("berlin", zones), Some("Europe/Berlin"));
        assert_eq!(closest("berln", zones), Some("Europe/Berlin"));
        assert_eq!(closest("Erewhon", zones), None);
        assert_eq!(closest("chanels", ["channels", "name"]), Some("channels"));
        assert_eq!(closest("department", ["channels", "name"]), None);
        assert_eq!(did_you_mean("x", ["viewer", "agent"]), "known: viewer, agent");
    }
}
