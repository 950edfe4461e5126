//! The stick between two stores: nothing is marked before it is durable, nothing damaged is taken, nothing is erased without
//! the office's receipt over the first kiosk's own manifest.

use super::*;
use crate::store::Store;
use domain::ids::{KioskId, ServiceId, StationId, SubmissionId};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use outbox::State;
use std::path::{Path, PathBuf};
use wire::digest::Digest;
use wire::envelope::Sealed;
use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
use wire::receipt::Receipt;
use wire::signature::Signed;

struct Bench {
    folder: tempfile::TempDir,
    stick: tempfile::TempDir,
    first: Store,
    second: Store,
}

fn now() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

fn id(number: u128) -> SubmissionId {
    SubmissionId(uuid::Uuid::from_u128(number))
}

fn office() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

/// Two kiosks, the first with three submissions of one part each.
fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(&folder.path().join("a")).unwrap();
    let second = Store::open(&folder.path().join("b")).unwrap();
    for number in 1..=3 {
        let bytes = format!("ciphertext {number}").into_bytes();
        let sealed = Sealed { sha256: Digest::of(&bytes), bytes };
        first.adopt(&manifest(number, &sealed), &[sealed]).unwrap();
    }
    Bench { folder, stick: tempfile::tempdir().unwrap(), first, second }
}

pub(crate) fn manifest(number: u128, sealed: &Sealed) -> Signed {
    let (sha256, size) = (sealed.sha256.clone(), sealed.bytes.len() as u64);
    let manifest = Manifest {
        v: VERSION,
        suite: SUITE.to_owned(),
        id: id(number),
        chain: Chain::first(id(number)),
        service: ServiceId::new("id-replace-lost"),
        form_version: 1,
        station: StationId::new("yunqiao"),
        kiosk: KioskId::new("a"),
        sealed_at: now(),
        recipients: vec!["r".to_owned()],
        parts: vec![Part { role: Role::Answers, sha256, size, media_type: "application/json".to_owned() }],
    };
    Signed::sign(&manifest, &SigningKey::from_bytes(&[1; 32])).unwrap()
}

impl Bench {
    fn export(&self) -> Result<Exported, CarryError> {
        export(&self.first, &KioskId::new("a"), self.stick.path(), now())
    }

    fn on_stick(&self, name: &str) -> PathBuf {
        self.stick.path().join(FOLDER).join(name)
    }

    /// The office's receipt for each item that the second kiosk holds.
    fn receipts(&self, key: &SigningKey) {
        for item in self.second.waiting().unwrap() {
            let receipt =
                Receipt { id: item.entry.id, manifest: item.entry.manifest, received_at: now(), log_index: 0 };
            let text = serde_json::to_string(&Signed::sign(&receipt, key).unwrap()).unwrap();
            self.second.persist(item.entry.id, State::Acked, Some(text), None).unwrap();
        }
        let ids: Vec<_> = (1..=3).map(id).collect();
        assert_eq!(write_receipts(&self.second, self.stick.path(), &ids).unwrap(), 3);
    }

    fn settle(&self) -> Settled {
        take_receipts(&self.first, self.stick.path(), office().verifying_key(), now()).unwrap()
    }
}

fn states(store: &Store) -> Vec<State> {
    (1..=3).filter_map(|number| store.find(id(number)).unwrap()).map(|found| found.state).collect()
}

fn spoil(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[3] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn what_is_exported_is_kept_until_the_offices_receipt_comes_back() {
    let bench = bench();
    assert_eq!(bench.export().unwrap(), Exported { items: 3, bytes: 36 });
    assert_eq!((bench.first.exported().unwrap(), states(&bench.first)), (3, vec![State::Sealed; 3]));
    let adopted = adopt(&bench.second, bench.stick.path()).unwrap();
    assert_eq!((adopted.items.len(), adopted.new, adopted.damaged), (3, 3, vec![]));
    // As they are: the same bytes, signed by the first kiosk.
    let manifests = |store: &Store| store.waiting().unwrap().into_iter().map(|item| item.manifest).collect::<Vec<_>>();
    assert_eq!(manifests(&bench.second), manifests(&bench.first));
    // Twice is once.
    assert_eq!(adopt(&bench.second, bench.stick.path()).unwrap().new, 0);
    bench.receipts(&office());
    assert_eq!(bench.settle(), Settled { delivered: 3, ..Settled::default() });
    assert_eq!(states(&bench.first), [State::Tombstone; 3]);
    assert_eq!(bench.settle(), Settled { not_here: 3, ..Settled::default() });
    let left = std::fs::read_dir(bench.folder.path().join("a/spool")).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn what_the_office_refuses_for_ever_is_told_with_its_reason_and_does_not_count_as_arrived() {
    let bench = bench();
    bench.export().unwrap();
    let items = adopt(&bench.second, bench.stick.path()).unwrap().items;
    let standing = || brought(&bench.second, &items).unwrap();
    assert_eq!(standing(), Brought { waiting: 3, refused: vec![] });
    bench.second.persist(id(1), State::Quarantined, None, Some("bad-signature".to_owned())).unwrap();
    let refused = vec![(id(1), "bad-signature".to_owned())];
    assert_eq!(standing(), Brought { waiting: 2, refused: refused.clone() });
    bench.receipts(&office());
    assert_eq!(standing(), Brought { waiting: 3, refused: vec![] }, "an acknowledged one is here until it is erased");
    for number in 1..=3 {
        bench.second.erase(id(number), now()).unwrap();
    }
    assert_eq!(standing(), Brought { waiting: 0, refused: vec![] }, "all have arrived");
}

#[test]
fn receipts_that_the_office_did_not_sign_erase_nothing() {
    let bench = bench();
    bench.export().unwrap();
    adopt(&bench.second, bench.stick.path()).unwrap();
    bench.receipts(&SigningKey::from_bytes(&[9; 32]));
    assert_eq!(bench.settle(), Settled { refused: 3, ..Settled::default() });
    assert_eq!(states(&bench.first), [State::Sealed; 3]);
    // Genuine ones under each other's names are none either.
    let text = std::fs::read_to_string(bench.on_stick("receipts.json")).unwrap();
    let (one, two) = (id(1).to_string(), id(2).to_string());
    std::fs::write(bench.on_stick("receipts.json"), text.replace(&one, "x").replace(&two, &one).replace('x', &two))
        .unwrap();
    assert_eq!(bench.settle().delivered, 0);
}

#[test]
fn a_damaged_item_is_named_and_stops_no_other() {
    let bench = bench();
    bench.export().unwrap();
    let items = bench.first.waiting().unwrap();
    let blob = &items[0].files().unwrap()[0];
    spoil(&bench.on_stick(&format!("blobs/{}/{blob}", &blob.as_str()[..2])));
    std::fs::remove_file(bench.on_stick(&format!("manifests/{}.json", id(2)))).unwrap();
    let adopted = adopt(&bench.second, bench.stick.path()).unwrap();
    assert_eq!(adopted.items, [id(3)]);
    assert_eq!(adopted.damaged.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id(1), id(2)]);
}

#[test]
fn an_export_that_broke_off_or_is_anothers_is_refused() {
    let bench = bench();
    bench.export().unwrap();
    let other = export(&bench.second, &KioskId::new("b"), bench.stick.path(), now());
    assert!(matches!(other, Err(CarryError::OfAnother(name)) if name == "a"));
    spoil(&bench.on_stick("index.json"));
    assert!(matches!(adopt(&bench.second, bench.stick.path()), Err(CarryError::NotWhole(_))));
    std::fs::remove_file(bench.on_stick("index.json")).unwrap();
    assert!(matches!(adopt(&bench.second, bench.stick.path()), Err(CarryError::NotWhole(_))));
}

#[test]
fn a_damaged_spool_marks_nothing_and_other_content_is_never_overwritten() {
    let bench = bench();
    let items = bench.first.waiting().unwrap();
    spoil(&bench.first.spool().path(&items[2].files().unwrap()[0]));
    assert!(bench.export().is_err());
    assert_eq!(bench.first.exported().unwrap(), 0);
    assert!(!bench.on_stick("index.json").exists());
    let bytes = b"other ciphertext".to_vec();
    let sealed = Sealed { sha256: Digest::of(&bytes), bytes };
    let refused = bench.first.adopt(&manifest(1, &sealed), &[sealed]);
    assert_eq!(refused, Err(StoreError::AnotherContent));
}

#[test]
fn a_second_process_is_told_that_the_store_is_in_use() {
    let bench = bench();
    assert_eq!(Store::open(&bench.folder.path().join("a")).err(), Some(StoreError::InUse));
}
