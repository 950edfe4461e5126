//! Whoever reads slowly through TLS is served to the end; whoever does not read is let go.
//! The line between is of memory: a piece goes over it every [`STEP`], so that no system's buffer stands between.

use super::*;
use crate::tls::{Clients, Files, listener};
use rcgen::{CertificateParams, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::fs;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio_rustls::TlsConnector;

/// What goes over the line at once, and how often. The 64 KiB that TLS holds take more than twice [`STALLED`].
const PIECE: usize = 1024;
const STEP: Duration = Duration::from_millis(10);
const STALLED: Duration = Duration::from_millis(300);
const ANSWER: usize = 90 << 10;
/// Longest wait for a connection to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// A door's TLS, and that of whoever believes it.
fn tls() -> (TlsAcceptor, TlsConnector) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [chain, key_file] = ["door.pem", "door.key.pem"].map(|name| folder.path().join(name));
    fs::write(&chain, certificate.pem()).unwrap();
    fs::write(&key_file, key.serialize_pem()).unwrap();
    let files = Files { authority: chain.clone(), chain, key: key_file };
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate.pem().as_bytes()).unwrap()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (listener(&files, Clients::Anybody).unwrap().into(), Arc::new(client).into())
}

/// Carries so many bytes of answers, piece by piece, and then none though the line stands; requests as they come.
async fn carry(door: DuplexStream, reader: DuplexStream, most: usize) {
    let (mut answers, mut to_door) = tokio::io::split(door);
    let (mut requests, mut to_reader) = tokio::io::split(reader);
    let there = async {
        let _ = tokio::io::copy(&mut requests, &mut to_door).await;
        std::future::pending().await
    };
    let back = async {
        let mut piece = [0; PIECE];
        let mut carried = 0;
        while carried < most {
            tokio::time::sleep(STEP).await;
            let count = answers.read(&mut piece).await.unwrap();
            if count == 0 {
                return;
            }
            to_reader.write_all(&piece[..count]).await.unwrap();
            carried += count;
        }
        std::future::pending().await
    };
    tokio::select! {
        () = there => {}
        () = back => {}
    }
}

/// One connection that asks for a long answer over a line that carries so much; the reader's end when the door's has ended.
async fn asked(most: usize) -> impl AsyncRead + Unpin {
    let (acceptor, connector) = tls();
    let (door, near) = tokio::io::duplex(PIECE);
    let (far, own) = tokio::io::duplex(1 << 20);
    tokio::spawn(carry(near, far, most));
    let router = Router::new().fallback(|| async { vec![b'x'; ANSWER] });
    let bounds = Bounds { longest: Duration::from_secs(60), known: 1, each_kiosk: 1, strangers: 1, each_address: 1 };
    let present = Present { bounds, known: Crowd::of(1), strangers: Crowd::of(1) };
    let go = Arc::new(Notify::new());
    let place = present.strangers.enter(IpAddr::from([127, 0, 0, 1]).into(), 1, &go);
    let arrived = Arrived { stream: door, stall: STALLED, place, go };
    let connection = tokio::spawn(connection(arrived, Some(acceptor), router.into(), present));
    let mut line = connector.connect("localhost".try_into().unwrap(), own).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    line.write_all(request).await.unwrap();
    let ended = tokio::time::timeout(PATIENCE, connection).await;
    ended.expect("it holds its place for ever").unwrap();
    line
}

#[tokio::test]
async fn who_reads_slowly_through_tls_is_served_to_the_end() {
    let mut line = asked(usize::MAX).await;
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.unwrap();
    let body = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    assert_eq!(answer.len() - body, ANSWER);
}

#[tokio::test]
async fn who_does_not_read_is_let_go() {
    let mut line = asked(8 * PIECE).await;
    let mut answer = Vec::new();
    let cut = tokio::time::timeout(STEP, line.read_to_end(&mut answer)).await;
    assert!(cut.is_err() && answer.len() < ANSWER, "the line carries no more");
}

#[tokio::test]
async fn what_the_system_keeps_of_a_connection_is_bounded() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    prepare(&stream);
    // Twice what was said, as Linux answers it: what STALL is reckoned by.
    assert_eq!(rustix::net::sockopt::socket_send_buffer_size(&stream).unwrap(), 2 * SEND_BUFFER);
}
