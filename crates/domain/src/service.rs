//! A service (事项) as data: who may apply, what is asked, what it costs, what comes of it.
//! Invariants: no service is named in code; every text is a key that the catalogue resolves per language.
//! Not here: reading and checking files (`services-catalog`), walking through a form (`visit`).
//!
//! Text keys by convention, inside one service: `name`, `summary`, `keywords` (search words separated by spaces), `who`, `output`, `notice` (paragraphs
//! separated by a blank line), `consent` (the separate consent for sensitive data), `submit` (names the act, e.g. 提交补领申请), `next` (what happens after), `collect`;
//! `step.<id>`; `field.<id>` (label), `field.<id>.hint`, `field.<id>.help`, `field.<id>.<option>`, `field.<id>.<option>.line`,
//! `field.<id>.statement` (declarations); `material.<id>`, `material.<id>.note`; `rule.<id>` (why not) and `rule.<id>.where` (where to go).

use crate::calendar::Limit;
use crate::condition::Condition;
use crate::ids::{BranchId, CategoryId, FieldId, MaterialId, ServiceId, StepId};
use crate::rules::RuleId;
use serde::{Deserialize, Serialize};

/// One service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The name of its folder.
    pub id: ServiceId,
    /// Counts up when the form changes; travels with every submission.
    pub version: u32,
    /// The home screen's category.
    pub category: CategoryId,
    /// The police branch whose officers decide.
    pub branch: BranchId,
    /// Name of the icon of the open set.
    pub icon: String,
    /// Place among 大家常办; `None` when not shown there.
    pub common: Option<u32>,
    /// How it ends at the kiosk.
    pub handling: Handling,
    /// How sure the kiosk must be of the person.
    pub assurance: Assurance,
    /// Whose matter it may be.
    pub applicants: Vec<Applicant>,
    /// A ward has an identity number by which it is named first; false for a newborn, whom the form itself describes.
    #[serde(default = "yes")]
    pub ward_has_number: bool,
    /// Whether somebody else may act, and how.
    pub proxy: ProxyRule,
    /// Who may apply: the first rule that holds decides.
    pub eligibility: Vec<EligibilityRule>,
    /// Papers asked for.
    pub materials: Vec<Material>,
    /// The fee; `None` when free.
    pub fee: Option<Fee>,
    /// Time limit in law; `None` when the law has none.
    pub statutory_limit: Option<Limit>,
    /// Time promised by the station.
    pub promised_limit: Option<Limit>,
    /// What the person gets.
    pub output: Output,
    /// Priority in the office's queue, 1 (first) to 9.
    pub priority: u8,
    /// Laws and articles, as cited in Chinese.
    pub law: Vec<String>,
    /// Decisions that take effect only when a second officer makes them too.
    pub second_person: Vec<crate::case::Kind>,
    /// Order in which the ministry's form asks, for copying by hand: field ids, or `applicant.name`,
    /// `applicant.id-number`, `subject.id-number`, `receipt.code`; empty = the form's own order.
    pub copy_order: Vec<String>,
    /// About how many minutes it takes at the kiosk.
    pub minutes: u32,
    /// The form.
    pub steps: Vec<Step>,
}

/// Old files say nothing about wards: they have numbers.
fn yes() -> bool {
    true
}

/// How a service ends at the kiosk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handling {
    /// Finished on the spot when the office may issue; else it falls to the queue.
    Instant,
    /// Taken in; an officer accepts and decides.
    Acceptance,
}

/// How sure the kiosk must be of the person (product rule 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// Nobody need be identified.
    None,
    /// Card and face, or number and face, or an officer in place of the face.
    Face,
    /// Card and face, or card and an officer: a number alone does not do.
    CardAndFace,
}

/// Whose matter it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicant {
    /// The person's own.
    Own,
    /// A child's or ward's, by the guardian.
    Guardian,
    /// Somebody's who cannot come, by written mandate.
    Proxy,
}

/// Whether somebody else may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyRule {
    /// In person only.
    No,
    /// With a written mandate, checked at the counter.
    Written,
}

/// A rule of eligibility. Its texts are `rule.<id>` and `rule.<id>.where`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EligibilityRule {
    /// Unique inside the service.
    pub id: String,
    /// When it applies.
    pub when: Condition,
    /// What follows.
    pub then: EligibilityEffect,
    /// The law or rule it comes from.
    pub law: String,
}

/// What an eligibility rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EligibilityEffect {
    /// May apply; later rules are not looked at.
    Yes,
    /// May not, with reason and where to go.
    No,
    /// An officer decides; the kiosk takes it in and says so.
    Officer,
}

/// A paper the service asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// Unique inside the service.
    pub id: MaterialId,
    /// When it is needed at all; `None` = always.
    pub when: Option<Condition>,
    /// May follow later (容缺受理).
    pub deferrable: bool,
    /// Days after acceptance by which a deferred material must follow (working days).
    pub defer_days: Option<u32>,
    /// How it is shown.
    pub capture: Capture,
}

/// How a material is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capture {
    /// Photographed at the kiosk, by a `document` field.
    Camera,
    /// Shown at the counter.
    Counter,
    /// The office looks it up: the person brings nothing (免交).
    Network,
    /// It is the person's own card, read when identifying.
    Card,
}

/// A fee and its basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Yuan; the least when it depends on what is asked for.
    pub yuan: u32,
    /// The most it can come to; `None` when it is always the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
    /// The document that sets it.
    pub basis: String,
}

/// What the person gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Output {
    /// A paper that may be printed at the kiosk (product rule 3), by its layout in `documents`.
    Certificate {
        /// Layout id, e.g. `no-criminal-record`.
        layout: String,
        /// The record check of the registry that must answer `may-issue`.
        check: String,
    },
    /// Acceptance, then collection at the counter or post.
    Collection {
        /// The credential, as a word for the screen is `output`.
        credential: String,
    },
}

/// A step: pages under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Unique inside the service.
    pub id: StepId,
    /// When the step is asked; `None` = always.
    pub when: Option<Condition>,
    /// Its fields. Each is a page of its own, except that a `Group`'s fields share one.
    pub fields: Vec<Field>,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Unique inside the service.
    pub id: FieldId,
    /// What kind of answer.
    pub kind: FieldKind,
    /// Must be answered.
    pub required: bool,
    /// When it is asked; `None` = always.
    pub when: Option<Condition>,
    /// The fact that fills it before the person does.
    pub prefill: Option<String>,
    /// Prefilled and not to be changed here (the registry's own data); shown for confirmation.
    pub locked: bool,
}

impl Field {
    /// The paper that this field's answer is, as officers and supplements name it: the material, or `field:<id>` for a
    /// portrait and a signature; `None` = it is a line of the form.
    pub fn paper(&self) -> Option<String> {
        match &self.kind {
            FieldKind::Document { material, .. } => Some(material.to_string()),
            FieldKind::Photo { .. } | FieldKind::Signature => Some(format!("field:{}", self.id)),
            FieldKind::Text { .. }
            | FieldKind::PersonName
            | FieldKind::Number { .. }
            | FieldKind::Phone { .. }
            | FieldKind::Date { .. }
            | FieldKind::Choice { .. }
            | FieldKind::Address
            | FieldKind::Declaration
            | FieldKind::Group { .. } => None,
        }
    }
}

/// Kinds of fields. A new kind is a new variant; there is no fallback to free text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FieldKind {
    /// Free words.
    Text {
        /// Fewest characters.
        min: u32,
        /// Most characters.
        max: u32,
        /// What the keyboard opens with and how the engine guesses.
        input: TextInput,
    },
    /// A person's name (rule `person-name`).
    PersonName,
    /// A number with a rule of its own.
    Number {
        /// The rule it must pass.
        rule: RuleId,
    },
    /// A phone number: mobile, or landline where allowed.
    Phone {
        /// Landlines are accepted as well.
        landline: bool,
    },
    /// A day.
    Date {
        /// Not before so many days from today (negative = past); `None` = no bound.
        earliest_days: Option<i32>,
        /// Not after so many days from today.
        latest_days: Option<i32>,
    },
    /// One or several of a list.
    Choice {
        /// The options' ids, in order of showing.
        options: Vec<String>,
        /// Several may be chosen.
        multiple: bool,
    },
    /// An address by division and detail.
    Address,
    /// A portrait taken here.
    Photo {
        /// Profile id in the catalogue's `profiles/photo.toml`, e.g. `id-photo`.
        profile: String,
    },
    /// Pages of a material.
    Document {
        /// The material shown.
        material: MaterialId,
        /// Most pages.
        max_pages: u32,
    },
    /// A signature on the screen.
    Signature,
    /// A statement to read and agree to (`field.<id>.statement`).
    Declaration,
    /// Several short fields on one page.
    Group {
        /// The fields; no groups inside, no pictures.
        fields: Vec<Field>,
    },
}

/// What a text is about, for keyboard and candidate order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextInput {
    /// Reasons and other prose.
    Reason,
    /// A place.
    Place,
    /// Latin letters and digits.
    Latin,
    /// Digits only.
    Digits,
}

/// What a copy order may name besides fields.
pub const COPY_NAMES: [&str; 4] = ["applicant.name", "applicant.id-number", "subject.id-number", "receipt.code"];

impl Service {
    /// All fields in order, groups opened (the group itself is not given).
    pub fn fields(&self) -> Vec<&Field> {
        let mut fields = Vec::new();
        for field in self.steps.iter().flat_map(|step| &step.fields) {
            match &field.kind {
                FieldKind::Group { fields: inner } => fields.extend(inner),
                FieldKind::Text { .. }
                | FieldKind::PersonName
                | FieldKind::Number { .. }
                | FieldKind::Phone { .. }
                | FieldKind::Date { .. }
                | FieldKind::Choice { .. }
                | FieldKind::Address
                | FieldKind::Photo { .. }
                | FieldKind::Document { .. }
                | FieldKind::Signature
                | FieldKind::Declaration => fields.push(field),
            }
        }
        fields
    }

    /// Whose matter it may be, in the order of asking; the person's own when nothing is said.
    pub fn matters(&self) -> Vec<Applicant> {
        let proxy = self.proxy != ProxyRule::No;
        let mut matters: Vec<Applicant> =
            self.applicants.iter().copied().filter(|matter| *matter != Applicant::Proxy || proxy).collect();
        if matters.is_empty() {
            matters.push(Applicant::Own);
        }
        matters
    }

    /// A field by id, also inside groups.
    pub fn field(&self, id: &FieldId) -> Option<&Field> {
        self.fields().into_iter().find(|field| field.id == *id)
    }

    /// A material by id.
    pub fn material(&self, id: &MaterialId) -> Option<&Material> {
        self.materials.iter().find(|material| material.id == *id)
    }
}
