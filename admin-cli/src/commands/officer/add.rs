//! `yimenctl officer add`: an officer's file in the office with rights, a one-time password for the workbench that is
//! printed once, and on request a token for this command line. Invariant: only hashes are in the file.

use super::password::{self, Password};
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use anyhow::Context as _;
use clap::ValueEnum;
use domain::ids::StationId;
use serde::Serialize;
use std::path::PathBuf;
use wire::bureau::Bureau;
use wire::digest::Digest;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder.
    folder: PathBuf,
    /// Id of the officer, e.g. `officer-7`; the name to sign in with.
    id: String,
    /// Name as colleagues read it.
    #[arg(long)]
    name: Option<String>,
    /// Number of the badge.
    #[arg(long, default_value = "")]
    badge: String,
    /// The window where the officer sits, e.g. `3`.
    #[arg(long)]
    window: Option<String>,
    /// What the officer is; give it several times.
    #[arg(long = "role", value_enum, default_values_t = [Role::Officer])]
    roles: Vec<Role>,
    /// A branch whose cases the officer may see; give it several times. `general` holds what no service claims.
    #[arg(long = "branch", required = true)]
    branches: Vec<String>,
    /// A station whose cases the officer may see; the bureau's own when absent. The first one is where the officer works.
    #[arg(long = "station")]
    stations: Vec<String>,
    /// The same as `--role auditor` besides the others.
    #[arg(long)]
    auditor: bool,
    /// Write the one-time password to this new file instead of the terminal.
    #[arg(long)]
    password_file: Option<PathBuf>,
    /// Who the officer is for the bureau's identity provider (`sub`), so that they may sign in through it.
    #[arg(long)]
    oidc_sub: Option<String>,
    /// Also give a token for the command line. In a production bureau it ends as a session does.
    #[arg(long)]
    token: bool,
    /// Give a token, and write it to this new file instead of the terminal.
    #[arg(long)]
    token_file: Option<PathBuf>,
}

/// Roles, as the office knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    /// Works at the counter.
    Officer,
    /// Second person of the two-person rule.
    Reviewer,
    /// Assigns, reads figures.
    Supervisor,
    /// Checks the audit log.
    Auditor,
    /// Adds, suspends and resumes kiosks.
    Administrator,
}

/// `office/officers/<id>.toml`, as the office reads it.
#[derive(Serialize)]
struct Officer<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    badge: &'a str,
    station: &'a StationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_at: Option<jiff::Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc_sub: Option<&'a str>,
    password: Password,
    grant: Vec<Grant<'a>>,
}

#[derive(Serialize)]
struct Grant<'a> {
    role: Role,
    branches: &'a [String],
    stations: &'a [StationId],
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { folder, id, mut roles, branches, .. } = arguments;
    files::plain_id(&id)?;
    let path = folder.join(format!("office/officers/{id}.toml"));
    if path.exists() {
        return Err(Failure::Refused(format!(
            "officer {id} exists already; nothing was changed. To begin anew, remove {} first",
            path.display()
        )));
    }
    let bureau: Bureau =
        toml::from_str(&files::read(&folder.join("office/bureau.toml"))?).context("office/bureau.toml")?;
    let mut stations: Vec<StationId> = arguments.stations.into_iter().map(StationId::new).collect();
    if stations.is_empty() {
        stations.push(bureau.station);
    }
    if arguments.auditor && !roles.contains(&Role::Auditor) {
        roles.push(Role::Auditor);
    }
    let password = password::one_time();
    let with_token = arguments.token || arguments.token_file.is_some();
    let token = with_token.then(|| format!("{id}.{}", hex::encode(ambient::random_bytes::<32>())));
    let officer = Officer {
        id: &id,
        name: arguments.name.as_deref(),
        badge: &arguments.badge,
        station: &stations[0],
        window: arguments.window.as_deref(),
        token: token.as_ref().map(|token| Digest::of(token.as_bytes())),
        token_at: token.as_ref().map(|_| ambient::now()),
        oidc_sub: arguments.oidc_sub.as_deref(),
        password: password::hashed(&password)?,
        grant: roles.iter().map(|role| Grant { role: *role, branches: &branches, stations: &stations }).collect(),
    };
    let text = toml::to_string(&officer).context("officer")?;
    password::put_aside(arguments.password_file.as_deref(), Some(&password))?;
    password::put_aside(arguments.token_file.as_deref(), token.as_deref())?;
    files::write_new(&path, &text, true)?;
    let shown_password = arguments.password_file.is_none().then_some(&password);
    let shown_token = token.as_ref().filter(|_| arguments.token_file.is_none());
    let json = serde_json::json!({
        "ok": true, "officer": id, "branches": branches, "stations": stations, "roles": roles,
        "password": shown_password, "password_file": arguments.password_file,
        "token": shown_token, "token_file": arguments.token_file,
    });
    output.show(&json, || {
        let mut lines = vec![format!("Officer {id} is added.")];
        lines.push(password::told(arguments.password_file.as_ref(), &password));
        match (&arguments.token_file, shown_token) {
            (Some(file), _) => lines.push(format!("The token is in {}", file.display())),
            (None, Some(token)) => lines.push(format!("The token, shown this once:\n{token}")),
            (None, None) => {}
        }
        lines.join("\n")
    });
    Ok(())
}
