//! A real cupsd of the test's own, on a loopback port, with its own folders, and behind it a "printer": a back end script that
//! writes what it prints into a folder and shows trouble while a file says so. Nothing of the machine's own CUPS is touched.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use devices::WaitReason;
use devices::drivers::printer::cups::CupsSettings;
use tempfile::TempDir;

use crate::printer_contract::PrinterBench;

const QUEUE: &str = "receipts";
const LIMIT: Duration = Duration::from_secs(20);
const CUPSD: &str = "/usr/sbin/cupsd";
const PPD: &str = "/usr/share/ppd/cupsfilters/Generic-PDF_Printer-PDF.ppd";

/// The printer: argument 3 is the job name, 6 the document (else standard input). Reasons go out as a real back end sends them.
const BACK_END: &str = r#"#!/bin/sh
[ $# -eq 0 ] && exit 0
dir="${DEVICE_URI#paper:}"
cat ${6:+"$6"} > "$dir/tray/$1.part" || exit 1
shown=
while [ -s "$dir/trouble" ]; do
    read -r now < "$dir/trouble"
    if [ "$now" != "$shown" ]; then
        case "$now" in
            off) echo "INFO: The printer may not exist or is unavailable at this time." >&2 ;;
            *) echo "STATE: +$now-error" >&2 ;;
        esac
        shown="$now"
    fi
    sleep 0.05
done
echo "STATE: -media-empty-error,media-jam-error,cover-open-error" >&2
echo "INFO: Printed" >&2
mv "$dir/tray/$1.part" "$dir/tray/$3.pdf"
"#;

/// How much of a crash the queue survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As Debian ships it: state is written every 30 seconds.
    AsShipped,
    /// As the kiosk should set it up: written at once.
    AtOnce,
}

pub struct Cupsd {
    root: TempDir,
    port: u16,
    daemon: Option<Child>,
}

impl Cupsd {
    /// Starts a cupsd with one queue.
    pub fn start(durability: Durability) -> Self {
        for needed in [CUPSD, PPD, "/usr/lib/cups/filter/pdftopdf"] {
            assert!(
                Path::new(needed).exists(),
                "{needed} is missing: run scripts/setup (Debian packages cups, cups-client, cups-filters)"
            );
        }
        let root = tempfile::Builder::new().prefix("cupsd").tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut cupsd = Self { root, port, daemon: None };
        cupsd.lay_out(durability);
        cupsd.launch();
        cupsd
    }

    pub fn settings(&self) -> CupsSettings {
        CupsSettings { queue: format!("ipp://127.0.0.1:{}/printers/{QUEUE}", self.port), user: "kiosk".to_owned() }
    }

    /// Starts the daemon (again) over the same folders.
    pub fn launch(&mut self) {
        let log = std::fs::File::create(self.path("daemon.log")).unwrap();
        let daemon = Command::new(CUPSD)
            .arg("-f")
            .arg("-c")
            .arg(self.path("etc/cupsd.conf"))
            .arg("-s")
            .arg(self.path("etc/cups-files.conf"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.daemon = Some(daemon);
        let deadline = Instant::now() + LIMIT;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "cupsd does not listen: {}", self.logs());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// SIGKILL, by the child's own id.
    pub fn kill(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().unwrap();
            daemon.wait().unwrap();
        }
    }

    pub fn logs(&self) -> String {
        let mut all = String::new();
        for name in ["daemon.log", "log/error_log"] {
            if let Ok(mut file) = std::fs::File::open(self.path(name)) {
                file.read_to_string(&mut all).unwrap();
            }
        }
        all
    }

    /// Runs a command of cups-client against this daemon.
    pub fn client(&self, program: &str, arguments: &[&str]) {
        let server = format!("127.0.0.1:{}", self.port);
        let output = Command::new(program).arg("-h").arg(server).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn lay_out(&self, durability: Durability) {
        // The back end runs as the daemon's user, who must reach these folders.
        open_up(self.root.path(), 0o755);
        for name in ["etc/ppd", "bin/backend", "spool/tmp", "cache", "run", "log", "tray", "doc"] {
            std::fs::create_dir_all(self.path(name)).unwrap();
        }
        open_up(&self.path("tray"), 0o777);
        for name in ["filter", "daemon", "driver", "monitor", "notifier", "cgi-bin"] {
            symlink(format!("/usr/lib/cups/{name}"), self.path("bin").join(name)).unwrap();
        }
        let back_end = self.path("bin/backend/paper");
        std::fs::write(&back_end, BACK_END).unwrap();
        open_up(&back_end, 0o755);
        std::fs::copy(PPD, self.path(&format!("etc/ppd/{QUEUE}.ppd"))).unwrap();
        std::fs::write(self.path("etc/cupsd.conf"), self.daemon_settings(durability)).unwrap();
        std::fs::write(self.path("etc/cups-files.conf"), self.file_settings(durability)).unwrap();
        let root = self.root.path().display();
        let queue = format!(
            "<DefaultPrinter {QUEUE}>\nInfo test\nDeviceURI paper:{root}\nState Idle\nAccepting Yes\nShared No\n\
             ErrorPolicy retry-current-job\n</DefaultPrinter>\n"
        );
        std::fs::write(self.path("etc/printers.conf"), queue).unwrap();
    }

    fn daemon_settings(&self, durability: Durability) -> String {
        let dirty = match durability {
            Durability::AsShipped => 30,
            Durability::AtOnce => 0,
        };
        format!(
            "Listen 127.0.0.1:{}\nBrowsing Off\nDefaultAuthType None\nWebInterface No\nLogLevel info\n\
             DirtyCleanInterval {dirty}\nPreserveJobHistory Yes\n\
             <Location />\nOrder allow,deny\nAllow localhost\n</Location>\n\
             <Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n",
            self.port
        )
    }

    fn file_settings(&self, durability: Durability) -> String {
        let root = self.root.path().display();
        let sync = if durability == Durability::AtOnce { "Yes" } else { "No" };
        let me = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
        // As root cupsd insists on another user for its filters.
        let users = if me.trim() == "root" { "User lp\nGroup lp\n".to_owned() } else { String::new() };
        format!(
            "{users}ServerRoot {root}/etc\nServerBin {root}/bin\nDataDir /usr/share/cups\nDocumentRoot {root}/doc\n\
             RequestRoot {root}/spool\nTempDir {root}/spool/tmp\nCacheDir {root}/cache\nStateDir {root}/run\n\
             AccessLog {root}/log/access_log\nErrorLog {root}/log/error_log\nPageLog {root}/log/page_log\n\
             SyncOnClose {sync}\nPrintcap\n"
        )
    }
}

fn open_up(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

impl PrinterBench for Cupsd {
    fn trouble(&mut self, reason: Option<WaitReason>) {
        let word = match reason {
            None => {
                self.client("cupsenable", &[QUEUE]);
                ""
            }
            Some(WaitReason::Paused) => return self.client("cupsdisable", &[QUEUE]),
            Some(WaitReason::PaperOut) => "media-empty\n",
            Some(WaitReason::Jam) => "media-jam\n",
            Some(WaitReason::CoverOpen) => "cover-open\n",
            Some(WaitReason::Offline) => "off\n",
            Some(WaitReason::Other) => "other\n",
        };
        let trouble = self.path("trouble");
        std::fs::write(&trouble, word).unwrap();
        open_up(&trouble, 0o644);
    }

    fn paper(&self, job_name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.path(&format!("tray/{job_name}.pdf"))).ok()
    }
}

impl Drop for Cupsd {
    fn drop(&mut self) {
        // A back end left behind by a kill ends by itself once the trouble is over.
        drop(std::fs::remove_file(self.path("trouble")));
        if std::thread::panicking() {
            eprintln!("{}", self.logs());
        }
        self.kill();
    }
}
