//! What a person sees: elements with a label that are drawn inside the window and are not under a dialog.

use super::protocol::Element;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementRoot as _};
use slint::ComponentHandle as _;
use std::ops::ControlFlow;
use ui::{Dialog, DialogKind, KioskWindow, Nav};

/// The parts of the window in which a page lies and by which it is clipped: the opening, and within it what is seen of a
/// page that is turned.
const CLIPS: [&str; 2] = ["KioskWindow::opening", "Pager::turned"];

/// The screen's name and everything visible on it, in the order of drawing.
pub fn look(window: &KioskWindow) -> (String, Vec<Element>) {
    let screen = format!("{:?}", window.global::<Nav>().get_screen()).to_lowercase();
    let mut seen: Vec<Element> = Vec::new();
    let hidden = clipped(window);
    window.root_element().visit_descendants::<()>(|element| {
        if let Some(found) = describe(&element)
            && inside(&found, window)
            // One element is told once for each component it inherits from.
            && !seen.contains(&found)
            && !hidden.contains(&found)
        {
            seen.push(found);
        }
        ControlFlow::Continue(())
    });
    (screen, uncovered(seen, window))
}

/// What stands in the opening, but with its middle outside: a page that is longer than its opening.
fn clipped(window: &KioskWindow) -> Vec<Element> {
    let mut hidden = Vec::new();
    for opening in CLIPS.into_iter().flat_map(|id| ElementHandle::find_by_element_id(window, id)) {
        let (at, size) = (opening.absolute_position(), opening.size());
        opening.visit_descendants::<()>(|element| {
            if let Some(found) = describe(&element) {
                let (x, y) = middle(&found);
                let visible = (at.x..at.x + size.width).contains(&x) && (at.y..at.y + size.height).contains(&y);
                if !visible && !hidden.contains(&found) {
                    hidden.push(found);
                }
            }
            ControlFlow::Continue(())
        });
    }
    hidden
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the toolkit may add roles; a new one is told by its own name")]
fn describe(element: &ElementHandle) -> Option<Element> {
    let role = match element.accessible_role()? {
        AccessibleRole::None => return None,
        AccessibleRole::Button => "button".to_owned(),
        AccessibleRole::Text => "text".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    };
    let label = element.accessible_label().unwrap_or_default().to_string();
    let value = element.accessible_value().unwrap_or_default().to_string();
    if label.is_empty() && value.is_empty() {
        return None;
    }
    let (at, size) = (element.absolute_position(), element.size());
    (element.computed_opacity() > 0.0).then_some(Element {
        role,
        label,
        more: element.accessible_description().unwrap_or_default().to_string(),
        value,
        x: at.x,
        y: at.y,
        w: size.width,
        h: size.height,
        enabled: element.accessible_enabled().unwrap_or(true),
        checked: (element.accessible_checkable() == Some(true)).then(|| element.accessible_checked().unwrap_or(false)),
    })
}

/// The middle is inside the window and the element has an extent.
fn inside(element: &Element, window: &KioskWindow) -> bool {
    let size = window.window().size().to_logical(window.window().scale_factor());
    let (x, y) = middle(element);
    element.w > 0.0 && element.h > 0.0 && (0.0..size.width).contains(&x) && (0.0..size.height).contains(&y)
}

/// The middle of an element: where a finger lands.
pub fn middle(element: &Element) -> (f32, f32) {
    (element.x + element.w / 2.0, element.y + element.h / 2.0)
}

/// A dialog covers the whole frame and is drawn after it: what was drawn before its title cannot be pressed.
/// A button whose middle lies under a later button neither.
fn uncovered(mut seen: Vec<Element>, window: &KioskWindow) -> Vec<Element> {
    let dialog = window.global::<Dialog>();
    if dialog.get_kind() != DialogKind::None
        && let Some(first) = seen.iter().rposition(|element| element.label == dialog.get_title().as_str())
    {
        seen.drain(..first);
    }
    let buttons: Vec<Element> = seen.iter().filter(|element| element.role == "button").cloned().collect();
    seen.retain(|element| {
        element.role != "button"
            || !buttons.iter().rev().take_while(|later| *later != element).any(|later| holds(later, element))
    });
    seen
}

fn holds(outer: &Element, inner: &Element) -> bool {
    let (x, y) = middle(inner);
    (outer.x..outer.x + outer.w).contains(&x) && (outer.y..outer.y + outer.h).contains(&y)
}
