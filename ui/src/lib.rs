//! Room kept for ui; its first content follows.
