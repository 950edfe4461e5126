//! Attract, home and lists of services.
//! Invariant: a machine that takes nothing new in offers no service: nobody reads three screens before they hear of it. Cases can
//! be looked up and staff called all the same.

use super::rows::{self, pill, row};
use super::standing::Standing;
use super::{Heading, Sheet};
use crate::scene::Closed;
use domain::calendar::LimitUnit;
use domain::ids::{CategoryId, ServiceId};
use domain::service::{Handling, Service};
use slint::ComponentHandle;
use ui::{Attract, Home, KioskWindow, List, Row, Tone};
use visit::{HomePage, Target};

/// Choices of elder mode.
const ELDER_CHOICES: usize = 6;

pub(crate) fn attract(sheet: &Sheet<'_>) -> (ui::Screen, Heading) {
    let (say, machine) = (sheet.say, &sheet.scene.machine);
    let attract = sheet.window.global::<Attract>();
    let number = say.fill("frame.machine", &[("n", &machine.number.to_string())]);
    attract.set_product_line(format!("{}・{number}", say.text("attract.product")).into());
    let closed = machine.closed();
    attract.set_closed(closed.is_some());
    // First and second line of the door, the line under them, three lines below it.
    let keys = match closed {
        None => [
            "attract.first",
            "attract.second",
            "attract.other-language",
            "attract.promise",
            "attract.names-first",
            "attract.names-second",
        ],
        Some(why) => [
            "attract.closed-first",
            match why {
                Closed::Paused => "attract.closed-paused",
                Closed::Full => "attract.closed-full",
                Closed::Waiting => "attract.closed-waiting",
            },
            "attract.closed-advice",
            "attract.closed-other",
            "attract.closed-other-advice",
            "attract.closed-other-touch",
        ],
    };
    let [first, second, under, promise, names_first, names_second] = keys.map(|key| sheet.text(key));
    // The whole door is one button: what it says to the eye, its name says to the ear.
    attract.set_start_label(match closed {
        None => sheet.text("attract.start"),
        Some(why) => {
            let why = say.text(closed_title(why));
            say.fill("attract.closed-start", &[("why", &why), ("advice", &under)]).into()
        }
    });
    attract.set_first_line(first);
    attract.set_second_line(second);
    attract.set_other_language(under);
    attract.set_promise(promise);
    attract.set_names_first(names_first);
    attract.set_names_second(names_second);
    attract.set_touch_line(sheet.text("attract.closed-touch"));
    let standing = Standing::of(sheet.scene);
    attract.set_state_line(sheet.text(if standing == Standing::Well { "attract.state" } else { standing.key() }));
    attract.set_camera_line(sheet.text("attract.camera"));
    attract.set_phone_line(say.fill("attract.phone", &[("phone", &machine.phone)]).into());
    (ui::Screen::Attract, Heading::default())
}

/// What a closed machine says of itself, as the page of a refusal says it.
const fn closed_title(why: Closed) -> &'static str {
    match why {
        Closed::Paused => "problem.paused",
        Closed::Full => "problem.disk-full",
        Closed::Waiting => "problem.cannot-accept",
    }
}

pub(crate) fn home(sheet: &Sheet<'_>, page: &HomePage) -> (ui::Screen, Heading) {
    let (say, typing) = (sheet.say, &sheet.scene.typing);
    let wishes = &sheet.scene.view.frame.preferences;
    let home = sheet.window.global::<Home>();
    let focused = typing.target == Some(Target::Search);
    let closed = sheet.scene.machine.closed();
    home.set_closed(closed.is_some());
    home.set_title(sheet.text(closed.map_or("home.title", closed_title)));
    home.set_line(sheet.text(match closed {
        Some(_) => "attract.closed-advice",
        None if wishes.elder => "home.line-elder",
        None => "home.line-low-reach",
    }));
    home.set_search_label(sheet.text("home.search"));
    home.set_search_placeholder(sheet.text("home.search-placeholder"));
    home.set_search_text(page.query.expose().as_str().into());
    home.set_search_preedit(if focused { typing.preedit.expose().as_str().into() } else { "".into() });
    home.set_search_focused(focused);
    let found = page.results.len().to_string();
    home.set_results_title(say.fill("home.results", &[("n", &found)]).into());
    let typed = !page.query.expose().is_empty();
    home.set_no_results(if typed { sheet.text("home.no-results") } else { sheet.text("home.search-placeholder") });
    let offered = |rows: Vec<Row>| if closed.is_none() { rows } else { Vec::new() };
    let services = |ids: &[ServiceId]| offered(ids.iter().map(|id| service_row(sheet, id)).collect());
    rows::update(&home.get_results(), services(&page.results), |rows| home.set_results(rows));
    home.set_common_title(sheet.text("home.common"));
    rows::update(&home.get_common(), services(&page.common), |rows| home.set_common(rows));
    home.set_categories_title(sheet.text("home.categories"));
    let tiles = offered(page.categories.iter().map(|id| category_row(sheet, id)).collect());
    let elder = offered(elder_choices(sheet, page));
    rows::update(&home.get_categories(), tiles, |rows| home.set_categories(rows));
    rows::update(&home.get_elder(), elder, |rows| home.set_elder(rows));
    home.set_receipt_label(sheet.text("home.receipt"));
    home.set_receipt_short(sheet.text("home.receipt-short"));
    home.set_receipt_line(sheet.text("home.receipt-line"));
    home.set_unsure_label(sheet.text("home.unsure"));
    home.set_unsure_short(sheet.text("home.unsure-short"));
    home.set_unsure_line(sheet.text("home.unsure-line"));
    home.set_others_label(sheet.text("home.others"));
    home.set_call_label(sheet.text("home.call"));
    (ui::Screen::Home, Heading::default())
}

pub(crate) fn clear_home(window: &KioskWindow) {
    let home = window.global::<Home>();
    home.set_search_text("".into());
    home.set_search_preedit("".into());
    home.set_search_focused(false);
    home.set_results_title("".into());
    rows::update(&home.get_results(), Vec::new(), |rows| home.set_results(rows));
}

pub(crate) fn category(sheet: &Sheet<'_>, category: &CategoryId, services: &[ServiceId]) -> (ui::Screen, Heading) {
    let list = sheet.window.global::<List>();
    let services = services.iter().map(|id| service_row(sheet, id)).collect();
    rows::update(&list.get_rows(), services, |rows| list.set_rows(rows));
    list.set_empty_text(sheet.text("list.empty"));
    let (_, name, _) = sheet.say.category(category);
    (ui::Screen::List, Heading::new(name, sheet.say.text("list.line")))
}

pub(crate) fn clear_list(window: &KioskWindow) {
    let list = window.global::<List>();
    rows::update(&list.get_rows(), Vec::new(), |rows| list.set_rows(rows));
}

/// Elder mode: what can be done at this machine comes first, and the way to one's cases is always there.
fn elder_choices(sheet: &Sheet<'_>, page: &HomePage) -> Vec<Row> {
    let catalogue = sheet.say.words().catalogue();
    let served = |id: &&CategoryId| catalogue.services().any(|service| service.category == **id);
    let (first, others): (Vec<&CategoryId>, Vec<&CategoryId>) = page.categories.iter().partition(served);
    let chosen: Vec<&CategoryId> = first.into_iter().chain(others).take(ELDER_CHOICES - 1).collect();
    let in_order = page.categories.iter().filter(|id| chosen.contains(id)).map(|id| category_row(sheet, id));
    let (title, line) = (sheet.text("home.elder-receipt"), sheet.text("home.elder-receipt-line"));
    in_order.chain([row(super::ids::FIND_CASE, "receipt-text", title, line)]).collect()
}

fn category_row(sheet: &Sheet<'_>, id: &CategoryId) -> Row {
    let (icon, name, line) = sheet.say.category(id);
    row(id.as_str(), &icon, name, line)
}

/// A service in a list: name, how long at the machine, how long until it is there.
fn service_row(sheet: &Sheet<'_>, id: &ServiceId) -> Row {
    let say = sheet.say;
    let Some(service) = say.words().catalogue().service(id) else { return row(id.as_str(), "", "", "") };
    let minutes = say.fill("service.minutes", &[("n", &service.minutes.to_string())]);
    let line = format!("{minutes}{}{}", say.text("list.separator"), time(sheet, service));
    let plain = row(id.as_str(), &service.icon, say.name(id), line);
    match service.handling {
        Handling::Instant => pill(plain, say.text("pill.instant"), Tone::Ok),
        Handling::Acceptance => plain,
    }
}

/// How long until it is there, in a few words.
pub(crate) fn time(sheet: &Sheet<'_>, service: &Service) -> String {
    let say = sheet.say;
    match service.promised_limit.or(service.statutory_limit) {
        None => say.text("status.closed-plain"),
        Some(limit) if limit.days == 0 => match service.handling {
            Handling::Instant => say.text("service.time-now"),
            Handling::Acceptance => say.text("service.time-today"),
        },
        Some(limit) => {
            let key = match limit.unit {
                LimitUnit::Working => "service.time-days",
                LimitUnit::Calendar => "service.time-calendar",
            };
            say.fill(key, &[("n", &limit.days.to_string())])
        }
    }
}
