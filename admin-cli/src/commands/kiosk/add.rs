//! `yimenctl kiosk add`: a kiosk's folder with its keys, its certificate and the bureau's public part; and its
//! registration in the office, which sees it without a restart.
//! Invariant: the same id is never enrolled twice.

use crate::authority::Authority;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use anyhow::Context as _;
use domain::ids::KioskId;
use std::path::PathBuf;
use wire::bureau::{Bureau, EnrolledKiosk};

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder.
    folder: PathBuf,
    /// Id of the kiosk, e.g. `yunqiao-1`.
    id: String,
    /// Its number as shown.
    #[arg(long)]
    number: u32,
    /// Address of the office as the kiosk reaches it; default: the kiosks' listener in office.toml.
    #[arg(long)]
    office_url: Option<String>,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { folder, id, number, office_url } = arguments;
    files::plain_id(&id)?;
    let (place, enrolled) = (folder.join("kiosks").join(&id), folder.join(format!("office/kiosks/{id}.toml")));
    if place.exists() || enrolled.exists() {
        return Err(Failure::Refused(format!(
            "kiosk {id} is enrolled already; nothing was changed. To enrol it anew, remove {} and {} first",
            place.display(),
            enrolled.display()
        )));
    }
    let bureau_text = files::read(&folder.join("office/bureau.toml"))?;
    let bureau: Bureau = toml::from_str(&bureau_text).context("office/bureau.toml")?;
    let authority = Authority::load(
        files::read(&folder.join("authority/ca.pem"))?,
        &files::read(&folder.join("authority/ca.key.pem"))?,
    )?;
    let url = match office_url {
        Some(url) => url,
        None => listener(&files::read(&folder.join("office/office.toml"))?)?,
    };
    files::make_folder(&place.join("keys"))?;
    files::make_folder(&place.join("data"))?;
    files::only_owner(&place.join("keys"))?;
    let (device, key) = files::new_signing_key()?;
    let issued = authority.kiosk(&id)?;
    files::write_new(&place.join("keys/device.key.pem"), &device, true)?;
    files::write_new(&place.join("keys/client.key.pem"), &issued.key, true)?;
    files::write_new(&place.join("keys/client.pem"), &issued.certificate, false)?;
    files::write_new(&place.join("ca.pem"), authority.certificate_pem(), false)?;
    files::write_new(&place.join("bureau.toml"), &bureau_text, false)?;
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let kiosk_toml = format!("id = {}\nnumber = {number}\noffice = {}\n", quoted(&id), quoted(&url));
    files::write_new(&place.join("kiosk.toml"), &kiosk_toml, false)?;
    let kiosk = EnrolledKiosk { id: KioskId::new(id.clone()), number, station: bureau.station, key, suspended: false };
    // Last: from now on the office believes this kiosk.
    files::write_new(&enrolled, &toml::to_string(&kiosk).context("kiosk")?, false)?;
    let shown = serde_json::json!({ "ok": true, "kiosk": kiosk, "folder": place, "office": url });
    output.show(&shown, || format!("Kiosk {id} is enrolled. Take to the machine: {}", place.display()));
    Ok(())
}

fn listener(office_toml: &str) -> Result<String, Failure> {
    let table: toml::Table = toml::from_str(office_toml).context("office/office.toml")?;
    let address = table.get("listen").and_then(|listen| listen.get("kiosks")).and_then(toml::Value::as_str);
    match address {
        Some(address) => Ok(format!("https://{address}")),
        None => Err(Failure::Usage("office.toml names no listener for kiosks; give --office-url".to_owned())),
    }
}
