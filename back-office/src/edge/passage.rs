//! The passage: bytes between a kiosk and the core's door, as they are. TLS stands between those two, so nothing here can be read,
//! and nothing is tried to be.
//! Invariants: so many connections at once, for the next the oldest goes, of the address that has most, and of one address that has
//! half of all its own; one that is silent for too long ends. Not here: what the bytes mean.

use super::Edge;
use crate::listen::{Crowd, Network};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

/// Longest time until the core's side stands.
const CONNECT: Duration = Duration::from_secs(3);
/// Bytes in hand, each way.
const BUFFER: usize = 16 << 10;

/// Runs until `stop` changes, with at most so many connections.
pub(super) async fn run(edge: Arc<Edge>, listener: TcpListener, most: usize, mut stop: watch::Receiver<bool>) {
    let present = Crowd::of(most);
    let idle = Duration::from_secs(edge.loaded.config.limits.idle_seconds);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        let (kiosk, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let go = Arc::new(Notify::new());
        let place = present.enter(Network::from(peer.ip()), most / 2, &go);
        let own = Arc::clone(&edge);
        tokio::spawn(async move {
            let _place = place;
            tokio::select! {
                passed = through(&own, kiosk, idle) => match passed {
                    Ok((up, down)) => tracing::debug!(up, down, "a connection through the passage ended"),
                    Err(error) => tracing::debug!(%error, "a connection through the passage broke"),
                },
                () = go.notified() => tracing::debug!("a connection through the passage gave way to another"),
            }
        });
    }
}

async fn through(edge: &Edge, kiosk: TcpStream, idle: Duration) -> io::Result<(u64, u64)> {
    let connect = TcpStream::connect((edge.core.host.as_str(), edge.core.port));
    let core = tokio::time::timeout(CONNECT, connect).await.map_err(|_| io::ErrorKind::TimedOut)??;
    kiosk.set_nodelay(true)?;
    core.set_nodelay(true)?;
    splice(kiosk, core, idle).await
}

/// Copies both ways until both ends have closed, one breaks, or neither says anything for `idle`. Gives the bytes each way.
async fn splice<A, B>(a: A, b: B, idle: Duration) -> io::Result<(u64, u64)>
where
    A: AsyncRead + AsyncWrite,
    B: AsyncRead + AsyncWrite,
{
    let (begun, last) = (Instant::now(), AtomicU64::new(0));
    let seen = || last.store(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    let (from_a, to_a) = tokio::io::split(a);
    let (from_b, to_b) = tokio::io::split(b);
    let silent = async {
        loop {
            let end = Duration::from_millis(last.load(Ordering::Relaxed)) + idle;
            let now = begun.elapsed();
            if now >= end {
                return;
            }
            tokio::time::sleep(end - now).await;
        }
    };
    tokio::select! {
        copied = async { tokio::try_join!(copy(from_a, to_b, &seen), copy(from_b, to_a, &seen)) } => copied,
        () = silent => Err(io::ErrorKind::TimedOut.into()),
    }
}

async fn copy(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, seen: &impl Fn()) -> io::Result<u64> {
    let mut buffer = vec![0; BUFFER];
    let mut copied = 0;
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            to.shutdown().await?;
            return Ok(copied);
        }
        seen();
        to.write_all(&buffer[..count]).await?;
        seen();
        copied += count as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_pass_as_they_are_both_ways_and_silence_ends() {
        let (mut kiosk, near) = tokio::io::duplex(64);
        let (far, mut core) = tokio::io::duplex(64);
        let passage = tokio::spawn(splice(near, far, Duration::from_millis(200)));
        kiosk.write_all(b"\x16\x03\x01 hello").await.unwrap();
        let mut heard = [0; 9];
        core.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"\x16\x03\x01 hello");
        core.write_all(b"answer").await.unwrap();
        // One way may end before the other.
        core.shutdown().await.unwrap();
        let mut all = Vec::new();
        kiosk.read_to_end(&mut all).await.unwrap();
        assert_eq!(all, b"answer");
        assert_eq!(passage.await.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut, "the kiosk says nothing more");
    }
}
