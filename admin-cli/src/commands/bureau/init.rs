//! `yimenctl bureau init`: folders, authority, keys and configuration of a new bureau (layout: `wire::bureau`).
//! Invariants: never overwrites; private keys are readable by their owner only; the recovery identity and the
//! authority's key lie outside the office's folder, so that they can be carried away.

use crate::authority::{Authority, What};
use crate::commands::catalogue::sign;
use crate::commands::keys;
use crate::failure::Failure;
use crate::files;
use crate::output::{Output, shell};
use anyhow::{Context as _, anyhow};
use clap::ValueEnum;
use domain::ids::StationId;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use wire::bureau::{Bureau, BureauClass};

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// Where to make it; must be empty, or not exist yet.
    folder: PathBuf,
    /// Fixed for ever: a demonstration marks every paper void; production refuses every simulated device.
    #[arg(long)]
    class: Class,
    /// Name of the issuing office as printed.
    #[arg(long, default_value = "云桥市公安局（演示）")]
    name: String,
    /// Station id, small letters, digits and hyphens.
    #[arg(long, default_value = "yunqiao")]
    station: String,
    /// Station's name as shown.
    #[arg(long, default_value = "云桥派出所")]
    station_name: String,
    /// Whom to call.
    #[arg(long, default_value = "0577-88000000")]
    phone: String,
    /// Address the listeners bind to.
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Ports of the doors: kiosks this one, officers the next, public the one after.
    #[arg(long, default_value_t = 8441, conflicts_with = "free_ports")]
    port: u16,
    /// Take free ports at every start; the office writes them to office/run/ports.json.
    #[arg(long)]
    free_ports: bool,
    /// Further names or addresses in the office's certificate (127.0.0.1 and localhost are always in it).
    #[arg(long = "host")]
    hosts: Vec<String>,
    /// Base of verify links; default `https://<first host>:<public port>/v`.
    #[arg(long)]
    verify_url: Option<String>,
    /// Address of the registry.
    #[arg(long, default_value = "http://127.0.0.1:8450")]
    registry: String,
    /// Folder of the catalogue (holds services/).
    #[arg(long, default_value = "services-catalog")]
    catalogue: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Class {
    Demo,
    Production,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let folder = &arguments.folder;
    files::plain_id(&arguments.station)?;
    if folder.join("office").exists() {
        return Err(Failure::Refused(format!(
            "{} already holds a bureau; nothing was changed. Keys are never made twice: choose another folder",
            folder.display()
        )));
    }
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
        return Err(Failure::Refused(format!(
            "{} is not empty; nothing was changed. A bureau's keys lie among nothing else: choose another folder",
            folder.display()
        )));
    }
    // Before anything is made: a faulty catalogue, or none, would leave half a bureau.
    let catalogue = sign::digest_for_new(&arguments.catalogue)?;
    let office = folder.join("office");
    for sub in ["office/keys", "office/officers", "office/data", "authority", "recovery", "registry"] {
        files::make_folder(&folder.join(sub))?;
    }
    files::only_owner(&folder.join("authority"))?;
    files::only_owner(&folder.join("recovery"))?;
    certificates(folder, &arguments)?;
    let branch = keys::identity(&office.join("keys/branch.age"), "the branch: opens what kiosks send")?;
    let recovery = "recovery: keep it away from this machine, in a safe";
    let recovery = keys::identity(&folder.join("recovery/recovery.age"), recovery)?;
    let list_key = signing(&folder.join("authority/list.key.pem"))?;
    let receipt_key = signing(&office.join("keys/receipt.key.pem"))?;
    let certificate_key = signing(&office.join("keys/certificate.key.pem"))?;
    let audit_key = signing(&office.join("keys/audit.key.pem"))?;
    let host = arguments.hosts.first().map_or("127.0.0.1", String::as_str);
    let ports = if arguments.free_ports { [0; 3] } else { [0, 1, 2].map(|n| arguments.port.saturating_add(n)) };
    let bureau = Bureau {
        class: match arguments.class {
            Class::Demo => BureauClass::Demo,
            Class::Production => BureauClass::Production,
        },
        name: arguments.name.clone(),
        station: StationId::new(arguments.station.clone()),
        station_name: arguments.station_name.clone(),
        phone: arguments.phone.clone(),
        verify_url: arguments.verify_url.clone().unwrap_or_else(|| format!("https://{host}:{}/v", ports[2])),
        list_key,
        receipt_key,
        certificate_key,
        audit_key,
    };
    let text = toml::to_string(&bureau).context("bureau.toml")?;
    files::write_new(&office.join("bureau.toml"), &text, false)?;
    keys::first_list(folder, &bureau, [branch, recovery], vec![catalogue])?;
    files::write_new(&office.join("office.toml"), &office_toml(&arguments, ports)?, false)?;
    let shown = serde_json::json!({
        "ok": true, "folder": folder, "office": office, "bureau": bureau,
        "recovery": folder.join("recovery/recovery.age"), "authority": folder.join("authority"),
    });
    output.show(&shown, || next_steps(&arguments, &office, &bureau));
    Ok(())
}

/// What to do now, each command as it is typed from here.
fn next_steps(arguments: &Arguments, office: &Path, bureau: &Bureau) -> String {
    let folder = &arguments.folder;
    let mut add = format!(
        "yimenctl kiosk add {}-1 --number 1 --token-file admin.token --ca {}",
        bureau.station,
        shell(&office.join("keys/ca.pem"))
    );
    let mut free = "";
    if arguments.free_ports {
        add.push_str(" --office https://127.0.0.1:OFFICERS --office-url https://127.0.0.1:KIOSKS");
        free = "\nThe two ports are in office/run/ports.json once the office runs.";
    } else {
        let host = if arguments.bind.is_unspecified() || arguments.bind.is_loopback() {
            "127.0.0.1".to_owned()
        } else {
            // The certificate has the given names, and not the address that the listeners bind to.
            arguments.hosts.first().cloned().unwrap_or_else(|| arguments.bind.to_string())
        };
        add.push_str(&format!(" --office https://{host}:{}", arguments.port.saturating_add(1)));
    }
    format!(
        "The bureau is made: {}\n\
         Start the office:  yimen-office --folder {}\n\
         Carry away and lock up:  {} and {}\n\
         Next:  yimenctl officer add {} administrator-1 --role administrator --branch general --token-file admin.token\n\
         Then, while the office runs:  {add}{free}",
        folder.display(),
        shell(office),
        folder.join("recovery").display(),
        folder.join("authority").display(),
        shell(folder),
    )
}

fn certificates(folder: &Path, arguments: &Arguments) -> Result<(), Failure> {
    let authority = Authority::create(&arguments.name)?;
    let mut hosts = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    hosts.extend(arguments.hosts.iter().cloned());
    let server = authority.issue(&What::Server(&hosts))?;
    files::write_new(&folder.join("authority/ca.key.pem"), &authority.key_pem(), true)?;
    files::write_new(&folder.join("authority/ca.pem"), authority.certificate_pem(), false)?;
    files::write_new(&folder.join("office/keys/ca.pem"), authority.certificate_pem(), false)?;
    let online = authority.issue(&What::Online(&format!("{} kiosks", arguments.name)))?;
    files::write_new(&folder.join("office/keys/kiosk-ca.pem"), &online.certificate, false)?;
    files::write_new(&folder.join("office/keys/kiosk-ca.key.pem"), &online.key, true)?;
    files::write_new(&folder.join("office/keys/server.pem"), &server.certificate, false)?;
    files::write_new(&folder.join("office/keys/server.key.pem"), &server.key, true)
}

/// Makes an Ed25519 key in a new file; gives the public key, hex.
fn signing(path: &Path) -> Result<String, Failure> {
    let (pem, public) = files::new_signing_key()?;
    files::write_new(path, &pem, true)?;
    Ok(public)
}

fn office_toml(arguments: &Arguments, ports: [u16; 3]) -> Result<String, Failure> {
    let absolute = std::path::absolute(&arguments.catalogue).context("the catalogue's folder")?;
    let catalogue = absolute.to_str().ok_or_else(|| anyhow!("the catalogue's path is not UTF-8"))?;
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let kind = match arguments.class {
        Class::Demo => "demo",
        Class::Production => "http",
    };
    let [kiosks, officers, public] =
        ports.map(|port| quoted(&std::net::SocketAddr::new(arguments.bind, port).to_string()));
    // With free ports the address is known at the start only; then each `kiosk add` names it.
    let host = arguments.hosts.first().map_or("127.0.0.1", String::as_str);
    let office_url = match arguments.free_ports {
        true => String::new(),
        false => format!("\n[enrolment]\noffice_url = {}\n", quoted(&format!("https://{host}:{}", arguments.port))),
    };
    Ok(format!(
        "# The office of this bureau. Every key and its default: back-office/README.md. Unknown keys are refused.\n\
         \n[listen]\nkiosks = {kiosks}\nofficers = {officers}\npublic = {public}\n\
         \n[registry]\nkind = {}\nurl = {}\ntimeout_ms = 1500\n\
         \n[catalogue]\npath = {}\n\
         \n[instant]\n# No answer about a certificate shows before this time, whichever it is.\nfloor_ms = 4000\n\
         # Share of clean answers that an officer looks at all the same.\nrandom_share = 0.02\n\
         \n[calendar]\n# Holidays and worked weekends by the yearly notice of the State Council.\n\
         holidays = [\"2027-01-01\"]\nmake_up_days = []\n{office_url}",
        quoted(kind),
        quoted(&arguments.registry),
        quoted(catalogue),
    ))
}
