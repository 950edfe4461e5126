//! Room kept for documents; its first content follows.
