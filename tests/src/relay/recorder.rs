//! What the edge reads once TLS is off: a proxy with the edge's own certificate takes a kiosk's requests, writes them down with
//! their answers, and hands them on to the edge with the kiosk's certificate.
//! Invariant: requests and answers are handed on byte for byte. HTTP/1.1 with lengths, as both sides here speak it.

use anyhow::{Context as _, bail};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// First bytes of a body that the trace shows.
const SHOWN: usize = 120;

/// The proxy. Ends with the process.
#[derive(Debug)]
pub struct Recorder {
    /// Where it listens on loopback.
    pub port: u16,
    told: Arc<Told>,
}

#[derive(Debug)]
struct Told {
    requests: AtomicU64,
    /// Every byte, and for people one line a message.
    files: Mutex<(File, File)>,
}

/// Whose names it uses.
#[derive(Clone, Debug)]
pub struct Names {
    /// The edge's folder.
    pub edge: PathBuf,
    /// The kiosk's folder.
    pub kiosk: PathBuf,
}

struct Message {
    head: Vec<u8>,
    body: Vec<u8>,
}

impl Message {
    fn first(&self) -> String {
        let text = String::from_utf8_lossy(&self.head);
        text.lines().next().unwrap_or_default().to_owned()
    }

    fn names(&self) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.head).to_ascii_lowercase();
        text.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect()
    }

    /// What can be printed of the first bytes; everything else is a dot.
    fn shown(&self) -> String {
        let shown = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
        self.body.iter().take(SHOWN).map(shown).collect()
    }
}

impl Recorder {
    /// Starts one before the edge at this port. `bytes`: all it saw; `trace`: the same for people.
    ///
    /// # Errors
    /// Certificates, no free port, the disk's.
    pub fn before(port: u16, names: &Names, bytes: &Path, trace: &Path) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let files = Mutex::new((File::create(bytes)?, File::create(trace)?));
        let told = Arc::new(Told { requests: AtomicU64::new(0), files });
        let own = Self { port: listener.local_addr()?.port(), told: Arc::clone(&told) };
        let (server, client) = (Arc::new(server(&names.edge)?), Arc::new(client(&names.kiosk)?));
        std::thread::spawn(move || {
            for kiosk in listener.incoming().map_while(Result::ok) {
                let (server, client, told) = (Arc::clone(&server), Arc::clone(&client), Arc::clone(&told));
                std::thread::spawn(move || {
                    if let Err(error) = connection(kiosk, port, &server, &client, &told) {
                        tracing::debug!(%error, "a recorded connection ended");
                    }
                });
            }
        });
        Ok(own)
    }

    /// How many requests it saw.
    pub fn requests(&self) -> u64 {
        self.told.requests.load(Ordering::SeqCst)
    }
}

fn chain(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    Ok(CertificateDer::pem_file_iter(path).with_context(|| path.display().to_string())?.collect::<Result<_, _>>()?)
}

fn server(edge: &Path) -> anyhow::Result<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let key = PrivateKeyDer::from_pem_file(edge.join("keys/edge.key.pem"))?;
    Ok(config.with_no_client_auth().with_single_cert(chain(&edge.join("keys/edge.pem"))?, key)?)
}

fn client(kiosk: &Path) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for root in chain(&kiosk.join("ca.pem"))? {
        roots.add(root)?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let own = kiosk.join("keys/client.pem");
    let key = PrivateKeyDer::from_pem_file(&own)?;
    Ok(config.with_root_certificates(roots).with_client_auth_cert(chain(&own)?, key)?)
}

fn connection(
    kiosk: TcpStream,
    port: u16,
    server: &Arc<ServerConfig>,
    client: &Arc<ClientConfig>,
    told: &Told,
) -> anyhow::Result<()> {
    let edge = TcpStream::connect(("127.0.0.1", port))?;
    kiosk.set_nodelay(true)?;
    edge.set_nodelay(true)?;
    let mut kiosk = BufReader::new(StreamOwned::new(ServerConnection::new(Arc::clone(server))?, kiosk));
    let name = ServerName::try_from("127.0.0.1")?;
    let mut edge = BufReader::new(StreamOwned::new(ClientConnection::new(Arc::clone(client), name)?, edge));
    while let Some(asked) = message(&mut kiosk, false)? {
        told.keep(&asked, "->")?;
        told.requests.fetch_add(1, Ordering::SeqCst);
        hand_on(edge.get_mut(), &asked)?;
        let answer = message(&mut edge, asked.first().starts_with("HEAD "))?.context("no answer")?;
        told.keep(&answer, "<-")?;
        hand_on(kiosk.get_mut(), &answer)?;
    }
    Ok(())
}

fn hand_on(to: &mut impl Write, message: &Message) -> anyhow::Result<()> {
    to.write_all(&message.head)?;
    to.write_all(&message.body)?;
    Ok(to.flush()?)
}

/// The next message; `None` at the end of the connection.
fn message(from: &mut BufReader<impl Read>, without_body: bool) -> anyhow::Result<Option<Message>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if from.read_until(b'\n', &mut head)? == 0 {
            return Ok(None);
        }
    }
    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
    if text.contains("transfer-encoding:") {
        bail!("a message without a length");
    }
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let mut body = vec![0; if without_body { 0 } else { length.unwrap_or(0) }];
    from.read_exact(&mut body)?;
    Ok(Some(Message { head, body }))
}

impl Told {
    fn keep(&self, message: &Message, way: &str) -> anyhow::Result<()> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.0.write_all(&message.head)?;
        files.0.write_all(&message.body)?;
        writeln!(files.1, "{way} {}", message.first())?;
        writeln!(files.1, "   headers: {}", message.names().join(" "))?;
        if !message.body.is_empty() {
            writeln!(files.1, "   body: {} bytes: {}", message.body.len(), message.shown())?;
        }
        Ok(())
    }
}
