//! `yimenctl catalogue sign`: the bureau stands for these services. Their digest goes into the signed list that kiosks hold;
//! a kiosk with other files begins no visit, an office with other files does not start.
//! Invariant: only a catalogue that passes every check is signed.

use crate::commands::keys;
use crate::failure::Failure;
use crate::output::Output;
use anyhow::Context as _;
use services_catalog::Catalogue;
use std::path::{Path, PathBuf};
use wire::digest::Digest;
use wire::key_list::catalogue_digest;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder, with `authority/` brought back for this.
    bureau: PathBuf,
    /// The catalogue's folder (holds services/).
    #[arg(default_value = "services-catalog")]
    folder: PathBuf,
    /// End the catalogues signed before, too: kiosks that still have one begin no visit. Without this they go on.
    #[arg(long)]
    only: bool,
}

/// Said when the list names a catalogue for the first time.
const FIRST: &str = "\nThis is the first: a kiosk whose program is older cannot read this list, and takes nothing in once the keys it \
                     holds have ended. Bring every kiosk up to date";

/// The digest of a catalogue that passes every check.
fn digest(folder: &Path) -> Result<Digest, Failure> {
    let source = ambient::read_tree(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    if let Err(findings) = Catalogue::load(&source) {
        let folder = folder.display();
        return Err(Failure::Refused(format!(
            "the catalogue in {folder} has {} findings; nothing was signed. See them: yimenctl catalogue check {folder}",
            findings.len()
        )));
    }
    Ok(catalogue_digest(&source).context("the catalogue's digest")?)
}

/// The same for a new bureau, which must know where its catalogue lies: the office starts with it or not at all.
pub fn digest_for_new(folder: &Path) -> Result<Digest, Failure> {
    if folder.join("services").is_dir() {
        return digest(folder);
    }
    Err(Failure::Usage(format!(
        "no catalogue lies in {} (a folder that holds services/); nothing was changed. Name it:  --catalogue FOLDER",
        folder.display()
    )))
}

/// Runs it.
pub fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { bureau: place, folder, only } = arguments;
    let digest = digest(folder)?;
    let bureau = keys::bureau(place)?;
    let mut list = keys::read(place, &bureau)?;
    let before = list.catalogues.clone();
    if *only {
        list.catalogues.clear();
    }
    if !list.catalogues.contains(&digest) {
        list.catalogues.push(digest.clone());
    }
    let changed = list.catalogues != before;
    if changed {
        list.issued_at = keys::next_moment(&list);
        keys::write(place, &list)?;
    }
    let shown = serde_json::json!({
        "ok": true, "changed": changed, "catalogue": digest, "catalogues": list.catalogues,
    });
    output.show(&shown, || match changed {
        true => format!(
            "Signed: {digest}. Kiosks hear of it within the hour; {} catalogue(s) are signed. Lock authority/ up again.{}",
            list.catalogues.len(),
            if before.is_empty() { FIRST } else { "" }
        ),
        false => format!("It was signed already: {digest}. Nothing was changed."),
    });
    Ok(())
}
