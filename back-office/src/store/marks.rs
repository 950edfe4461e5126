//! What officers have checked on a case: papers against originals, points of the list, the person.
//! Invariants: one mark a case, kind and name; who and when belong to it; setting and clearing leave audit leaves
//! (the caller's job writes them). No personal data: names are keys of papers and codes of checks.

use super::cases::Case;
use super::{StoreError, instant};
use domain::ids::{CaseId, OfficerId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// What a mark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// A paper compared with the original.
    Paper,
    /// A point of the list.
    Check,
    /// The person.
    Person,
}

impl About {
    fn word(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Check => "check",
            Self::Person => "person",
        }
    }
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What was found, e.g. `done`, `same`.
    pub value: String,
    /// By whom.
    pub officer: OfficerId,
    /// When.
    pub at: Timestamp,
}

/// All marks of a case.
#[derive(Clone, Debug, Default)]
pub struct Marks(Vec<(String, String, Mark)>);

impl Marks {
    /// The mark about a thing.
    pub fn get(&self, about: About, name: &str) -> Option<&Mark> {
        self.0.iter().find(|(kind, own, _)| kind == about.word() && own == name).map(|(_, _, mark)| mark)
    }
}

/// The marks of a case.
///
/// # Errors
/// The store's.
pub fn of(connection: &Connection, case: CaseId) -> Result<Marks, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT kind, name, value, officer, at FROM mark WHERE case_id = $1")?;
    let rows = statement.query_map(params![case.to_string()], |row| {
        let mark =
            Mark { value: row.get(2)?, officer: OfficerId::new(row.get::<_, String>(3)?), at: instant(row.get(4)?) };
        Ok((row.get(0)?, row.get(1)?, mark))
    })?;
    Ok(Marks(rows.collect::<Result<_, _>>()?))
}

/// Sets a mark, or replaces it.
///
/// # Errors
/// The store's.
pub fn set(connection: &Connection, case: &Case, about: About, name: &str, mark: &Mark) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO mark (case_id, kind, name, value, officer, at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (case_id, kind, name) DO UPDATE SET value = excluded.value, officer = excluded.officer,
             at = excluded.at",
        )?
        .execute(params![
            case.id.to_string(),
            about.word(),
            name,
            mark.value,
            mark.officer.as_str(),
            mark.at.as_millisecond()
        ])?;
    Ok(())
}

/// Takes a mark away.
///
/// # Errors
/// The store's.
pub fn clear(connection: &Connection, case: &Case, about: About, name: &str) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM mark WHERE case_id = $1 AND kind = $2 AND name = $3")?.execute(params![
        case.id.to_string(),
        about.word(),
        name
    ])?;
    Ok(())
}
