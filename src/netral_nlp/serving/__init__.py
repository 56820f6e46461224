"""Pages for people on this computer: who gets in, what is refused, and how a server begins to answer."""
