//! Changes bytes at random, by a seed: for the short run inside the ordinary tests, where no fuzzing engine is.
//! Not here: coverage; `make fuzz` has it.

/// Small numbers from a seed (xorshift64*).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The same seed throws the same numbers.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// One of `0..below`; 0 when there is none.
    pub fn below(&mut self, below: usize) -> usize {
        let below = u64::try_from(below.max(1)).unwrap_or(1);
        usize::try_from(self.next() % below).unwrap_or(0)
    }
}

/// Words that decoders look for, and numbers at edges.
const WORDS: [&str; 16] = [
    "null",
    "true",
    "-1",
    "0",
    "18446744073709551615",
    "1e400",
    "\"\"",
    "{}",
    "[]",
    ",",
    "\u{2014} ",
    "门",
    "\u{0}",
    "9999-12-31T23:59:59Z",
    "=",
    "\n\n",
];

/// Longest input that is made.
const LONGEST: usize = 64 * 1024;

/// Changes `bytes` in one to four places; `other` is what pieces are taken from.
pub fn mutate(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(16)).min(bytes.len());
        match dice.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => drop(bytes.splice(at..at, WORDS[dice.below(WORDS.len())].bytes())),
            5 => drop(bytes.splice(at..end, WORDS[dice.below(WORDS.len())].bytes())),
            6 => {
                let piece = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            _ => {
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(64)).min(other.len());
                drop(bytes.splice(at..end, other[from..to].iter().copied()));
            }
        }
    }
    bytes.truncate(LONGEST);
}
