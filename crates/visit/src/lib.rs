//! Room kept for visit; its first content follows.
