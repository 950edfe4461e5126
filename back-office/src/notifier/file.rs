//! Messages into a file, one JSON object a line. For demonstrations: whoever reads the file reads the numbers.

use super::{Message, NotSent, Notifier};
use futures_util::future::BoxFuture;
use std::io::Write as _;
use std::path::PathBuf;

/// The file.
pub(super) struct LineFile(PathBuf);

impl LineFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }
}

impl Notifier for LineFile {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<(), NotSent>> {
        let line = serde_json::json!({
            "key": message.key, "kind": message.kind, "to": message.to.expose(), "text": message.text.expose(),
        });
        let path = self.0.clone();
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || {
                let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
                file.write_all(format!("{line}\n").as_bytes())?;
                file.sync_data()
            });
            match written.await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(NotSent::Later(error.to_string())),
                Err(error) => Err(NotSent::Later(error.to_string())),
            }
        })
    }
}
