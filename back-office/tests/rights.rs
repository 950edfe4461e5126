//! Every route of the officers' door with every role at every station, against a table written from the rule and not from the
//! program: where the role was given, at a case of another branch, at a case of another station. `make rights-check` prints the count of leaks.

use crate::bureau::{Bureau, Office, Settings};
use crate::parties::{Browser, CLEAN, Kiosk, Officer, payload, read};
use domain::answers::{Answer, Answers, AttachmentId};
use domain::ids::FieldId;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wire::digest::Digest;
use wire::payload::Identified;

/// What the rule says about a route: who may, by the letter of their role.
/// o = officer, r = reviewer, s = supervisor, a = auditor, k = administrator of kiosks; `open` = anybody, `own` = everybody who is signed in.
const RULE: &[(&str, &str, &str)] = &[
    ("get", "/v1/openapi.json", "open"),
    ("post", "/v1/session", "open"),
    ("delete", "/v1/session", "own"),
    ("post", "/v1/session/password", "own"),
    ("get", "/v1/session/ways", "open"),
    ("post", "/v1/session/passkey/begin", "open"),
    ("post", "/v1/session/passkey", "open"),
    ("get", "/v1/session/provider", "open"),
    ("get", "/v1/session/provider/return", "open"),
    ("post", "/v1/session/proof", "own"),
    ("post", "/v1/session/proof/passkey", "own"),
    ("get", "/v1/account", "own"),
    ("post", "/v1/account/second-factor", "own"),
    ("post", "/v1/account/second-factor/confirm", "own"),
    ("delete", "/v1/account/second-factor", "own"),
    ("post", "/v1/account/recovery-codes", "own"),
    ("post", "/v1/account/passkeys/begin", "own"),
    ("post", "/v1/account/passkeys", "own"),
    ("post", "/v1/account/passkeys/{passkey}/name", "own"),
    ("delete", "/v1/account/passkeys/{passkey}", "own"),
    ("delete", "/v1/account/sessions/{session}", "own"),
    ("get", "/v1/me", "own"),
    ("get", "/v1/events", "ors"),
    ("get", "/v1/queue", "ors"),
    ("post", "/v1/queue/claim-next", "ors"),
    ("get", "/v1/cases/{id}", "ors"),
    ("get", "/v1/cases/{id}/colleagues", "ors"),
    ("get", "/v1/cases/{id}/attachments/{attachment}", "ors"),
    ("post", "/v1/cases/{id}/full-number", "ors"),
    ("post", "/v1/cases/{id}/claim", "ors"),
    ("post", "/v1/cases/{id}/renew", "ors"),
    ("post", "/v1/cases/{id}/release", "ors"),
    // A holder may hand over; here nobody holds the case when it is tried, so only a supervisor may give it away.
    ("post", "/v1/cases/{id}/assign", "s"),
    ("post", "/v1/cases/{id}/papers/{key}/checked", "ors"),
    ("post", "/v1/cases/{id}/checks/{check}", "ors"),
    ("post", "/v1/cases/{id}/person", "ors"),
    // A reviewer acts on what waits for a second person; nothing waits here.
    ("get", "/v1/cases/{id}/supplement-reasons", "os"),
    ("post", "/v1/cases/{id}/preview", "os"),
    ("post", "/v1/cases/{id}/decide", "os"),
    ("get", "/v1/tickets", "os"),
    ("post", "/v1/tickets/call-next", "os"),
    ("post", "/v1/tickets/{number}/call", "os"),
    ("post", "/v1/tickets/{number}/recall", "os"),
    ("post", "/v1/tickets/{number}/no-show", "os"),
    ("post", "/v1/tickets/{number}/served", "os"),
    ("post", "/v1/cases/{id}/ticket", "os"),
    ("post", "/v1/cases/{id}/issue", "os"),
    ("get", "/v1/cases/{id}/copy-aid", "os"),
    ("post", "/v1/cases/{id}/retention", "s"),
    ("get", "/v1/collections", "os"),
    ("post", "/v1/collections/{id}/collected", "os"),
    ("post", "/v1/collections/{id}/posted", "os"),
    ("post", "/v1/collections/{id}/reprint", "os"),
    ("get", "/v1/collections/{id}/paper", "os"),
    ("post", "/v1/certificates/{number}/revoke", "s"),
    ("get", "/v1/services", "os"),
    ("get", "/v1/openings", "os"),
    ("post", "/v1/openings", "os"),
    ("post", "/v1/openings/by-code", "os"),
    ("get", "/v1/openings/{id}", "os"),
    ("post", "/v1/openings/{id}/answers", "os"),
    ("get", "/v1/openings/{id}/attachments/{attachment}", "os"),
    ("post", "/v1/openings/{id}/papers/{key}", "os"),
    ("post", "/v1/openings/{id}/submit", "os"),
    ("delete", "/v1/openings/{id}", "os"),
    ("get", "/v1/report/board", "sa"),
    ("get", "/v1/report/volume", "sa"),
    ("get", "/v1/report/volume.csv", "sa"),
    ("get", "/v1/report/ratings", "sa"),
    ("get", "/v1/kiosks", "k"),
    ("post", "/v1/kiosks", "k"),
    ("post", "/v1/kiosks/{kiosk}/code", "k"),
    ("post", "/v1/kiosks/{kiosk}/suspend", "k"),
    ("post", "/v1/kiosks/{kiosk}/resume", "k"),
    ("post", "/v1/kiosks/{kiosk}/accept", "k"),
    ("post", "/v1/kiosks/{kiosk}/accept-former", "k"),
    ("get", "/v1/audit/check", "a"),
    ("get", "/v1/audit/leaves", "a"),
    ("get", "/v1/audit/checkpoints", "a"),
    ("post", "/v1/audit/checkpoints", "a"),
    ("get", "/v1/audit/proof", "a"),
    ("get", "/v1/audit/consistency", "a"),
];

/// Stations at which a role is given; the officer sits at the first whatever is given.
const STATIONS: [&str; 2] = ["yunqiao", "nantang"];

/// Role, letter, whether cases exist for it at all.
const ROLES: [(&str, char, bool); 5] = [
    ("officer", 'o', true),
    ("reviewer", 'r', true),
    ("supervisor", 's', true),
    ("auditor", 'a', false),
    ("administrator", 'k', false),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Said {
    /// Past the rights, whatever came of it then.
    Through,
    Forbidden,
    Absent,
    Stranger,
}

fn said(status: u16, body: &Value) -> Said {
    let kind = body["type"].as_str().unwrap_or_default().trim_start_matches("urn:yimen:problem:").to_owned();
    match (status, kind.as_str()) {
        (401, "not-signed-in") => Said::Stranger,
        (403, "not-your-right" | "password-change-needed") => Said::Forbidden,
        (404, "not-found") => Said::Absent,
        (500.., _) => panic!("{status} {body}"),
        _ => Said::Through,
    }
}

/// One's own access names what nobody has here, and this bureau has no identity provider: there is nothing, but nobody is
/// kept out.
fn through_if_absent(who: &str, said: Said) -> Said {
    if said == Said::Absent && ["own", "open"].contains(&who) { Said::Through } else { said }
}

fn body(path: &str) -> Value {
    let held = json!({ "claim_epoch": 1 });
    match path.rsplit('/').next().unwrap_or_default() {
        "session" => json!({ "officer": "nobody", "password": "x" }),
        "password" => json!({ "old": "x", "new": "y" }),
        "second-factor" | "recovery-codes" | "begin" => json!({}),
        "confirm" => json!({ "code": "000000" }),
        "proof" => json!({ "password": "x" }),
        "name" => json!({ "name": "x" }),
        "passkey" | "passkeys" => json!({ "ceremony": "01940000-0000-7000-8000-000000000000", "name": "x" }),
        "renew" | "release" => held,
        "assign" => json!({ "officer": "officer-9" }),
        "checked" => json!({ "claim_epoch": 1, "checked": true }),
        "person" => json!({ "claim_epoch": 1, "finding": "same" }),
        "preview" => json!({ "decision": { "decision": "accept" } }),
        "decide" => json!({ "claim_epoch": 1, "version": 1, "decision": { "decision": "accept" } }),
        "claim-next" | "claim" | "full-number" | "ticket" | "no-show" => json!({}),
        "call-next" | "call" | "recall" | "served" => json!({ "window": "1" }),
        "issue" => json!({ "claim_epoch": -1 }),
        "openings" => json!({ "service": "id-replace-lost" }),
        "by-code" => json!({ "code": "ACDE FGHJ" }),
        "answers" => json!({ "version": 1, "answers": {} }),
        "household-book" => json!({ "version": 1, "state": "shown" }),
        "retention" => json!({ "held": false }),
        "submit" => json!({ "version": 1 }),
        "collected" => json!({ "identity_checked": true, "by": "own" }),
        "posted" => json!({ "tracking": "x" }),
        "reprint" | "revoke" | "suspend" => json!({ "reason": "x" }),
        "kiosks" => json!({ "id": "yunqiao-99", "number": 99 }),
        "code" => json!({ "although": "x" }),
        "resume" | "accept" => json!({}),
        _ => json!({ "claim_epoch": 1, "done": true }),
    }
}

struct Place {
    bureau: Bureau,
    office: Office,
    attachment: String,
    home: Value,
    other_branch: Value,
    other_station: Value,
    /// The opening of each of these cases' places, in the hands of a colleague.
    openings: BTreeMap<String, String>,
}

fn place() -> Place {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let seer = Officer::new(&bureau, &office, bureau.officer("officer-0", &["household"], false));
    let photo = b"a portrait".to_vec();
    let attachment = Digest::of(&photo).to_string();
    let submit = || {
        let mut answers = Answers::default();
        answers.set(FieldId::new("photo"), Answer::Photo(AttachmentId(attachment.clone())));
        let ready = kiosk.ready(&payload("id-replace-lost", CLEAN, Identified::CardAndFace, answers), &[&photo]);
        kiosk.send(&ready).unwrap();
        seer.case_of(ready.id)
    };
    let [home, other_branch, other_station] = [submit(), submit(), submit()];
    let move_to = |case: &Value, column: &str, to: &str| {
        let sql = format!("UPDATE office_case SET {column} = ?1 WHERE id = ?2");
        let moved = bureau.database().execute(&sql, [to, case["id"].as_str().unwrap()]).unwrap();
        assert_eq!(moved, 1);
    };
    // A number and a certificate for each of them, so that the routes that name one find one.
    for case in [&home, &other_branch, &other_station] {
        assert_eq!(seer.post(&format!("/v1/cases/{}/ticket", case["id"].as_str().unwrap()), &json!({})).0, 200);
        let sql = "INSERT INTO certificate (number, submission, layout, state, issued_on)
                   SELECT 'C-' || id, submission, 'no-criminal-record', 'issued', '2026-11-22' FROM office_case WHERE id = ?1";
        assert_eq!(bureau.database().execute(sql, [case["id"].as_str().unwrap()]).unwrap(), 1);
    }
    let [home, other_branch, other_station] = [home, other_branch, other_station].map(|case| {
        let submission = case["submission"].as_str().unwrap().parse().unwrap();
        seer.case_of(domain::ids::SubmissionId(submission))
    });
    move_to(&other_branch, "branch", "traffic");
    move_to(&other_station, "station", "nantang");
    let open = |case: &Value, column: Option<(&str, &str)>| {
        let (status, opening) = seer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
        assert_eq!(status, 200, "{opening}");
        let opening = opening["id"].as_str().unwrap().to_owned();
        if let Some((column, to)) = column {
            let sql = format!("UPDATE opening SET {column} = ?1 WHERE id = ?2");
            assert_eq!(bureau.database().execute(&sql, [to, &opening]).unwrap(), 1);
        }
        (case["id"].as_str().unwrap().to_owned(), opening)
    };
    let openings = [
        open(&home, None),
        open(&other_branch, Some(("branch", "traffic"))),
        open(&other_station, Some(("station", "nantang"))),
    ];
    let openings = openings.into_iter().collect();
    Place { openings, bureau, office, attachment, home, other_branch, other_station }
}

#[test]
fn no_role_gets_through_where_the_rule_says_no() {
    let place = place();
    let mut leaks = Vec::new();
    let routes = back_office::officer_api::routes();
    let rule: BTreeMap<(&str, &str), &str> = RULE.iter().map(|(method, path, who)| ((*method, *path), *who)).collect();
    assert_eq!(rule.len(), routes.len(), "every route has its rule");
    let colleague = STATIONS.map(|station| ("officer", "household", station));
    place.bureau.officer_with("officer-9", &colleague, None);
    let at = |path: &str, case: &Value| {
        let number = if path.starts_with("/v1/certificates") {
            format!("C-{}", case["id"].as_str().unwrap())
        } else {
            case["ticket"].as_str().unwrap().to_owned()
        };
        let case_id = case["id"].as_str().unwrap();
        let (id, key) = if path.starts_with("/v1/openings") {
            (place.openings[case_id].as_str(), "household-book")
        } else {
            (case_id, "field:photo")
        };
        path.replace("{id}", id)
            .replace("{number}", &number)
            .replace("{attachment}", &place.attachment)
            .replace("{key}", key)
            .replace("{check}", "form:signature:empty")
            .replace("{kiosk}", if *case == place.other_station { "nantang-1" } else { "yunqiao-1" })
    };
    // A kiosk of another station; kiosks belong to no branch.
    let far = "INSERT INTO kiosk (id, number, station, state) VALUES ('nantang-1', 1, 'nantang', 'expected')";
    assert_eq!(place.bureau.database().execute(far, []).unwrap(), 1);
    let mut asked = 0;
    for ((role, letter, cases), given) in ROLES.iter().flat_map(|role| STATIONS.map(|station| (*role, station))) {
        let token = place.bureau.officer_with(role, &[(role, "household", given)], None);
        let officer = Officer::new(&place.bureau, &place.office, token);
        for (method, path) in &routes {
            let who = rule.get(&(*method, *path)).unwrap_or_else(|| panic!("no rule for {method} {path}"));
            let of_case = path.contains('{') && *who != "own";
            // Kiosks belong to a station and to no branch.
            let of_kiosk = path.contains("{kiosk}");
            let places: &[(&str, &str, &Value)] = &[
                ("household", "yunqiao", &place.home),
                ("traffic", "yunqiao", &place.other_branch),
                ("household", "nantang", &place.other_station),
            ];
            let own = if given == "yunqiao" { &place.home } else { &place.other_station };
            let places = &places[..if of_case { places.len() } else { 1 }];
            for (branch, station, case) in places.iter().filter(|place| !of_kiosk || place.0 == "household") {
                let may = ["open", "own"].contains(who) || who.contains(letter);
                // What is opened or added anew belongs to the station where the officer sits.
                let anew = *method == "post" && ["/v1/openings", "/v1/kiosks"].contains(path);
                let here =
                    if anew { given == "yunqiao" } else { !of_case || (*branch, *station) == ("household", given) };
                let (here, of_case) = if may || !anew { (here, of_case) } else { (true, false) };
                // What an officer has no right to anywhere is said before it is looked at what is named.
                let expected = match (here, may) {
                    (true, true) => Said::Through,
                    (true, false) if of_case && !cases => Said::Absent,
                    (true, false) => Said::Forbidden,
                    (false, _) => Said::Absent,
                };
                let full = at(path, case);
                if path.ends_with("/assign") && cases {
                    let (_, held) = officer.get(&at("/v1/cases/{id}", own));
                    release(&officer, &held["case"]);
                }
                let (status, answer) = if *path == "/v1/events" {
                    officer.status_only(&full)
                } else {
                    officer.send(method, &full, &body(&full))
                };
                asked += 1;
                let heard = through_if_absent(who, said(status, &answer));
                let name = format!("{branch} {station}, given for {given}");
                if heard != expected {
                    leaks.push(format!("{role} {method} {path} at {name}: {status} {answer}, not {expected:?}"));
                }
                let text = answer.to_string();
                for (branch, station, other) in places {
                    let theirs = *branch == "household" && *station == given;
                    // The audit log is one for the whole bureau and tells of cases by id alone.
                    let log = path.starts_with("/v1/audit/");
                    if !theirs && !log && text.contains(other["id"].as_str().unwrap()) {
                        leaks.push(format!(
                            "{role} {method} {path}, given for {given}, names a case of {branch} {station}"
                        ));
                    }
                }
                if expected != Said::Through && [CLEAN.0, CLEAN.1, "身份证丢失补领"].iter().any(|w| text.contains(w))
                {
                    leaks.push(format!("{role} {method} {path} at {name} names the person or the service"));
                }
            }
        }
        if cases {
            let (_, list) = officer.get("/v1/queue?closed=true&most=500");
            for case in list["cases"].as_array().unwrap() {
                if case["branch"] != "household" || case["station"] != given {
                    leaks.push(format!("{role} of {given} sees {} {} in the list", case["branch"], case["station"]));
                }
            }
            for case in [&place.home, &place.other_station] {
                let (_, case) = officer.get(&at("/v1/cases/{id}", case));
                release(&officer, &case["case"]);
            }
        }
    }
    leaks.extend(strangers(&place, &routes, &rule));
    let told =
        json!({ "routes": routes.len(), "roles": ROLES.len() + 2, "stations": STATIONS.len(), "leaks": leaks.len() });
    if let Ok(path) = std::env::var("RIGHTS_REPORT") {
        std::fs::write(path, format!("{told}\n")).unwrap();
    }
    assert!(asked > 2 * 100);
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

/// Gives back what the walk claimed, so that the next role finds the case free.
fn release(officer: &Officer, case: &Value) {
    if case["holder"].is_string() {
        let path = format!("/v1/cases/{}/release", case["id"].as_str().unwrap());
        officer.post(&path, &json!({ "claim_epoch": case["claim_epoch"] }));
    }
}

/// Nobody, and somebody whose one-time password is not changed yet.
fn strangers(
    place: &Place,
    routes: &[(&'static str, &'static str)],
    rule: &BTreeMap<(&str, &str), &str>,
) -> Vec<String> {
    let mut leaks = Vec::new();
    let grant = [("supervisor", "household", "yunqiao"), ("auditor", "household", "yunqiao")];
    place.bureau.officer_with("fresh", &grant, Some(("one-time-pass", true)));
    let mut nobody = Browser::new(&place.bureau, &place.office);
    let mut fresh = Browser::new(&place.bureau, &place.office);
    let sign_in = json!({ "officer": "fresh", "password": "one-time-pass" });
    assert_eq!(fresh.write("/v1/session", &sign_in).0, 200);
    let headers = [("x-yimen", "1"), ("content-type", "application/json")];
    for (method, path) in routes.iter().filter(|(_, path)| *path != "/v1/session") {
        let full = path.replace("{id}", place.home["id"].as_str().unwrap()).replace("{attachment}", &place.attachment);
        let text = if *method == "get" { String::new() } else { body(path).to_string() };
        let who = rule[&(*method, *path)];
        let method = method.to_uppercase();
        let (status, answer) = read(nobody.send(&method, &full, &headers, &text));
        let expected = if who == "open" { Said::Through } else { Said::Stranger };
        if through_if_absent(who, said(status, &answer)) != expected {
            leaks.push(format!("nobody {method} {path}: {status} {answer}"));
        }
        let (status, answer) = read(fresh.send(&method, &full, &headers, &text));
        let expected = if ["open", "own"].contains(&who) { Said::Through } else { Said::Forbidden };
        if through_if_absent(who, said(status, &answer)) != expected {
            leaks.push(format!("one-time {method} {path}: {status} {answer}"));
        }
    }
    leaks
}
