//! The dialog on top: the idle warning, leaving, help. The idle warning comes before any other.

use super::Sheet;
use slint::{ComponentHandle, SharedString};
use ui::{Dialog, DialogKind};
use visit::{Press, View};

/// What the two buttons of the dialog do, first and second; `None` while none is shown.
pub fn presses(view: &View) -> Option<(Press, Press)> {
    if view.frame.idle_seconds.is_some() {
        return Some((Press::StillHere, Press::End));
    }
    Some(match view.frame.dialog? {
        visit::Dialog::Leave { .. } => (Press::CloseDialog, Press::Leave),
        visit::Dialog::Help => (Press::CallStaff, Press::CloseDialog),
        visit::Dialog::StaffCalled if offers_hand_over(view) => (Press::CloseDialog, Press::HandOver),
        visit::Dialog::StaffCalled => (Press::CloseDialog, Press::Home),
        visit::Dialog::HandOver => (Press::HandOverNow, Press::CloseDialog),
    })
}

/// Who waits for staff in the middle of a form may go on at the counter instead.
fn offers_hand_over(view: &View) -> bool {
    view.frame.secondary.iter().any(|action| action.press == Press::HandOver)
}

pub(crate) fn present(sheet: &Sheet<'_>) {
    let frame = &sheet.scene.view.frame;
    let dialog = sheet.window.global::<Dialog>();
    let t = |key: &str| sheet.text(key);
    let (kind, title, text, first, second) = if let Some(seconds) = frame.idle_seconds {
        let words = sheet.say.fill("idle.text", &[("n", &seconds.to_string())]);
        (DialogKind::Idle, t("idle.title"), words.into(), t("idle.stay"), t("idle.leave"))
    } else {
        match frame.dialog {
            None => {
                let none = SharedString::new;
                (DialogKind::None, none(), none(), none(), none())
            }
            Some(visit::Dialog::Leave { ends_visit: true }) => {
                (DialogKind::Leave, t("leave.title"), t("leave.text-lost"), t("leave.stay"), t("leave.go"))
            }
            Some(visit::Dialog::Leave { ends_visit: false }) => {
                (DialogKind::Leave, t("leave.title-home"), t("leave.text-lost"), t("leave.stay"), t("leave.home"))
            }
            Some(visit::Dialog::Help) => {
                (DialogKind::Help, t("help.page-title"), help_text(sheet), t("help.call"), t("help.close"))
            }
            Some(visit::Dialog::StaffCalled) => {
                let second = if offers_hand_over(&sheet.scene.view) { t("hand-over.go") } else { t("help.home") };
                (DialogKind::Help, t("help.title"), t("help.text"), t("help.stay"), second)
            }
            Some(visit::Dialog::HandOver) => {
                let (go, stay) = (t("hand-over.go"), t("hand-over.stay"));
                (DialogKind::Help, t("hand-over.title"), t("hand-over.text"), go, stay)
            }
        }
    };
    dialog.set_title(title);
    dialog.set_text(text);
    dialog.set_first_label(first);
    dialog.set_second_label(second);
    let seconds = frame.idle_seconds.unwrap_or_default();
    // Elder mode doubles the warning, as `visit` does. A warning of no length must not divide by zero.
    let factor = if frame.preferences.elder { 2 } else { 1 };
    let whole = sheet.scene.machine.idle_warning_seconds.saturating_mul(factor).max(1);
    dialog.set_fraction((seconds as f32 / whole as f32).min(1.0));
    dialog.set_seconds(frame.idle_seconds.map(|seconds| seconds.to_string()).unwrap_or_default().into());
    dialog.set_kind(kind);
}

fn help_text(sheet: &Sheet<'_>) -> SharedString {
    let view = &sheet.scene.view;
    if let (visit::Screen::Question(page), Some(service)) = (&view.screen, &view.frame.service) {
        let help = sheet.say.service(service, &format!("field.{}.help", page.page));
        if !help.is_empty() {
            return help.into();
        }
    }
    sheet.text("help.page-text")
}
