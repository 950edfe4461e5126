//! Room kept for tests; its first content follows.
