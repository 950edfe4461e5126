//! Certificates of a bureau written anew, as both ends of a connection see them: real handshakes in memory, by rustls, with the
//! files that lie there afterwards.

use super::{files, init, json, path, yimenctl};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Certificate and key from two files.
fn identity(chain: &Path, key: &Path) -> Identity {
    let chain = CertificateDer::pem_file_iter(chain).unwrap().map(Result::unwrap).collect();
    (chain, PrivateKeyDer::from_pem_file(key).unwrap())
}

/// Whether both ends believe each other, when the client comes by this name and trusts this root.
fn meet(server: Identity, root: &Path, name: &str, client: Option<Identity>) -> bool {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(root).unwrap()).unwrap();
    let roots = Arc::new(roots);
    let verifier =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()
            .unwrap();
    let served = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let served = served.unwrap().with_client_cert_verifier(verifier).with_single_cert(server.0, server.1).unwrap();
    let asks = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let asks = asks.with_root_certificates(roots);
    let asks = match client {
        Some((chain, key)) => asks.with_client_auth_cert(chain, key).unwrap(),
        None => asks.with_no_client_auth(),
    };
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut client = ClientConnection::new(Arc::new(asks), name).unwrap();
    let mut server = ServerConnection::new(Arc::new(served)).unwrap();
    while client.is_handshaking() || server.is_handshaking() {
        let (mut to_server, mut to_client) = (Vec::new(), Vec::new());
        client.write_tls(&mut to_server).unwrap();
        server.read_tls(&mut to_server.as_slice()).unwrap();
        if server.process_new_packets().is_err() {
            return false;
        }
        server.write_tls(&mut to_client).unwrap();
        client.read_tls(&mut to_client.as_slice()).unwrap();
        if client.process_new_packets().is_err() {
            return false;
        }
    }
    true
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { folder };
        assert!(init(&place.bureau()).status.success());
        place
    }

    fn bureau(&self) -> PathBuf {
        self.folder.path().join("bureau")
    }

    fn key(&self, name: &str) -> PathBuf {
        self.bureau().join("office/keys").join(name)
    }

    /// `yimenctl --json bureau certificate` with these words.
    fn certificate(&self, words: &[&str]) -> Output {
        let bureau = self.bureau();
        yimenctl(&[&["--json", "bureau", "certificate", path(&bureau)], words].concat())
    }

    fn edge(&self, name: &str) -> Output {
        let (bureau, out) = (self.bureau(), self.folder.path().join(name));
        let core = ["--core", "https://10.0.0.5:8441", "--host", "edge.example"];
        yimenctl(&[&["--json", "bureau", "edge", path(&bureau), name, "--out", path(&out)], &core[..]].concat())
    }

    /// Whether who trusts the bureau's root finds the office by this name.
    fn found_by(&self, name: &str) -> bool {
        meet(identity(&self.key("server.pem"), &self.key("server.key.pem")), &self.key("ca.pem"), name, None)
    }

    fn office_toml(&self) -> String {
        std::fs::read_to_string(self.bureau().join("office/office.toml")).unwrap()
    }
}

#[test]
fn the_offices_certificate_is_written_anew_with_the_names_it_has_and_those_given() {
    let place = Place::new();
    let before = files(&place.bureau());
    assert!(place.found_by("127.0.0.1") && !place.found_by("10.0.0.5"));
    let told = place.certificate(&["--host", "10.0.0.5", "--host", "office.example", "--host", "LOCALHOST"]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told = json(&told);
    assert_eq!(told["hosts"], serde_json::json!(["127.0.0.1", "localhost", "10.0.0.5", "office.example"]), "{told}");
    for name in ["127.0.0.1", "localhost", "10.0.0.5", "office.example"] {
        assert!(place.found_by(name), "{name}");
    }
    let again = json(&place.certificate(&[]));
    assert_ne!(again["certificate"], told["certificate"]);
    assert!(place.found_by("office.example"));
    let changed: Vec<PathBuf> =
        files(&place.bureau()).into_iter().filter(|file| !before.contains(file)).map(|(path, _)| path).collect();
    assert_eq!(changed, [place.key("server.pem")], "nothing else");

    let other = Place::new();
    std::fs::rename(place.bureau().join("authority"), place.folder.path().join("safe")).unwrap();
    assert_eq!(place.certificate(&[]).status.code(), Some(1), "the root is away");
    std::fs::rename(other.bureau().join("authority"), place.bureau().join("authority")).unwrap();
    let refused = place.certificate(&[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is not the root that the office trusts"));
    assert!(place.found_by("office.example"));
}

#[test]
fn an_edge_is_made_only_when_the_office_is_believed_by_its_names() {
    let place = Place::new();
    let toml = place.office_toml();
    let refused = place.edge("dmz-1");
    assert_eq!(refused.status.code(), Some(1));
    let words = String::from_utf8(refused.stderr).unwrap();
    let command = format!("yimenctl bureau certificate {} --host 10.0.0.5 --host edge.example", path(&place.bureau()));
    assert!(words.contains(&format!("Nothing was changed. First:  {command}")), "{words}");
    assert_eq!(place.office_toml(), toml);
    assert!(!place.folder.path().join("dmz-1").exists());

    assert!(place.certificate(&["--host", "10.0.0.5"]).status.success());
    assert!(String::from_utf8(place.edge("dmz-1").stderr).unwrap().contains("is not for edge.example:"));
    assert!(place.certificate(&["--host", "edge.example"]).status.success());
    let made = place.edge("dmz-1");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(place.found_by("10.0.0.5") && place.found_by("edge.example"));
}

#[test]
fn an_edges_certificate_is_written_anew_and_the_office_names_the_new_one() {
    let place = Place::new();
    assert!(place.certificate(&["--host", "10.0.0.5", "--host", "edge.example"]).status.success());
    let [one, two] = ["dmz-1", "dmz-2"].map(|name| (json(&place.edge(name)), place.folder.path().join(name)));
    let before = files(&one.1);
    let wrong = place.certificate(&["--edge", "dmz-1", "--folder", path(&two.1)]);
    assert_eq!(wrong.status.code(), Some(1), "another edge's");
    assert_eq!(place.certificate(&["--edge", "dmz-1"]).status.code(), Some(2), "where it lies must be said");
    let told = json(&place.certificate(&["--edge", "dmz-1", "--folder", path(&one.1), "--host", "edge.city.example"]));
    assert_eq!(told["hosts"], serde_json::json!(["edge.example", "edge.city.example"]), "{told}");
    assert_ne!(told["certificate"], one.0["certificate"]);
    let toml: toml::Table = toml::from_str(&place.office_toml()).unwrap();
    let named = |edge: &str| toml["edges"][edge]["certificate"].as_str().map(str::to_owned);
    assert_eq!(named("dmz-1").as_deref(), told["certificate"].as_str());
    assert_eq!(named("dmz-2").as_deref(), two.0["certificate"].as_str());
    let changed: Vec<PathBuf> =
        files(&one.1).into_iter().filter(|file| !before.contains(file)).map(|(path, _)| path).collect();
    assert_eq!(changed, [one.1.join("keys/edge.pem")], "its key stays");

    let edge = || identity(&one.1.join("keys/edge.pem"), &one.1.join("keys/edge.key.pem"));
    let office = identity(&place.key("server.pem"), &place.key("server.key.pem"));
    assert!(meet(edge(), &place.key("ca.pem"), "edge.city.example", None), "kiosks find it");
    assert!(meet(office, &place.key("ca.pem"), "10.0.0.5", Some(edge())), "the office lets it in");
    let uri = format!("spiffe://yunqiao/edge/{}", "dmz-1");
    let der = CertificateDer::from_pem_file(one.1.join("keys/edge.pem")).unwrap();
    assert!(der.windows(uri.len()).any(|part| part == uri.as_bytes()), "the office knows it by its name");
}

#[test]
fn kiosks_of_before_are_believed_by_the_authority_that_was_written_anew() {
    let place = Place::new();
    let (own, key) = (place.key("kiosk-ca.pem"), place.key("kiosk-ca.key.pem"));
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let authority = rcgen::KeyPair::from_pem(&read(&key)).unwrap();
    let issuer = rcgen::Issuer::from_ca_cert_pem(&read(&own), authority).unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.use_authority_key_identifier_extension = true;
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    let device = rcgen::KeyPair::generate().unwrap();
    let leaf = params.signed_by(&device, &issuer).unwrap().der().clone();
    let old = CertificateDer::from_pem_file(&own).unwrap();
    let comes = |above: CertificateDer<'static>| {
        let office = identity(&place.key("server.pem"), &place.key("server.key.pem"));
        let key = PrivateKeyDer::try_from(device.serialize_der()).unwrap();
        meet(office, &place.key("ca.pem"), "localhost", Some((vec![leaf.clone(), above], key)))
    };
    let before = files(&place.bureau());
    assert!(place.certificate(&["--kiosks"]).status.success());
    let new = CertificateDer::from_pem_file(&own).unwrap();
    assert_ne!(new, old);
    assert!(comes(old) && comes(new), "by both");
    let changed: Vec<PathBuf> =
        files(&place.bureau()).into_iter().filter(|file| !before.contains(file)).map(|(path, _)| path).collect();
    assert_eq!(changed, [own], "nothing else");
    assert_eq!(place.certificate(&["--kiosks", "--host", "x"]).status.code(), Some(2));
}
