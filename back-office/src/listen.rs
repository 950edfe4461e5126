//! Listeners: accept, handshake, serve HTTP/1.1, and stop when told.
//! Invariants: a slow or broken handshake holds up nobody else; the kiosks' door puts [`PeerKiosk`] into every request, and
//! whoever shows no certificate there meets the router for strangers; an edge, by its own certificate, meets the router for edges.
//! No door can be held shut: handshake, head, request and the reading of an answer each have a longest time, and there are so many
//! places. Those who showed a certificate have theirs apart, so many for each; among the others, handshakes too, the oldest goes
//! for the next, of the address that has most in the network that has most.
//! Not here: routes.

mod crowd;
mod open_files;
#[cfg(test)]
mod slow_readers;
mod unstalled;

pub(crate) use crowd::Crowd;
pub(crate) use open_files::Fit;

use crate::kiosk_api::pressure;
use crate::tls::{Named, NamedEdge, edge_named_by, named_by};
use axum::http::Extensions;
use axum::{Extension, Router, middleware};
use crowd::{Grouped, Place};
use domain::ids::KioskId;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use rustix::net::sockopt::set_socket_send_buffer_size;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsAcceptor;
use unstalled::Unstalled;

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
pub struct PeerAddress(pub IpAddr);

/// Who showed a certificate of this bureau.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// A kiosk.
    Kiosk(KioskId),
    /// An edge, by its name.
    Edge(String),
}

impl Known {
    /// Who sends a request; `None` for those without a certificate.
    pub fn of(extensions: &Extensions) -> Option<Self> {
        let kiosk = extensions.get::<PeerKiosk>().map(|peer| Self::Kiosk(peer.named.kiosk.clone()));
        kiosk.or_else(|| extensions.get::<PeerEdge>().map(|edge| Self::Edge(edge.name.clone())))
    }
}

/// How much a door takes at once, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Longest time of one request, from its head to the head of its answer. A stream of events has none after that: it ends with its
    /// session, and when what waits to be read fills the buffers on the way; a quiet one that nobody reads fills them in days.
    pub longest: Duration,
    /// Connections of all who showed a certificate.
    pub known: usize,
    /// Of these one kiosk holds at most; an edge, which speaks for many, an eighth of all, where that is more.
    pub each_kiosk: usize,
    /// Connections without a certificate, and handshakes.
    pub strangers: usize,
    /// Of these from one address.
    pub each_address: usize,
}

impl Bounds {
    /// As far as so many files may be open.
    #[must_use]
    pub(crate) fn within(self, fit: Fit) -> Self {
        Self { known: fit.of(self.known), strangers: fit.of(self.strangers), ..self }
    }
}

/// Whose connections are counted together while nobody has shown a certificate: an address, or a network of IPv6 (64 bits), as
/// each machine chooses the rest itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into()),
            address @ IpAddr::V4(_) => Self(address),
        }
    }
}

/// A network of IPv6 costs nothing and has many more in it: what is around it are the 48 bits that one site is given (RFC 6177),
/// around an address of IPv4 its 24.
impl Grouped for Network {
    type Around = IpAddr;

    fn around(&self) -> IpAddr {
        match self.0 {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 80 << 80).into(),
            IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() >> 8 << 8).into(),
        }
    }
}

/// A certificate costs more than an address: nothing is summed up.
impl Grouped for Known {
    type Around = ();

    fn around(&self) {}
}

/// Who is at a door.
#[derive(Clone)]
struct Present {
    bounds: Bounds,
    known: Arc<Crowd<Known>>,
    strangers: Arc<Crowd<Network>>,
}

impl Present {
    fn known(&self, who: Known, go: &Arc<Notify>) -> Place<Known> {
        let each = match who {
            Known::Kiosk(_) => self.bounds.each_kiosk,
            Known::Edge(_) => self.bounds.each_kiosk.max(self.bounds.known / 8),
        };
        self.known.enter(who, each, go)
    }
}

/// Longest time for a handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Longest time for the head of a request.
const HEAD: Duration = Duration::from_secs(30);
/// What the system may keep of what is sent and not taken yet, bytes; it keeps twice as much, with its own bookkeeping (socket(7)).
const SEND_BUFFER: usize = 128 << 10;
/// Longest time in which nothing is taken of what is sent to somebody. The system tells of room only when a third of its buffer is
/// free: of 256 KiB that is 85 KiB, so that whoever reads 730 bytes a second or more is served to the end. Without [`SEND_BUFFER`]
/// it would be a third of up to 4 MiB.
const STALL: Duration = Duration::from_secs(120);

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
    /// Each request ends in time, whoever sends it.
    fn in_time(self, longest: Duration) -> Self {
        let bounded = |router: Router| router.layer(middleware::from_fn_with_state(longest, pressure::in_time));
        Self { router: bounded(self.router), strangers: self.strangers.map(bounded), edges: self.edges.map(bounded) }
    }

    fn at(self, address: PeerAddress) -> Self {
        Self {
            router: self.router.layer(Extension(address)),
            strangers: self.strangers.map(|router| router.layer(Extension(address))),
            edges: self.edges.map(|router| router.layer(Extension(address))),
        }
    }
}

/// Serves until `stop` changes. With `tls` each connection does a handshake first; without it a proxy stands before the door, whose
/// address says nothing.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    served: impl Into<Served>,
    bounds: Bounds,
    mut stop: watch::Receiver<bool>,
) {
    let served = served.into().in_time(bounds.longest);
    let each_address = if tls.is_some() { bounds.each_address } else { bounds.strangers };
    let acceptor = tls.map(TlsAcceptor::from);
    let present = Present { bounds, known: Crowd::of(bounds.known), strangers: Crowd::of(bounds.strangers) };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let go = Arc::new(Notify::new());
                prepare(&stream);
                let place = present.strangers.enter(peer.ip().into(), each_address, &go);
                let arrived = Arrived { stream, stall: STALL, place, go: Arc::clone(&go) };
                let served = served.clone().at(PeerAddress(peer.ip()));
                let connection = connection(arrived, acceptor.clone(), served, present.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        () = go.notified() => tracing::debug!("a connection gave way to another"),
                        () = connection => {}
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn prepare(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    let _ = set_socket_send_buffer_size(stream, SEND_BUFFER);
}

/// A connection of which nothing is known yet.
struct Arrived<S> {
    stream: S,
    stall: Duration,
    place: Place<Network>,
    go: Arc<Notify>,
}

async fn connection<S>(arrived: Arrived<S>, acceptor: Option<TlsAcceptor>, served: Served, present: Present)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Arrived { stream, stall, place, go } = arrived;
    // Beneath TLS: only there it is seen that bytes go out. TLS itself holds 64 KiB and tells of the whole.
    let stream = Unstalled::new(stream, stall);
    let Some(acceptor) = acceptor else {
        http(stream, served.router).await;
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
    let (router, known) = match (shown, served.strangers) {
        // A certificate of ours that names neither kiosk nor edge opens nothing.
        (Some(certificate), Some(_)) => match (named_by(certificate), edge_named_by(certificate), served.edges) {
            (Some(named), _, _) => {
                let known = Known::Kiosk(named.kiosk.clone());
                (served.router.layer(Extension(PeerKiosk { named, since: ambient::now() })), Some(known))
            }
            (None, Some(edge), Some(edges)) => {
                let known = Known::Edge(edge.name.clone());
                (edges.layer(Extension::<PeerEdge>(edge)), Some(known))
            }
            (None, _, _) => return,
        },
        (None, Some(strangers)) => (strangers, None),
        (_, None) => (served.router, None),
    };
    let own = known.map(|known| present.known(known, &go));
    // Who is known leaves the places of strangers to strangers.
    let _place = own.is_none().then_some(place);
    http(stream, router).await;
}

async fn http(stream: impl AsyncRead + AsyncWrite + Unpin, router: Router) {
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "connection ended");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[test]
    fn a_machine_with_many_addresses_of_its_own_is_one() {
        let network = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:10.0.0.1"), network("10.0.0.1"));
        assert_ne!(network("10.0.0.1"), network("10.0.0.2"));
    }

    #[test]
    fn who_has_many_networks_displaces_their_own_and_not_the_many_behind_one_address() {
        let spread: [fn(u32) -> IpAddr; 2] = [
            |n| Ipv6Addr::from_bits(0x2001_0db8_0bad << 80 | u128::from(n) << 64 | 1).into(),
            |n| Ipv4Addr::from_bits(0xcb00_7100 + n % 256).into(),
        ];
        for address in spread {
            let crowd = Crowd::<Network>::of(300);
            let comes = |address: IpAddr| {
                let go = Arc::new(Notify::new());
                (crowd.enter(address.into(), 512, &go), go)
            };
            let left = |(_, go): &(Place<Network>, Arc<Notify>)| go.notified().now_or_never().is_some();
            let hall: Vec<_> = (0..100).map(|_| comes([198, 51, 100, 7].into())).collect();
            let another: Vec<_> = (0..20).map(|_| comes("2001:db8:1:2::3".parse().unwrap())).collect();
            let wild: Vec<_> = (0..1000).map(|n| comes(address(n))).collect();
            assert_eq!(hall.iter().chain(&another).filter(|guest| left(guest)).count(), 0);
            assert_eq!(wild.iter().filter(|guest| left(guest)).count(), 1000 - (300 - 120));
        }
    }
}
