//! One-time codes as the second factor of a password: TOTP (RFC 6238 over RFC 4226: SHA-1, six digits, thirty seconds),
//! and recovery codes for a lost device.
//! Invariants: one step before and after the clock's is taken, and nothing else; comparing looks at every step and digit
//! whatever differs. Not here: which steps were used (`store::factors`), sealing, delays (`tries`).

use domain::ids::RECEIPT_ALPHABET;
use domain::sensitive::Sensitive;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha1::Sha1;
use wire::digest::Digest;

/// Seconds of a step (RFC 6238, section 5.2).
const STEP: i64 = 30;
/// Steps that a device's clock may be wrong by, each way.
const TOLERANCE: i64 = 1;
/// Bytes of a secret: as many as SHA-1 gives (RFC 4226, section 4, R6).
pub const SECRET_BYTES: usize = 20;
/// Recovery codes given at a time.
pub const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code: 22^16, about 71 bits, so that a plain hash keeps it.
const RECOVERY_LETTERS: usize = 16;

/// The six digits of a counter (RFC 4226, section 5.3).
fn code(secret: &[u8], counter: i64) -> Option<u32> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&counter.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash.last()? & 0x0f);
    let four: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
    Some((u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// The step whose code this is, when it is one of those near `now`.
pub fn step_of(secret: &[u8], typed: &str, now: Timestamp) -> Option<i64> {
    let digits: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    let number = digits.parse::<u32>().ok().filter(|_| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()));
    let middle = now.as_second().div_euclid(STEP);
    (middle - TOLERANCE..=middle + TOLERANCE).fold(None, |found, step| {
        let same = code(secret, step).zip(number).is_some_and(|(right, typed)| (right ^ typed) == 0);
        if same { Some(step) } else { found }
    })
}

/// A secret as devices take it: base32 without padding (RFC 4648, section 6).
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = |at: usize| -> usize {
        let pair = u16::from_be_bytes([bytes[at / 8], bytes.get(at / 8 + 1).copied().unwrap_or(0)]);
        usize::from(pair >> (11 - at % 8)) & 0x1f
    };
    (0..bytes.len() * 8).step_by(5).map(|at| char::from(LETTERS[bits(at)])).collect()
}

/// What a device reads from the QR code (the "Key Uri Format" that authenticator programs share).
pub fn uri(issuer: &str, officer: &str, secret: &[u8]) -> Sensitive<String> {
    let mut uri = url::form_urlencoded::Serializer::new(String::new());
    uri.append_pair("secret", &base32(secret)).append_pair("issuer", issuer);
    uri.append_pair("algorithm", "SHA1").append_pair("digits", "6").append_pair("period", "30");
    // Blanks as %20: some programs show a plus sign as it is.
    let label = url::form_urlencoded::byte_serialize(format!("{issuer}:{officer}").as_bytes()).collect::<String>();
    Sensitive::new(format!("otpauth://totp/{label}?{}", uri.finish()).replace('+', "%20"))
}

/// The QR code of a text: rows of `0` and `1`, without the quiet border. `None` when the text is too long for any.
pub fn qr_rows(text: &str) -> Option<Vec<String>> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).ok()?;
    let dark = code.to_colors();
    let row = |cells: &[qrcode::Color]| cells.iter().map(|cell| cell.select('1', '0')).collect();
    Some(dark.chunks(code.width()).map(row).collect())
}

/// Fresh recovery codes: letters without confusable ones, in groups of four.
pub fn recovery_codes() -> Vec<Sensitive<String>> {
    let one = || {
        let letters: Vec<char> = (0..RECOVERY_LETTERS)
            .map(|_| u32::from_be_bytes(ambient::random_bytes()) as usize % RECEIPT_ALPHABET.len())
            .map(|at| char::from(RECEIPT_ALPHABET[at]))
            .collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    };
    (0..RECOVERY_CODES).map(|_| Sensitive::new(one())).collect()
}

/// How a recovery code is kept: its hash together with whose it is. However it is typed, its letters count.
pub fn recovery_hash(officer: &str, typed: &str) -> Digest {
    let letters: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    Digest::of(format!("yimen recovery code\n{officer}\n{letters}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_rfcs_come_out() {
        // RFC 4226, appendix D.
        let secret = b"12345678901234567890";
        let expected = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
        for (counter, expected) in (0_i64..).zip(expected) {
            assert_eq!(code(secret, counter), Some(expected), "{counter}");
        }
        // RFC 6238, appendix B, SHA-1; six digits are the last six of the eight there.
        for (second, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(step_of(secret, &eight[2..], now), Some(second / 30), "{second}");
        }
    }

    #[test]
    fn one_step_of_tolerance_and_no_other_shape() {
        let secret = b"12345678901234567890";
        let at = |second| Timestamp::from_second(second).unwrap();
        let typed = "005924";
        let step = 1_234_567_890 / 30;
        for (offset, found) in [(-60, None), (-30, Some(step)), (0, Some(step)), (30, Some(step)), (60, None)] {
            assert_eq!(step_of(secret, typed, at(1_234_567_890 + offset)), found, "{offset}");
        }
        assert_eq!(step_of(secret, " 005 924 ", at(1_234_567_890)), Some(step));
        for wrong in ["5924", "", "+05924", "0005924", "005925", "００５９２４"] {
            assert_eq!(step_of(secret, wrong, at(1_234_567_890)), None, "{wrong}");
        }
    }

    #[test]
    fn secrets_are_written_as_devices_read_them() {
        // RFC 4648, section 10, without the padding.
        for (plain, expected) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), expected);
        }
        let uri = uri("云桥派出所", "officer-1", b"12345678901234567890");
        assert!(uri.expose().starts_with("otpauth://totp/%E4%BA%91"), "{}", uri.expose());
        assert!(uri.expose().contains("%3Aofficer-1?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer="));
        let rows = qr_rows(uri.expose()).unwrap();
        assert!(rows.iter().all(|row| row.len() == rows.len()) && rows[0].starts_with("1111111"));
    }

    #[test]
    fn recovery_codes_differ_and_are_read_however_they_are_typed() {
        let codes = recovery_codes();
        let mut hashes: Vec<Digest> = codes.iter().map(|code| recovery_hash("o-1", code.expose())).collect();
        assert_eq!(codes[0].expose().len(), 19);
        assert_eq!(hashes[0], recovery_hash("o-1", &codes[0].expose().to_lowercase().replace('-', " ")));
        assert_ne!(hashes[0], recovery_hash("o-2", codes[0].expose()), "of nobody else");
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), RECOVERY_CODES);
    }
}
