//! `yimenctl keys rotate`: a new branch key, or with `--recovery` a new recovery key, valid from now or from a day on; keys of the
//! same role that are in force end after an overlap. The office sees both without a restart; kiosks fetch the list within the hour.

use super::{BRANCH_DAYS, RECOVERY_DAYS, bureau, day, days, identity, next_moment, read, recovery_warning, write};
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use jiff::civil::Date;
use std::path::PathBuf;
use wire::envelope::recipient_id;
use wire::key_list::{KeyRole, ListedKey};

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder, with `authority/` brought back for this.
    folder: PathBuf,
    /// The key in the safe instead of the branch's.
    #[arg(long)]
    recovery: bool,
    /// First day of the new key (China's day); now when absent.
    #[arg(long)]
    from: Option<Date>,
    /// Days for which the old key stays valid beside the new one: longer than a kiosk may be without the new list.
    #[arg(long, default_value_t = 14)]
    overlap_days: u16,
    /// Days for which the new key is valid; 395, or 3650 for a recovery key.
    #[arg(long)]
    valid_days: Option<u16>,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { folder, recovery, from, overlap_days, valid_days } = arguments;
    let bureau = bureau(&folder)?;
    let mut list = read(&folder, &bureau)?;
    let now = ambient::now();
    let from = match from {
        None => now,
        Some(date) => jiff::tz::offset(8)
            .to_timestamp(date.at(0, 0, 0, 0))
            .map_err(|_| Failure::Usage(format!("{date} is no day")))?
            .max(now),
    };
    let (role, place, purpose, length) = match recovery {
        false => (KeyRole::Branch, "office/keys/branch", "the branch: opens what kiosks send", BRANCH_DAYS),
        true => (KeyRole::Recovery, "recovery", "recovery: keep it away from this machine, in a safe", RECOVERY_DAYS),
    };
    let place = folder.join(place);
    files::make_folder(&place)?;
    files::only_owner(&place)?;
    let aside = place.join("new.age.part");
    let recipient = identity(&aside, purpose)?;
    let named = place.join(format!("{}.age", recipient_id(&recipient)));
    files::rename(&aside, &named)?;
    let end = from + days(i64::from(overlap_days));
    for key in list.keys.iter_mut().filter(|key| key.role == role) {
        key.not_after = key.not_after.min(end);
    }
    let not_after = from + days(valid_days.map_or(length, i64::from));
    list.keys.push(ListedKey { recipient: recipient.clone(), role, not_before: from, not_after });
    list.issued_at = next_moment(&list);
    write(&folder, &list)?;
    let warnings: Vec<String> = recovery_warning(&list, now).into_iter().collect();
    let shown = serde_json::json!({
        "ok": true, "recipient": recipient, "identity": named, "list": list, "warnings": warnings,
    });
    output.show(&shown, || {
        let keep = match recovery {
            false => format!(
                "Keep every file in {}: what was sealed to an old key is opened for 180 days after its end.",
                place.display()
            ),
            true => format!(
                "Carry {} to the safe, beside those before it: what was sealed to an old key opens with that one.",
                named.display()
            ),
        };
        let warned: String = warnings.iter().map(|warning| format!("\nWarning: {warning}")).collect();
        format!(
            "A new key is valid from {} to {}; the keys before it end on {} at the latest.\n{keep}\nLock authority/ up \
             again.{warned}",
            day(from),
            day(not_after),
            day(end),
        )
    });
    Ok(())
}
