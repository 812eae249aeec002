//! Weights on disk: only those that learning has touched, as bytes in base64. A router of six departments takes less than five
//! megabytes, and a young one a fraction.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Deserializer, Serializer, de};

use super::features::PLACES;
use super::label::Weight;

/// A place as two bytes and four numbers.
const ENTRY: usize = 18;

pub fn serialize<S: Serializer>(weights: &[Weight], to: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::new();
    for (place, weight) in (0_u16..).zip(weights) {
        if *weight != Weight::NEW {
            bytes.extend(place.to_le_bytes());
            for number in [weight.margin, weight.doubt, weight.odds, weight.moved] {
                bytes.extend(number.to_le_bytes());
            }
        }
    }
    to.serialize_str(&STANDARD_NO_PAD.encode(bytes))
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Weight>, D::Error> {
    let text = String::deserialize(from)?;
    let bytes = STANDARD_NO_PAD.decode(text).map_err(de::Error::custom)?;
    let mut weights = vec![Weight::NEW; PLACES];
    if bytes.len() % ENTRY != 0 {
        return Err(de::Error::custom("the weights end in the middle of one"));
    }
    for entry in bytes.chunks_exact(ENTRY) {
        let place = usize::from(u16::from_le_bytes([entry[0], entry[1]]));
        let number = |at: usize| f32::from_le_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]);
        let weight = Weight {
            margin: number(2),
            doubt: number(6),
            odds: number(10),
            moved: number(14),
        };
        match weights.get_mut(place) {
            Some(to) if weight.is_sound() => *to = weight,
            _ => return Err(de::Error::custom("a weight is not what a weight can be")),
        }
    }
    Ok(weights)
}
