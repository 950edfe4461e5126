//! The counter: numbers are called once, the wall shows nothing of a person, sums stand beside the year before.

use crate::bureau::{Bureau, Office, Settings};
use crate::parties::{CLEAN, Kiosk, Officer, REFER, certificate_payload, client, payload};
use crate::schema::differences;
use domain::answers::Answers;
use domain::ids::SubmissionId;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wire::outcome::Outcome;
use wire::payload::Identified;

fn place() -> (Bureau, Office, Kiosk) {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    (bureau, office, kiosk)
}

/// A certificate that falls to the counter: a number is drawn.
fn fallen(kiosk: &Kiosk) -> SubmissionId {
    let (payload, signature) = certificate_payload(REFER, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    assert_eq!(kiosk.send(&ready).unwrap().0, 201);
    ready.id
}

fn officer(bureau: &Bureau, office: &Office, id: &str, grants: &[(&str, &str, &str)]) -> Officer {
    Officer::new(bureau, office, bureau.officer_with(id, grants, None))
}

/// Held against what the door describes.
fn described(schema: &str, value: &Value) {
    let document = back_office::officer_api::document();
    let found = differences(&document, &json!({ "$ref": format!("#/components/schemas/{schema}") }), value, schema);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_number_is_called_recalled_missed_called_again_and_served() {
    let (bureau, office, kiosk) = place();
    let one = officer(&bureau, &office, "officer-1", &[("officer", "criminal-record", "yunqiao")]);
    let id = fallen(&kiosk);
    let case = one.case_of(id);
    let Outcome::Counter { ticket, window, hours } = kiosk.outcome(id).0 else { panic!("an outcome at the counter") };
    assert_eq!((ticket.as_str(), window.as_deref()), ("A001", Some("综合窗口")));
    assert!(hours.is_some());

    // A kiosk that sends the person to an officer does not ask for a number: nobody would know that they are called.
    let (mut unsigned, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    unsigned.open = vec!["cannot-sign".into()];
    let ready = kiosk.ready(&unsigned, &[&signature]);
    kiosk.send(&ready).unwrap();
    one.case_of(ready.id);
    let (_, list) = one.get("/v1/tickets");
    described("Tickets", &list);
    assert_eq!((&list["waiting"][0]["number"], &list["waiting"][0]["case_id"]), (&json!("A001"), &case["id"]));
    assert_eq!(list["waiting"].as_array().unwrap().len(), 1);
    assert_eq!(one.post("/v1/tickets/call-next", &json!({ "window": "a name far too long" })).0, 400);
    let (status, called) = one.post("/v1/tickets/call-next", &json!({}));
    assert_eq!((status, &called["state"], &called["calls"]), (200, &json!("called"), &json!(1)));
    assert_eq!(called["window"], "3", "the officer's own window");
    assert_eq!(
        one.post("/v1/tickets/call-next", &json!({ "window": "3" })).1["type"],
        "urn:yimen:problem:nobody-waits"
    );
    assert_eq!(one.post("/v1/tickets/A001/call", &json!({ "window": "3" })).0, 409, "it is called already");
    assert_eq!(one.post("/v1/tickets/A001/recall", &json!({ "window": "4" })).1["calls"], 2);
    assert_eq!(one.post("/v1/tickets/A001/no-show", &json!({})).1["state"], "no-show");
    assert_eq!(one.post("/v1/tickets/A001/recall", &json!({ "window": "4" })).0, 409);
    assert_eq!(one.post("/v1/tickets/A001/call", &json!({ "window": "5" })).1["calls"], 3);
    assert_eq!(one.post("/v1/tickets/A001/served", &json!({})).1["state"], "served");
    assert_eq!(one.get("/v1/tickets").1["done"][0]["window"], "5");
    assert_eq!(one.post("/v1/tickets/Z999/call", &json!({ "window": "5" })).0, 404);

    let (_, drawn) = one.post(&format!("/v1/cases/{}/ticket", case["id"].as_str().unwrap()), &json!({}));
    assert_eq!((&drawn["number"], &drawn["state"]), (&json!("A003"), &json!("waiting")));
    let (_, again) = one.post(&format!("/v1/cases/{}/ticket", case["id"].as_str().unwrap()), &json!({}));
    assert_eq!(again["number"], "A003", "a second press draws no second number");

    let (_, detail) = one.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()));
    let words: Vec<&str> = detail["history"].as_array().unwrap().iter().map(|l| l["words"].as_str().unwrap()).collect();
    for told in ["叫号 A001", "再叫号 A001", "叫号 A001 未到", "号 A001 已接待", "取号 A003"] {
        assert!(words.contains(&told), "{told} is not in {words:?}");
    }
}

#[test]
fn two_windows_never_call_the_same_number_and_another_branch_sees_none() {
    let (bureau, office, kiosk) = place();
    let first = officer(&bureau, &office, "officer-0", &[("officer", "criminal-record", "yunqiao")]);
    for _ in 0..9 {
        first.case_of(fallen(&kiosk));
    }
    let stranger = officer(&bureau, &office, "officer-9", &[("officer", "traffic", "yunqiao")]);
    assert_eq!(stranger.get("/v1/tickets").1["waiting"], json!([]));
    assert_eq!(stranger.post("/v1/tickets/call-next", &json!({ "window": "9" })).0, 404);
    assert_eq!(stranger.post("/v1/tickets/A001/call", &json!({ "window": "9" })).0, 404);
    let called: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=3)
            .map(|n| {
                let id = format!("officer-{n}");
                let officer = officer(&bureau, &office, &id, &[("officer", "criminal-record", "yunqiao")]);
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    while let (200, ticket) = officer.post("/v1/tickets/call-next", &json!({ "window": n.to_string() }))
                    {
                        mine.push(ticket["number"].as_str().unwrap().to_owned());
                    }
                    mine
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(called.len(), 9);
    assert_eq!(called.iter().collect::<BTreeSet<_>>().len(), 9);
}

#[test]
fn the_wall_shows_numbers_and_windows_and_nothing_of_a_person() {
    let (bureau, office, kiosk) = place();
    let one = officer(&bureau, &office, "officer-1", &[("officer", "criminal-record", "yunqiao")]);
    let look = |path: &str| {
        let url = format!("https://127.0.0.1:{}{path}", office.ports.public);
        client(&bureau.ca_pem, None).get(url).send().unwrap().text().unwrap()
    };
    assert!(look("/wall").contains("现在没有叫号"));
    let case = one.case_of(fallen(&kiosk));
    one.case_of(fallen(&kiosk));
    one.post("/v1/tickets/call-next", &json!({ "window": "<b>3" }));
    let (page, data) = (look("/wall"), look("/wall.json"));
    assert!(page.contains("A001") && page.contains("&lt;b&gt;3") && page.contains("云桥派出所"), "{page}");
    assert!(page.contains("还有 <b>1</b> 个号在等"));
    let read: Value = serde_json::from_str(&data).unwrap();
    assert_eq!((&read["called"][0]["number"], &read["waiting"]), (&json!("A001"), &json!(1)));
    for text in [&page, &data] {
        let personal =
            [REFER.0, REFER.1, &REFER.1[14..], "无犯罪", case["id"].as_str().unwrap(), case["code"].as_str().unwrap()];
        for word in personal {
            assert!(!text.contains(word), "{word} is on the wall");
        }
    }
    // Whoever's case has ended waits no more.
    bureau.database().execute("UPDATE office_case SET place = 'closed' WHERE ticket = 'A002'", []).unwrap();
    assert!(look("/wall").contains("没有人在等"));
}

#[test]
fn volumes_stand_beside_the_year_before_and_the_board_counts_today() {
    let (bureau, office, kiosk) = place();
    let chief = officer(&bureau, &office, "chief", &[("supervisor", "household", "yunqiao")]);
    let other = officer(&bureau, &office, "other", &[("auditor", "traffic", "yunqiao")]);
    let mut all = Vec::new();
    for _ in 0..5 {
        let payload = payload("id-replace-lost", CLEAN, Identified::CardAndFace, Answers::default());
        let ready = kiosk.ready(&payload, &[]);
        kiosk.send(&ready).unwrap();
        all.push(chief.case_of(ready.id));
    }
    // Two of them came in a year ago and one long before: 2028-02-29 begins at 16:00 UTC of the day before.
    let move_to = |case: &Value, at: &str| {
        let at: jiff::Timestamp = at.parse().unwrap();
        let parameters = rusqlite::params![at.as_millisecond(), case["id"].as_str().unwrap()];
        bureau.database().execute("UPDATE office_case SET received_at = ?1 WHERE id = ?2", parameters).unwrap();
    };
    for (case, at) in all.iter().zip([
        "2028-02-28T16:00:00Z",
        "2028-02-29T15:59:59Z",
        "2028-02-29T16:00:00Z",
        "2027-02-27T16:00:00Z",
        "2027-02-27T15:59:59Z",
    ]) {
        move_to(case, at);
    }
    let (status, volumes) = chief.get("/v1/report/volume?from=2028-02-29&until=2028-02-29");
    assert_eq!(status, 200, "{volumes}");
    assert_eq!((&volumes["base_from"], &volumes["base_until"]), (&json!("2027-02-28"), &json!("2027-02-28")));
    let row = json!({ "item": all[0]["title"], "count": 2, "base": 1, "delta": 1, "percent": 100.0 });
    assert_eq!(volumes["rows"], json!([row]));
    assert!(volumes["rounding_words"].as_str().unwrap().contains("四舍五入"));
    assert_eq!(other.get("/v1/report/volume?from=2028-02-29&until=2028-02-29").1["rows"], json!([]));
    assert_eq!(chief.get("/v1/report/volume?from=2028-03-01&until=2028-02-29").0, 400);
    let base = format!("https://127.0.0.1:{}", office.ports.officers);
    let token = bureau.officer_with("clerk", &[("supervisor", "household", "yunqiao")], None);
    let url = format!("{base}/v1/report/volume.csv?from=2028-02-29&until=2028-02-29");
    let sheet = client(&bureau.ca_pem, None).get(url).bearer_auth(token).send().unwrap().text().unwrap();
    assert!(sheet.contains(",2,1,1,100.00\r\n") && sheet.contains("\"合计\",2,1,1,100.00\r\n"), "{sheet}");

    let (_, held) = chief.post("/v1/queue/claim-next", &json!({}));
    let (_, board) = chief.get("/v1/report/board");
    described("Board", &board);
    assert_eq!((&board["open"], &board["waiting"]), (&json!(5), &json!(0)));
    assert_eq!((&board["by_officer"][0]["officer"], &board["by_officer"][0]["holding"]), (&json!("chief"), &json!(1)));
    let decision =
        json!({ "decision": "refuse-to-accept", "reason": "不归本所管辖。", "remedy": "请到南塘派出所办理。" });
    let body = json!({ "claim_epoch": held["claim_epoch"], "version": held["version"], "decision": decision });
    let (status, told) = chief.post(&format!("/v1/cases/{}/decide", held["id"].as_str().unwrap()), &body);
    assert_eq!(status, 200, "{told}");
    let (_, board) = chief.get("/v1/report/board");
    assert_eq!((&board["open"], &board["by_branch"][0]["decided_today"]), (&json!(4), &json!(1)));
    assert_eq!(other.get("/v1/report/board").1["open"], 0);
}

#[test]
fn ratings_come_from_the_kiosk_that_sent_and_are_reported_in_sums() {
    let (bureau, office, kiosk) = place();
    let chief = officer(&bureau, &office, "chief", &[("supervisor", "criminal-record", "yunqiao")]);
    let rate = |kiosk: &Kiosk, id: SubmissionId, stars: u8| {
        let body = json!({ "submission": id, "stars": stars });
        kiosk.client.post(format!("{}/v1/ratings", kiosk.base)).json(&body).send().unwrap().status().as_u16()
    };
    let (one, two) = (fallen(&kiosk), fallen(&kiosk));
    chief.case_of(two);
    assert_eq!([rate(&kiosk, one, 2), rate(&kiosk, one, 5), rate(&kiosk, two, 4)], [204; 3]);
    assert_eq!([rate(&kiosk, one, 0), rate(&kiosk, one, 6)], [422; 2]);
    let stranger = Kiosk::enrolled(&bureau, &office, "yunqiao-2");
    assert_eq!(rate(&stranger, one, 1), 404);
    let (_, report) = chief.get("/v1/report/ratings");
    assert_eq!((&report["total"]["count"], &report["total"]["average"]), (&json!(2), &json!(4.5)));
    assert_eq!(report["rows"][0]["stars"], json!([0, 0, 0, 1, 1]));
    assert_eq!(chief.get("/v1/report/ratings?from=2020-01-01&until=2020-01-02").1["total"], Value::Null);
}
