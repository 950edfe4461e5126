//! `--export`, `--import`, `--import-receipts`: the outbox on a stick; `--resend`. Without a face, while the kiosk itself is stopped.
//! The last line of stdout is one JSON object. Not here: what is done (`kiosk::carry`).

#![expect(clippy::print_stdout, reason = "what was done is told there")]

use anyhow::{Context as _, bail};
use clap::Args;
use kiosk::carry;
use kiosk::config::Folder;
use kiosk::store::Store;
use kiosk::uplink::Office;
use outbox::Pace;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// One of three errands with a stick, or what was refused sent again.
#[derive(Args)]
pub struct Carry {
    /// Copies all unsent submissions to this folder, e.g. a mounted stick, and ends. Nothing is erased here.
    #[arg(long, group = "stick")]
    export: Option<PathBuf>,
    /// Takes another kiosk's export in, sends it, and writes the office's receipts beside it.
    #[arg(long, group = "stick")]
    import: Option<PathBuf>,
    /// Takes the office's receipts in: what was delivered by another kiosk is erased here.
    #[arg(long, group = "stick")]
    import_receipts: Option<PathBuf>,
    /// Sends again what the office refused for ever, once its reason is mended: the kiosk does so at its next start.
    #[arg(long, group = "stick")]
    resend: bool,
    /// Longest time to send what was imported, in seconds. What is left is sent by the kiosk itself; import again for its receipts.
    #[arg(long, default_value_t = 600)]
    patience: u64,
}

impl Carry {
    /// One of them is wished.
    pub const fn asked(&self) -> bool {
        self.export.is_some() || self.import.is_some() || self.import_receipts.is_some() || self.resend
    }

    /// What went wrong when it did; `None` where none of them is wished.
    pub const fn failed(&self) -> Option<&'static str> {
        if self.export.is_some() {
            Some("the export failed")
        } else if self.import.is_some() {
            Some("the import is not whole")
        } else if self.import_receipts.is_some() {
            Some("taking the receipts in failed")
        } else if self.resend {
            Some("nothing was changed")
        } else {
            None
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// What could not be done; everything not named as done may be done again.
    pub fn run(&self, folder: &Folder, office: impl Fn() -> anyhow::Result<Office>) -> anyhow::Result<()> {
        let store = Arc::new(folder.store().context("the local store")?);
        if self.resend {
            println!("{}", json!({ "resent": store.resend()? }));
        }
        if let Some(stick) = &self.export {
            let carry::Exported { items, bytes } = carry::export(&store, &folder.kiosk.id, stick, ambient::now())?;
            println!("{}", json!({ "exported": items, "bytes": bytes, "folder": stick.join(carry::FOLDER) }));
        }
        if let Some(stick) = &self.import {
            self.import(&store, stick, office()?)?;
        }
        if let Some(stick) = &self.import_receipts {
            let settled = carry::take_receipts(&store, stick, office()?.receipt_key(), ambient::now())?;
            let carry::Settled { delivered, not_here, refused, failed } = settled;
            println!(
                "{}",
                json!({ "delivered": delivered, "not_here": not_here, "refused": refused, "failed": failed })
            );
            if refused + failed > 0 {
                bail!("{refused} receipts were none of ours, {failed} could not be kept: nothing was erased for them");
            }
        }
        Ok(())
    }

    fn import(&self, store: &Arc<Store>, stick: &Path, office: Office) -> anyhow::Result<()> {
        let adopted = carry::adopt(store, stick)?;
        let patience = Duration::from_secs(self.patience);
        let carry::Brought { waiting, refused } =
            carry::deliver(store, &office, Pace::default(), &adopted.items, patience)?;
        let receipts = carry::write_receipts(store, stick, &adopted.items)?;
        for (id, reason) in &adopted.damaged {
            tracing::error!(%id, reason, "not imported");
        }
        for (id, reason) in &refused {
            tracing::error!(%id, reason, "the office takes it never");
        }
        let (damaged, refused) = (adopted.damaged.len(), refused.len());
        println!(
            "{}",
            json!({
                "on_stick": adopted.items.len() + damaged,
                "new": adopted.new,
                "damaged": damaged,
                "refused": refused,
                "waiting": waiting,
                "receipts": receipts,
            })
        );
        let mut left = Vec::new();
        for (count, words) in [
            (refused, "were refused by the office for ever"),
            (damaged, "are damaged on the stick"),
            (waiting, "wait still"),
        ] {
            if count > 0 {
                left.push(format!("{count} {words}"));
            }
        }
        if !left.is_empty() {
            bail!(
                "{}. Keep the stick and the first kiosk's disk as they are: nothing of these is a case yet",
                left.join(", ")
            );
        }
        Ok(())
    }
}
