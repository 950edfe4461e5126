//! Every state, problem, hint and error has words in both languages; no key is ever shown.

use super::rig::catalogue;
use crate::screens::Words;
use domain::form::FieldError;
use domain::rules::{RuleCode, RuleId};
use jiff::civil::date;
use ui::lang::CODES;
use visit::{Hint, PrintTrouble, ProblemKind, StoreFault};

const RULE_CODES: [RuleCode; 9] = [
    RuleCode::Format,
    RuleCode::Date,
    RuleCode::DateFuture,
    RuleCode::Checksum,
    RuleCode::Division,
    RuleCode::OrgChecksum,
    RuleCode::YearChar,
    RuleCode::Province,
    RuleCode::Nation,
];

fn errors() -> Vec<FieldError> {
    let day = date(2026, 11, 22);
    let mut all = vec![
        FieldError::Empty,
        FieldError::TooShort { min: 2 },
        FieldError::TooLong { max: 40 },
        FieldError::NotADay,
        FieldError::TooEarly { earliest: day },
        FieldError::TooLate { latest: day },
        FieldError::NoSuchOption,
        FieldError::WrongKind,
        FieldError::NotDeferrable,
    ];
    for rule in RuleId::ALL {
        all.extend(RULE_CODES.map(|code| FieldError::Rule { rule: *rule, code }));
    }
    all
}

/// Key-like words, or a placeholder that nobody filled.
fn raw(words: &str) -> bool {
    words.is_empty() || words.contains('{') || words.starts_with("error.") || words.starts_with("problem.")
}

#[test]
fn every_field_error_says_what_to_do() {
    let words = Words::load(catalogue()).expect("built in");
    let kinds = ["text", "choice", "declaration", "address", "photo", "document", "document-later", "signature"];
    for code in CODES {
        let say = words.speak(code);
        for error in errors() {
            for kind in kinds {
                let said = say.field_error(&error, kind);
                assert!(!raw(&said), "{code} {error:?} {kind}: {said}");
            }
        }
    }
    let own = words.speak("zh-CN").rule_error("resident-id", "CHECKSUM");
    assert_ne!(own, words.speak("zh-CN").rule_error("vin", "CHECKSUM"));
}

/// Keys that exist in both languages, or are named.
fn lacking(keys: &[String]) -> Vec<String> {
    let words = Words::load(catalogue()).expect("built in");
    let lacks = |code: &str, key: &String| words.speak(code).find(key).is_none().then(|| format!("{code} {key}"));
    CODES.iter().flat_map(|code| keys.iter().filter_map(|key| lacks(code, key)).collect::<Vec<_>>()).collect()
}

#[test]
fn every_problem_hint_and_trouble_has_words() {
    let kinds = [
        ProblemKind::CardExpired { until: date(2020, 1, 1) },
        ProblemKind::CardUnreadable,
        ProblemKind::CardNumber(RuleCode::Checksum),
        ProblemKind::ReaderDown,
        ProblemKind::FaceUnavailable,
        ProblemKind::FaceDifferent { tries_left: 1 },
        ProblemKind::NoFace,
        ProblemKind::CameraStalled,
        ProblemKind::CardNeeded,
        ProblemKind::ConsentDeclined,
        ProblemKind::CannotAccept(StoreFault::DiskFull),
        ProblemKind::CannotAccept(StoreFault::Paused),
        ProblemKind::CannotAccept(StoreFault::NoKey),
        ProblemKind::CannotAccept(StoreFault::Other),
        ProblemKind::CodeNotFound { code: super::rig::Rig::code(), tries_left: 1 },
        ProblemKind::ProgressUnavailable,
        ProblemKind::AskAtWindow,
        ProblemKind::AlreadySubmitted {
            service: "id-replace-lost".into(),
            code: super::rig::Rig::code(),
            unfinished: false,
        },
        ProblemKind::AlreadySubmitted {
            service: "id-replace-lost".into(),
            code: super::rig::Rig::code(),
            unfinished: true,
        },
    ];
    let mut keys: Vec<String> =
        kinds.iter().flat_map(|kind| ["", ".todo"].map(|end| format!("problem.{}{end}", kind.key()))).collect();
    let hints = [
        Hint::NoFace,
        Hint::SeveralFaces,
        Hint::Closer,
        Hint::Back,
        Hint::Centre,
        Hint::Straight,
        Hint::Eyes,
        Hint::Dark,
        Hint::Bright,
        Hint::Still,
        Hint::NoPage,
        Hint::Glare,
        Hint::Background,
    ];
    keys.extend(hints.map(|hint| format!("hint.{}", hint.key())));
    let troubles = [
        PrintTrouble::PaperOut,
        PrintTrouble::Jam,
        PrintTrouble::CoverOpen,
        PrintTrouble::Offline,
        PrintTrouble::Other,
    ];
    for trouble in troubles {
        keys.extend(["", ".todo"].map(|end| format!("printer.{}{end}", trouble.key())));
    }
    assert_eq!(lacking(&keys), Vec::<String>::new());
}

/// The text keys written in a source file between plain quotes, as `prefix…`.
fn keys_in(source: &str) -> Vec<String> {
    let roots = [
        "action.",
        "address.",
        "aid.",
        "attract.",
        "busy.",
        "camera.",
        "card.",
        "case.",
        "cases.",
        "check.",
        "date.",
        "draft.",
        "ended.",
        "face.",
        "find.",
        "frame.",
        "hand-over.",
        "held.",
        "help.",
        "hint.",
        "home.",
        "identify.",
        "idle.",
        "keyboard.",
        "kept.",
        "leave.",
        "list.",
        "matter.",
        "notice.",
        "number.",
        "open.",
        "papers.",
        "photo.",
        "pill.",
        "printer.",
        "problem.",
        "progress.",
        "question.",
        "rating.",
        "receipt.",
        "refused.",
        "service.",
        "signature.",
        "staff.",
        "status.",
        "step.",
        "weekday.",
    ];
    let parts = source.split('"').skip(1).step_by(2);
    let plain = |part: &&str| roots.iter().any(|root| part.starts_with(root)) && !part.contains(['{', ' ', '<']);
    parts.filter(plain).map(str::to_owned).collect()
}

#[test]
fn every_key_named_in_a_presenter_has_words() {
    let sources = [
        include_str!("../capture.rs"),
        include_str!("../cases.rs"),
        include_str!("../check.rs"),
        include_str!("../dialog.rs"),
        include_str!("../frame.rs"),
        include_str!("../home.rs"),
        include_str!("../identify.rs"),
        include_str!("../notice.rs"),
        include_str!("../problem.rs"),
        include_str!("../question.rs"),
        include_str!("../receipt.rs"),
        include_str!("../service.rs"),
        include_str!("../signature.rs"),
        include_str!("../standing.rs"),
        include_str!("../values.rs"),
        include_str!("../words.rs"),
    ];
    let keys: Vec<String> = sources.into_iter().flat_map(keys_in).collect();
    assert!(keys.len() > 150, "{}", keys.len());
    assert_eq!(lacking(&keys), Vec::<String>::new());
    // Keys that are put together.
    let mut made = Vec::new();
    for key in [
        "back",
        "previous",
        "next",
        "agree",
        "other-way",
        "try-again",
        "read-again",
        "retake",
        "start-afresh",
        "ask-officer",
        "call-staff",
        "home",
        "end",
        "finish",
        "decline",
        "later",
        "show-card",
        "submit",
        "use-photo",
        "pages-done",
        "agree-face",
        "compare",
        "shoot",
        "print-certificate",
        "print-receipt",
        "print-again",
        "another-errand",
        "begin",
        "start",
        "continue",
        "resume-draft",
        "find",
        "without-code",
        "looked",
        "supplement",
        "type-again",
        "all-cases",
        "hand-over",
        "go-to-counter",
    ] {
        made.push(format!("action.{key}"));
    }
    for key in ["own", "guardian", "proxy"] {
        made.extend([format!("matter.{key}"), format!("matter.{key}-line")]);
    }
    let stands = [
        "delivered",
        "accepted",
        "supplement",
        "supplement-received",
        "supplemented",
        "refused",
        "approved",
        "rejected",
    ];
    made.extend(stands.iter().flat_map(|key| [format!("case.{key}"), format!("case.{key}.line")]));
    let rungs = ["accepted", "refused", "supplement", "supplement-received", "going-on"];
    made.extend(rungs.map(|key| format!("status.{key}")));
    for key in ["opening", "record", "sealing", "office", "cases"] {
        made.push(format!("busy.{key}.line"));
    }
    for key in ["card", "card-bad", "camera", "paper", "jam", "printer", "network", "face"] {
        made.push(format!("dock.{key}"));
    }
    made.extend((0..3).map(|level| format!("address.level-{level}")));
    made.extend((1..=7).map(|day| format!("weekday.{day}")));
    made.extend(["received", "delivered", "accepted-or-supplement", "closed"].map(|key| format!("status.{key}")));
    made.extend((1..=5).map(|stars| format!("rating.{stars}")));
    made.extend(["at-counter", "at-counter-line"].map(|key| format!("status.{key}")));
    made.extend(["handed-over-line", "handed-over-until-line"].map(|key| format!("receipt.{key}")));
    made.extend(["", "-title", "-scan", "-next", "-until"].map(|end| format!("slip.hand-over{end}")));
    made.push("action.hand-over.line".to_owned());
    made.extend(["notice", "sensitive"].map(|key| format!("notice.consent-{key}")));
    made.extend(["office-unreachable", "office-slow"].map(|key| format!("held.{key}.line")));
    assert_eq!(lacking(&made), Vec::<String>::new());
}
