//! Room kept for admin-cli; its first content follows.
