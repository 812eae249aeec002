//! Connectors to social networks, one file or folder each, all the same shape.
