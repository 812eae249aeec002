//! Reports: figures, digests, lists that people read, exports. Reads the store, writes nothing to it.
