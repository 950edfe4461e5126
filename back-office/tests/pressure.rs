//! Back-pressure on the kiosks' door, seen from a raw socket: who is sent away never sends its body, and is told when to come.

use crate::bureau::{Bureau, Identity, Machine, Office, PATIENCE, Settings};
use crate::parties::{CLEAN, Kiosk, certificate_payload, read};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wire::payload::Identified;

type Line = StreamOwned<ClientConnection, TcpStream>;

fn line(bureau: &Bureau, office: &Office, kiosk: &Kiosk) -> Line {
    line_to(bureau, office.ports.kiosks, Some(&kiosk.identity))
}

/// A line to a door, with a certificate or as a stranger.
fn line_to(bureau: &Bureau, port: u16, identity: Option<&Identity>) -> Line {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(bureau.ca_pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match identity {
        Some(identity) => {
            let chain = CertificateDer::pem_slice_iter(identity.certificate.as_bytes()).map(Result::unwrap).collect();
            let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
            config.with_client_auth_cert(chain, key).unwrap()
        }
        None => config.with_no_client_auth(),
    };
    let name = ServerName::try_from("localhost").unwrap();
    let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
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
    let other = Kiosk::enrolled(&bureau, &office, "yunqiao-2");
    let mut away = line(&bureau, &office, &other);
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
        // Asked without end it would meet its share of requests instead.
        std::thread::sleep(Duration::from_millis(20));
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

#[test]
fn one_edge_never_holds_the_places_of_all() {
    let bureau = Bureau::new(&Settings { limits: "at_once = 16".to_owned(), ..Settings::default() });
    let (edge, fingerprint) = bureau.edge_identity("dmz-1");
    let configured = bureau.folder.path().join("office.toml");
    let text = std::fs::read_to_string(&configured).unwrap();
    std::fs::write(configured, format!("{text}\n[edges.dmz-1]\ncertificate = \"{fingerprint}\"\n")).unwrap();
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    let mut lines = Vec::new();
    let refused = (0..16).find_map(|_| {
        let mut line = line_to(&bureau, office.ports.kiosks, Some(&edge));
        line.write_all(expecting(&kiosk, &ready.id.to_string(), 5000).as_bytes()).unwrap();
        let answer = head(&mut line);
        lines.push(line);
        (!answer.starts_with("http/1.1 100 ")).then_some(answer)
    });
    let refused = refused.unwrap();
    assert!(refused.starts_with("http/1.1 429 ") && lines.len() == 9, "{} {refused}", lines.len());
    kiosk.upload(&ready.blobs[1]).unwrap();
    assert_eq!(kiosk.put_inline(&ready).unwrap().status().as_u16(), 201);
}

/// The body of this request never comes.
fn endless(method: &str, path: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\
         Expect: 100-continue\r\n\r\n"
    )
}

/// Whether the line was cut, without an answer.
fn was_cut(line: &mut Line) -> bool {
    let mut byte = [0];
    match line.read(&mut byte) {
        Ok(count) => count == 0,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

#[test]
fn strangers_whose_bodies_never_come_keep_nobody_out_and_give_their_places_back() {
    let limits = "stranger_connections = 8\nrequest_seconds = 3".to_owned();
    let bureau = Bureau::new(&Settings { limits, ..Settings::default() });
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let given = bureau.kiosk_code(&office, "yunqiao-2");
    let mut strangers: Vec<Line> = (0..20)
        .map(|_| {
            let mut line = line_to(&bureau, office.ports.kiosks, None);
            line.write_all(endless("POST", "/v1/enrol").as_bytes()).unwrap();
            assert!(head(&mut line).starts_with("http/1.1 100 "), "whoever comes is served");
            line
        })
        .collect();
    let mut last = strangers.pop().unwrap();
    assert!(strangers.iter_mut().take(11).all(was_cut), "the oldest gave way at once");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    kiosk.upload(&ready.blobs[1]).unwrap();
    assert_eq!(kiosk.put_inline(&ready).unwrap().status().as_u16(), 201);
    let (status, answer) = Machine::new().enrol(&bureau, &office, "yunqiao-2", given["code"].as_str().unwrap());
    assert_eq!(status, 200, "{answer}");
    let answer = head(&mut last);
    assert!(answer.starts_with("http/1.1 503 ") && answer.contains("connection: close"), "{answer}");
}

#[test]
fn every_door_ends_a_request_whose_body_never_comes() {
    let bureau = Bureau::new(&Settings { limits: "request_seconds = 2".to_owned(), ..Settings::default() });
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let doors = [
        (office.ports.kiosks, Some(&kiosk.identity), endless("POST", "/v1/own-record")),
        (office.ports.kiosks, Some(&kiosk.identity), endless("POST", "/v1/blobs/missing")),
        (office.ports.kiosks, Some(&kiosk.identity), endless("POST", "/v1/health")),
        (office.ports.officers, None, endless("POST", "/v1/session")),
        (office.ports.public, None, endless("POST", "/v1/verify")),
    ];
    for (port, identity, request) in doors {
        let mut line = line_to(&bureau, port, identity);
        line.write_all(request.as_bytes()).unwrap();
        let first = head(&mut line);
        assert!(first.starts_with("http/1.1 100 "), "{request}{first}");
        let answer = head(&mut line);
        assert!(answer.starts_with("http/1.1 503 ") && answer.contains("connection: close"), "{request}{answer}");
    }
}

#[test]
fn more_strangers_than_files_may_be_open_keep_no_kiosk_out() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start_with_files(320);
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let strangers: Vec<Line> = (0..200)
        .flat_map(|_| [(office.ports.kiosks, "/v1/enrol"), (office.ports.officers, "/v1/session")])
        .map(|(port, path)| {
            let mut line = line_to(&bureau, port, None);
            line.write_all(endless("POST", path).as_bytes()).unwrap();
            line
        })
        .collect();
    let newcomer = Kiosk { client: crate::parties::client(&bureau.ca_pem, Some(&kiosk.identity)), ..kiosk };
    let ready = newcomer.ready(&payload, &[&signature]);
    newcomer.upload(&ready.blobs[1]).unwrap().error_for_status().unwrap();
    assert_eq!(newcomer.put_inline(&ready).unwrap().status().as_u16(), 201);
    drop(strangers);
}

#[test]
fn one_kiosk_has_so_many_connections_and_its_oldest_goes_for_the_next() {
    let bureau = Bureau::new(&Settings { limits: "kiosk_connections = 2".to_owned(), ..Settings::default() });
    let office = bureau.start();
    let [wild, other] = ["yunqiao-1", "yunqiao-2"].map(|id| Kiosk::enrolled(&bureau, &office, id));
    let ask = "GET /v1/time HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let open = |kiosk: &Kiosk| {
        let mut line = line(&bureau, &office, kiosk);
        line.write_all(ask.as_bytes()).unwrap();
        assert!(head(&mut line).starts_with("http/1.1 200 "));
        line
    };
    let mut quiet = open(&other);
    let mut lines: Vec<Line> = (0..4).map(|_| open(&wild)).collect();
    let drained = |line: &mut Line| {
        let mut rest = Vec::new();
        line.sock.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        !line.read_to_end(&mut rest).is_err_and(|e| matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
    };
    assert!(lines[..2].iter_mut().all(drained));
    let still = |line: &mut Line| {
        line.write_all(ask.as_bytes()).unwrap();
        let mut byte = [0];
        line.read_exact(&mut byte).is_ok()
    };
    assert!(still(&mut lines[3]) && still(&mut quiet));
}
