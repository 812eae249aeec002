//! The account of a decision: which routes were tried, on what each matched or failed, what came of it.
//! What a stranger wrote is not in it; only the configuration's own words are.

use std::fmt;

use serde::Serialize;

use crate::domain::assessment::Assessment;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    Matched { why: String, continues: bool },
    Passed { why: String },
}

/// One route that was tried; the ones after the deciding match were not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `orders › late`.
    pub route: String,
    pub depth: usize,
    #[serde(flatten)]
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// In the order in which they were tried.
    pub steps: Vec<Step>,
    pub assessment: Assessment,
}

impl fmt::Display for Explanation {
    /// The steps, one a line; what was decided is for the caller, who knows the departments' names.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            let indent = "  ".repeat(step.depth);
            match &step.verdict {
                Verdict::Matched { why, continues } => {
                    let goes_on = if *continues { " (and goes on)" } else { "" };
                    writeln!(out, "{indent}✓ {}: {why}{goes_on}", step.route)?;
                }
                Verdict::Passed { why } => writeln!(out, "{indent}· {}: {why}", step.route)?,
            }
        }
        Ok(())
    }
}
