//! The page of a service before anything is typed: may I, what does it cost, how long, what to bring, what comes of it.

use super::home::time;
use super::rows::{self, card, note, pill, row};
use super::{Heading, Sheet};
use domain::eligibility::Eligibility;
use domain::service::{Assurance, Capture, Output, Service as Item};
use slint::ComponentHandle;
use ui::{CardView, FactView, KioskWindow, NoteView, Row, Service, Tone};
use visit::{MaterialLine, Pill, ServicePage};

pub(crate) fn present(sheet: &Sheet<'_>, page: &ServicePage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let global = sheet.window.global::<Service>();
    let found = say.words().catalogue().service(&page.service);
    let (facts, cards, law) = found.map_or_else(Default::default, |service| {
        (facts(sheet, service), cards(sheet, service, page), service.law.join("；"))
    });
    rows::update(&global.get_facts(), facts, |rows| global.set_facts(rows));
    rows::update(&global.get_cards(), cards, |rows| global.set_cards(rows));
    let law = if law.is_empty() { law } else { say.fill("service.law", &[("law", &law)]) };
    global.set_law(law.into());
    let mut heading = Heading::new(say.name(&page.service), say.service(&page.service, "summary"));
    heading.above.push(eligibility(sheet, page));
    (ui::Screen::Service, heading)
}

pub(crate) fn clear(window: &KioskWindow) {
    let global = window.global::<Service>();
    rows::update(&global.get_facts(), Vec::new(), |rows| global.set_facts(rows));
    rows::update(&global.get_cards(), Vec::new(), |rows| global.set_cards(rows));
    global.set_law("".into());
}

fn eligibility(sheet: &Sheet<'_>, page: &ServicePage) -> NoteView {
    let (say, id) = (sheet.say, &page.service);
    let who = say.service(id, "who");
    match &page.eligibility {
        None | Some(Eligibility::Yes | Eligibility::NotYetKnown { .. }) => {
            note(Tone::Ok, "circle-check", say.text("service.who-plain"), who)
        }
        Some(Eligibility::No { rule }) => {
            let place = say.service(id, &format!("rule.{rule}.where"));
            let title = say.service(id, &format!("rule.{rule}"));
            note(Tone::Warn, "circle-alert", title, say.fill("service.where-else", &[("where", &place)]))
        }
        Some(Eligibility::Officer { rule }) => {
            let title = say.service(id, &format!("rule.{rule}"));
            note(Tone::Info, "users", title, say.text("service.officer"))
        }
    }
}

fn facts(sheet: &Sheet<'_>, service: &Item) -> Vec<FactView> {
    let say = sheet.say;
    let (fee, pay) = match &service.fee {
        None => (say.text("service.fee-free"), String::new()),
        Some(fee) => (say.fee("service.fee-yuan", "service.fee-range", fee), say.text("service.fee-where")),
    };
    let counted = service.promised_limit.or(service.statutory_limit).is_some_and(|limit| limit.days > 0);
    let basis = if counted { say.text("service.time-basis") } else { String::new() };
    let fact = |label: &str, value: String, line: String| FactView {
        label: sheet.text(label),
        value: value.into(),
        line: line.into(),
    };
    vec![fact("service.fee", fee, pay), fact("service.time", time(sheet, service), basis)]
}

fn cards(sheet: &Sheet<'_>, service: &Item, page: &ServicePage) -> Vec<CardView> {
    let say = sheet.say;
    let mut bring = Vec::new();
    if service.assurance != Assurance::None {
        let yourself = row("", "user", say.text("service.self"), say.text("service.self-line"));
        bring.push(pill(yourself, say.text("pill.now"), Tone::Info));
    }
    bring.extend(page.materials.iter().map(|line| material(sheet, service, line)));
    let today = page.materials.iter().filter(|line| line.pill == Pill::Today && !line.conditional).count()
        + usize::from(service.assurance != Assurance::None);
    let (all, now) = (bring.len().to_string(), today.to_string());
    let count = say.fill("service.materials-count", &[("n", &all), ("now", &now)]);
    let paper = match &service.output {
        Output::Certificate { .. } => "file-badge",
        Output::Collection { .. } => service.icon.as_str(),
    };
    let get = vec![
        row("", "receipt-text", say.text("service.receipt"), say.text("service.receipt-line")),
        row("", paper, say.service(&service.id, "output"), say.service(&service.id, "collect")),
    ];
    let materials = if bring.is_empty() {
        card(
            say.text("service.materials"),
            String::new(),
            vec![row("", "check", say.text("service.materials-none"), "")],
        )
    } else {
        card(say.text("service.materials"), count, bring)
    };
    vec![materials, card(say.text("service.output"), String::new(), get)]
}

fn material(sheet: &Sheet<'_>, service: &Item, line: &MaterialLine) -> Row {
    let say = sheet.say;
    let capture = service.material(&line.material).map(|material| material.capture);
    let icon = match capture {
        Some(Capture::Camera) | None => "book-open",
        Some(Capture::Counter) => "concierge-bell",
        Some(Capture::Network) => "file-check",
        Some(Capture::Card) => "id-card",
    };
    let note = say.service(&service.id, &format!("material.{}.note", line.material));
    let words = match (line.conditional, note.is_empty()) {
        (true, true) => say.text("service.sometimes"),
        (true, false) => format!("{}{}{note}", say.text("service.sometimes"), say.text("list.separator")),
        (false, _) => note,
    };
    let name = say.service(&service.id, &format!("material.{}", line.material));
    let (key, tone) = pill_words(line.pill);
    pill(row("", icon, name, words), say.text(key), tone)
}

/// The words and colour of a pill.
pub(crate) fn pill_words(pill: Pill) -> (&'static str, Tone) {
    match pill {
        Pill::Today => ("pill.now", Tone::Info),
        Pill::CanFollow => ("pill.later", Tone::Warn),
        Pill::Exempt => ("pill.waived", Tone::Ok),
        Pill::Counter => ("pill.counter", Tone::Warn),
    }
}
