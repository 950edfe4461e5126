//! A wrapper that keeps personal data out of logs: its `Debug` prints nothing of the value.
//! Deliberately not here: encryption or wiping of memory; see `kiosk`'s draft store for keys.

use serde::{Deserialize, Serialize};

/// A value that belongs to a person. `Debug` shows `<personal>`; there is no `Display`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Gives the value, at the place where it is really needed. A reviewer can search for this word.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Unwraps the value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> std::fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<personal>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_value() {
        let shown = format!("{:?}", Sensitive::new("330304200002299988"));
        assert!(!shown.contains("3303"), "{shown}");
    }
}
