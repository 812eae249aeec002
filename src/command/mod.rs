//! Commands: the catalogue read from `commands/`, the parser of one typed line, and the binding of a command to what the
//! desk understands. Knows no platform, and decides nothing: whether a request is allowed is for `domain::decide`.
