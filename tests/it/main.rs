//! The integration tests, as one binary: stories a person would see, contract suites, recovery.
