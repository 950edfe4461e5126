//! Room kept for kiosk; its first content follows.
