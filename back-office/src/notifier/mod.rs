//! Messages to residents: a port with adapters, and the worker that sends what the store says is to be sent.
//! Invariants: at least once, under a key that stays the same for the same notice; words and number are made from the
//! sealed submission at the moment of sending and are in no column and no log; a notice that cannot be sent delays no
//! other. Not here: when something is to be told (`store::notices`).

mod file;
mod http;
mod message;

use crate::config::ConfigError;
use crate::office::Office;
use crate::store::StoreError;
use crate::store::notices::{self, Notice, Sent};
use domain::sensitive::Sensitive;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use wire::bureau::BureauClass;

/// Where messages go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotifierKind {
    /// Nowhere: notices stay in the table.
    #[default]
    None,
    /// Into a file, one JSON object a line: for demonstrations only, as it holds numbers in the clear.
    File,
    /// To an SMS gateway over HTTP.
    Http,
}

/// `[notifier]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifierConfig {
    /// Where to.
    pub kind: NotifierKind,
    /// The file, seen from the office's folder.
    pub path: PathBuf,
    /// The gateway's address; HTTPS unless it is on this machine.
    pub url: String,
    /// File with the gateway's token, seen from the office's folder.
    pub token: Option<PathBuf>,
    /// Longest wait for the gateway, milliseconds.
    pub timeout_ms: u64,
    /// First pause before another try, seconds; it doubles up to an hour.
    pub retry_seconds: u64,
}

impl Default for NotifierConfig {
    fn default() -> Self {
        Self {
            kind: NotifierKind::None,
            path: "data/notices.jsonl".into(),
            url: String::new(),
            token: None,
            timeout_ms: 5000,
            retry_seconds: 5,
        }
    }
}

impl NotifierConfig {
    /// What must hold.
    ///
    /// # Errors
    /// Words for the administrator.
    pub fn check(&self, class: BureauClass) -> Result<(), String> {
        if self.kind == NotifierKind::File && class == BureauClass::Production {
            return Err("notifier.kind is \"file\", which keeps numbers in the clear: a demonstration only".into());
        }
        let near = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        let safe = self.url.starts_with("https://") || near.iter().any(|start| self.url.starts_with(start));
        if self.kind == NotifierKind::Http && !safe {
            return Err("notifier.url must begin with https:// (http:// only on this machine)".into());
        }
        if self.timeout_ms == 0 || self.retry_seconds == 0 {
            return Err("notifier.timeout_ms and retry_seconds must be at least 1".into());
        }
        Ok(())
    }
}

/// One message.
#[derive(Clone, Debug)]
pub struct Message {
    /// The same for the same notice.
    pub key: String,
    /// What it tells: the kind of the notice.
    pub kind: String,
    /// The number.
    pub to: Sensitive<String>,
    /// The words.
    pub text: Sensitive<String>,
}

/// Why a message was not taken. The words hold neither number nor text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Again later; it may have been taken all the same.
    #[error("later: {0}")]
    Later(String),
    /// It will never be taken as it is.
    #[error("never: {0}")]
    Never(String),
}

/// The port: hands one message over.
pub trait Notifier: Send + Sync {
    /// Returns when the other side has the message durably.
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<(), NotSent>>;
}

/// The adapter that the configuration names.
///
/// # Errors
/// The token's file cannot be read, or the client not be built.
pub fn adapter(config: &NotifierConfig, folder: &Path) -> Result<Option<Arc<dyn Notifier>>, ConfigError> {
    Ok(match config.kind {
        NotifierKind::None => None,
        NotifierKind::File => Some(Arc::new(file::LineFile::new(folder.join(&config.path)))),
        NotifierKind::Http => {
            let token = config.token.as_ref().map(|path| {
                let path = folder.join(path);
                std::fs::read_to_string(&path)
                    .map(|text| Sensitive::new(text.trim().to_owned()))
                    .map_err(|source| ConfigError::Unreadable { path, source })
            });
            let gateway = http::Gateway::new(config, token.transpose()?)
                .map_err(|error| ConfigError::Contradiction(format!("the gateway's client: {error}")))?;
            Some(Arc::new(gateway))
        }
    })
}

/// How often the table is looked at even when nobody wakes the worker.
const LOOK: Duration = Duration::from_secs(2);
/// Longest pause between two tries.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// After so long nobody wants the message any more.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Sends until told to stop; returns at once without an adapter.
pub async fn run(office: Arc<Office>, mut stop: watch::Receiver<bool>) {
    let Some(notifier) = office.notifier.clone() else { return };
    loop {
        let now = ambient::now();
        let waiting = office.store.read::<_, StoreError>(move |c| notices::waiting(c, now, 64)).await;
        for notice in waiting.unwrap_or_else(|error| {
            tracing::error!(%error, "list of notices");
            Vec::new()
        }) {
            if *stop.borrow() {
                return;
            }
            one(&office, notifier.as_ref(), notice).await;
        }
        tokio::select! {
            () = office.notices.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => return,
        }
    }
}

/// When to try again after so many tries.
fn next_try(first: SignedDuration, tries: u32, now: Timestamp) -> Timestamp {
    let pause = first.saturating_mul(2_i32.saturating_pow(tries.min(20)));
    now + pause.min(LONGEST_PAUSE)
}

async fn one(office: &Arc<Office>, notifier: &dyn Notifier, notice: Notice) {
    let first = SignedDuration::from_secs(i64::try_from(office.loaded.config.notifier.retry_seconds).unwrap_or(5));
    let now = ambient::now();
    let too_old = now.duration_since(notice.at) >= GIVE_UP;
    let result = if too_old {
        Err(NotSent::Never("too old to be of use".into()))
    } else {
        match message::of(office, &notice).await {
            Ok(message) => notifier.send(&message).await,
            Err(error) => Err(error),
        }
    };
    let now = ambient::now();
    let (sent, why) = match result {
        Ok(()) => (Sent::Yes, None),
        Err(NotSent::Later(why)) => (Sent::Later(next_try(first, notice.tries, now)), Some(why)),
        Err(NotSent::Never(why)) => (Sent::GivenUp, Some(why)),
    };
    if let Some(why) = &why {
        tracing::warn!(case = %notice.case, kind = %notice.kind, %why, given_up = (sent == Sent::GivenUp), "notice not sent");
    }
    // A crash before this line sends the same key again.
    let noted =
        office.store.write::<_, StoreError>(move |c| notices::tried(c, &notice, &sent, why.as_deref(), now)).await;
    if let Err(error) = noted {
        tracing::error!(%error, "whether a notice was sent is not noted; it is sent again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let now = Timestamp::UNIX_EPOCH;
        let first = SignedDuration::from_secs(5);
        for (tries, seconds) in [(0, 5), (1, 10), (4, 80), (10, 3600), (u32::MAX, 3600)] {
            assert_eq!(next_try(first, tries, now).as_second(), seconds, "{tries}");
        }
    }

    #[test]
    fn numbers_leave_this_machine_encrypted_only() {
        let config = |kind, url: &str| NotifierConfig { kind, url: url.into(), ..NotifierConfig::default() };
        for (kind, url, class, good) in [
            (NotifierKind::Http, "https://sms.example", BureauClass::Production, true),
            (NotifierKind::Http, "http://sms.example", BureauClass::Demo, false),
            (NotifierKind::Http, "http://127.0.0.1:9", BureauClass::Production, true),
            (NotifierKind::File, "", BureauClass::Production, false),
            (NotifierKind::File, "", BureauClass::Demo, true),
        ] {
            assert_eq!(config(kind, url).check(class).is_ok(), good, "{kind:?} {url}");
        }
    }
}
