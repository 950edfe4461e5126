//! The keys of a kiosk's earlier machines: what such a machine sealed may still come, from a stick or by an edge.
//! Invariants: a key is kept from the moment another takes its place, with who said that it counts; the key in use is never among
//! them. Not here: what a manifest of such a key is answered (`crate::kiosk_api::submissions`).

use super::StoreError;
use super::kiosks::By;
use domain::ids::KioskId;
use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, params};
use serde_json::json;

/// The key of an earlier machine.
#[derive(Clone, Debug)]
pub struct Former {
    /// It signed that machine's manifests.
    pub key: VerifyingKey,
    /// An administrator takes what it signed.
    pub accepted: bool,
}

/// Another machine takes this kiosk's place, by this key (hex): the one before becomes a former one.
///
/// # Errors
/// The store's.
pub fn replace(connection: &Connection, by: By<'_>, id: &KioskId, key: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO former_kiosk_key (kiosk, key, until)
             SELECT id, device_key, $1 FROM kiosk WHERE id = $2 AND device_key <> $3",
        )?
        .execute(params![by.now.as_millisecond(), id.as_str(), key])?;
    connection
        .prepare_cached("DELETE FROM former_kiosk_key WHERE kiosk = $1 AND key = $2")?
        .execute(params![id.as_str(), key])?;
    Ok(())
}

/// The former keys of a kiosk, latest first.
///
/// # Errors
/// The store's.
pub fn former(connection: &Connection, id: &KioskId) -> Result<Vec<Former>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT key, accepted FROM former_kiosk_key WHERE kiosk = $1 ORDER BY until DESC, key")?;
    let rows = statement.query_map(params![id.as_str()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let mut keys = Vec::new();
    for row in rows {
        let (text, accepted) = row?;
        let bytes = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        keys.push(Former { key: key.ok_or(StoreError::Damaged("key of a kiosk"))?, accepted });
    }
    Ok(keys)
}

/// What the earlier machines of this kiosk have signed is taken from now on; gives how many there were. A later machine that is
/// replaced needs another word.
///
/// # Errors
/// The store's.
pub fn accept(connection: &Connection, by: By<'_>, id: &KioskId) -> Result<usize, StoreError> {
    let count = connection
        .prepare_cached("UPDATE former_kiosk_key SET accepted = 1 WHERE kiosk = $1")?
        .execute(params![id.as_str()])?;
    by.leaf(connection, id, "kiosk-former-accepted", json!({ "keys": count }))?;
    Ok(count)
}
