//! Three services as the catalogue would give them, with every field kind, and numbers and facts of nobody.

use crate::{Missing, MissingItem, OwnCase, Search};
use domain::case::Status;
use domain::condition::{Condition, Subject, Test};
use domain::facts::{Facts, Value};
use domain::ids::{FieldId, ReceiptCode, ServiceId, SubmissionId};
use domain::rules::RuleId;
use domain::rules::identity::check_character;
use domain::sensitive::Sensitive;
use domain::service::{
    Applicant, Assurance, Capture, EligibilityEffect, EligibilityRule, Field, FieldKind, Handling, Material, Output,
    ProxyRule, Service, Step, TextInput,
};
use jiff::civil::date;
use uuid::Uuid;

pub(super) const CODE: &str = "ACDEFG79";

pub(super) struct NoSearch;

impl Search for NoSearch {
    fn find(&self, query: &str, _language: &str) -> Vec<ServiceId> {
        if query == "sfz" { vec![ServiceId::from("lost"), ServiceId::from("unknown")] } else { Vec::new() }
    }
}

/// A number with a right check character, born on 1 June of `year`.
pub(super) fn number(year: i16) -> String {
    let head = format!("330304{year}0601002");
    let mut seventeen = [0; 17];
    seventeen.copy_from_slice(head.as_bytes());
    format!("{head}{}", check_character(&seventeen))
}

pub(super) fn record() -> Facts {
    let mut facts = Facts::new();
    facts.set("person.name", Value::Text("林晓梅".to_owned()));
    facts.set("person.birth", Value::Date(date(1990, 6, 1)));
    facts.set("person.phone", Value::Text("13800002046".to_owned()));
    facts
}

fn field(id: &str, kind: FieldKind) -> Field {
    Field { id: FieldId::from(id), kind, required: true, when: None, prefill: None, locked: false }
}

fn step(id: &str, fields: Vec<Field>) -> Step {
    Step { id: id.into(), when: None, fields }
}

fn words() -> FieldKind {
    FieldKind::Text { min: 2, max: 50, input: TextInput::Reason }
}

fn choice(options: &[&str], multiple: bool) -> FieldKind {
    FieldKind::Choice { options: options.iter().map(|option| (*option).to_owned()).collect(), multiple }
}

fn answer_is(field: &str, option: &str) -> Condition {
    Condition::Compare { subject: Subject::Answer(field.into()), test: Test::Is(Value::Text(option.to_owned())) }
}

fn age(test: Test) -> Condition {
    Condition::Compare { subject: Subject::Fact("person.age".to_owned()), test }
}

fn rule(id: &str, when: Condition, then: EligibilityEffect) -> EligibilityRule {
    EligibilityRule { id: id.to_owned(), when, then, law: "样例".to_owned() }
}

fn material(id: &str, capture: Capture, deferrable: bool) -> Material {
    Material { id: id.into(), when: None, deferrable, defer_days: deferrable.then_some(10), capture }
}

fn service(id: &str, category: &str) -> Service {
    Service {
        id: id.into(),
        version: 1,
        category: category.into(),
        branch: "household".into(),
        icon: "id-card".to_owned(),
        common: Some(1),
        handling: Handling::Acceptance,
        assurance: Assurance::Face,
        applicants: vec![Applicant::Own],
        ward_has_number: true,
        proxy: ProxyRule::No,
        eligibility: Vec::new(),
        materials: Vec::new(),
        fee: None,
        statutory_limit: None,
        promised_limit: None,
        output: Output::Collection { credential: "id-card".to_owned() },
        priority: 5,
        law: Vec::new(),
        second_person: Vec::new(),
        copy_order: Vec::new(),
        minutes: 5,
        steps: Vec::new(),
    }
}

/// Instant, one choice, one text in one case, a declaration.
fn certificate() -> Service {
    let other = Field { when: Some(answer_is("purpose", "other")), ..field("which", words()) };
    let steps = vec![
        step("purpose", vec![field("purpose", choice(&["work", "abroad", "other"], false)), other]),
        step("promise", vec![field("truth", FieldKind::Declaration)]),
    ];
    let output = Output::Certificate { layout: "sample".to_owned(), check: "sample".to_owned() };
    Service { handling: Handling::Instant, output, steps, ..service("certificate", "id-card") }
}

/// Acceptance with every kind of capture, guardian and proxy.
fn lost() -> Service {
    let name = Field { prefill: Some("person.name".to_owned()), locked: true, ..field("name", FieldKind::PersonName) };
    let phone =
        Field { prefill: Some("person.phone".to_owned()), ..field("phone", FieldKind::Phone { landline: false }) };
    let note = Field { required: false, ..field("note", words()) };
    let steps = vec![
        step("person", vec![field("contact", FieldKind::Group { fields: vec![name, phone, note] })]),
        step("loss", vec![field("where", words()), field("home", FieldKind::Address)]),
        step("photo", vec![field("photo", FieldKind::Photo { profile: "id-photo".to_owned() })]),
        step(
            "papers",
            vec![
                field("book", FieldKind::Document { material: "book".into(), max_pages: 2 }),
                field("report", FieldKind::Document { material: "report".into(), max_pages: 1 }),
            ],
        ),
        step("sign", vec![field("signature", FieldKind::Signature)]),
    ];
    Service {
        applicants: vec![Applicant::Own, Applicant::Guardian, Applicant::Proxy],
        proxy: ProxyRule::Written,
        eligibility: vec![
            rule("too-young", age(Test::LessThan(10)), EligibilityEffect::No),
            rule("very-old", age(Test::MoreThan(90)), EligibilityEffect::Officer),
        ],
        materials: vec![
            material("book", Capture::Camera, true),
            material("report", Capture::Camera, false),
            material("fingerprint", Capture::Counter, false),
        ],
        steps,
        common: Some(0),
        ..service("lost", "id-card")
    }
}

/// Card needed, guardian only, refused by an answer.
fn passport() -> Service {
    let born = FieldKind::Date { earliest_days: Some(-6000), latest_days: Some(0) };
    let visa = Field { when: Some(answer_is("travel", "abroad")), ..field("visa", words()) };
    let travel = Field { required: false, ..field("travel", choice(&["abroad", "home"], true)) };
    let steps = vec![
        step("child", vec![field("born", born), field("second", FieldKind::Number { rule: RuleId::ResidentId })]),
        step("journey", vec![field("trip", FieldKind::Group { fields: vec![travel, visa] })]),
        step("have", vec![field("barred", choice(&["yes", "no"], false))]),
    ];
    Service {
        assurance: Assurance::CardAndFace,
        applicants: vec![Applicant::Guardian],
        eligibility: vec![
            rule("too-old", age(Test::AtLeast(16)), EligibilityEffect::No),
            rule("barred", answer_is("barred", "yes"), EligibilityEffect::No),
        ],
        steps,
        common: None,
        ..service("passport", "exit-entry")
    }
}

/// A guardian for a child that has no number yet.
fn birth() -> Service {
    let born = FieldKind::Date { earliest_days: None, latest_days: Some(0) };
    let parent = Field { prefill: Some("applicant.name".to_owned()), ..field("parent", FieldKind::PersonName) };
    Service {
        applicants: vec![Applicant::Guardian],
        ward_has_number: false,
        steps: vec![step("newborn", vec![field("birthday", born), parent])],
        common: None,
        ..service("birth", "hukou")
    }
}

pub(super) fn services() -> Vec<Service> {
    vec![certificate(), lost(), passport(), birth()]
}

/// The code of the case that waits for its person, in `own_cases`.
pub(super) const WAITING: &str = "HJKMNPQR";

fn own_case(id: u128, code: &str, service: &str, status: Status) -> OwnCase {
    OwnCase {
        submission: SubmissionId(Uuid::from_u128(id)),
        code: ReceiptCode::parse(code).unwrap(),
        service: service.into(),
        title: "样例".to_owned(),
        status,
        received_on: date(2026, 11, 20),
        due_on: None,
        ticket: None,
        supplemented: false,
        missing: None,
        next_seq: 1,
        ended: None,
    }
}

/// One that waits for a page, a field, a signature and a fingerprint; one under way; one that wants the card.
pub(super) fn own_cases() -> Vec<OwnCase> {
    let item = |key: &str, words: &str| MissingItem {
        key: key.to_owned(),
        title: key.to_owned(),
        words: Sensitive::new(words.to_owned()),
        before: None,
    };
    let items = vec![
        item("book", "缺首页"),
        item("phone", "少一位"),
        item("signature", ""),
        item("fingerprint", "请到窗口按"),
        item("something-new", "请带来"),
    ];
    let missing = Some(Missing { by: Some(date(2026, 12, 4)), items });
    let card = Some(Missing { by: None, items: vec![item("second", "号码不对")] });
    vec![
        OwnCase { missing, ..own_case(900, WAITING, "lost", Status::Supplement) },
        own_case(901, CODE, "certificate", Status::Delivered),
        OwnCase { missing: card, ..own_case(902, "QRTWXY34", "passport", Status::Supplement) },
    ]
}
