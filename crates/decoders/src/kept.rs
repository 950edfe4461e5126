//! What a kiosk keeps for its person across a restart, inside an encrypted draft.

use crate::json::again;
use visit::Draft;

/// A draft's content: it reads back whole, or not at all.
pub(crate) fn draft(bytes: &[u8]) {
    again::<Draft>(bytes);
}
