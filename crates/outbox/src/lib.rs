//! Room kept for outbox; its first content follows.
