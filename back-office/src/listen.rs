//! Listeners: accept, handshake, serve HTTP/1.1, and stop when told.
//! Invariants: a slow or broken handshake holds up nobody else; the kiosks' door puts [`PeerKiosk`] into every request.
//! Not here: routes.

use crate::tls::kiosk_of;
use axum::{Extension, Router};
use domain::ids::KioskId;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// The kiosk at the other end, by its client certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerKiosk(pub KioskId);

/// The address at the other end, for limits on tries. Behind a proxy it is the proxy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PeerAddress(pub std::net::IpAddr);

/// Longest time for a handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Longest time for the head of a request.
const HEAD: Duration = Duration::from_secs(30);

/// Serves `router` until `stop` changes. With `tls` each connection does a handshake first.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let acceptor = tls.map(TlsAcceptor::from);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let router = router.clone().layer(Extension(PeerAddress(peer.ip())));
                tokio::spawn(connection(stream, acceptor.clone(), router));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, acceptor: Option<TlsAcceptor>, router: Router) {
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = acceptor else {
        http(TokioIo::new(stream), router).await;
        return;
    };
    let stream = match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::debug!(%error, "handshake refused");
            return;
        }
        Err(_) => return,
    };
    let peer = stream.get_ref().1.peer_certificates().and_then(<[_]>::first).and_then(kiosk_of);
    let router = match peer {
        Some(kiosk) => router.layer(Extension(PeerKiosk(kiosk))),
        None => router,
    };
    http(TokioIo::new(stream), router).await;
}

async fn http<S>(io: TokioIo<S>, router: Router)
where
    TokioIo<S>: hyper::rt::Read + hyper::rt::Write + Unpin,
{
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(io, TowerToHyperService::new(router))
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "connection ended");
    }
}
