//! The notice and the consents that are asked one by one.

use super::rows::{self, row};
use super::{Heading, Sheet, ids};
use slint::ComponentHandle;
use ui::{ConsentView, KioskWindow, Notice};
use visit::{Consent, ConsentLine};

pub(crate) fn present(sheet: &Sheet<'_>, consents: &[ConsentLine], unticked: bool) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let notice = sheet.window.global::<Notice>();
    let service = sheet.scene.view.frame.service.as_ref();
    let own = service.map(|id| say.service(id, "notice")).unwrap_or_default();
    let mut paragraphs: Vec<_> = own
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| row("", "info", paragraph.replace('\n', " "), ""))
        .collect();
    for (icon, key) in [("file-text", "notice.purpose"), ("lock", "notice.kept"), ("undo-2", "notice.rights")] {
        paragraphs.push(row("", icon, say.text(key), say.text(&format!("{key}-line"))));
    }
    rows::update(&notice.get_paragraphs(), paragraphs, |rows| notice.set_paragraphs(rows));
    notice.set_consent_title(sheet.text("notice.consent"));
    let views = consents.iter().map(|line| consent(sheet, *line)).collect();
    rows::update(&notice.get_consents(), views, |rows| notice.set_consents(rows));
    notice.set_missing(if unticked { sheet.text("notice.consent-missing") } else { slint::SharedString::new() });
    (ui::Screen::Notice, Heading::new(say.text("notice.title"), say.text("notice.line")))
}

fn consent(sheet: &Sheet<'_>, line: ConsentLine) -> ConsentView {
    let id = ids::consent_id(line.consent);
    let own = match (line.consent, &sheet.scene.view.frame.service) {
        (Consent::SensitiveData, Some(service)) => sheet.say.service(service, "consent"),
        (Consent::SensitiveData, None) | (Consent::Notice, _) => String::new(),
    };
    let text = if own.is_empty() { sheet.text(&format!("notice.consent-{id}")) } else { own.into() };
    ConsentView { id: id.into(), text, line: "".into(), checked: line.ticked }
}

pub(crate) fn clear(window: &KioskWindow) {
    let notice = window.global::<Notice>();
    rows::update(&notice.get_paragraphs(), Vec::new(), |rows| notice.set_paragraphs(rows));
    rows::update(&notice.get_consents(), Vec::new(), |rows| notice.set_consents(rows));
    notice.set_missing(slint::SharedString::new());
}
