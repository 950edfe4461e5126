//! `yimenctl keys rotate`: a new branch key, valid from now or from a day on; keys in force end after an overlap.
//! The office sees both without a restart; kiosks fetch the list within the hour.

use super::{bureau, day, days, identity, read, write};
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
    /// First day of the new key (China's day); now when absent.
    #[arg(long)]
    from: Option<Date>,
    /// Days for which the old key stays valid beside the new one: longer than a kiosk may be without the new list.
    #[arg(long, default_value_t = 14)]
    overlap_days: u16,
    /// Days for which the new key is valid.
    #[arg(long, default_value_t = 395)]
    valid_days: u16,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { folder, from, overlap_days, valid_days } = arguments;
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
    let former = folder.join("office/keys/branch");
    files::make_folder(&former)?;
    files::only_owner(&former)?;
    let aside = former.join("new.age.part");
    let recipient = identity(&aside, "the branch: opens what kiosks send")?;
    let named = former.join(format!("{}.age", recipient_id(&recipient)));
    files::rename(&aside, &named)?;
    let end = from + days(i64::from(overlap_days));
    for key in list.keys.iter_mut().filter(|key| key.role == KeyRole::Branch) {
        key.not_after = key.not_after.min(end);
    }
    let not_after = from + days(i64::from(valid_days));
    list.keys.push(ListedKey { recipient: recipient.clone(), role: KeyRole::Branch, not_before: from, not_after });
    // Kiosks refuse what is not newer, whatever this machine's clock says.
    list.issued_at = now.max(list.issued_at + jiff::SignedDuration::from_secs(1));
    write(&folder, &list)?;
    let shown = serde_json::json!({ "ok": true, "recipient": recipient, "identity": named, "list": list });
    output.show(&shown, || {
        format!(
            "A new key is valid from {} to {}; the keys before it end on {}.\nKeep every file in {}: what was sealed to an \
             old key is opened for 180 days after its end.\nLock authority/ up again.",
            day(from),
            day(not_after),
            day(end),
            former.display()
        )
    });
    Ok(())
}
