//! What the kiosk without a face has said so far, over all its lives.

use std::collections::{BTreeMap, BTreeSet};

/// The journal, by submission id.
#[derive(Debug, Default)]
pub struct Journal {
    /// Last state named.
    pub state: BTreeMap<String, String>,
    /// Number of the errand.
    errand: BTreeMap<String, u64>,
    /// Whose person was told 已收件.
    pub told: BTreeSet<String>,
    /// Acknowledged on the kiosk.
    pub acked: BTreeSet<String>,
    /// The one filled in last.
    collecting: Option<String>,
}

impl Journal {
    /// Takes a line; gives the id and its state now.
    pub fn take(&mut self, line: &str) -> Option<(String, String)> {
        let words: Vec<&str> = line.split(' ').collect();
        let (id, state) = match words.as_slice() {
            ["COLLECTING", id, errand] => {
                self.errand.insert((*id).to_owned(), errand.parse().ok()?);
                self.collecting = Some((*id).to_owned());
                (*id, "COLLECTING")
            }
            ["told", id] => {
                self.told.insert((*id).to_owned());
                // The uplink may have been quicker than this line.
                if self.state.get(*id).is_some_and(|state| state != "COLLECTING") {
                    return None;
                }
                (*id, "SEALED")
            }
            ["state", state, id] => {
                if *state == "ACKED" {
                    self.acked.insert((*id).to_owned());
                }
                (*id, *state)
            }
            _ => return None,
        };
        self.state.insert(id.to_owned(), state.to_owned());
        Some((id.to_owned(), state.to_owned()))
    }

    /// The number of the next errand.
    pub fn next_errand(&self) -> u64 {
        self.errand.values().max().map_or(0, |last| last + 1)
    }

    /// The submission whose person was not told yet, with its errand.
    pub fn untold(&self) -> Option<(&String, u64)> {
        let id = self.collecting.as_ref().filter(|id| !self.told.contains(*id))?;
        Some((id, *self.errand.get(id)?))
    }
}
