//! One round of the real office: as many connections as clients, each sends its next submission when the last is answered.

use super::bureau::{Kiosk, Office};
use super::connection::Connection;
use super::figures::Round;
use super::submission::Prepared;
use anyhow::ensure;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a round left.
pub struct Done {
    /// Its figures.
    pub round: Round,
    /// Acknowledged submissions, as places in the list, each with its receipt.
    pub receipts: Vec<(usize, Vec<u8>)>,
}

/// Sends `all` over these kiosks' connections until they are through or the time is up. `all[n]` is of kiosk
/// `n % kiosks.len()`.
///
/// # Errors
/// Anything but 201 for a submission.
pub async fn run(office: &Office, kiosks: &[Kiosk], all: Vec<Prepared>, most: Duration) -> anyhow::Result<Done> {
    let mut connections = Vec::new();
    for kiosk in kiosks {
        connections.push(Connection::open(kiosk, office.kiosks).await?);
    }
    let (all, clients) = (Arc::new(all), kiosks.len());
    let sent = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let tasks: Vec<_> = connections
        .into_iter()
        .enumerate()
        .map(|(client, mut connection)| {
            let (all, sent) = (Arc::clone(&all), Arc::clone(&sent));
            tokio::spawn(async move {
                let (mut times, mut receipts) = (Vec::new(), Vec::new());
                for place in (client..all.len()).step_by(clients) {
                    if started.elapsed() >= most {
                        break;
                    }
                    let begun = Instant::now();
                    let answer = connection.send(&all[place].request).await?;
                    times.push(begun.elapsed());
                    let told = String::from_utf8_lossy(&answer.body);
                    ensure!(answer.status == 201, "{} for a submission: {told}", answer.status);
                    receipts.push((place, answer.body));
                    sent.fetch_add(1, Ordering::Relaxed);
                }
                anyhow::Ok((times, receipts))
            })
        })
        .collect();
    let (mut times, mut receipts) = (Vec::new(), Vec::new());
    for task in tasks {
        let (own, kept) = task.await??;
        times.extend(own);
        receipts.extend(kept);
    }
    ensure!(sent.load(Ordering::Relaxed) == receipts.len(), "a receipt is missing");
    Ok(Done { round: Round::of(times, started.elapsed()), receipts })
}
