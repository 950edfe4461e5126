//! Room kept for back-office; its first content follows.
