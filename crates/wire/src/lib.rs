//! What crosses the network; its first content follows.
