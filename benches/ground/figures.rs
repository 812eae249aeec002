//! Latencies and their percentiles, in the unit that people compare: milliseconds.

use std::time::Duration;

#[derive(Clone, Debug, Default)]
pub struct Latencies(Vec<u32>);

impl Latencies {
    pub fn add(&mut self, latency: Duration) {
        self.0
            .push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }

    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Milliseconds below which this share of all latencies lies.
    pub fn at(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        let at = (share * last as f64).round() as usize;
        f64::from(self.0.get(at).copied().unwrap_or(0)) / 1_000.0
    }

    pub fn told(&mut self) -> String {
        let [p50, p99, p999, most] = [0.5, 0.99, 0.999, 1.0].map(|share| self.at(share));
        format!("p50 {p50:.2} ms  p99 {p99:.2} ms  p99.9 {p999:.2} ms  max {most:.1} ms")
    }
}
