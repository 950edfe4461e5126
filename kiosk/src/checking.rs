//! `--check`: whether the kiosk would start and take a visit in, asked of all that the start asks, and of all of it: who mends one
//! thing is told of the next in the same go. Not here: what needs the office (whether it is there, whether it accepts this kiosk).

#![expect(clippy::print_stdout, reason = "what was asked for is told there")]

use super::{address, hardware, load_catalogue};
use anyhow::Context as _;
use devices::sim::SimControl;
use documents::fonts::{FontPaths, FontSet};
use kiosk::config::Folder;
use kiosk::store::StoreError;
use kiosk::uplink::Office;
use std::path::Path;
use std::process::ExitCode;

/// Prints one JSON object; `not_ready` holds what stands in the way, in words, and the program then ends with 1.
pub fn check(folder: &Path, catalogue: &Path) -> ExitCode {
    let encrypted = cfg!(feature = "sqlcipher");
    let (who, faults) = match Folder::read(folder) {
        Err(error) => (None, vec![format!("{error:#}")]),
        Ok(folder) => {
            let faults = obstacles(&folder, catalogue);
            (Some((folder.kiosk.id, folder.kiosk.office, folder.safe.kind())), faults)
        }
    };
    let not_ready = (!faults.is_empty()).then(|| faults.join("; "));
    let (kiosk, office, keys) = who.map_or((None, None, None), |(id, url, keys)| (Some(id), Some(url), Some(keys)));
    println!(
        "{}",
        serde_json::json!({ "kiosk": kiosk, "office": office, "keys": keys, "database_encrypted": encrypted,
            "not_ready": not_ready })
    );
    if not_ready.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The steps of the start that can fail, each for itself.
fn obstacles(folder: &Folder, catalogue: &Path) -> Vec<String> {
    let control = folder.kiosk.devices.any_simulated().then(SimControl::new);
    let steps = [
        ui::fonts::check().context("fonts of the screen"),
        FontSet::load(&FontPaths::default()).map(drop).context("fonts for paper"),
        load_catalogue(catalogue, folder).and_then(|(_, keyring)| Ok(keyring.may_begin(ambient::now())?)),
        folder.kiosk.store.budget().map(drop),
        address(folder).and_then(|address| Ok(Office::new(&address)?)).map(drop).context(
            "what this machine shows to the office, and believes it by (keys/client.pem, ca.pem), cannot be used",
        ),
        hardware(folder, control.as_ref()).map(drop).context("the devices"),
        match folder.store() {
            // A kiosk that is running has it open.
            Ok(_) | Err(StoreError::InUse) => Ok(()),
            Err(error) => Err(error).context("the local store in data/ does not open; nothing was changed"),
        },
    ];
    steps.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect()
}
