//! Back-pressure on the kiosks' door, seen from a raw socket: who is sent away never sends its body, and is told when to come.

use crate::bureau::{Bureau, Office, PATIENCE, Settings};
use crate::parties::{CLEAN, Kiosk, certificate_payload, read};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wire::payload::Identified;

type Line = StreamOwned<ClientConnection, TcpStream>;

fn line(bureau: &Bureau, office: &Office, kiosk: &Kiosk) -> Line {
    let identity = &kiosk.identity;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(bureau.ca_pem.as_bytes()).unwrap()).unwrap();
    let chain = CertificateDer::pem_slice_iter(identity.certificate.as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)
        .unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let socket = TcpStream::connect(("127.0.0.1", office.ports.kiosks)).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), socket)
}

/// The head of the next answer.
fn head(line: &mut Line) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        line.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap().to_lowercase()
}

fn expecting(kiosk: &Kiosk, id: &str, length: usize) -> String {
    let host = kiosk.base.trim_start_matches("https://");
    format!(
        "PUT /v1/submissions/{id} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    )
}

fn wait_of(head: &str) -> u64 {
    let line = head.lines().find(|line| line.starts_with("retry-after: ")).unwrap();
    line.trim_start_matches("retry-after: ").parse().unwrap()
}

#[test]
fn below_the_watermark_nothing_is_read_and_each_kiosk_has_its_own_time() {
    let bureau = Bureau::new(&Settings { limits: format!("free_bytes = {}", i64::MAX), ..Settings::default() });
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    let mut waits = std::collections::BTreeSet::new();
    for name in ["yunqiao-1", "yunqiao-2", "yunqiao-3"] {
        let machine = if name == kiosk.id { kiosk.clone() } else { Kiosk::enrolled(&bureau, &office, name) };
        let mut line = line(&bureau, &office, &machine);
        line.write_all(expecting(&kiosk, &ready.id.to_string(), 500_000).as_bytes()).unwrap();
        let answer = head(&mut line);
        assert!(answer.starts_with("http/1.1 507 "), "no word of going on: {answer}");
        assert!(answer.contains("connection: close"), "{answer}");
        let wait = wait_of(&answer);
        assert!((60..300).contains(&wait), "{wait}");
        waits.insert(wait);
    }
    assert!(waits.len() > 1, "{waits:?}");
    let (status, problem) = read(kiosk.open_upload(&ready.blobs[1].sha256, 400).unwrap().1);
    assert_eq!((status, problem["retry"].as_str()), (507, Some("later")));
    let health = kiosk.client.get(format!("{}/v1/health", kiosk.base)).send().unwrap();
    assert_eq!(health.status().as_u16(), 200, "questions are still answered");
}

#[test]
fn with_no_place_free_one_is_sent_away_unread_and_with_one_free_the_body_is_asked_for() {
    let bureau = Bureau::new(&Settings { limits: "at_once = 1".to_owned(), ..Settings::default() });
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    kiosk.upload(&ready.blobs[1]).unwrap();
    let body = kiosk.inline_body(&ready);
    let request = expecting(&kiosk, &ready.id.to_string(), body.len());

    // Its body is asked for and does not come: it holds the one place.
    let mut slow = line(&bureau, &office, &kiosk);
    slow.write_all(request.as_bytes()).unwrap();
    assert!(head(&mut slow).starts_with("http/1.1 100 "));
    let mut away = line(&bureau, &office, &kiosk);
    away.write_all(request.as_bytes()).unwrap();
    let answer = head(&mut away);
    assert!(answer.starts_with("http/1.1 503 ") && (2..32).contains(&wait_of(&answer)), "{answer}");
    slow.write_all(body.as_bytes()).unwrap();
    assert!(head(&mut slow).starts_with("http/1.1 201 "));
    assert_eq!(kiosk.put_inline(&ready).unwrap().status().as_u16(), 200, "the place is free again");
}

#[test]
fn a_kiosk_that_asks_without_end_is_told_when_its_turn_is_and_the_others_notice_nothing() {
    let bureau = Bureau::new(&Settings { limits: "kiosk_per_second = 2".to_owned(), ..Settings::default() });
    let office = bureau.start();
    let [wild, other] = ["yunqiao-1", "yunqiao-2"].map(|id| Kiosk::enrolled(&bureau, &office, id));
    let ask = |kiosk: &Kiosk| kiosk.client.get(format!("{}/v1/time", kiosk.base)).send().unwrap();
    let sent_away = (0..60).map(|_| ask(&wild)).find(|answer| answer.status().as_u16() != 200).unwrap();
    assert_eq!(sent_away.status().as_u16(), 429);
    let wait: u64 = sent_away.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    let (_, problem) = read(sent_away);
    assert_eq!(
        (problem["type"].as_str(), problem["retry"].as_str()),
        (Some("urn:yimen:problem:slow-down"), Some("later"))
    );
    assert_eq!(ask(&other).status().as_u16(), 200);
    // What it wanted to hand in is asked for again later, as with every `later`: it is not lost.
    std::thread::sleep(Duration::from_secs(wait));
    assert_eq!(ask(&wild).status().as_u16(), 200);
}

#[test]
fn a_body_that_never_comes_gives_its_place_back() {
    let bureau =
        Bureau::new(&Settings { limits: "at_once = 1\nrequest_seconds = 2".to_owned(), ..Settings::default() });
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    let mut dead = line(&bureau, &office, &kiosk);
    dead.write_all(expecting(&kiosk, &ready.id.to_string(), 5000).as_bytes()).unwrap();
    assert!(head(&mut dead).starts_with("http/1.1 100 "));
    let until = Instant::now() + PATIENCE;
    while !kiosk.upload(&ready.blobs[1]).is_ok_and(|answer| answer.status().is_success()) {
        assert!(Instant::now() < until, "its place is held for ever");
    }
    let answer = head(&mut dead);
    assert!(answer.starts_with("http/1.1 503 ") && answer.contains("connection: close"), "{answer}");
}

#[test]
fn one_kiosk_never_holds_the_places_of_all() {
    let bureau = Bureau::new(&Settings { limits: "at_once = 64".to_owned(), ..Settings::default() });
    let office = bureau.start();
    let [greedy, other] = ["yunqiao-1", "yunqiao-2"].map(|id| Kiosk::enrolled(&bureau, &office, id));
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let mut lines = Vec::new();
    let refused = (0..64).find_map(|_| {
        let ready = greedy.ready(&payload, &[&signature]);
        let mut line = line(&bureau, &office, &greedy);
        line.write_all(expecting(&greedy, &ready.id.to_string(), 5000).as_bytes()).unwrap();
        let answer = head(&mut line);
        lines.push(line);
        (!answer.starts_with("http/1.1 100 ")).then_some(answer)
    });
    let refused = refused.unwrap();
    assert!(refused.starts_with("http/1.1 429 ") && lines.len() == 9, "{} {refused}", lines.len());
    let ready = other.ready(&payload, &[&signature]);
    other.upload(&ready.blobs[1]).unwrap();
    assert_eq!(other.put_inline(&ready).unwrap().status().as_u16(), 201);
}
