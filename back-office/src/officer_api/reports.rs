//! Figures for those who answer for a station: today's board, volumes beside the year before, ratings.
//! Invariants: sums of the reader's own branches and stations only; days are the station's days; every percentage comes
//! with its base and the words of its rounding. Not here: rounding (`domain::volume`).

use super::door::FromOfficer;
use super::shapes::{Rows, branch_names, branch_row};
use crate::office::{Office, china_day, china_time};
use crate::problem::ApiProblem;
use crate::rights::Action;
use crate::store::cases::{self, Case, Scopes};
use crate::store::tickets::{self, State};
use crate::store::{StoreError, ratings, reports};
use axum::Json;
use axum::extract::{Query, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::case::deadline::{Days, Group, deadline};
use domain::ids::{BranchId, OfficerId};
use domain::volume::{Percent, ROUNDING_ZH, Volume};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Serialize, Default)]
struct BranchBoard {
    branch: String,
    branch_name: String,
    /// Numbers that wait.
    waiting: u64,
    /// Cases that are not ended.
    open: u64,
    overdue: u64,
    decided_today: u64,
}

#[derive(Serialize)]
struct OfficerBoard {
    officer: OfficerId,
    officer_name: String,
    holding: u64,
    decided_today: u64,
}

/// `GET /v1/report/board`.
#[derive(Serialize)]
pub(super) struct Board {
    waiting: u64,
    longest_wait_minutes: i64,
    open: u64,
    overdue: u64,
    by_branch: Vec<BranchBoard>,
    by_officer: Vec<OfficerBoard>,
    now: Timestamp,
}

/// The first moment of a day at the station.
fn begins(day: Date) -> Result<Timestamp, ApiProblem> {
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    jiff::tz::offset(8).to_timestamp(midnight).map_err(|_| ApiProblem::malformed("no such day"))
}

/// `GET /v1/report/board`.
pub(super) async fn board(Shared(office): Shared<Arc<Office>>, from: FromOfficer) -> Result<Json<Board>, ApiProblem> {
    let (now, scopes) = (ambient::now(), from.rights.scopes(Action::Report));
    let (today, since) = (china_day(now), begins(china_day(now))?);
    let (open, numbers, decided) = office
        .store
        .read::<_, StoreError>(move |c| {
            Ok((
                cases::within(c, &scopes, false)?,
                tickets::within(c, &scopes, today)?,
                reports::decided_since(c, &scopes, since)?,
            ))
        })
        .await?;
    let config = &office.loaded.config;
    let overdue = |case: &Case| {
        let days = Days { status: case.status, due_on: case.due_on, supplement_by: case.supplement_by };
        deadline(days, china_time(now), config.workbench.closing, &config.calendar).group == Group::Overdue
    };
    let (names, mut rows) = (branch_names(&office), Rows::at(&office, now));
    let mut branches: BTreeMap<BranchId, BranchBoard> = BTreeMap::new();
    let mut officers: BTreeMap<OfficerId, (u64, u64)> = BTreeMap::new();
    for case in &open {
        let branch = branches.entry(case.branch.clone()).or_default();
        branch.open += 1;
        branch.overdue += u64::from(overdue(case));
        if let Some(holder) = case.holder_at(now) {
            officers.entry(holder.clone()).or_default().0 += 1;
        }
    }
    let mut longest = 0;
    for ticket in numbers.iter().filter(|ticket| ticket.state == State::Waiting) {
        branches.entry(ticket.branch.clone()).or_default().waiting += 1;
        longest = longest.max(now.duration_since(ticket.drawn_at).as_mins());
    }
    for (branch, officer, count) in decided {
        branches.entry(branch).or_default().decided_today += count;
        officers.entry(officer).or_default().1 += count;
    }
    let by_branch: Vec<BranchBoard> = branches
        .into_iter()
        .map(|(id, board)| BranchBoard { branch_name: branch_row(&names, &id).name, branch: id.to_string(), ..board })
        .collect();
    Ok(Json(Board {
        waiting: by_branch.iter().map(|branch| branch.waiting).sum(),
        longest_wait_minutes: longest,
        open: by_branch.iter().map(|branch| branch.open).sum(),
        overdue: by_branch.iter().map(|branch| branch.overdue).sum(),
        by_officer: officers
            .into_iter()
            .map(|(officer, (holding, decided_today))| OfficerBoard {
                officer_name: rows.officer(&officer),
                officer,
                holding,
                decided_today,
            })
            .collect(),
        by_branch,
        now,
    }))
}

/// The days of a report; from the first of January until today when not said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    from: Option<Date>,
    until: Option<Date>,
}

/// Both ends count.
#[derive(Clone, Copy)]
struct Whole {
    from: Date,
    until: Date,
}

impl Period {
    fn whole(&self) -> Result<Whole, ApiProblem> {
        let until = self.until.unwrap_or_else(|| china_day(ambient::now()));
        let from = self.from.unwrap_or_else(|| until.first_of_year());
        if from > until {
            return Err(ApiProblem::malformed("`from` lies after `until`"));
        }
        Ok(Whole { from, until })
    }
}

impl Whole {
    /// The same days a year before; 29 February becomes the 28th.
    fn year_before(self) -> Result<Self, ApiProblem> {
        let back = |day: Date| {
            day.checked_sub(Span::new().years(1)).map_err(|_| ApiProblem::malformed("there is no year before"))
        };
        Ok(Self { from: back(self.from)?, until: back(self.until)? })
    }

    fn moments(self) -> Result<(Timestamp, Timestamp), ApiProblem> {
        let after = self.until.tomorrow().map_err(|_| ApiProblem::malformed("no day after `until`"))?;
        Ok((begins(self.from)?, begins(after)?))
    }
}

#[derive(Serialize)]
struct VolumeRow {
    item: String,
    count: u64,
    base: u64,
    delta: i64,
    percent: Option<Percent>,
}

/// `GET /v1/report/volume`.
#[derive(Serialize)]
pub(super) struct Volumes {
    rows: Vec<VolumeRow>,
    total: VolumeRow,
    rounding_words: &'static str,
    from: Date,
    until: Date,
    base_from: Date,
    base_until: Date,
}

fn volume_row(item: String, volume: Volume) -> VolumeRow {
    VolumeRow {
        item,
        count: volume.count,
        base: volume.base,
        delta: i64::try_from(volume.delta()).unwrap_or(i64::MAX),
        percent: volume.percent(),
    }
}

async fn volumes(office: &Office, scopes: Scopes, period: &Period) -> Result<Volumes, ApiProblem> {
    let whole = period.whole()?;
    let before = whole.year_before()?;
    let (this, that) = (whole.moments()?, before.moments()?);
    let (now, then) = office
        .store
        .read::<_, StoreError>(move |c| {
            Ok((reports::received(c, &scopes, this.0, this.1)?, reports::received(c, &scopes, that.0, that.1)?))
        })
        .await?;
    let mut found: BTreeMap<String, (String, Volume)> = BTreeMap::new();
    for (service, title, count) in now {
        found.insert(service, (title, Volume { count, base: 0 }));
    }
    for (service, title, base) in then {
        found.entry(service).or_insert((title, Volume { count: 0, base: 0 })).1.base = base;
    }
    let total = found.values().fold(Volume { count: 0, base: 0 }, |all, (_, own)| Volume {
        count: all.count + own.count,
        base: all.base + own.base,
    });
    Ok(Volumes {
        rows: found.into_values().map(|(title, volume)| volume_row(title, volume)).collect(),
        total: volume_row("合计".to_owned(), total),
        rounding_words: ROUNDING_ZH,
        from: whole.from,
        until: whole.until,
        base_from: before.from,
        base_until: before.until,
    })
}

/// `GET /v1/report/volume`.
pub(super) async fn volume(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Query(period): Query<Period>,
) -> Result<Json<Volumes>, ApiProblem> {
    volumes(&office, from.rights.scopes(Action::Report), &period).await.map(Json)
}

/// `GET /v1/report/volume.csv`.
pub(super) async fn volume_csv(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Query(period): Query<Period>,
) -> Result<Response, ApiProblem> {
    let volumes = volumes(&office, from.rights.scopes(Action::Report), &period).await?;
    let file = format!("attachment; filename=\"volume-{}-{}.csv\"", volumes.from, volumes.until);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, sheet(&volumes)).into_response())
}

/// A cell that a spreadsheet takes as words, whatever it begins with.
fn words(text: &str) -> String {
    let safe = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", safe.replace('"', "\"\""))
}

/// The table as CSV, behind the mark by which a spreadsheet knows UTF-8.
fn sheet(volumes: &Volumes) -> String {
    let mut text = format!(
        "\u{feff}事项,本期（{} 至 {}）,上年同期（{} 至 {}）,增减,增减百分比\r\n",
        volumes.from, volumes.until, volumes.base_from, volumes.base_until
    );
    for row in volumes.rows.iter().chain([&volumes.total]) {
        let percent = row.percent.map(|percent| percent.to_string()).unwrap_or_default();
        text.push_str(&format!("{},{},{},{},{percent}\r\n", words(&row.item), row.count, row.base, row.delta));
    }
    text.push_str(&format!("{},,,,\r\n", words(volumes.rounding_words)));
    text
}

#[derive(Serialize)]
struct RatingRow {
    item: String,
    count: u64,
    /// With two decimals, rounded half away from zero.
    average: f64,
    /// One star to five.
    stars: [u64; 5],
}

/// `GET /v1/report/ratings`.
#[derive(Serialize)]
pub(super) struct RatingReport {
    rows: Vec<RatingRow>,
    total: Option<RatingRow>,
    from: Date,
    until: Date,
}

fn rating_row(item: &str, stars: [u64; 5]) -> Option<RatingRow> {
    let count: u64 = stars.iter().sum();
    let sum: u64 = stars.iter().zip(1..).map(|(count, star)| count * star).sum();
    // Whole numbers until the last step: hundredths, half away from zero.
    let hundredths = (sum * 200 + count).checked_div(count * 2)?;
    let average = f64::from(u32::try_from(hundredths).ok()?) / 100.0;
    Some(RatingRow { item: item.to_owned(), count, average, stars })
}

/// `GET /v1/report/ratings`.
pub(super) async fn ratings(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Query(period): Query<Period>,
) -> Result<Json<RatingReport>, ApiProblem> {
    let (whole, scopes) = (period.whole()?, from.rights.scopes(Action::Report));
    let (begin, end) = whole.moments()?;
    let rated = office.store.read::<_, StoreError>(move |c| ratings::between(c, &scopes, begin, end)).await?;
    let (mut all, mut by_title) = ([0; 5], BTreeMap::<String, [u64; 5]>::new());
    for rated in rated {
        let own = by_title.entry(rated.title).or_default();
        if let Some(place) = usize::from(rated.stars).checked_sub(1).filter(|place| *place < 5) {
            own[place] += rated.count;
            all[place] += rated.count;
        }
    }
    Ok(Json(RatingReport {
        rows: by_title.iter().filter_map(|(title, stars)| rating_row(title, *stars)).collect(),
        total: rating_row("合计", all),
        from: whole.from,
        until: whole.until,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_year_before_has_the_same_days_and_no_29_february() {
        let whole = Whole { from: date(2028, 2, 29), until: date(2028, 3, 1) };
        let before = whole.year_before().unwrap();
        assert_eq!((before.from, before.until), (date(2027, 2, 28), date(2027, 3, 1)));
        let (begin, end) = whole.moments().unwrap();
        assert_eq!(begin.to_string(), "2028-02-28T16:00:00Z");
        assert_eq!(end.to_string(), "2028-03-01T16:00:00Z");
        assert!(Period { from: Some(date(2026, 2, 2)), until: Some(date(2026, 2, 1)) }.whole().is_err());
    }

    #[test]
    fn a_cell_is_never_a_formula_and_an_average_is_rounded_once() {
        assert_eq!(words("=1+1"), "\"'=1+1\"");
        assert_eq!(words("a\"b"), "\"a\"\"b\"");
        assert_eq!(rating_row("x", [0, 0, 1, 0, 2]).unwrap().average, 4.33);
        assert_eq!(rating_row("x", [1, 0, 0, 0, 1]).unwrap().average, 3.0);
        assert!(rating_row("x", [0; 5]).is_none());
    }
}
