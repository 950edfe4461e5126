//! How much the outbox may hold: a share of its disk, never a number of items.
//! Invariant: reaching the limit refuses new visits and drops nothing; a visit under way still finds the reserve.
//! Not here: asking the disk (`kiosk::store`).

/// Tenths of the limit at which those who run the kiosk are told.
const WARN_TENTHS: u64 = 8;

/// Which part of the disk the outbox may fill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Share of what is free and what the outbox holds together, above 0, at most 1.
    pub share: f64,
    /// Bytes that stay free whatever the share says: the visit under way must be able to end (已收件).
    pub reserve: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { share: 0.5, reserve: 64 << 20 }
    }
}

impl Budget {
    /// The limit in bytes, from what is free on the disk now and what the outbox holds on it. As what it holds grows what is
    /// free shrinks, so the limit stands still unless others fill or clear the disk.
    pub fn limit(&self, free: u64, held: u64) -> u64 {
        let all = free.saturating_add(held);
        let share = (all as f64 * self.share.clamp(0.0, 1.0)) as u64;
        share.min(all.saturating_sub(self.reserve))
    }
}

/// How full the outbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Items whose content is still here.
    pub items: usize,
    /// Their bytes of ciphertext.
    pub bytes: u64,
    /// Bytes it may hold.
    pub limit: u64,
    /// At four fifths of the limit: tell those who run the kiosk.
    pub nearly_full: bool,
    /// At the limit.
    pub full: bool,
    /// Something waits longer than the longest offline time.
    pub too_old: bool,
}

impl Load {
    /// From the sums.
    pub(crate) const fn of(items: usize, bytes: u64, limit: u64, too_old: bool) -> Self {
        // Divided first: a limit may be as large as the number is wide.
        let warn = limit / 10 * WARN_TENTHS;
        Self { items, bytes, limit, nearly_full: bytes >= warn, full: bytes >= limit, too_old }
    }

    /// No new visit is begun; what is here stays, and a visit under way ends as usual.
    pub const fn refuse_new(&self) -> bool {
        self.full || self.too_old
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1 << 30;

    #[test]
    fn the_limit_is_a_share_that_stands_still_while_the_outbox_grows_and_keeps_the_reserve() {
        let budget = Budget::default();
        assert_eq!(budget.limit(100 * GB, 0), 50 * GB);
        assert_eq!(budget.limit(80 * GB, 20 * GB), 50 * GB);
        // Others filled the disk: what is held stays, nothing new is begun.
        assert_eq!(budget.limit(GB, 20 * GB), 10 * GB + GB / 2);
        let all = Budget { share: 1.0, ..budget };
        assert_eq!(all.limit(10 * GB, 0), 10 * GB - budget.reserve);
        assert_eq!(all.limit(budget.reserve, 3 * GB), 3 * GB, "full as soon as only the reserve is left");
        assert_eq!(all.limit(5, 0), 0);
        assert_eq!(all.limit(u64::MAX, u64::MAX), u64::MAX - budget.reserve);
    }

    #[test]
    fn it_warns_at_four_fifths_and_is_full_at_the_limit() {
        let load = |bytes| {
            let load = Load::of(1, bytes, 1000, false);
            (load.nearly_full, load.refuse_new())
        };
        assert_eq!(load(799), (false, false));
        assert_eq!(load(800), (true, false));
        assert_eq!(load(999), (true, false));
        assert_eq!(load(1000), (true, true));
        assert!(!Load::of(10_000, 0, u64::MAX, false).nearly_full, "a number of items fills nothing");
    }
}
