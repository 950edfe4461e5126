//! The HTTP face matcher against a separate process (a small Python server on loopback). Nobody passes by mistake.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use devices::drivers::face::http::{HttpMatcher, HttpMatcherSettings};
use devices::port::face::NotConfigured;
use devices::sim::{FaceMode, SimControl, SimMatcher, Subject};
use devices::{DeviceStatus, FaceMatcher, FaceReference, MatchError, MatchOutcome};
use domain::sensitive::Sensitive;

/// Answers by path; `/echo` decides by what it was really sent.
const SERVER: &str = r#"
import base64, http.server, json, time

class Matcher(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        case = self.path.strip("/")
        status, answer, headers = 200, None, {}
        if case == "echo":
            asked = json.loads(body)
            reference = asked["reference"]
            value = reference["value"].encode()
            if reference["kind"] == "card-photo":
                value = base64.b64decode(value)
            same = value == base64.b64decode(asked["probe"])
            answer = json.dumps({"result": "same" if same else "different", "score": 0.9 if same else 0.1})
        elif case == "hang":
            time.sleep(30)
        elif case == "redirect":
            status, headers, answer = 307, {"Location": "/same"}, ""
        elif case.startswith("status-"):
            status, answer = int(case[7:]), '{"result": "same", "score": 0.99}'
        else:
            answer = {
                "same": '{"result": "same", "score": 0.99}',
                "no-face": '{"result": "no-face"}',
                "garbage": "<html>same</html>",
                "cut": '{"result": "same", "sco',
                "empty": "",
                "no-score": '{"result": "same"}',
                "wild-score": '{"result": "same", "score": 87}',
                "nan-score": '{"result": "same", "score": NaN}',
                "unknown-result": '{"result": "probably", "score": 0.99}',
                "extra": '{"result": "same", "score": 0.99, "error": "test mode"}',
                "long": " " * 5000 + '{"result": "same", "score": 0.99}',
            }[case]
        data = answer.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Matcher)
print(server.server_address[1], flush=True)
server.serve_forever()
"#;

struct Service {
    process: Child,
    port: u16,
}

impl Service {
    fn start() -> Self {
        let mut process = Command::new("python3")
            .args(["-c", SERVER])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 is needed: run scripts/setup");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, port: line.trim().parse().unwrap() }
    }

    fn matcher(&self, case: &str) -> HttpMatcher {
        matcher(self.port, case)
    }

    fn compare(&self, case: &str) -> Result<MatchOutcome, MatchError> {
        self.matcher(case).compare(&photo(b"reference"), &probe(b"probe"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn matcher(port: u16, case: &str) -> HttpMatcher {
    let url = format!("http://127.0.0.1:{port}/{case}");
    HttpMatcher::new(&HttpMatcherSettings { url, timeout: Duration::from_secs(2) }).unwrap()
}

fn photo(bytes: &[u8]) -> FaceReference {
    FaceReference::CardPhoto(Sensitive::new(bytes.to_vec()))
}

fn probe(bytes: &[u8]) -> Sensitive<Vec<u8>> {
    Sensitive::new(bytes.to_vec())
}

#[test]
fn the_service_decides_on_what_it_was_sent() {
    let service = Service::start();
    let echo = service.matcher("echo");
    assert_eq!(echo.compare(&photo(b"\xFF\xD8a"), &probe(b"\xFF\xD8a")), Ok(MatchOutcome::Same { score: 0.9 }));
    assert_eq!(echo.compare(&photo(b"\xFF\xD8a"), &probe(b"\xFF\xD8b")), Ok(MatchOutcome::Different { score: 0.1 }));
    let number = FaceReference::IdNumber(Sensitive::new("330304200002299988".to_owned()));
    assert_eq!(echo.compare(&number, &probe(b"330304200002299988")), Ok(MatchOutcome::Same { score: 0.9 }));
    assert_eq!(echo.status(), DeviceStatus::Ready);
    assert!(!echo.simulated());
}

#[test]
fn no_doubtful_answer_passes() {
    let service = Service::start();
    assert_eq!(service.compare("same"), Ok(MatchOutcome::Same { score: 0.99 }), "the server itself works");
    assert_eq!(service.compare("no-face"), Err(MatchError::NoFace));
    for case in [
        "garbage",
        "cut",
        "empty",
        "no-score",
        "wild-score",
        "nan-score",
        "unknown-result",
        "extra",
        "long",
        "redirect",
        "status-201",
        "status-401",
        "status-500",
        "status-503",
    ] {
        assert_eq!(service.compare(case), Err(MatchError::Unavailable), "{case}");
    }
}

#[test]
fn a_silent_service_is_given_up_in_time() {
    let service = Service::start();
    let matcher = service.matcher("hang");
    let asked = Instant::now();
    assert_eq!(matcher.compare(&photo(b"a"), &probe(b"a")), Err(MatchError::Unavailable));
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    assert_eq!(matcher.status(), DeviceStatus::Offline);
}

#[test]
fn a_service_that_is_not_there_is_unavailable() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(matcher(port, "same").compare(&photo(b"a"), &probe(b"a")), Err(MatchError::Unavailable));
}

#[test]
fn an_address_that_is_no_service_is_refused() {
    for url in ["", "compare", "ftp://127.0.0.1/", "file:///same"] {
        let settings = HttpMatcherSettings { url: url.to_owned(), timeout: Duration::from_secs(1) };
        assert!(HttpMatcher::new(&settings).is_err(), "{url}");
    }
}

#[test]
fn without_a_matcher_nobody_passes() {
    assert_eq!(NotConfigured.compare(&photo(b"a"), &probe(b"a")), Err(MatchError::NotConfigured));
    assert_eq!(NotConfigured.status(), DeviceStatus::NotConfigured);
}

#[test]
fn the_simulated_matcher_answers_as_steered_and_says_that_it_is_one() {
    let control = SimControl::new();
    let matcher = SimMatcher::new(control.clone());
    let compare = || matcher.compare(&photo(b"a"), &probe(b"b"));
    assert!(matcher.simulated());
    assert!(matches!(compare(), Ok(MatchOutcome::Same { .. })));
    control.face(FaceMode::Fail);
    assert!(matches!(compare(), Ok(MatchOutcome::Different { .. })));
    control.face(FaceMode::Unavailable);
    assert_eq!((compare(), matcher.status()), (Err(MatchError::Unavailable), DeviceStatus::Offline));
    control.face(FaceMode::NoFace);
    assert_eq!(compare(), Err(MatchError::NoFace));
    control.face(FaceMode::Pass);
    control.subject(Subject::Nobody);
    assert_eq!(compare(), Err(MatchError::NoFace));
}
