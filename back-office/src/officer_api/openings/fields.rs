//! Fields of an opening as the officer's page shows them: the step that says who applies, and those of the form, each with
//! its text, what is wrong with it, and where it comes from.

use crate::office::{Office, china_day};
use crate::officer_api::detail::identified_words;
use crate::officer_api::form::words;
use crate::openings::{Draft, Standing, person, text_of};
use domain::form::FieldError;
use domain::ids::FieldId;
use domain::rules::{self, RuleId};
use domain::sensitive::Sensitive;
use domain::service::{Applicant, Field, FieldKind, Service};
use jiff::civil::Date;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Choice {
    value: String,
    label: String,
}

#[derive(Serialize)]
pub(super) struct OpeningField {
    pub(super) id: String,
    pub(super) label: String,
    help: Option<String>,
    pub(super) kind: &'static str,
    choices: Option<Vec<Choice>>,
    /// Several options may be chosen, joined by commas.
    multiple: bool,
    pub(super) value: Option<Sensitive<String>>,
    pub(super) required: bool,
    /// The registry's own data: shown, not to be changed.
    locked: bool,
    pub(super) error: Option<String>,
    from_visit: bool,
}

/// Texts of one service in Chinese.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    pub(super) office: &'a Office,
    pub(super) service: &'a Service,
}

impl Texts<'_> {
    pub(super) fn if_any(self, key: &str) -> Option<String> {
        self.office.services.text(&self.service.id, key)
    }

    pub(super) fn of(self, key: &str) -> String {
        self.if_any(key).unwrap_or_else(|| key.rsplit('.').next().unwrap_or(key).to_owned())
    }

    pub(super) fn title(self) -> String {
        self.if_any("name").unwrap_or_else(|| self.service.id.to_string())
    }

    pub(super) fn label(self, field: &Field) -> String {
        let name = self.office.services.field_name(&self.service.id, field.id.as_str());
        name.unwrap_or_else(|| field.id.to_string())
    }

    /// A material where pages of one are asked for, else the field.
    pub(super) fn asked_for(self, field: &Field) -> String {
        if let FieldKind::Document { material, .. } = &field.kind {
            self.of(&format!("material.{material}"))
        } else {
            self.label(field)
        }
    }
}

/// The word of a matter in the choice of the first step.
pub(super) fn matter_word(matter: Applicant) -> &'static str {
    match matter {
        Applicant::Own => "own",
        Applicant::Guardian => "guardian",
        Applicant::Proxy => "proxy",
    }
}

/// What is wrong with a written field, in words.
pub(super) fn field_words(field: &Field, error: &FieldError, written: bool) -> String {
    match (&field.kind, error) {
        (FieldKind::Address, FieldError::Empty) if written => "请从省、市、区写起".to_owned(),
        (FieldKind::Address, FieldError::TooShort { .. }) => "请把路名、门牌写全".to_owned(),
        _ => words(error),
    }
}

/// What the box of the first step says; it is the officer's word, and nothing else confirms a person here.
const SEEN_LABEL: &str = "已看证件，是本人";

fn seen_text(draft: &Draft) -> Sensitive<String> {
    Sensitive::new(if draft.person_seen { "yes".to_owned() } else { String::new() })
}

/// The box, with what the machine said of a person who comes from one.
fn seen_field(draft: &Draft, service: &Service, field: OpeningField) -> OpeningField {
    let identified = draft.visit.as_ref().and_then(|visit| visit.identified);
    let machine = identified.map(|how| identified_words(Some(how), &draft.pictures, Some(service)));
    OpeningField { help: machine.map(|(word, remark)| format!("自助机：{word}。{remark}。")), ..field }
}

pub(super) fn person_fields(draft: &Draft, service: &Service, today: Date) -> Vec<OpeningField> {
    let field = |id: &str, label: &str, kind, value: &Sensitive<String>, error: Option<FieldError>| OpeningField {
        id: id.to_owned(),
        label: label.to_owned(),
        help: None,
        kind,
        choices: None,
        multiple: false,
        value: Some(value.clone()).filter(|value| !value.expose().is_empty()),
        required: true,
        locked: false,
        error: error.filter(|_| !value.expose().is_empty()).map(|error| words(&error)),
        from_visit: draft.from_visit.contains(&FieldId::new(id)),
    };
    let wrong = |rule: RuleId, text: &str| {
        rules::check(rule, text, today).err().map(|error| FieldError::Rule { rule, code: error.code })
    };
    let mut list = Vec::new();
    let matters = service.matters();
    if matters.len() > 1 {
        let label = |matter: &Applicant| match matter {
            Applicant::Own => "本人办",
            Applicant::Guardian => "监护人代办",
            Applicant::Proxy => "受委托代办",
        };
        let choices = matters
            .iter()
            .map(|matter| Choice { value: matter_word(*matter).to_owned(), label: label(matter).to_owned() });
        let value = Sensitive::new(matter_word(draft.matter).to_owned());
        let choice = field(person::MATTER, "为谁办", "choice", &value, None);
        list.push(OpeningField { choices: Some(choices.collect()), ..choice });
    }
    let (number, name) = (&draft.number, &draft.name);
    let number_error = wrong(RuleId::ResidentId, number.expose());
    list.push(field(person::NUMBER, "办事人身份证号", "id-number", number, number_error));
    let name_error = wrong(RuleId::PersonName, name.expose());
    list.push(field(person::NAME, "办事人姓名", "person-name", name, name_error));
    if draft.needs_subject(service) {
        let label = if draft.matter == Applicant::Guardian { "孩子的身份证号" } else { "委托人身份证号" };
        let error = wrong(RuleId::ResidentId, draft.subject.expose());
        let mut subject = field(person::SUBJECT, label, "id-number", &draft.subject, error);
        if !number.expose().is_empty() && draft.subject == draft.number {
            subject.error = Some("和办事人的号码一样，请填对方的号码".to_owned());
        }
        list.push(subject);
    }
    list.push(seen_field(draft, service, field(person::SEEN, SEEN_LABEL, "declaration", &seen_text(draft), None)));
    list
}

pub(super) fn form_field(text: Texts<'_>, draft: &Draft, field: &Field, standing: &Standing) -> Option<OpeningField> {
    let kind = match &field.kind {
        FieldKind::Text { .. } => "text",
        FieldKind::Number { rule: RuleId::ResidentId } => "id-number",
        FieldKind::Number { .. } => "text",
        FieldKind::PersonName => "person-name",
        FieldKind::Phone { .. } => "phone",
        FieldKind::Date { .. } => "date",
        FieldKind::Choice { .. } => "choice",
        FieldKind::Address => "address",
        FieldKind::Declaration => "declaration",
        FieldKind::Signature => "signature",
        FieldKind::Photo { .. } | FieldKind::Document { .. } | FieldKind::Group { .. } => return None,
    };
    let written = draft.entered.get(&field.id).filter(|text| !text.expose().is_empty()).cloned();
    let value = match standing {
        Standing::Answered(answer) => Some(Sensitive::new(text_of(answer))),
        Standing::Wrong(_) => {
            written.clone().or_else(|| draft.answers.get(&field.id).map(|a| Sensitive::new(text_of(a))))
        }
        Standing::Empty => None,
    };
    let option = |id: &String| Choice { value: id.clone(), label: text.of(&format!("field.{}.{id}", field.id)) };
    let (choices, multiple) = if let FieldKind::Choice { options, multiple } = &field.kind {
        (Some(options.iter().map(option).collect()), *multiple)
    } else {
        (None, false)
    };
    let key = |what: &str| text.if_any(&format!("field.{}.{what}", field.id));
    let known = field.prefill.as_deref().and_then(|fact| draft.facts.text(fact, china_day(ambient::now())));
    Some(OpeningField {
        id: field.id.to_string(),
        label: text.label(field),
        help: if field.kind == FieldKind::Declaration { key("statement") } else { key("hint").or_else(|| key("help")) },
        kind,
        choices,
        multiple,
        locked: field.locked && known.is_some() && matches!(standing, Standing::Answered(_)),
        error: match standing {
            Standing::Wrong(error) => Some(field_words(field, error, written.is_some())),
            Standing::Answered(_) | Standing::Empty => None,
        },
        value,
        required: field.required,
        from_visit: draft.from_visit.contains(&field.id),
    })
}
