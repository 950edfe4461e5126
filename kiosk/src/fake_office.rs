//! For tests of whom a kiosk believes: an authority, and a TLS server that says it is the office and keeps what it hears.
//! Not here: the tests, which lie beside what they test (`enrol`, `uplink::identity`).

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wire::digest::Digest;

/// Longest wait for a client that says nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// A root that signs servers.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    /// Its certificate.
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "an authority");
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let pem = certificate.pem();
        Self { certificate: certificate.der().clone(), pem, issuer: Issuer::new(params, key) }
    }

    /// By this a ticket names it.
    pub(crate) fn fingerprint(&self) -> String {
        Digest::of(&self.certificate).as_str().to_owned()
    }
}

/// The server. Its thread ends with the process.
pub(crate) struct Server {
    port: u16,
    heard: Arc<Mutex<String>>,
}

impl Server {
    /// A server that `signer` certifies, which shows `shown` as its root and answers every request with this JSON.
    pub(crate) fn start(signer: &Authority, shown: &Authority, answer: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let leaf = params.signed_by(&key, &signer.issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone(), shown.certificate.clone()],
                PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap(),
            )
            .unwrap();
        let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
        let (port, heard) = (listener.local_addr().unwrap().port(), Arc::<Mutex<String>>::default());
        let (kept, answer) = (Arc::clone(&heard), answer.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that turns away is what these tests are about.
                let _ = serve(stream.unwrap(), &config, &kept, &answer);
            }
        });
        Self { port, heard }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// All that was said to it inside TLS.
    pub(crate) fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, config: &Arc<ServerConfig>, heard: &Mutex<String>, answer: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let connection = ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
    let mut tls = StreamOwned::new(connection, stream);
    let (mut request, mut piece) = (String::new(), [0; 4096]);
    while !is_whole(&request) {
        let length = tls.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&piece[..length]);
        request += &text;
        *heard.lock().unwrap() += &text;
    }
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", answer.len());
    tls.write_all(head.as_bytes())?;
    tls.write_all(answer.as_bytes())?;
    tls.conn.send_close_notify();
    tls.flush()
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}
