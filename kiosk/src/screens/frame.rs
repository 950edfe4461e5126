//! What surrounds every screen: lintel, threshold, aid bar, tokens, the dev dock.
//! Not here: what the buttons do (`buttons`).

use super::standing::Standing;
use super::words::clock;
use super::{Sheet, buttons, rows};
use slint::{ComponentHandle, SharedString};
use ui::{AidView, DevDock, DockView, Nav, Tokens};
use visit::{Action, Preferences, Screen, Theme};

pub(crate) fn present(sheet: &Sheet<'_>, screen: ui::Screen) {
    tokens(sheet);
    lintel(sheet);
    threshold(sheet);
    aids(sheet, screen);
    dock(sheet);
    sheet.window.global::<Nav>().set_screen(screen);
}

fn preferences<'a>(sheet: &Sheet<'a>) -> &'a Preferences {
    &sheet.scene.view.frame.preferences
}

fn tokens(sheet: &Sheet<'_>) {
    let wishes = preferences(sheet);
    let tokens = sheet.window.global::<Tokens>();
    tokens.set_theme(match wishes.theme {
        Theme::Day => ui::Theme::Day,
        Theme::HighContrast => ui::Theme::HighContrast,
        Theme::Dark => ui::Theme::Dark,
        Theme::ColourSafe => ui::Theme::Cvd,
    });
    tokens.set_size(i32::from(wishes.text_size));
    tokens.set_elder(wishes.elder);
    tokens.set_low_reach(wishes.low_reach);
}

fn lintel(sheet: &Sheet<'_>) {
    let (say, machine, view) = (sheet.say, &sheet.scene.machine, &sheet.scene.view);
    let elder = preferences(sheet).elder;
    let nav = sheet.window.global::<Nav>();
    nav.set_station(machine.station.as_str().into());
    let number = say.fill("frame.machine", &[("n", &machine.number.to_string())]);
    nav.set_machine_text(if elder { SharedString::new() } else { number.into() });
    let standing = Standing::of(sheet.scene);
    let well = standing == Standing::Well;
    nav.set_state_text(sheet.text(if well && elder { "frame.state-elder" } else { standing.key() }));
    nav.set_state_ok(well);
    nav.set_clock(clock(sheet.scene.now).into());
    nav.set_date_text(say.weekday(sheet.scene.now.date()).into());
    let pill = |on: bool, key: &str| if on { sheet.text(key) } else { SharedString::new() };
    nav.set_simulated_text(pill(machine.simulated, "frame.simulated"));
    nav.set_demo_text(pill(machine.demo, "frame.demo"));
    nav.set_page_up_label(sheet.text("frame.page-up"));
    nav.set_page_down_label(sheet.text("frame.page-down"));

    let (errand, step, count, index) = errand(sheet);
    nav.set_errand(errand.into());
    nav.set_step_text(step.into());
    // A step before the count never comes, but a count that shrinks must not leave the mark outside.
    nav.set_step_count(i32::try_from(count).unwrap_or(0));
    nav.set_step_index(i32::try_from(index).unwrap_or(0));
    debug_assert!(index == 0 || index < count, "{:?}", view.frame.progress);
}

/// Errand, words of the step, how many, which from 0.
fn errand(sheet: &Sheet<'_>) -> (String, String, u32, u32) {
    let (say, view) = (sheet.say, &sheet.scene.view);
    let nothing = String::new;
    if let Screen::Category { category, .. } = &view.screen {
        return (say.category(category).1, nothing(), 0, 0);
    }
    let service = match &view.screen {
        Screen::FoundDraft { service, .. } => Some(service),
        Screen::Attract | Screen::Home(_) | Screen::Ended { .. } => None,
        Screen::Category { .. }
        | Screen::FindCode(_)
        | Screen::Cases(_)
        | Screen::Case(_)
        | Screen::Service(_)
        | Screen::Notice { .. }
        | Screen::Ways { .. }
        | Screen::CardWait { .. }
        | Screen::Number(_)
        | Screen::Face(_)
        | Screen::Matter { .. }
        | Screen::Refused { .. }
        | Screen::Question(_)
        | Screen::Photo(_)
        | Screen::Papers(_)
        | Screen::Signature(_)
        | Screen::Check(_)
        | Screen::Busy(_)
        | Screen::Receipt(_)
        | Screen::Problem(_) => view.frame.service.as_ref(),
    };
    let Some(id) = service else {
        let finding = view.frame.finding && !matches!(view.screen, Screen::Home(_) | Screen::Ended { .. });
        return (if finding { say.text("home.receipt") } else { nothing() }, nothing(), 0, 0);
    };
    if matches!(view.screen, Screen::Service(_)) {
        let found = say.words().catalogue().service(id);
        let step = found.map(|service| {
            let minutes = service.minutes.to_string();
            say.fill("service.step", &[("branch", &say.branch(&service.branch)), ("minutes", &minutes)])
        });
        return (say.name(id), step.unwrap_or_default(), 0, 0);
    }
    match view.frame.progress {
        Some(progress) => {
            let (step, of) = (progress.step.to_string(), progress.of.to_string());
            let words = say.fill("step.of", &[("n", &step), ("total", &of)]);
            (say.name(id), words, progress.of, progress.step.saturating_sub(1))
        }
        None => (say.name(id), nothing(), 0, 0),
    }
}

fn label(sheet: &Sheet<'_>, action: &Action) -> SharedString {
    let key = match (&sheet.scene.view.screen, action.key) {
        (Screen::Notice { .. }, "continue") => "agree",
        (Screen::Question(_) | Screen::Signature(_), "continue") => "next",
        (_, key) => key,
    };
    sheet.text(&format!("action.{key}"))
}

fn threshold(sheet: &Sheet<'_>) {
    let nav = sheet.window.global::<Nav>();
    let all = sheet.buttons;
    let words = |action: &Option<Action>| action.as_ref().map(|action| label(sheet, action)).unwrap_or_default();
    let icon = |action: &Option<Action>| -> SharedString {
        action.as_ref().map_or_else(SharedString::new, |action| buttons::icon(action.key).into())
    };
    nav.set_back_visible(all.back.is_some());
    nav.set_back_label(words(&all.back));
    nav.set_back_icon(icon(&all.back));
    nav.set_secondary_visible(all.secondary.is_some());
    nav.set_secondary_label(words(&all.secondary));
    nav.set_secondary_icon(icon(&all.secondary));
    nav.set_primary_visible(all.primary.is_some());
    nav.set_primary_label(words(&all.primary));
    nav.set_primary_icon(icon(&all.primary));
    nav.set_primary_busy(all.busy);
}

fn aids(sheet: &Sheet<'_>, screen: ui::Screen) {
    let wishes = preferences(sheet);
    let aid = |key: &str, icon: &str, label: &str, active: bool| AidView {
        key: key.into(),
        icon: icon.into(),
        label: sheet.text(label),
        active,
        prominent: key == "call",
    };
    let size = aid(
        "size",
        "a-large-small",
        if wishes.elder { "aid.size-larger" } else { "aid.size" },
        !wishes.elder && wishes.text_size > 1,
    );
    let speak = aid("speak", "volume-2", "aid.speak", wishes.speech);
    let call = aid("call", "concierge-bell", "aid.call", false);
    let all = if wishes.elder {
        let mut few = vec![aid("elder", "undo-2", "aid.elder-off", false), size, speak];
        // On the home screen the call is a button of its own.
        if screen != ui::Screen::Home {
            few.push(call);
        }
        few
    } else {
        let first = if wishes.low_reach {
            aid("low-reach", "accessibility", "aid.low-reach", true)
        } else {
            aid("elder", "heart-handshake", "aid.elder", false)
        };
        let contrast = aid("contrast", "contrast", "aid.contrast", wishes.theme != Theme::Day);
        let language = aid("language", "languages", "aid.language", false);
        let mut all = vec![first, size, contrast, speak, language];
        // Seven fit at the smallest size only; who needs it larger turns low reach on first.
        if !wishes.low_reach && wishes.text_size == 1 {
            all.insert(1, aid("low-reach", "accessibility", "aid.low-reach", false));
        }
        all.push(call);
        all
    };
    let nav = sheet.window.global::<Nav>();
    rows::update(&nav.get_aids(), all, |rows| nav.set_aids(rows));
}

fn dock(sheet: &Sheet<'_>) {
    let dock = sheet.window.global::<DevDock>();
    let toggles = sheet.scene.dock.as_deref().unwrap_or_default();
    let views = toggles
        .iter()
        .map(|toggle| DockView {
            id: toggle.id.into(),
            label: sheet.text(&format!("dock.{}", toggle.id)),
            active: toggle.active,
        })
        .collect();
    rows::update(&dock.get_toggles(), views, |rows| dock.set_toggles(rows));
    dock.set_title(sheet.text("dock.title"));
    dock.set_visible(sheet.scene.dock.is_some());
}
