//! "Did you mean …?": the closest known word to a mistyped one.

/// The closest candidate, where one is close enough to be a slip of the keyboard.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let known = candidate.to_lowercase();
            let mut distance = strsim::damerau_levenshtein(&typed, &known);
            // `Berlin` is meant to be `Europe/Berlin`, and `colour` to be `colours`.
            if typed.len() >= 3 && (known.ends_with(&format!("/{typed}")) || known == format!("{typed}s")) {
                distance = 0;
            }
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            *distance <= (candidate.chars().count().max(typed.chars().count()) / 3).clamp(1, 4)
        })
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
        assert_eq!(closest("chanels", ["channels", "name"]), Some("channels"));
        assert_eq!(closest("department", ["channels", "name"]), None);
        assert_eq!(did_you_mean("x", ["viewer", "agent"]), "known: viewer, agent");
    }
}
