//! A TCP proxy that writes down every byte of both directions, as somebody on the line sees them.

use anyhow::Context as _;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The proxy. Ends with the process.
#[derive(Debug)]
pub struct Tap {
    /// Where it listens on loopback.
    pub port: u16,
}

impl Tap {
    /// Starts a proxy to this port; both directions go into one file.
    ///
    /// # Errors
    /// No free port, or the disk's.
    pub fn to(port: u16, file: &Path) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let own = Self { port: listener.local_addr()?.port() };
        let file = Arc::new(Mutex::new(File::create(file).context("a recording")?));
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                // Nobody is there: the connection is simply gone.
                let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (Ok(from), Ok(to), file) = (from.try_clone(), to.try_clone(), Arc::clone(&file)) else {
                        continue;
                    };
                    std::thread::spawn(move || pump(&from, &to, &file));
                }
            }
        });
        Ok(own)
    }
}

fn pump(mut from: &TcpStream, mut to: &TcpStream, file: &Mutex<File>) {
    let mut buffer = vec![0; 16 << 10];
    while let Ok(count) = from.read(&mut buffer)
        && count > 0
    {
        // What cannot be written down must not pass: the figures would tell of less than was sent.
        let kept = file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&buffer[..count]);
        if kept.is_err() || to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
