//! Room kept for pinyin; its first content follows.
