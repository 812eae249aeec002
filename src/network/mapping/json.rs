//! JSON records: places are JSON pointers (RFC 6901, <https://www.rfc-editor.org/rfc/rfc6901>), taken apart once when
//! the settings are read rather than for every record.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Record;
use super::values::Found;

/// A place in a JSON record: `/author/name`, `/items/0/id`; the empty pointer is the record itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

impl Pointer {
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let Some(steps) = text.strip_prefix('/') else {
            return Err(format!(
                "“{text}” is not a place in a JSON record; places look like /author/name, constants like =news"
            ));
        };
        Ok(Self(
            steps
                .split('/')
                .map(|step| step.replace("~1", "/").replace("~0", "~"))
                .collect(),
        ))
    }

    pub(super) fn own(steps: &[&str]) -> Self {
        Self(steps.iter().map(|&step| step.to_owned()).collect())
    }

    pub fn find<'a>(&self, record: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(record, |at, step| match at {
            Value::Object(fields) => fields.get(step),
            Value::Array(items) => step.parse::<usize>().ok().and_then(|number| items.get(number)),
            _ => None,
        })
    }
}

impl Record for Value {
    type Place = Pointer;

    fn find(&self, place: &Pointer) -> Option<Found<'_>> {
        match place.find(self)? {
            Value::Null => None,
            Value::String(text) => Some(Found::Text(text.into())),
            Value::Number(number) => Some(Found::Number(number)),
            Value::Bool(truth) => Some(Found::Truth(*truth)),
            nested => Some(Found::Nested(nested)),
        }
    }

    /// Keys are kept in order of the alphabet, so two spellings of the same object are one.
    fn fingerprint(&self, into: &mut Sha256) {
        into.update(self.to_string().as_bytes());
    }
}
