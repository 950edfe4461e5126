//! Services opened at the counter: the whole way from an empty form to a case, for every service of the catalogue; what is
//! wrong is kept and named; who may, who may not; nothing personal in plain.

use crate::bureau::{Bureau, Office, Settings};
use crate::parties::{CLEAN, Officer};
use crate::schema::differences;
use serde_json::{Value, json};

/// A scan as the counter's scanner makes it, as far as anybody looks.
pub const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a page of a paper";
/// A guardian and her child of the demonstration registry.
const MOTHER: (&str, &str) = ("吴雪梅", "330327198512319963");
const CHILD: &str = "410402201801019994";

/// All branches of the catalogue.
pub fn branches() -> Vec<String> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../services-catalog/branches.toml")).unwrap();
    let file: toml::Value = toml::from_str(&text).unwrap();
    file["branch"].as_array().unwrap().iter().map(|branch| branch["id"].as_str().unwrap().to_owned()).collect()
}

/// An officer of all branches.
pub fn desk(bureau: &Bureau, office: &Office, id: &str) -> Officer {
    let branches = branches();
    let names: Vec<&str> = branches.iter().map(String::as_str).collect();
    Officer::new(bureau, office, bureau.officer(id, &names, false))
}

/// What an officer writes in a field, by what the page says of it. Some fields have rules of their own.
fn text_for(field: &Value, service: &str) -> String {
    let special = match field["id"].as_str().unwrap() {
        "person.id-number" if ["passport-minor", "birth-registration"].contains(&service) => Some(MOTHER.1),
        "person.id-number" => Some(CLEAN.1),
        "person.subject" if service == "passport-minor" => Some(CHILD),
        "person.subject" | "principal-number" => Some("330304198405189978"),
        "certificate-number" => Some("T330000001"),
        "file-number" => Some("330300000123"),
        "plate" => Some("浙ZD12345"),
        "vin-tail" => Some("0001"),
        "permit-number" => Some("C00000001"),
        "born" => Some("2026-11-10"),
        "before" => Some("no"),
        _ => None,
    };
    if let Some(text) = special {
        return text.to_owned();
    }
    match field["kind"].as_str().unwrap() {
        "person-name" => "林志强".to_owned(),
        "id-number" => "330304198405189978".to_owned(),
        "phone" => "13800002046".to_owned(),
        "date" => "2026-11-10".to_owned(),
        "choice" => field["choices"][0]["value"].as_str().unwrap().to_owned(),
        "address" => "浙江省温州市瓯海区将军桥路 1 号".to_owned(),
        "declaration" => "yes".to_owned(),
        "signature" => "shown".to_owned(),
        "text" => "在菜市场丢的".to_owned(),
        other => panic!("a kind of field that no officer knows: {other}"),
    }
}

pub fn path(opening: &Value, rest: &str) -> String {
    format!("/v1/openings/{}{rest}", opening["id"].as_str().unwrap())
}

pub fn write(officer: &Officer, opening: &Value, answers: &Value) -> Value {
    let body = json!({ "version": opening["version"], "answers": answers });
    let (status, after) = officer.post(&path(opening, "/answers"), &body);
    assert_eq!(status, 200, "{after} {answers}");
    after
}

/// Fills an opening by what its page says until it may be submitted: first papers are scanned, every other one is shown.
pub fn fill(officer: &Officer, mut opening: Value, service: &str) -> Value {
    for round in 0.. {
        assert!(round < 12, "{service} never ends: {}", opening["missing"]);
        for step in opening["steps"].as_array().unwrap().clone() {
            let empty = |field: &&Value| {
                let lacks = field["required"] == true && field["value"].is_null();
                (lacks || field["error"].is_string()) && field["kind"] != "signature"
            };
            let answers: serde_json::Map<String, Value> = step["fields"]
                .as_array()
                .unwrap()
                .iter()
                .filter(empty)
                .map(|field| (field["id"].as_str().unwrap().to_owned(), text_for(field, service).into()))
                .collect();
            if !answers.is_empty() {
                opening = write(officer, &opening, &Value::Object(answers));
            }
        }
        let missing: Vec<Value> =
            opening["papers"].as_array().unwrap().iter().filter(|paper| paper["state"] == "missing").cloned().collect();
        for (number, paper) in missing.iter().enumerate() {
            let to = path(&opening, &format!("/papers/{}", paper["key"].as_str().unwrap()));
            let version = opening["version"].as_i64().unwrap();
            let (status, after) = if number == 0 && paper["may_be_scanned"] == true {
                officer.scan(&to, version, "image/jpeg", JPEG)
            } else {
                officer.post(&to, &json!({ "version": version, "state": "shown" }))
            };
            assert_eq!(status, 200, "{after}");
            opening = after;
        }
        if opening["may_submit"] == true {
            return opening;
        }
    }
    unreachable!()
}

fn shown_right(document: &Value, schema: &str, value: &Value) {
    let found = differences(document, &document["components"]["schemas"][schema], value, schema);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_service_of_the_catalogue_is_opened_at_the_counter_and_becomes_an_ordinary_case() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let officer = desk(&bureau, &office, "officer-1");
    let (_, document) = officer.get("/v1/openapi.json");
    let (_, all) = officer.get("/v1/services");
    shown_right(&document, "Services", &all);
    let services = all["services"].as_array().unwrap();
    assert!(services.len() >= 12, "{}", services.len());
    for service in services {
        let id = service["id"].as_str().unwrap();
        let (status, opening) = officer.post("/v1/openings", &json!({ "service": id }));
        assert_eq!(status, 200, "{opening}");
        assert_eq!((&opening["from"], &opening["may_submit"]), (&json!("counter"), &json!(false)), "{id}");
        let full = fill(&officer, opening, id);
        shown_right(&document, "Opening", &full);
        assert!(full["steps"].as_array().unwrap().iter().all(|step| step["done"] == true), "{id} {full}");
        let (status, case) = officer.post(&path(&full, "/submit"), &json!({ "version": full["version"] }));
        assert_eq!(status, 200, "{id} {case}");
        shown_right(&document, "Case", &case);
        assert_eq!((&case["holder"], &case["code"]), (&json!("officer-1"), &full["code"]), "{id}");
        let (_, detail) = officer.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()));
        shown_right(&document, "CaseDetail", &detail);
        assert_eq!(detail["person"]["identified_word"], "民警在窗口当面核对证件", "{id}");
        assert_eq!(detail["person"]["confirmed"]["finding"], "same", "{id}");
        for line in detail["form"].as_array().unwrap().iter().flat_map(|step| step["fields"].as_array().unwrap()) {
            assert!(line["error"].is_null(), "{id} {line}");
        }
        let shown: Vec<&Value> =
            full["papers"].as_array().unwrap().iter().filter(|paper| paper["seen"] == true).collect();
        for paper in detail["papers"].as_array().unwrap() {
            let seen = shown.iter().any(|shown| shown["key"] == paper["key"]);
            assert_eq!(paper["checked"].is_object(), seen, "{id} {paper}");
            assert!(!seen || paper["level"] != "C", "{id} {paper}");
        }
        assert!(detail["history"][0]["words"] == "在窗口开办", "{id} {}", detail["history"]);
        let (status, gone) = officer.get(&path(&full, ""));
        assert_eq!((status, &gone["case"]), (409, &case["id"]), "{id}");
        let (status, again) = officer.post("/v1/openings/by-code", &json!({ "code": full["code"] }));
        assert_eq!((status, &again["case"]), (409, &case["id"]), "{id}");
    }
    let (_, list) = officer.get("/v1/queue?whose=mine&most=500");
    assert_eq!(list["cases"].as_array().unwrap().len(), services.len());
    assert!(list["cases"].as_array().unwrap().iter().all(|case| case["applicant"].is_string()));
    assert_eq!(officer.get("/v1/openings").1["openings"], json!([]));
    nothing_in_plain(&bureau, &[CLEAN.0, CLEAN.1, MOTHER.0, MOTHER.1, CHILD, "13800002046", "将军桥", "菜市场"]);
}

/// None of these words in any file of the office but its own registry's.
pub fn nothing_in_plain(bureau: &Bureau, words: &[&str]) {
    let mut folders = vec![bureau.folder.path().join("data")];
    let mut looked_at = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap().path();
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let bytes = std::fs::read(&entry).unwrap();
            looked_at += 1;
            for word in words {
                let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
                assert!(!found, "{word} in {}", entry.display());
            }
        }
    }
    assert!(looked_at > 2, "the database and its journal were looked at");
}

#[test]
fn a_service_is_found_by_word_pinyin_and_initials_and_only_where_it_may_be_taken_in() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let officer = desk(&bureau, &office, "officer-1");
    for query in ["补领", "shenfenzheng", "sfz"] {
        let (_, found) = officer.get(&format!("/v1/services?q={query}"));
        let found = found["services"].as_array().unwrap().clone();
        assert!(found.iter().any(|service| service["id"] == "id-replace-lost"), "{query} {found:?}");
    }
    assert_eq!(officer.get("/v1/services?q=xyzzy").1["services"], json!([]));
    let traffic = Officer::new(&bureau, &office, bureau.officer("officer-2", &["traffic"], false));
    let (_, found) = traffic.get("/v1/services");
    assert!(found["services"].as_array().unwrap().iter().all(|service| service["branch"] == "traffic"), "{found}");
    assert_eq!(traffic.post("/v1/openings", &json!({ "service": "id-replace-lost" })).0, 404);
    assert_eq!(traffic.post("/v1/openings", &json!({ "service": "no-such" })).0, 404);
}

#[test]
fn what_is_wrong_is_kept_and_named_and_a_stale_write_changes_nothing() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let officer = desk(&bureau, &office, "officer-1");
    let (_, empty) = officer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
    let field = |opening: &Value, id: &str| {
        let steps = opening["steps"].as_array().unwrap().iter();
        steps.flat_map(|step| step["fields"].as_array().unwrap()).find(|field| field["id"] == id).unwrap().clone()
    };
    let wrong = json!({ "person.id-number": "330304200002299989", "phone": "1380000", "how": "eaten" });
    let after = write(&officer, &empty, &wrong);
    for (id, text) in wrong.as_object().unwrap() {
        let shown = field(&after, id);
        assert_eq!(&shown["value"], text, "{id} is kept");
        assert!(shown["error"].is_string(), "{id} {shown}");
    }
    assert!(after["verdict"].is_null(), "nobody is judged before it is known who it is");
    let (status, refused) = officer.post(&path(&after, "/submit"), &json!({ "version": after["version"] }));
    assert_eq!((status, refused["type"].as_str()), (422, Some("urn:yimen:problem:opening-incomplete")));
    let why = refused["why"].to_string();
    assert!(["身份证号", "手机号", "还没有交"].iter().all(|word| why.contains(word)), "{why}");

    // The registry fills in what it knows as soon as the number is right; a cleared prefill stays clear.
    let known = write(&officer, &after, &json!({ "person.id-number": CLEAN.1 }));
    assert_eq!(field(&known, "person.name")["value"], CLEAN.0);
    assert_eq!(known["verdict"]["kind"], "yes");
    assert_eq!(field(&known, "phone")["value"], "1380000", "what was written is not replaced by what is known");
    let stranger = write(&officer, &known, &json!({ "person.id-number": "330304198405189972" }));
    assert!(field(&stranger, "person.name")["value"].is_null(), "nobody is called by another one's name");
    let known = write(&officer, &stranger, &json!({ "person.id-number": CLEAN.1 }));
    let post = write(&officer, &known, &json!({ "collect": "post", "post-to": "将军桥路 1 号" }));
    assert_eq!(field(&post, "post-to")["error"], "请从省、市、区写起");
    let right = write(&officer, &post, &json!({ "post-to": "浙江省 温州市 瓯海区 将军桥路 1 号" }));
    assert_eq!(field(&right, "post-to")["value"], "浙江省温州市瓯海区将军桥路 1 号");
    let away = write(&officer, &right, &json!({ "collect": "counter" }));
    let asked = |opening: &Value| opening["steps"].to_string().contains("post-to");
    assert!(!asked(&away));
    let back = write(&officer, &away, &json!({ "collect": "post" }));
    assert_eq!(field(&back, "post-to")["value"], "浙江省温州市瓯海区将军桥路 1 号", "it comes back as it was");

    let stale = json!({ "version": post["version"], "answers": { "collect": "counter" } });
    let (status, conflict) = officer.post(&path(&back, "/answers"), &stale);
    assert_eq!((status, &conflict["version"]), (409, &back["version"]));
    assert!(asked(&officer.get(&path(&back, "")).1));
    let strange = json!({ "version": back["version"], "answers": { "no-such-field": "x" } });
    assert_eq!(officer.post(&path(&back, "/answers"), &strange).0, 400);
    nothing_in_plain(&bureau, &[CLEAN.0, CLEAN.1, "330304200002299989", "将军桥"]);
}

#[test]
fn papers_are_what_they_are_and_giving_up_erases_everything() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let officer = desk(&bureau, &office, "officer-1");
    let (_, opening) = officer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
    let book = path(&opening, "/papers/household-book");
    let version = |opening: &Value| opening["version"].as_i64().unwrap();
    let paper = |opening: &Value, key: &str| {
        opening["papers"].as_array().unwrap().iter().find(|paper| paper["key"] == key).unwrap().clone()
    };
    assert_eq!(officer.scan(&book, version(&opening), "image/png", JPEG).0, 415, "a file is what its bytes say");
    assert_eq!(officer.scan(&path(&opening, "/papers/no-such"), version(&opening), "image/jpeg", JPEG).0, 404);
    let (status, one) = officer.scan(&book, version(&opening), "image/jpeg", JPEG);
    assert_eq!((status, &paper(&one, "household-book")["state"]), (200, &json!("scanned")));
    assert_eq!(officer.scan(&book, version(&opening), "image/jpeg", JPEG).0, 409, "an old version");
    let (_, two) = officer.scan(&book, version(&one), "application/pdf", b"%PDF-1.7 more");
    assert_eq!(paper(&two, "household-book")["pages"], 2);
    let say = |opening: &Value, key: &str, state: &str| {
        officer
            .post(&path(opening, &format!("/papers/{key}")), &json!({ "version": opening["version"], "state": state }))
    };
    let (_, seen) = say(&two, "household-book", "shown");
    let shown = paper(&seen, "household-book");
    assert_eq!((&shown["state"], &shown["pages"], &shown["seen"]), (&json!("shown"), &json!(2), &json!(true)));
    let (_, later) = say(&seen, "household-book", "later");
    assert_eq!(
        (&paper(&later, "household-book")["state"], &paper(&later, "household-book")["pages"]),
        (&json!("later"), &json!(0))
    );
    assert_eq!(say(&later, "field:photo", "later").0, 422, "a portrait does not follow later");
    let large = [JPEG, &vec![0; (8 << 20) - JPEG.len() + 1]].concat();
    assert_eq!(officer.scan(&book, version(&later), "image/jpeg", &large).0, 413);
    let (status, largest) = officer.scan(&book, version(&later), "image/jpeg", &large[..8 << 20]);
    assert_eq!((status, &paper(&largest, "household-book")["pages"]), (200, &json!(1)));

    let blobs = || walk(&bureau.folder.path().join("data/blobs"));
    assert_eq!(blobs(), 3, "each scan is a sealed file");
    // Several at once for the same version: one is kept, and of the others no file.
    let scan = |number: usize| {
        let page = [JPEG, &number.to_le_bytes()[..]].concat();
        officer.scan(&book, version(&largest), "image/jpeg", &page).0
    };
    let at_once: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|number| scope.spawn(move || scan(number))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(at_once.iter().filter(|status| **status == 200).count(), 1, "{at_once:?}");
    assert_eq!(blobs(), 4, "{at_once:?}");
    assert_eq!(officer.send("delete", &path(&largest, ""), &Value::Null).0, 204);
    assert_eq!(blobs(), 0, "nothing is left of them");
    let left: i64 = bureau
        .database()
        .query_row("SELECT COUNT(*) FROM opening WHERE sealed IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
    assert_eq!(officer.get(&path(&largest, "")).0, 409);
    assert_eq!(officer.post("/v1/openings/by-code", &json!({ "code": largest["code"] })).0, 404);
}

/// Files below a folder.
pub fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}
