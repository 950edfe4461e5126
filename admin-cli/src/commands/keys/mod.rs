//! `yimenctl keys`: the signed list of keys that kiosks seal to.
//! Invariants: the list is written only with the bureau's list key, which lies outside the office; a key that is in the list
//! stays in it, so that the office can tell how late something comes; no private key is ever deleted here.

mod list;
mod rotate;

use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use age::secrecy::ExposeSecret as _;
use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use wire::bureau::Bureau;
use wire::digest::Digest;
use wire::key_list::{KeyList, KeyRole, ListedKey, VERSION};
use wire::signature::Signed;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Make a new branch key, or a new recovery key; the old one ends after an overlap.
    Rotate(rotate::Arguments),
    /// Show the keys of the list.
    List(list::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Rotate(arguments) => rotate::run(arguments, output),
            Self::List(arguments) => list::run(arguments, output),
        }
    }
}

/// Days of a branch key; a year, and a month to rotate in.
const BRANCH_DAYS: i64 = 395;
/// Days of a recovery key.
const RECOVERY_DAYS: i64 = 3650;
/// So many days before its end the last recovery key is spoken of.
const RECOVERY_SOON: i64 = 365;

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// Makes an age identity in a new file; gives its public recipient.
pub fn identity(path: &Path, purpose: &str) -> Result<String, Failure> {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let text = format!("# {purpose}\n# public key: {recipient}\n{}\n", identity.to_string().expose_secret());
    files::write_new(path, &text, true)?;
    Ok(recipient)
}

/// The first list of a new bureau.
pub fn first_list(
    folder: &Path,
    bureau: &Bureau,
    [branch, recovery]: [String; 2],
    catalogues: Vec<Digest>,
) -> Result<(), Failure> {
    let now = ambient::now();
    // A kiosk's clock may be a little behind.
    let not_before = now - days(1);
    let key = |recipient, role, length| ListedKey { recipient, role, not_before, not_after: now + days(length) };
    let keys = vec![key(branch, KeyRole::Branch, BRANCH_DAYS), key(recovery, KeyRole::Recovery, RECOVERY_DAYS)];
    write(folder, &KeyList { v: VERSION, station: bureau.station.clone(), issued_at: now, keys, catalogues })
}

pub fn bureau(folder: &Path) -> Result<Bureau, Failure> {
    Ok(toml::from_str(&files::read(&folder.join("office/bureau.toml"))?).context("office/bureau.toml")?)
}

/// The list as it stands, verified.
pub fn read(folder: &Path, bureau: &Bureau) -> Result<KeyList, Failure> {
    let path = folder.join("office/keys/recipients.json");
    let signed: Signed = serde_json::from_str(&files::read(&path)?).with_context(|| path.display().to_string())?;
    let public = files::public_key(&bureau.list_key).context("bureau.toml: list_key")?;
    Ok(KeyList::open(&signed, &public, &bureau.station).map_err(anyhow::Error::new)?)
}

/// Signs the list and puts it in the place of the one before.
pub fn write(folder: &Path, list: &KeyList) -> Result<(), Failure> {
    let pem = files::read(&folder.join("authority/list.key.pem"))?;
    let key = SigningKey::from_pkcs8_pem(&pem).map_err(|_| anyhow!("authority/list.key.pem is no Ed25519 key"))?;
    let signed = Signed::sign(list, &key).map_err(anyhow::Error::new)?;
    let text = serde_json::to_string(&signed).map_err(anyhow::Error::new)?;
    files::replace(&folder.join("office/keys/recipients.json"), &text)
}

/// When the next list is made: kiosks refuse what is not newer, whatever this machine's clock says.
pub fn next_moment(list: &KeyList) -> Timestamp {
    ambient::now().max(list.issued_at + SignedDuration::from_secs(1))
}

/// What is to be said of the recovery keys. After the last day of the last one kiosks go on and seal to the branch alone: a
/// disaster from then on leaves nothing that opens it.
fn recovery_warning(list: &KeyList, now: Timestamp) -> Option<String> {
    let recovery = || list.keys.iter().filter(|key| key.role == KeyRole::Recovery);
    let last = recovery().map(|key| key.not_after).max();
    let what = match last {
        Some(last) if last < now => {
            format!(
                "the last recovery key ended on {}: what was sealed since then opens with branch keys alone",
                day(last)
            )
        }
        Some(last) if last < now + days(RECOVERY_SOON) => format!("the last recovery key ends on {}", day(last)),
        Some(_) if recovery().any(|key| key.valid(now)) => return None,
        Some(_) | None => "no recovery key is valid now: what is sealed opens with branch keys alone".to_owned(),
    };
    Some(format!("{what}. Make the next one: yimenctl keys rotate --recovery"))
}

/// A moment as a day, for people.
fn day(moment: Timestamp) -> String {
    jiff::tz::offset(8).to_datetime(moment).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::StationId;

    fn warned(ends: &[(i64, i64)], now: i64) -> String {
        let at = |day: i64| Timestamp::UNIX_EPOCH + days(20_000 + day);
        let key = |role, from, until| ListedKey {
            recipient: "age1".to_owned(),
            role,
            not_before: at(from),
            not_after: at(until),
        };
        let mut keys = vec![key(KeyRole::Branch, 0, 9999)];
        keys.extend(ends.iter().map(|(from, until)| key(KeyRole::Recovery, *from, *until)));
        let list =
            KeyList { v: VERSION, station: StationId::new("yunqiao"), issued_at: at(0), keys, catalogues: Vec::new() };
        recovery_warning(&list, at(now)).unwrap_or_default()
    }

    #[test]
    fn the_last_day_of_the_recovery_key_is_told_a_year_before_and_ever_after() {
        assert_eq!(warned(&[(0, 3650)], 3285), "");
        assert!(warned(&[(0, 3650)], 3286).contains("ends on"));
        assert!(warned(&[(0, 3650)], 3651).contains("ended on"));
        assert_eq!(warned(&[(0, 3650), (3300, 7000)], 3640), "", "there is a next one");
        for none in [&[][..], &[(500, 4000)]] {
            assert!(warned(none, 10).contains("no recovery key is valid now"));
        }
    }
}
