//! Room kept for devices; its first content follows.
