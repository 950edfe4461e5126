//! How a case stands, for whoever knows its receipt code and the whole identity number: a page that any phone shows
//! without scripts.
//! Invariants: the code finds, the number opens (product rule 6); a wrong code and a wrong number get the same words after
//! the same time; tries are limited; shown is how the case stands and what to do, never a name, a number or a picture.
//! Not here: the reason of a refusal, which the notice at the counter tells.

use super::page::{escaped, page};
use super::tries::Tries;
use crate::counter;
use crate::listen::PeerAddress;
use crate::office::{Office, china_day};
use crate::officer_api::unsealed;
use crate::store::cases::{self, Case};
use crate::store::collections::{self, Collection, State};
use crate::store::openings::{self, Opening, State as Standing};
use crate::store::{StoreError, decisions, submissions};
use crate::worker::opening;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Extension, Form};
use domain::case::letter::long_day;
use domain::case::{Decision, Status};
use domain::ids::{ReceiptCode, SubmissionId};
use domain::sensitive::Sensitive;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;
use wire::digest::Digest;
use wire::manifest::Manifest;

/// Every answer to a question comes at a whole number of these after it was asked.
const BEAT: Duration = Duration::from_millis(700);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    code: String,
    number: Sensitive<String>,
}

fn whole(office: &Office, status: StatusCode, body: &str) -> Response {
    let bureau = &office.loaded.bureau;
    let html = include_str!("status.html")
        .replace("{{station}}", &escaped(&bureau.station_name))
        .replace("{{phone}}", &escaped(&bureau.phone))
        .replace("{{body}}", body);
    page(status, &html, true)
}

fn form_words(code: &str, note: Option<&str>) -> String {
    let note = note.unwrap_or_default();
    format!(
        "<h1>查办件进度 <small lang=\"en\">How your application stands</small></h1>\
         <p class=\"lead\">填回执上的编号和申请人的身份证号。</p>{note}\
         <form method=\"post\" action=\"/s\" autocomplete=\"off\">\
         <label for=\"code\">回执编号 <small>8 位，空格可以不填 · Receipt code</small></label>\
         <input id=\"code\" name=\"code\" value=\"{}\" maxlength=\"12\" required autocapitalize=\"characters\" spellcheck=\"false\">\
         <label for=\"number\">身份证号 <small>18 位 · ID number</small></label>\
         <input id=\"number\" name=\"number\" maxlength=\"24\" required inputmode=\"text\" autocapitalize=\"characters\" spellcheck=\"false\">\
         <button type=\"submit\">查进度 <span lang=\"en\">Look</span></button></form>",
        escaped(code)
    )
}

/// `GET /s`.
pub(super) async fn form(Shared(office): Shared<Arc<Office>>) -> Response {
    whole(&office, StatusCode::OK, &form_words("", None))
}

/// `GET /r/{code}`: the address behind the square on a slip. It shows the form and nothing of the case.
pub(super) async fn form_of(Shared(office): Shared<Arc<Office>>, Path(code): Path<String>) -> Response {
    let code = ReceiptCode::parse(&code).map(|code| code.grouped()).unwrap_or_default();
    whole(&office, StatusCode::OK, &form_words(&code, None))
}

const NOT_FOUND: &str = "<p class=\"note\" role=\"alert\">没有查到。这不影响您的办件。\
     <span>请对照回执，再核对一遍编号和身份证号；也可以打电话，或带身份证到窗口。</span>\
     <span lang=\"en\">Nothing was found. Check both against the receipt, or call.</span></p>";
const TOO_MANY: &str = "<p class=\"note\" role=\"alert\">试的次数有点多，请 15 分钟后再试。这不影响您的办件。\
     <span>着急的话请打电话，或带身份证到窗口。</span>\
     <span lang=\"en\">Too many tries. Please try again in 15 minutes, or call.</span></p>";

/// What is found by code and number.
#[derive(Default)]
struct Found {
    cases: Vec<Shown>,
    /// Half-done visits that nobody at the counter has taken up.
    half_done: Vec<Opening>,
}

/// What is shown of one case.
struct Shown {
    case: Case,
    desk: Option<Collection>,
    asked_for: Option<(Vec<(String, String)>, Date)>,
}

/// `POST /s`.
pub(super) async fn look(
    Shared(office): Shared<Arc<Office>>,
    Extension(tries): Extension<Arc<Tries>>,
    peer: Option<Extension<PeerAddress>>,
    body: Result<Form<Asked>, FormRejection>,
) -> Response {
    let begun = tokio::time::Instant::now();
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(PeerAddress(address))| address);
    let Ok(Form(asked)) = body else {
        return whole(&office, StatusCode::BAD_REQUEST, &form_words("", Some(NOT_FOUND)));
    };
    let code = ReceiptCode::parse(&asked.code);
    let key = code.as_ref().map_or("", ReceiptCode::as_str);
    if !tries.take(key, address, ambient::now()) {
        return whole(&office, StatusCode::TOO_MANY_REQUESTS, &form_words(&asked.code, Some(TOO_MANY)));
    }
    let found = match &code {
        Some(code) => find(&office, code, &asked.number).await,
        None => Ok(Found::default()),
    };
    let answer = match found {
        Ok(found) if found.cases.is_empty() && found.half_done.is_empty() => {
            whole(&office, StatusCode::OK, &form_words(&asked.code, Some(NOT_FOUND)))
        }
        Ok(found) => {
            tries.give_back(key, address);
            whole(&office, StatusCode::OK, &cases_words(&office, &found))
        }
        Err(error) => {
            tracing::error!(%error, "status page");
            let note = "<p class=\"note\" role=\"alert\">暂时查不了，请稍后再试。这不影响您的办件。</p>";
            whole(&office, StatusCode::SERVICE_UNAVAILABLE, &form_words(&asked.code, Some(note)))
        }
    };
    tokio::time::sleep_until(begun + beats(begun.elapsed())).await;
    answer
}

/// The next whole number of beats after so long.
fn beats(took: Duration) -> Duration {
    let count = took.as_millis() / BEAT.as_millis() + 1;
    BEAT.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The cases and half-done visits of this code whose applicant, ward or principal has this number.
async fn find(office: &Arc<Office>, code: &ReceiptCode, number: &Sensitive<String>) -> Result<Found, StoreError> {
    let code = code.clone();
    let (found, waiting) = office
        .store
        .read::<_, StoreError>(move |c| {
            let manifest = |id: SubmissionId| {
                submissions::find(c, id)?.ok_or(StoreError::Damaged("submission of a case"))?.manifest()
            };
            let mut all = Vec::new();
            for case in cases::of_code(c, code.as_str())? {
                let manifest = manifest(case.submission)?;
                let desk = collections::find(c, case.id)?;
                let decided = decisions::of_case(c, case.id)?;
                let last = decided.into_iter().rev().find_map(|decided| serde_json::from_value(decided.decision).ok());
                let asked_for = match last {
                    Some(Decision::ReturnForSupplement { items, by }) if case.status == Status::Supplement => {
                        Some((items.into_iter().map(|item| (item.key, item.words)).collect(), by))
                    }
                    Some(_) | None => None,
                };
                all.push((Shown { case, desk, asked_for }, manifest));
            }
            let mut waiting = Vec::new();
            for opening in openings::of_code(c, &code)?.into_iter().filter(|found| found.state == Standing::Waiting) {
                if let Some(id) = opening.submission {
                    waiting.push((opening, manifest(id)?));
                }
            }
            Ok((all, waiting))
        })
        .await?;
    // Hashes are compared, so that the time of comparing tells nothing of the number.
    let typed: String = number.expose().chars().filter(|c| !c.is_whitespace()).collect();
    let typed = Digest::of(typed.to_uppercase().as_bytes());
    let inner = Arc::clone(office);
    let opened = tokio::task::spawn_blocking(move || {
        let is = |number: &Sensitive<String>| Digest::of(number.expose().to_uppercase().as_bytes()) == typed;
        let own = |manifest: &Manifest| {
            let Ok(Ok(payload)) = opening::payload(&inner, manifest) else { return false };
            is(&payload.applicant.id_number) || payload.subject.as_ref().is_some_and(is)
        };
        Found {
            cases: found.into_iter().filter(|(_, manifest)| own(manifest)).map(|(shown, _)| shown).collect(),
            half_done: waiting.into_iter().filter(|(_, manifest)| own(manifest)).map(|(opening, _)| opening).collect(),
        }
    });
    opened.await.map_err(|_| StoreError::Stopped)
}

fn cases_words(office: &Office, found: &Found) -> String {
    let mut html = "<h1>办件进度 <small lang=\"en\">How it stands</small></h1>".to_owned();
    for shown in &found.cases {
        html.push_str(&case_words(office, shown));
    }
    for opening in &found.half_done {
        html.push_str(&half_done_words(office, opening));
    }
    html.push_str("<a class=\"again\" href=\"/s\">查另一份回执</a>");
    html
}

/// What was begun at a machine and waits to be gone on with at the counter.
fn half_done_words(office: &Office, opening: &Opening) -> String {
    let days = i64::from(office.loaded.config.workbench.opening_days);
    let until = opening.touched_at + jiff::SignedDuration::from_hours(24 * days);
    let title = office.services.text(&opening.service, "name").unwrap_or_else(|| "您要办的事".to_owned());
    format!(
        "<section><h2>{}</h2><p class=\"status violet\" role=\"status\"><i aria-hidden=\"true\">⏸</i>还没有办完</p>\
         <p>填好的内容都保留着。请带身份证，<b>{}</b>前到{}接着办。</p>\
         <dl><dt>收到</dt><dd>{}</dd><dt>回执编号</dt><dd>{}</dd><dt>窗口</dt><dd>{}</dd></dl></section>",
        escaped(&title),
        day(until),
        escaped(&office.loaded.config.counter.window),
        day(opening.begun_at),
        opening.code.grouped(),
        escaped(&counter::words(office, ambient::now())),
    )
}

fn day(at: Timestamp) -> String {
    long_day(china_day(at))
}

fn case_words(office: &Office, shown: &Shown) -> String {
    let case = &shown.case;
    let window = escaped(&office.loaded.config.counter.window);
    let now = ambient::now();
    let (tone, sign) = match case.status {
        Status::Delivered => ("", "◷"),
        Status::Accepted => ("", "▶"),
        Status::Supplement => ("violet", "⏸"),
        Status::Approved => ("ok", "✓"),
        Status::Refused | Status::Rejected => ("warn", "!"),
    };
    let mut html = format!(
        "<section><h2>{}</h2><p class=\"status {tone}\" role=\"status\"><i aria-hidden=\"true\">{sign}</i>{}</p>",
        escaped(&case.title),
        case.status.word()
    );
    let mut line = |words: String| html.push_str(&format!("<p>{words}</p>"));
    match case.status {
        Status::Delivered => line("我们收到了，正在排队审查。受理后开始计算办理时限。".to_owned()),
        Status::Accepted => {
            let by = case.due_on.map(|due| format!("，{}前办完", long_day(due))).unwrap_or_default();
            line(format!("民警已经受理，正在办理{by}。"));
        }
        Status::Supplement => {}
        Status::Approved => match &shown.desk {
            Some(desk) => line(desk_words(office, desk, &window, now)),
            None => line("已经办好。证件或证明准备好后通知您领取；当场打印的，请以手上那份为准。".to_owned()),
        },
        Status::Refused => {
            line(format!("这次不能受理，您交的材料可以取回。原因和您可以怎么做，写在通知书上，请到{window}领取。"))
        }
        Status::Rejected => line(format!("这次没有批准。原因、依据和您可以怎么做，写在通知书上，请到{window}领取。")),
    }
    if let Some((items, by)) = &shown.asked_for {
        line(format!("已交的材料都保留着，还差下面 {} 项，请在 <b>{}</b>前补上。", items.len(), long_day(*by)));
        html.push_str("<ol>");
        for (key, words) in items {
            let title = title(office, case, key);
            html.push_str(&format!("<li><b>{}</b>{}</li>", escaped(&title), escaped(words)));
        }
        html.push_str(
            "</ol><p>带上回执或身份证，到任何一台自助机或窗口都可以补，只补这几项。补正期间办理时限暂停计算。</p>",
        );
    }
    html.push_str(&format!("<dl><dt>收到</dt><dd>{}</dd>", day(case.received_at)));
    if let Some(code) = case.code.as_deref().and_then(ReceiptCode::parse) {
        html.push_str(&format!("<dt>回执编号</dt><dd>{}</dd>", code.grouped()));
    }
    html.push_str(&format!("<dt>窗口</dt><dd>{}</dd></dl></section>", escaped(&counter::words(office, now))));
    html
}

fn desk_words(office: &Office, desk: &Collection, window: &str, now: Timestamp) -> String {
    match desk.state {
        State::Ready => {
            format!("已经办好，请带身份证到<b>{window}</b>领取。{}。", escaped(&counter::words(office, now)))
        }
        State::Collected => match desk.done_at {
            Some(at) => format!("{} 已领取。", day(at)),
            None => "已领取。".to_owned(),
        },
        State::Posted => {
            let tracking = desk.sealed_tracking.as_deref().and_then(|sealed| unsealed(office, sealed));
            let tracking =
                tracking.map(|number| format!("，邮寄单号 {}", escaped(number.expose()))).unwrap_or_default();
            format!("已经寄出{tracking}。")
        }
    }
}

/// What a paper or field is called.
fn title(office: &Office, case: &Case, key: &str) -> String {
    let text = match key.strip_prefix("field:") {
        Some(field) => office.services.field_name(&case.service, field),
        None => office.services.text(&case.service, &format!("material.{key}")),
    };
    text.unwrap_or_else(|| "材料".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_on_the_beat_whatever_the_work_took() {
        for (took, answered) in [(0, 700), (1, 700), (699, 700), (700, 1400), (701, 1400)] {
            assert_eq!(beats(Duration::from_millis(took)), Duration::from_millis(answered), "{took}");
        }
    }

    #[test]
    fn what_was_typed_stays_words_in_the_form() {
        assert!(!form_words("\"><script>", None).contains("<script"));
    }
}
