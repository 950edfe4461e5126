//! PostgreSQL beside it: a server of its own on a unix socket with temporary data, one `INSERT` for each submission, as many
//! connections as clients, `fsync` and `synchronous_commit` on. No network, signature check, cases or log there either.

use super::disk;
use super::figures::Round;
use super::submission::Prepared;
use anyhow::{Context as _, ensure};
use serde_json::{Map, Value};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_postgres::{Client, NoTls};

/// Longest wait for its socket.
const OPENING: Duration = Duration::from_secs(30);
/// The bureau of this bench in the server: a superuser without a password, as only this socket leads to it.
const USER: &str = "bench";
/// Most connections: what the bench itself asks for, and a few.
const MOST_CLIENTS: usize = 1_024;
/// What the server says of itself.
const SETTINGS: [&str; 9] = [
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_sync_method",
    "commit_delay",
    "shared_buffers",
    "max_wal_size",
    "checkpoint_timeout",
];

/// A running server; stopped when dropped.
pub struct Server {
    process: Child,
    /// Short, as the path of a socket must be.
    socket: tempfile::TempDir,
}

/// Where Debian puts the newest server's programs, or nothing.
pub fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let folders = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    folders.max()
}

/// The server refuses to run as root: then it runs as the user that its package made.
fn account() -> anyhow::Result<Option<(u32, u32)>> {
    if std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self")?) != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.starts_with("postgres:")).context("no user postgres")?;
    let mut numbers = line.split(':').skip(2).map(str::parse::<u32>);
    Ok(Some((numbers.next().context("a user's number")??, numbers.next().context("a group's number")??)))
}

impl Server {
    /// Makes a cluster in `folder` and starts it.
    ///
    /// # Errors
    /// What `initdb` or the server say.
    pub async fn start(bin: &Path, folder: &Path) -> anyhow::Result<Self> {
        let account = account()?;
        let socket = tempfile::tempdir_in("/tmp")?;
        std::fs::create_dir_all(folder)?;
        let as_account = |program: &str| {
            let mut command = Command::new(bin.join(program));
            if let Some((user, group)) = account {
                command.uid(user).gid(group);
            }
            command.current_dir("/").env_clear().env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).stdout(Stdio::null());
            command
        };
        if let Some((user, group)) = account {
            chown(folder, Some(user), Some(group))?;
            chown(socket.path(), Some(user), Some(group))?;
        }
        let data = folder.join("data");
        let mut initdb = as_account("initdb");
        let made = initdb.arg("-D").arg(&data).args(["-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]).output()?;
        ensure!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let log = std::fs::File::create(folder.join("log"))?;
        let mut server = as_account("postgres");
        server.arg("-D").arg(&data).arg("-k").arg(socket.path());
        server.args(["-c", "listen_addresses=", "-c", "fsync=on", "-c", "synchronous_commit=on"]);
        server.args(["-c", &format!("max_connections={MOST_CLIENTS}")]);
        let process = server.envs(disk::inherited()).stderr(log).spawn().context("postgres")?;
        let server = Self { process, socket };
        let deadline = Instant::now() + OPENING;
        while let Err(error) = server.connect().await {
            ensure!(Instant::now() < deadline, "PostgreSQL does not open: {error:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let table = "CREATE TABLE submission (id uuid PRIMARY KEY, manifest text NOT NULL, answers bytea NOT NULL)";
        server.connect().await?.batch_execute(table).await?;
        Ok(server)
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    async fn connect(&self) -> anyhow::Result<Client> {
        let mut config = tokio_postgres::Config::new();
        config.host_path(self.socket.path()).user(USER).dbname("postgres");
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(async move {
            // Its end is the client's.
            let _ = connection.await;
        });
        Ok(client)
    }

    /// Version and settings, by its own words.
    ///
    /// # Errors
    /// The server's.
    pub async fn settings(&self) -> anyhow::Result<Value> {
        let client = self.connect().await?;
        let mut told = Map::new();
        for name in SETTINGS {
            let row = client.query_one(&format!("SHOW {name}"), &[]).await?;
            told.insert(name.to_owned(), Value::from(row.get::<_, String>(0)));
        }
        Ok(Value::Object(told))
    }

    /// Stores `all`, one `INSERT` each, over so many connections, until they are through or the time is up.
    ///
    /// # Errors
    /// The server's.
    pub async fn run(&self, clients: usize, all: Vec<Prepared>, most: Duration) -> anyhow::Result<Round> {
        let insert = "INSERT INTO submission (id, manifest, answers) VALUES ($1, $2, $3)";
        let mut connections = Vec::new();
        for _ in 0..clients {
            let client = self.connect().await?;
            let statement = client.prepare(insert).await?;
            connections.push((client, statement));
        }
        let all = Arc::new(all);
        let started = Instant::now();
        let tasks: Vec<_> = connections
            .into_iter()
            .enumerate()
            .map(|(number, (client, statement))| {
                let all = Arc::clone(&all);
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    for one in all.iter().skip(number).step_by(clients) {
                        if started.elapsed() >= most {
                            break;
                        }
                        let begun = Instant::now();
                        client.execute(&statement, &[&one.id.0, &one.manifest, &one.sealed]).await?;
                        times.push(begun.elapsed());
                    }
                    anyhow::Ok(times)
                })
            })
            .collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await??);
        }
        Ok(Round::of(times, started.elapsed()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT is its quick way to stop, with its children; both fail when it has ended, which is what is wanted.
        let _ = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
    }
}
