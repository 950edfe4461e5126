//! What goes over the officers' door, as JSON: who is signed in, and a case in a list. Described in `schemas`.
//! Invariant: an applicant's name is shown from memory when it is known there, and is in no column.

use crate::office::{Office, china_time};
use crate::officers::Officer;
use crate::rights::{Action, Role};
use crate::sessions::Way;
use crate::store::cases::Case;
use domain::case::deadline::{Days, Deadline, deadline};
use domain::case::{Kind, Status};
use domain::ids::{BranchId, CaseId, OfficerId, ServiceId, StationId, SubmissionId};
use domain::sensitive::Sensitive;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// A branch with its name.
#[derive(Clone, Serialize)]
pub(super) struct BranchRow {
    pub(super) id: BranchId,
    pub(super) name: String,
}

/// Names of all branches of the catalogue.
pub(super) fn branch_names(office: &Office) -> BTreeMap<BranchId, String> {
    office.services.branches().into_iter().collect()
}

pub(super) fn branch_row(names: &BTreeMap<BranchId, String>, id: &BranchId) -> BranchRow {
    BranchRow { id: id.clone(), name: names.get(id).cloned().unwrap_or_else(|| id.to_string()) }
}

/// A station's name; its id when it is not this bureau's own.
pub(super) fn station_name(office: &Office, station: &StationId) -> String {
    let bureau = &office.loaded.bureau;
    if *station == bureau.station { bureau.station_name.clone() } else { station.to_string() }
}

#[derive(Serialize)]
struct BureauRow {
    name: String,
    phone: String,
    demo: bool,
    /// The page for the screen in the hall, on the public door.
    wall: String,
}

/// The wall's address: it stands beside the verify page.
fn wall(verify_url: &str) -> String {
    let base = verify_url.trim_end_matches('/');
    format!("{}/wall", base.rsplit_once('/').map_or(base, |(door, _)| door))
}

/// Who is signed in.
#[derive(Serialize)]
pub(super) struct Me {
    id: OfficerId,
    name: String,
    badge: String,
    station: StationId,
    station_name: String,
    window: Option<String>,
    roles: Vec<Role>,
    branches: Vec<BranchRow>,
    actions: Vec<Action>,
    must_change_password: bool,
    /// Signed in with a password alone where that is not enough.
    must_set_second_factor: bool,
    /// By what; `None` for a token.
    by: Option<Way>,
    bureau: BureauRow,
    lease_seconds: i64,
    idle_seconds: i64,
    now: Timestamp,
}

impl Me {
    pub(super) fn of(office: &Office, officer: &Officer, by: Option<Way>, now: Timestamp) -> Self {
        let (rights, names) = (officer.rights(), branch_names(office));
        let (bureau, config) = (&office.loaded.bureau, &office.loaded.config);
        Self {
            id: officer.id.clone(),
            name: officer.shown_name().to_owned(),
            badge: officer.badge.clone(),
            station_name: station_name(office, &officer.station),
            station: officer.station.clone(),
            window: officer.window.clone(),
            roles: rights.roles(),
            branches: rights.branches().iter().map(|id| branch_row(&names, id)).collect(),
            actions: rights.actions(),
            must_change_password: officer.password.as_ref().is_some_and(|password| password.one_time),
            must_set_second_factor: by == Some(Way::Password) && office.loaded.second_factor_required(),
            by,
            bureau: BureauRow {
                name: bureau.name.clone(),
                phone: bureau.phone.clone(),
                demo: bureau.class == wire::bureau::BureauClass::Demo,
                wall: wall(&bureau.verify_url),
            },
            lease_seconds: config.limits.lease_seconds,
            idle_seconds: config.workbench.idle_minutes * 60,
            now,
        }
    }
}

/// A word beside a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Tag {
    kind: &'static str,
    words: String,
}

/// A first decision that waits.
#[derive(Serialize)]
pub(super) struct SecondRow {
    decision: Kind,
    officer: OfficerId,
    officer_name: String,
    at: Timestamp,
}

/// A case in a list.
#[derive(Serialize)]
pub(super) struct CaseRow {
    pub(super) id: CaseId,
    pub(super) submission: SubmissionId,
    service: ServiceId,
    pub(super) title: String,
    branch: BranchId,
    branch_name: String,
    station: StationId,
    station_name: String,
    pub(super) status: Status,
    /// The status in Chinese.
    word: &'static str,
    priority: u8,
    pub(super) received_at: Timestamp,
    due_on: Option<Date>,
    /// Past its day, and neither ended nor paused.
    pub(super) overdue: bool,
    pub(super) deadline: Deadline,
    promised_on: Option<Date>,
    statutory_on: Option<Date>,
    supplement_by: Option<Date>,
    pub(super) code: Option<String>,
    pub(super) last_four: Option<String>,
    pub(super) applicant: Option<Sensitive<String>>,
    pub(super) ticket: Option<String>,
    open: Vec<String>,
    tags: Vec<Tag>,
    pub(super) holder: Option<OfficerId>,
    holder_name: Option<String>,
    lease_until: Option<Timestamp>,
    claim_epoch: i64,
    version: i64,
    second: Option<SecondRow>,
    /// Only ids, times and audit leaves are left.
    pub(super) erased: bool,
}

/// Makes rows at one moment, looking up each name once.
pub(super) struct Rows<'a> {
    office: &'a Office,
    now: Timestamp,
    branches: BTreeMap<BranchId, String>,
    officers: BTreeMap<OfficerId, String>,
}

impl<'a> Rows<'a> {
    pub(super) fn at(office: &'a Office, now: Timestamp) -> Self {
        Self { office, now, branches: branch_names(office), officers: BTreeMap::new() }
    }

    /// The name of an officer.
    pub(super) fn officer(&mut self, id: &OfficerId) -> String {
        let office = self.office;
        self.officers.entry(id.clone()).or_insert_with(|| office.officers.name_of(id)).clone()
    }

    /// A case as it stands: an expired claim shows nobody.
    pub(super) fn row(&mut self, case: Case) -> CaseRow {
        let holder = case.holder_at(self.now).cloned();
        let config = &self.office.loaded.config;
        let days = Days { status: case.status, due_on: case.due_on, supplement_by: case.supplement_by };
        let deadline = deadline(days, china_time(self.now), config.workbench.closing, &config.calendar);
        let name = self.office.names.get(&case.id).filter(|name| !case.tombstone && !name.expose().is_empty());
        let second = case.second.as_ref().map(|second| SecondRow {
            decision: second.kind,
            officer: second.officer.clone(),
            officer_name: self.officer(&second.officer),
            at: second.at,
        });
        CaseRow {
            word: case.status.word(),
            overdue: deadline.group == domain::case::deadline::Group::Overdue,
            deadline,
            applicant: name,
            tags: tags(&case),
            lease_until: holder.as_ref().and(case.lease_until),
            holder_name: holder.as_ref().map(|holder| self.officer(holder)),
            holder,
            branch_name: branch_row(&self.branches, &case.branch).name,
            station_name: station_name(self.office, &case.station),
            second,
            id: case.id,
            submission: case.submission,
            service: case.service,
            title: case.title,
            branch: case.branch,
            station: case.station,
            status: case.status,
            priority: case.priority,
            received_at: case.received_at,
            due_on: case.due_on,
            promised_on: case.promised_on,
            statutory_on: case.statutory_on,
            supplement_by: case.supplement_by,
            code: case.code,
            last_four: case.last_four,
            ticket: case.ticket,
            open: case.open,
            claim_epoch: case.claim_epoch,
            version: case.version,
            erased: case.tombstone,
        }
    }
}

/// The words beside a case, worst first.
fn tags(case: &Case) -> Vec<Tag> {
    if case.status.ended() {
        return Vec::new();
    }
    let count = |start: &str| case.open.iter().filter(|code| code.starts_with(start)).count();
    let has = |whole: &str| case.open.iter().any(|code| code == whole);
    let mut found = Vec::new();
    let mut tag = |kind, words: String| found.push(Tag { kind, words });
    if count("unreadable:") > 0 {
        tag("bad", "内容打不开".to_owned());
    }
    match count("later-lapsed:") {
        0 => {}
        n => tag("bad", format!("容缺逾期 {n} 项")),
    }
    if case.second.is_some() {
        tag("violet", "待第二人".to_owned());
    }
    if has(crate::store::deciding::SUPPLEMENT_BACK) {
        tag("info", "补正已回".to_owned());
    }
    if has("confirm-person") {
        tag("warn", "须当面核".to_owned());
    }
    if has("confirm-mandate") {
        tag("warn", "须核委托书".to_owned());
    }
    if has("cannot-sign") {
        tag("warn", "未签名".to_owned());
    }
    match count("later:") {
        0 => {}
        n => tag("warn", format!("容缺 {n} 项")),
    }
    match count("form:") {
        0 => {}
        n => tag("warn", format!("表单 {n} 处待核")),
    }
    if count("rule:") > 0 {
        tag("info", "条件须核".to_owned());
    }
    found
}

impl CaseRow {
    /// Of this branch and this station, where given.
    pub(super) fn is_at(&self, branch: Option<&BranchId>, station: Option<&StationId>) -> bool {
        branch.is_none_or(|branch| *branch == self.branch) && station.is_none_or(|station| *station == self.station)
    }
}

#[cfg(test)]
mod tests {
    use super::wall;

    #[test]
    fn the_wall_stands_beside_the_verify_page() {
        assert_eq!(wall("https://127.0.0.1:8443/v"), "https://127.0.0.1:8443/wall");
        assert_eq!(wall("https://yimen.example/station/v/"), "https://yimen.example/station/wall");
    }
}
