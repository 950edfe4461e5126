//! Room kept for services-catalog; its first content follows.
