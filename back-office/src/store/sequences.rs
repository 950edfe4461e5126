//! Counters: tickets of a day, certificate numbers of a year. Invariant: a number is given once, by the transaction
//! that uses it.

use super::StoreError;
use jiff::civil::Date;
use rusqlite::{Connection, params};

/// The next number of a counter, from 1.
///
/// # Errors
/// The store's.
pub fn next(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    let value = connection
        .prepare_cached(
            "INSERT INTO sequence (name, value) VALUES ($1, 1)
             ON CONFLICT (name) DO UPDATE SET value = sequence.value + 1 RETURNING value",
        )?
        .query_row(params![name], |row| row.get(0))?;
    Ok(value)
}

/// The day's next waiting ticket: `A001` to `A999`, then `B001`.
///
/// # Errors
/// The store's.
pub fn next_ticket(connection: &Connection, today: Date) -> Result<String, StoreError> {
    let count = next(connection, &format!("ticket:{today}"))? - 1;
    let letter = usize::try_from(count / 999).unwrap_or(0) % 26;
    Ok(format!("{}{:03}", char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[letter]), count % 999 + 1))
}
