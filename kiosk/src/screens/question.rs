//! One question page: its fields as entered, and what is still missing on top.

use super::rows::{self, model};
use super::{Heading, Sheet, values};
use domain::ids::ServiceId;
use domain::rules::RuleId;
use domain::service::{FieldKind as Kind, TextInput};
use slint::{ComponentHandle, SharedString};
use ui::{ColumnView, FieldKind, FieldView as Drawn, KioskWindow, OptionView, Question};
use visit::{AddressEntry, Entry, FieldView, QuestionPage, Target};

/// Levels of an address: province, city, county.
const LEVELS: usize = 3;
/// A text that may grow beyond this gets a box of several lines.
const ONE_LINE: u32 = 60;

pub(crate) fn present(sheet: &Sheet<'_>, page: &QuestionPage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let Some(service) = &sheet.scene.view.frame.service else { return (ui::Screen::Question, Heading::default()) };
    let mut errors = Vec::new();
    for field in &page.fields {
        if let Some(error) = &field.error {
            let words = say.field_error(error, error_kind(&field.kind));
            let label = say.service(service, &format!("field.{}", field.field));
            errors.push(if page.fields.len() > 1 {
                format!("{label}{}{words}", say.text("list.colon"))
            } else {
                words
            });
        }
    }
    let fields = page.fields.iter().map(|field| view(sheet, service, field)).collect();
    put(sheet, fields, &errors);
    let title = say.service(service, &format!("field.{}", page.page));
    let line = say.service(service, &format!("field.{}.help", page.page));
    (ui::Screen::Question, Heading::new(title, line))
}

/// Puts fields and the words on top of what is missing.
pub(crate) fn put(sheet: &Sheet<'_>, fields: Vec<Drawn>, errors: &[String]) {
    let question = sheet.window.global::<Question>();
    let title: SharedString = match errors.len() {
        0 => "".into(),
        1 => sheet.text("question.one-missing"),
        n => sheet.say.fill("question.many-missing", &[("n", &n.to_string())]).into(),
    };
    question.set_error_title(title);
    question.set_error_text(errors.join(&sheet.say.text("list.then")).into());
    rows::update(&question.get_fields(), fields, |rows| question.set_fields(rows));
}

pub(crate) fn clear(window: &KioskWindow) {
    let question = window.global::<Question>();
    question.set_error_title("".into());
    question.set_error_text("".into());
    rows::update(&question.get_fields(), Vec::new(), |rows| question.set_fields(rows));
}

/// Last part of the key of errors that are said in another way for this kind.
fn error_kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Choice { .. } => "choice",
        Kind::Declaration => "declaration",
        Kind::Address => "address",
        Kind::Photo { .. } => "photo",
        Kind::Document { .. } => "document",
        Kind::Signature => "signature",
        Kind::Text { .. }
        | Kind::PersonName
        | Kind::Number { .. }
        | Kind::Phone { .. }
        | Kind::Date { .. }
        | Kind::Group { .. } => "text",
    }
}

fn view(sheet: &Sheet<'_>, service: &ServiceId, field: &FieldView) -> Drawn {
    let say = sheet.say;
    let typing = &sheet.scene.typing;
    let id = &field.field;
    let focused = !field.locked && typing.target == Some(Target::Field(id.clone()));
    let mut hint = say.service(service, &format!("field.{id}.hint"));
    if field.locked || field.prefilled {
        hint = say.text("question.prefilled");
    } else if !field.required {
        let optional = say.text("question.optional");
        hint = if hint.is_empty() { optional } else { format!("{optional}{}{hint}", say.text("list.separator")) };
    }
    let mut view = Drawn {
        id: id.as_str().into(),
        kind: kind(&field.kind),
        label: say.service(service, &format!("field.{id}")).into(),
        hint: hint.into(),
        preedit: if focused { typing.preedit.expose().as_str().into() } else { "".into() },
        error: field
            .error
            .as_ref()
            .map(|error| say.field_error(error, error_kind(&field.kind)))
            .unwrap_or_default()
            .into(),
        focused,
        ..Drawn::default()
    };
    if field.locked {
        view.kind = FieldKind::Info;
        view.text = shown(sheet, service, field).into();
        return view;
    }
    match (&field.entry, &field.kind) {
        (Entry::Text(text), kind) => typed(sheet, text.expose(), kind, &mut view),
        (Entry::Options(chosen), Kind::Choice { options, .. }) => {
            let options = options
                .iter()
                .map(|option| OptionView {
                    id: option.as_str().into(),
                    icon: "".into(),
                    label: values::option(say, service, id, option).into(),
                    line: say.service(service, &format!("field.{id}.{option}.line")).into(),
                    selected: chosen.contains(option),
                })
                .collect();
            view.options = model(options);
        }
        (Entry::Options(_), _) => {}
        (Entry::Address(address), _) => {
            view.text = address.address.expose().detail.as_str().into();
            view.placeholder = sheet.text("question.address-detail");
            view.columns = model(columns(sheet, field, address));
        }
        (Entry::Declared(agreed), _) => {
            view.label = sheet.text("question.agree");
            view.text = say.service(service, &format!("field.{id}.statement")).into();
            view.checked = *agreed;
        }
    }
    view
}

fn kind(kind: &Kind) -> FieldKind {
    match kind {
        Kind::Number { rule: RuleId::ResidentId } => FieldKind::IdNumber,
        Kind::Phone { .. } => FieldKind::Phone,
        Kind::Date { .. } => FieldKind::Date,
        Kind::Choice { multiple: false, .. } => FieldKind::Choice,
        Kind::Choice { multiple: true, .. } => FieldKind::Multi,
        Kind::Address => FieldKind::Address,
        Kind::Declaration => FieldKind::Declaration,
        Kind::Text { .. }
        | Kind::PersonName
        | Kind::Number { .. }
        | Kind::Photo { .. }
        | Kind::Document { .. }
        | Kind::Signature
        | Kind::Group { .. } => FieldKind::Text,
    }
}

/// The entry of a field that cannot be changed here.
fn shown(sheet: &Sheet<'_>, service: &ServiceId, field: &FieldView) -> String {
    let say = sheet.say;
    match &field.entry {
        Entry::Text(text) => match &field.kind {
            Kind::Date { .. } => values::typed_date(say, text.expose()),
            Kind::Text { .. }
            | Kind::PersonName
            | Kind::Number { .. }
            | Kind::Phone { .. }
            | Kind::Choice { .. }
            | Kind::Address
            | Kind::Photo { .. }
            | Kind::Document { .. }
            | Kind::Signature
            | Kind::Declaration
            | Kind::Group { .. } => values::masked(&field.kind, text.expose()),
        },
        Entry::Options(chosen) => values::options(say, service, &field.field, chosen),
        Entry::Address(address) => values::address(say, address.address.expose()),
        Entry::Declared(_) => say.service(service, &format!("field.{}.statement", field.field)),
    }
}

fn typed(sheet: &Sheet<'_>, text: &str, kind: &Kind, view: &mut Drawn) {
    let say = sheet.say;
    let count = |max: u32| {
        let n = text.chars().count().to_string();
        SharedString::from(say.fill("question.count", &[("n", &n), ("max", &max.to_string())]))
    };
    view.text = text.into();
    match kind {
        Kind::Text { max, input, .. } => {
            view.counter = count(*max);
            view.multiline = *max > ONE_LINE && matches!(input, TextInput::Reason | TextInput::Place);
        }
        Kind::Number { rule: RuleId::ResidentId } => {
            view.text = values::grouped(text).into();
            view.counter = count(18);
        }
        Kind::Phone { landline } => {
            view.placeholder = if *landline { "".into() } else { sheet.text("question.phone-example") };
        }
        Kind::Date { .. } => {
            view.text = values::typed_date(say, text).into();
            view.placeholder = sheet.text("question.date-example");
        }
        Kind::PersonName
        | Kind::Number { .. }
        | Kind::Choice { .. }
        | Kind::Address
        | Kind::Photo { .. }
        | Kind::Document { .. }
        | Kind::Signature
        | Kind::Declaration
        | Kind::Group { .. } => {}
    }
}

/// Columns `0`, `1`, `2`: province, city, county.
fn columns(sheet: &Sheet<'_>, field: &FieldView, entry: &AddressEntry) -> Vec<ColumnView> {
    let open = sheet.scene.address.as_ref().filter(|open| open.field == field.field);
    let (names, picked) = (&entry.address.expose().names, entry.picked.expose());
    (0..LEVELS)
        .map(|level| {
            let offered = open.filter(|open| open.level == level);
            let options = offered.map(|open| open.options.as_slice()).unwrap_or_default();
            let options = options.iter().map(|(code, name)| OptionView {
                id: code.as_str().into(),
                icon: "".into(),
                label: name.as_str().into(),
                line: "".into(),
                selected: picked.get(level) == Some(code),
            });
            ColumnView {
                id: level.to_string().into(),
                title: sheet.text(&format!("address.level-{level}")),
                value: names.get(level).map_or_else(|| sheet.text("question.choose"), |name| name.as_str().into()),
                open: offered.is_some(),
                options: model(options.collect()),
            }
        })
        .collect()
}
