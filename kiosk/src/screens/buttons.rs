//! Which button of the threshold does what: at most one primary, one secondary, back; the rest are rows.
//! Invariants: what is drawn and what a press means come from the same function; a call for staff is always in the aid
//! bar, so it takes no place here. Where "another way" leads to the same place as back, they are one button.

use visit::{Action, CameraState, Press, Screen, View};

/// The buttons of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buttons {
    /// `Nav.primary`.
    pub primary: Option<Action>,
    /// The primary shows that it works and takes no press.
    pub busy: bool,
    /// `Nav.secondary`.
    pub secondary: Option<Action>,
    /// `Nav.back`.
    pub back: Option<Action>,
    /// Rows `action:<key>` of the screen.
    pub rows: Vec<Action>,
}

/// The way to the counter from a page of the form, where the page leaves room for a second button.
fn hand_over(view: &View) -> Option<Action> {
    view.frame.secondary.iter().find(|action| action.press == Press::HandOver).cloned()
}

const SHOOT: Action = Action::new("shoot", Press::TakeShot);

/// What the buttons are, for the presenters and for the loop.
pub fn buttons(view: &View) -> Buttons {
    let frame = &view.frame;
    let mut buttons = Buttons {
        primary: frame.primary.clone(),
        busy: false,
        secondary: None,
        back: frame.can_go_back.then(|| Action::new(back_key(&view.screen), Press::Back)),
        rows: Vec::new(),
    };
    match &view.screen {
        Screen::Photo(page) => {
            if page.camera != CameraState::Off {
                buttons.primary = Some(SHOOT);
                buttons.busy = page.camera == CameraState::Taking;
                buttons.secondary = hand_over(view);
            } else if !page.shots.is_empty() {
                buttons.primary = Some(Action::new("use-photo", Press::Continue));
                buttons.secondary = Some(Action::new("retake", Press::Retake));
            }
        }
        Screen::Papers(page) => {
            let done = Action::new("pages-done", Press::Continue);
            if page.camera == CameraState::Off {
                buttons.primary = Some(done);
                buttons.secondary = hand_over(view);
            } else {
                buttons.primary = Some(SHOOT);
                buttons.busy = page.camera == CameraState::Taking;
                buttons.secondary = if page.pages.is_empty() { hand_over(view) } else { Some(done) };
            }
        }
        Screen::Attract
        | Screen::Home(_)
        | Screen::Category { .. }
        | Screen::FindCode(_)
        | Screen::Cases(_)
        | Screen::Case(_)
        | Screen::Service(_)
        | Screen::Notice { .. }
        | Screen::Ways { .. }
        | Screen::CardWait { .. }
        | Screen::Number(_)
        | Screen::Face(_)
        | Screen::FoundDraft { .. }
        | Screen::Matter { .. }
        | Screen::Refused { .. }
        | Screen::Question(_)
        | Screen::Signature(_)
        | Screen::Check(_)
        | Screen::Busy(_)
        | Screen::Receipt(_)
        | Screen::Problem(_)
        | Screen::Ended { .. } => others(view, &mut buttons),
    }
    if buttons.primary.as_ref().is_some_and(|primary| matches!(primary.press, Press::Back | Press::OtherWay)) {
        buttons.back = None;
    }
    buttons
}

fn others(view: &View, buttons: &mut Buttons) {
    let refused = matches!(view.screen, Screen::Refused { .. });
    let mut rest = view.frame.secondary.clone();
    if !refused {
        rest.retain(|action| action.press != Press::CallStaff);
    }
    if let Some(back) = &mut buttons.back {
        let is_way = |action: &Action| action.press == Press::OtherWay;
        if rest.iter().any(is_way) {
            back.key = "other-way";
            rest.retain(|action| !is_way(action));
        }
    }
    let receipt = matches!(view.screen, Screen::Receipt(_));
    if receipt || rest.len() == 1 {
        buttons.secondary = (!rest.is_empty()).then(|| rest.remove(0));
    }
    buttons.rows = rest;
}

fn back_key(screen: &Screen) -> &'static str {
    match screen {
        Screen::Question(_) | Screen::Photo(_) | Screen::Papers(_) | Screen::Signature(_) => "previous",
        Screen::Attract
        | Screen::Home(_)
        | Screen::Category { .. }
        | Screen::FindCode(_)
        | Screen::Cases(_)
        | Screen::Case(_)
        | Screen::Service(_)
        | Screen::Notice { .. }
        | Screen::Ways { .. }
        | Screen::CardWait { .. }
        | Screen::Number(_)
        | Screen::Face(_)
        | Screen::FoundDraft { .. }
        | Screen::Matter { .. }
        | Screen::Refused { .. }
        | Screen::Check(_)
        | Screen::Busy(_)
        | Screen::Receipt(_)
        | Screen::Problem(_)
        | Screen::Ended { .. } => "back",
    }
}

/// The icon of a button.
pub(crate) fn icon(key: &str) -> &'static str {
    match key {
        "back" | "previous" => "arrow-left",
        "other-way" | "try-again" | "read-again" | "retake" => "rotate-cw",
        "start-afresh" => "file-plus",
        "ask-officer" | "call-staff" => "users",
        "home" => "house",
        "hand-over" => "concierge-bell",
        "find" => "search",
        "without-code" => "id-card",
        "supplement" => "file-plus",
        "type-again" => "rotate-cw",
        "all-cases" => "list",
        "end" | "finish" | "looked" | "go-to-counter" => "log-out",
        "decline" => "x",
        "later" => "calendar-clock",
        "show-card" => "id-card",
        "submit" | "use-photo" | "pages-done" | "agree-face" => "check",
        "compare" => "scan-face",
        "shoot" => "camera",
        "print-certificate" | "print-receipt" | "print-again" => "printer",
        "another-errand" => "plus",
        _ => "arrow-right",
    }
}
