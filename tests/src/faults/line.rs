//! A bad line between kiosk and office: a TCP proxy that cuts, half closes, delays and trickles the bytes of TLS. It sees
//! ciphertext only. Invariant: a fault applies to the first connections of a round; later ones pass, so that a round can end.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Which bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the kiosk to the office.
    Up,
    /// From the office to the kiosk.
    Down,
}

/// What goes wrong on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// After so many bytes that way both ends are gone.
    Cut(Way, u64),
    /// After so many bytes that way nothing more comes that way; the other way stays open.
    HalfClose(Way, u64),
    /// Each piece that way comes this much later.
    Delay(Way, Duration),
    /// That way bytes trickle: so many at once, then a pause.
    Trickle(Way, usize, Duration),
}

/// The proxy. Ends with the process.
#[derive(Clone, Debug)]
pub struct Line {
    /// Where it listens on loopback.
    pub port: u16,
    fault: Arc<Mutex<(Fault, u32)>>,
    /// How many connections were broken in this round.
    broken: Arc<AtomicU32>,
    /// Bytes that passed in this round, for the figures.
    passed: Arc<AtomicU64>,
}

impl Line {
    /// Starts a proxy to this port.
    ///
    /// # Errors
    /// No free port.
    pub fn to(office: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let line = Self {
            port: listener.local_addr()?.port(),
            fault: Arc::new(Mutex::new((Fault::None, 0))),
            broken: Arc::new(AtomicU32::new(0)),
            passed: Arc::new(AtomicU64::new(0)),
        };
        let own = line.clone();
        std::thread::spawn(move || {
            for kiosk in listener.incoming().map_while(Result::ok) {
                // The office is away: the connection is simply gone.
                let Ok(office) = TcpStream::connect(("127.0.0.1", office)) else { continue };
                let fault = own.next_fault();
                own.pump(&kiosk, &office, Way::Up, fault);
                own.pump(&office, &kiosk, Way::Down, fault);
            }
        });
        Ok(line)
    }

    /// A new round: this happens to the next so many connections.
    pub fn break_next(&self, fault: Fault, connections: u32) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = (fault, connections);
        self.broken.store(0, Ordering::SeqCst);
    }

    /// How many connections the fault of this round has met.
    pub fn broken(&self) -> u32 {
        self.broken.load(Ordering::SeqCst)
    }

    /// Bytes that passed since the start.
    pub fn passed(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }

    fn next_fault(&self) -> Fault {
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        if fault.1 == 0 {
            return Fault::None;
        }
        fault.1 -= 1;
        fault.0
    }

    fn pump(&self, from: &TcpStream, to: &TcpStream, way: Way, fault: Fault) {
        let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) else { return };
        let own = self.clone();
        std::thread::spawn(move || own.run(&from, &to, way, fault));
    }

    fn run(&self, mut from: &TcpStream, mut to: &TcpStream, way: Way, fault: Fault) {
        let mut buffer = vec![0; 16 << 10];
        let mut passed = 0_u64;
        loop {
            let most = match fault {
                Fault::Cut(at, bytes) | Fault::HalfClose(at, bytes) if at == way => {
                    usize::try_from(bytes - passed).unwrap_or(usize::MAX).min(buffer.len())
                }
                Fault::Trickle(at, piece, _) if at == way => piece,
                Fault::None | Fault::Cut(..) | Fault::HalfClose(..) | Fault::Delay(..) | Fault::Trickle(..) => {
                    buffer.len()
                }
            };
            if most == 0 {
                self.broken.fetch_add(1, Ordering::SeqCst);
                let cut = matches!(fault, Fault::Cut(..));
                // Either end may be gone already, which is what is wanted.
                let _ = to.shutdown(if cut { Shutdown::Both } else { Shutdown::Write });
                let _ = from.shutdown(if cut { Shutdown::Both } else { Shutdown::Read });
                return;
            }
            let Ok(count) = from.read(&mut buffer[..most]) else { break };
            if count == 0 {
                break;
            }
            match fault {
                Fault::Delay(at, time) | Fault::Trickle(at, _, time) if at == way => {
                    self.broken.fetch_max(1, Ordering::SeqCst);
                    std::thread::park_timeout(time);
                }
                Fault::None | Fault::Cut(..) | Fault::HalfClose(..) | Fault::Delay(..) | Fault::Trickle(..) => {}
            }
            passed += count as u64;
            self.passed.fetch_add(count as u64, Ordering::SeqCst);
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    }
}
