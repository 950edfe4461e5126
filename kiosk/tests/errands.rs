//! The program's errands without a face: what it says and how it ends when they did not go well. Who reads the exit code alone must
//! not wipe a stick that holds the only way of a submission to the office.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

mod enrolled;

use domain::ids::{KioskId, ServiceId, StationId, SubmissionId};
use ed25519_dalek::SigningKey;
use enrolled::{enrolled, kiosk_toml, put};
use kiosk::carry;
use kiosk::store::Store;
use outbox::State;
use std::path::Path;
use std::process::{Command, Output};
use wire::digest::Digest;
use wire::envelope::Sealed;
use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
use wire::signature::Signed;

fn program(folder: &Path, arguments: &[&str]) -> (Output, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_yimen-kiosk"));
    let output = program.arg("--folder").arg(folder).args(arguments).env_remove("YIMEN_LOG").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, said)
}

/// A submission of another kiosk, of one part.
fn submission(number: u128) -> (SubmissionId, Signed, Sealed) {
    let bytes = format!("ciphertext {number}").into_bytes();
    let sealed = Sealed { sha256: Digest::of(&bytes), bytes };
    let id = SubmissionId(uuid::Uuid::from_u128(number));
    let (sha256, size) = (sealed.sha256.clone(), sealed.bytes.len() as u64);
    let manifest = Manifest {
        v: VERSION,
        suite: SUITE.to_owned(),
        id,
        chain: Chain::first(id),
        service: ServiceId::new("id-replace-lost"),
        form_version: 1,
        station: StationId::new("yunqiao"),
        kiosk: KioskId::new("a"),
        sealed_at: ambient::now(),
        recipients: vec!["r".to_owned()],
        parts: vec![Part { role: Role::Answers, sha256, size, media_type: "application/json".to_owned() }],
    };
    (id, Signed::sign(&manifest, &SigningKey::from_bytes(&[1; 32])).unwrap(), sealed)
}

#[test]
fn a_stick_whose_items_the_office_refused_is_no_success_and_is_to_be_kept() {
    let place = tempfile::tempdir().unwrap();
    let (second, stick) = (place.path().join("second"), place.path().join("stick"));
    enrolled(&second, vec![]);
    let first = Store::open(&place.path().join("first")).unwrap();
    let here = Store::open(&second.join("data")).unwrap();
    let mut ids = Vec::new();
    for number in 1..=3 {
        let (id, manifest, sealed) = submission(number);
        first.adopt(&manifest, &[sealed]).unwrap();
        ids.push(id);
    }
    std::fs::create_dir(&stick).unwrap();
    carry::export(&first, &KioskId::new("a"), &stick, ambient::now()).unwrap();
    carry::adopt(&here, &stick).unwrap();
    for id in ids {
        here.persist(id, State::Quarantined, None, Some("bad-signature".to_owned())).unwrap();
    }
    drop(here);
    let (output, said) = program(&second, &["--import", stick.to_str().unwrap(), "--patience", "1"]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let counts = ["on_stick", "new", "damaged", "refused", "waiting", "receipts"].map(|name| told[name].as_u64());
    assert_eq!(counts, [Some(3), Some(0), Some(0), Some(3), Some(0), Some(0)], "{told}");
    assert_eq!(output.status.code(), Some(1), "{said}");
    for words in ["3 were refused", "Keep the stick and the first kiosk's disk", "bad-signature"] {
        assert!(said.contains(words), "{words:?} is not in {said}");
    }
}

#[test]
fn what_went_wrong_is_named_by_what_was_wished() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("kiosk");
    enrolled(&folder, vec![]);
    let nothing = place.path().join("nothing");
    let nothing = nothing.to_str().unwrap();
    for (arguments, words) in [
        (&["--enrol", "no ticket"][..], "enrolling failed: "),
        (&["--import", nothing], "the import is not whole: "),
        (&["--import-receipts", nothing], "taking the receipts in failed: "),
        (&["--export", "/proc/nowhere"], "the export failed: "),
    ] {
        let (output, said) = program(&folder, arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains(words) && !said.contains("cannot start"), "{arguments:?}: {said}");
    }
    put(&folder, "kiosk.toml", &kiosk_toml("intake = \"http://edge.example\"\n"));
    let (output, said) = program(&folder, &[]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the kiosk cannot start: kiosk.toml: intake"), "{said}");
}
