//! Ports for programs that are ended and started again, or that find each other by number.
//! Invariant: none is one that the system itself gives to whoever asks for any, for instance to a connection on its way out while
//! the program is down. Not here: holding them; whoever starts the programs does so soon.

use anyhow::bail;
use std::net::TcpListener;

/// The system gives those from 32768 on (Linux, ip_local_port_range).
const PORTS: std::ops::Range<u16> = 10_000..32_768;

/// The first of so many neighbouring ports that are free now. Runs beside each other begin their search apart.
///
/// # Errors
/// There are none.
pub fn neighbours(count: u16) -> anyhow::Result<u16> {
    for _ in 0..50 {
        let first = PORTS.start + u16::from_le_bytes(ambient::random_bytes()) % (PORTS.end - PORTS.start - count);
        if are_free(first, count) {
            return Ok(first);
        }
    }
    bail!("no {count} neighbouring ports are free on this machine")
}

/// Whether these neighbours are free now.
pub fn are_free(first: u16, count: u16) -> bool {
    (first..first.saturating_add(count)).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_none_that_the_system_gives_to_others() {
        let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap();
        let least: u16 = range.split_whitespace().next().unwrap().parse().unwrap();
        for _ in 0..200 {
            let first = neighbours(3).unwrap();
            assert!(first >= 1024 && first + 3 <= least, "{first} of {range}");
        }
    }
}
