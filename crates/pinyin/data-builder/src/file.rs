//! Lays the lexicon file out. The reader's half of this contract is `pinyin::lexicon`, whose docstring describes the format.

/// Magic and version; raise the last byte with the format.
pub const MAGIC: &[u8; 8] = b"YMLEXIC\x01";

/// A cost in the file's unit: twelfths of a nat, rounded.
pub fn nats(nats: f64) -> i32 {
    (nats * 12.0).round() as i32
}

/// A cost as one byte.
pub fn byte(cost: i32) -> u8 {
    cost.clamp(0, 255) as u8
}

/// Sections in their fixed order, with a table of their lengths before them.
pub fn assemble(sections: &[Vec<u8>]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    out.extend((sections.len() as u32).to_le_bytes());
    for section in sections {
        out.extend((section.len() as u32).to_le_bytes());
    }
    for section in sections {
        out.extend(section);
    }
    out
}

/// A character as three bytes.
pub fn push_char(out: &mut Vec<u8>, ch: char) {
    out.extend(&(ch as u32).to_le_bytes()[..3]);
}
