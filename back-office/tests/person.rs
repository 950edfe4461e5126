//! What an officer is told of the person of a case: how the machine knew them, and which picture is whose.

use crate::bureau::{Bureau, Settings};
use crate::openings::desk;
use crate::parties::{CLEAN, Kiosk, payload};
use domain::answers::{Answer, Answers, AttachmentId};
use domain::ids::FieldId;
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use serde_json::Value;
use wire::digest::Digest;
use wire::payload::{Identified, Payload, PictureRole};

const PORTRAIT: &[u8] = b"\xff\xd8\xff a portrait of the form";
const FACE: &[u8] = b"\xff\xd8\xff a face that was compared";

fn id(bytes: &[u8]) -> AttachmentId {
    AttachmentId(Digest::of(bytes).to_string())
}

fn photo() -> Answers {
    let mut answers = Answers::default();
    answers.set(FieldId::new("photo"), Answer::Photo(id(PORTRAIT)));
    answers
}

fn with_face(mut payload: Payload) -> Payload {
    payload.pictures = [(PictureRole::LiveFace, id(FACE))].into();
    payload
}

#[test]
fn a_comparison_that_failed_is_not_told_as_none_and_a_childs_portrait_is_not_the_guardians_face() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let person = |payload: &Payload| -> Value {
        let ready = kiosk.ready(payload, &[PORTRAIT, FACE]);
        kiosk.send(&ready).unwrap();
        let case = officer.case_of(ready.id);
        officer.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap())).1["person"].clone()
    };
    let certificate = |how| payload("no-criminal-record-self", CLEAN, how, Answers::default());
    let compared = "比对没有通过，或没有结果，请当面核对";
    for how in [Identified::CardOfficer, Identified::NumberOfficer] {
        let told = person(&with_face(certificate(how)));
        assert_eq!(told["remark"], compared, "{told}");
        assert!(!told["identified_word"].as_str().unwrap().contains("没有比对人脸"), "{told}");
        assert_eq!(told["live_photo"]["attachment"], id(FACE).0);
        let told = person(&certificate(how));
        assert_eq!(told["remark"], "机器没有比对，请当面核对", "{told}");
        // Where the form asks for a portrait the compared face does not go along: nothing tells whether there was one.
        let told = person(&payload("id-replace-lost", CLEAN, how, photo()));
        assert_eq!(told["remark"], "机器没有确认是本人，请当面核对", "{told}");
        assert_eq!(told["live_photo"]["attachment"], id(PORTRAIT).0, "in one's own matter it is one's own portrait");
    }

    let guardian = ("吴雪梅", "330327198512319963");
    let mut childs = payload("passport-minor", guardian, Identified::CardOfficer, photo());
    childs.matter = Applicant::Guardian;
    childs.subject = Some(Sensitive::new("410402201801019994".to_owned()));
    assert!(person(&childs)["live_photo"].is_null(), "the child's portrait is not the guardian's face");
    assert_eq!(person(&with_face(childs))["live_photo"]["attachment"], id(FACE).0);
}
