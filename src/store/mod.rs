//! Stores: sled (the embedded default) and memory (tests), behind `port::store::Store`. One contract suite for all.
