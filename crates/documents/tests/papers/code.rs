//! The signed code: intact, changed in every byte, foreign key, other class, revoked, damaged.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use documents::BureauClass::{Demonstration, Production};
use documents::certificate::canonical;
use documents::qr::{QrMatrix, qr_luma};
use documents::signing::{CanonicalFacts, IssuingKey, SigningError, qr_url, sign};
use documents::verify::{PublicKeys, VerifyError, verify};
use domain::sensitive::Sensitive;
use jiff::civil::date;

use crate::paper::{BASE, facts, key, keys};

fn canonical_facts() -> CanonicalFacts {
    canonical("no-criminal-record", &facts("欧阳娜娜"), Production).expect("facts")
}

fn code() -> Vec<u8> {
    sign(&canonical_facts(), &key(Production)).expect("a code")
}

#[test]
fn address_fragment_and_bare_text_verify_alike() {
    let url = qr_url(BASE, &canonical_facts(), &key(Production)).expect("a code");
    let fragment = url.strip_prefix(BASE).expect("the base address");
    for text in [url.as_str(), fragment, &fragment[1..]] {
        let seen = verify(text, &keys(Production), &["YQ20261122000317"]).expect("intact");
        assert_eq!(seen.layout, "no-criminal-record");
        assert_eq!(seen.finding, "未发现有犯罪记录");
        assert_eq!((seen.from, seen.to), (Some(date(2016, 11, 22)), Some(date(2026, 11, 22))));
        assert!(seen.expired_on(date(2027, 2, 23)) && !seen.expired_on(date(2027, 2, 22)));
    }
}

#[test]
fn one_changed_bit_anywhere_is_refused() {
    let intact = code();
    for position in 0..intact.len() {
        let mut changed = intact.clone();
        changed[position] ^= 1;
        let result = verify(&BASE64.encode(&changed), &keys(Production), &[]);
        assert!(result.is_err(), "byte {position} was changed and nobody saw it");
    }
}

#[test]
fn a_changed_name_under_an_old_signature_is_invalid() {
    let intact = code();
    let name = "欧阳娜娜".as_bytes();
    let at = intact.windows(name.len()).position(|window| window == name).expect("the name in the facts");
    let mut changed = intact;
    changed[at..at + name.len()].copy_from_slice("欧阳丽丽".as_bytes());
    let result = verify(&BASE64.encode(&changed), &keys(Production), &[]);
    assert_eq!(result.err(), Some(VerifyError::Invalid));
}

#[test]
fn cut_off_and_prolonged_codes_are_refused() {
    let mut long = code();
    for length in 0..long.len() {
        assert!(verify(&BASE64.encode(&long[..length]), &keys(Production), &[]).is_err(), "{length} bytes");
    }
    long.push(0);
    assert!(verify(&BASE64.encode(&long), &keys(Production), &[]).is_err());
    assert_eq!(verify("", &keys(Production), &[]).err(), Some(VerifyError::NoCode));
    assert_eq!(verify(BASE, &keys(Production), &[]).err(), Some(VerifyError::NoCode));
    assert!(verify("#我不是代码", &keys(Production), &[]).is_err());
}

#[test]
fn a_foreign_key_is_unknown_and_a_revoked_number_is_refused() {
    let text = BASE64.encode(code());
    assert!(matches!(verify(&text, &PublicKeys::new(), &[]), Err(VerifyError::UnknownKey(_))));
    let revoked = verify(&text, &keys(Production), &["YQ20261122000318"]).err();
    assert_eq!(revoked, Some(VerifyError::Revoked { number: "YQ20261122000318".into() }));
}

#[test]
fn a_demonstration_key_never_speaks_for_production() {
    let refused = sign(&canonical_facts(), &key(Demonstration));
    assert!(matches!(refused, Err(SigningError::OtherClass)));
    // Facts that claim production, by a key the public list calls a demonstration key.
    let result = verify(&BASE64.encode(code()), &keys(Demonstration), &[]);
    assert_eq!(result.err(), Some(VerifyError::Invalid));
}

#[test]
fn keys_survive_pem_and_stay_out_of_debug() {
    let first = IssuingKey::from_random(&[3; 32], Production);
    let pem = first.to_pem().expect("PEM");
    assert!(pem.expose().starts_with("-----BEGIN PRIVATE KEY-----"));
    let second = IssuingKey::from_pem(pem.expose(), Production).expect("the same key");
    assert_eq!(first.public_bytes(), second.public_bytes());
    // RFC 8032, section 7.1, test 1: this seed has this public key.
    let seed = *b"\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
    let public = IssuingKey::from_random(&seed, Production).public_bytes();
    assert_eq!(public[..4], [0xd7, 0x5a, 0x98, 0x01]);
    assert!(!format!("{first:?}").contains("3, 3, 3"));
    assert!(IssuingKey::from_pem("no key", Production).is_err());
}

#[test]
fn only_safe_bases_get_a_code() {
    for bad in ["http://verify.example/v", "https://verify.example/v#x", "ftp://x", ""] {
        assert!(matches!(qr_url(bad, &canonical_facts(), &key(Production)), Err(SigningError::BadBase(_))), "{bad}");
    }
}

#[test]
fn a_long_name_still_fits_a_code_that_paper_can_carry() {
    let mut facts = canonical_facts();
    facts.name = Sensitive::new("阿卜杜拉提普·阿卜杜热合曼阿吉".into());
    let url = qr_url(BASE, &facts, &key(Production)).expect("a code");
    let modules = QrMatrix::encode(&url).expect("a matrix").width();
    // The code is 34 mm wide; a module under 0.4 mm gets hard for a phone camera and a worn printer.
    assert!(34.0 / modules as f32 >= 0.4, "{modules} modules for {} characters", url.len());
}

#[test]
fn the_picture_for_the_screen_has_quiet_zone_and_finders() {
    let (side, pixels) = qr_luma(BASE).expect("a picture");
    assert_eq!(pixels.len(), side * side);
    let at = |x: usize, y: usize| pixels[y * side + x];
    assert!((0..side).all(|i| at(i, 3) == 255 && at(3, i) == 255 && at(i, side - 1) == 255));
    // The finder at the top left: dark corner, light ring inside, dark heart (ISO/IEC 18004).
    assert_eq!([at(4, 4), at(5, 5), at(7, 7)], [0, 255, 0]);
}
