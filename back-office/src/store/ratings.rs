//! What people say of the service they got: one to five, once for each submission; the last word counts.
//! Invariant: reported in sums only. Not here: asking (the kiosk).

use super::cases::Scopes;
use super::{StoreError, audit};
use domain::ids::{KioskId, SubmissionId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Stores a rating with its leaf; how many stars is not in the log.
///
/// # Errors
/// The store's.
pub fn give(
    connection: &Connection,
    kiosk: &KioskId,
    submission: SubmissionId,
    stars: u8,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO rating (submission, stars, at) VALUES ($1, $2, $3)
             ON CONFLICT (submission) DO UPDATE SET stars = excluded.stars, at = excluded.at",
        )?
        .execute(params![submission.to_string(), stars, now.as_millisecond()])?;
    let (actor, object) = (format!("kiosk:{kiosk}"), format!("submission:{submission}"));
    audit::append(connection, now, &actor, "rating-given", &object, serde_json::json!({}))
}

/// How often a service got so many stars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// The service's name.
    pub title: String,
    /// One to five.
    pub stars: u8,
    /// How often.
    pub count: u64,
}

/// Ratings of these scopes between two moments.
///
/// # Errors
/// The store's.
pub fn between(
    connection: &Connection,
    scopes: &Scopes,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Rated>, StoreError> {
    let mut statement = connection.prepare_cached(
        // A supplement has no case of its own: it is rated for the case that it was brought for.
        "SELECT MAX(c.title), r.stars, COUNT(*) FROM rating r JOIN office_case c ON c.id = COALESCE(
             (SELECT case_id FROM supplement WHERE submission = r.submission),
             (SELECT id FROM office_case WHERE submission = r.submission))
         WHERE r.at >= $1 AND r.at < $2 AND c.branch || '|' || c.station IN (SELECT value FROM json_each($3))
         GROUP BY c.service, r.stars ORDER BY 1, 2",
    )?;
    let rows = statement.query_map(params![from.as_millisecond(), until.as_millisecond(), scopes.text()?], |row| {
        Ok(Rated { title: row.get(0)?, stars: row.get(1)?, count: row.get::<_, u32>(2)?.into() })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
