//! Says at start and by `--check` which certificate ends soon, and how it is written anew: on its last day every kiosk would stop.
//! Not here: kiosks' own certificates, which they renew themselves; files that are no certificates, which whoever uses them refuses.

use crate::config::Loaded;
use jiff::{SignedDuration, Timestamp};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::path::{Path, PathBuf};

/// From so long before its end a certificate is told.
const BEFORE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What to do about the office's own.
const SERVER: &str = "with authority/ brought back: yimenctl bureau certificate BUREAU";
/// About the authority that signs kiosks.
const KIOSKS: &str = "with authority/ brought back: yimenctl bureau certificate BUREAU --kiosks";
/// About an edge's.
const EDGE: &str = "where the bureau's authority/ is: yimenctl bureau certificate BUREAU --edge NAME --folder FOLDER";
/// About the root.
const ROOT: &str = "everything ends with it: make a new bureau by then, and enrol every kiosk there";

/// The office's certificates that end soon, in words.
pub fn of_office(loaded: &Loaded, now: Timestamp) -> Vec<String> {
    let keys = &loaded.config.keys;
    let all = [(&keys.server_certificate, SERVER), (&keys.kiosk_authority, KIOSKS), (&keys.authority, ROOT)];
    all.into_iter().filter_map(|(path, advice)| soon(&loaded.path(path), advice, now)).collect()
}

/// An edge's.
pub fn of_edge(loaded: &crate::edge::Loaded, now: Timestamp) -> Vec<String> {
    let files: (PathBuf, PathBuf) = (loaded.tls().chain, loaded.tls().authority);
    [(&files.0, EDGE), (&files.1, ROOT)].into_iter().filter_map(|(path, advice)| soon(path, advice, now)).collect()
}

/// The first certificate of a file, when it ends soon or has ended.
fn soon(path: &Path, advice: &str, now: Timestamp) -> Option<String> {
    let der = CertificateDer::from_pem_file(path).ok()?;
    let (_, parsed) = x509_parser::parse_x509_certificate(&der).ok()?;
    let until = Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()?;
    let day = crate::office::china_day(until);
    (until.duration_since(now) <= BEFORE).then(|| {
        let word = if until <= now { "has ended on" } else { "ends on" };
        format!("the certificate {} {word} {day}: write it anew ({advice})", path.display())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_told_from_ninety_days_before_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.pem");
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.not_after = rcgen::date_time_ymd(2028, 11, 23);
        let key = rcgen::KeyPair::generate().unwrap();
        std::fs::write(&path, params.self_signed(&key).unwrap().pem()).unwrap();
        let told = |at: &str| soon(&path, SERVER, at.parse().unwrap());
        assert_eq!(told("2028-08-24T00:00:00Z"), None, "91 days");
        let words = told("2028-08-25T00:00:00Z").unwrap();
        assert!(words.contains("server.pem ends on 2028-11-23") && words.contains("bureau certificate"), "{words}");
        assert!(told("2028-11-23T00:00:00Z").unwrap().contains("has ended on"));
        assert_eq!(soon(&folder.path().join("none"), SERVER, "2028-08-25T00:00:00Z".parse().unwrap()), None);
    }
}
