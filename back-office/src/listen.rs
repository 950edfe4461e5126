//! Listeners: accept, handshake, serve HTTP/1.1, and stop when told.
//! Invariants: a slow or broken handshake holds up nobody else; the kiosks' door puts [`PeerKiosk`] into every request, and
//! whoever shows no certificate there meets the router for strangers; an edge, by its own certificate, meets the router for edges.
//! Not here: routes.

use crate::tls::{Named, NamedEdge, edge_named_by, named_by};
use axum::{Extension, Router};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// The kiosk at the other end, by its client certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerKiosk {
    /// Which, and by which certificate.
    pub named: Named,
    /// Since when this connection stands.
    pub since: Timestamp,
}

/// The edge at the other end, by its client certificate.
pub type PeerEdge = NamedEdge;

/// The address at the other end, for limits on tries. Behind a proxy it is the proxy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PeerAddress(pub std::net::IpAddr);

/// Longest time for a handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Longest time for the head of a request.
const HEAD: Duration = Duration::from_secs(30);

/// What a listener serves.
#[derive(Clone)]
pub struct Served {
    /// For everybody, or for those who showed a certificate.
    pub router: Router,
    /// For those who showed none, where certificates are asked for.
    pub strangers: Option<Router>,
    /// For those who showed the certificate of an edge; without it such a one opens nothing.
    pub edges: Option<Router>,
}

impl From<Router> for Served {
    fn from(router: Router) -> Self {
        Self { router, strangers: None, edges: None }
    }
}

impl Served {
    fn at(self, address: PeerAddress) -> Self {
        Self {
            router: self.router.layer(Extension(address)),
            strangers: self.strangers.map(|router| router.layer(Extension(address))),
            edges: self.edges.map(|router| router.layer(Extension(address))),
        }
    }
}

/// Serves until `stop` changes. With `tls` each connection does a handshake first.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    served: impl Into<Served>,
    mut stop: watch::Receiver<bool>,
) {
    let served = served.into();
    let acceptor = tls.map(TlsAcceptor::from);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(connection(stream, acceptor.clone(), served.clone().at(PeerAddress(peer.ip()))));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, acceptor: Option<TlsAcceptor>, served: Served) {
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = acceptor else {
        http(TokioIo::new(stream), served.router).await;
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
    let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let router = match (shown, served.strangers) {
        // A certificate of ours that names neither kiosk nor edge opens nothing.
        (Some(certificate), Some(_)) => match (named_by(certificate), edge_named_by(certificate), served.edges) {
            (Some(named), _, _) => served.router.layer(Extension(PeerKiosk { named, since: ambient::now() })),
            (None, Some(edge), Some(edges)) => edges.layer(Extension::<PeerEdge>(edge)),
            (None, _, _) => return,
        },
        (None, Some(strangers)) => strangers,
        (_, None) => served.router,
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
