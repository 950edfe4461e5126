//! The receipt: its code, where the matter stands, what is missing, and the paper.
//! Invariants: "printed" is said only after the printer said so; a counter ending never says why; no rung says 已受理.

use super::rows::{self, card, note, row, rung};
use super::words::{Speech, clock};
use super::{Heading, Sheet, check, ids};
use domain::calendar::LimitUnit;
use domain::hours::Standing;
use domain::ids::MaterialId;
use slint::{ComponentHandle, Image, Rgb8Pixel, SharedPixelBuffer};
use ui::{CardView, KioskWindow, OptionView, Receipt, Row, Stage, Tone};
use visit::{Ending, HeldWhy, Open, Paper, PrintProgress, PrintTrouble, ReceiptPage, Ticket};

pub(crate) fn present(sheet: &Sheet<'_>, page: &ReceiptPage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let receipt = sheet.window.global::<Receipt>();
    let code = page.code.grouped();
    receipt.set_code_label(sheet.text("receipt.code"));
    receipt.set_code(code.as_str().into());
    let when = say.moment(say.words().local(page.received));
    let machine = sheet.scene.machine.number.to_string();
    receipt.set_code_line(say.fill("receipt.where-when", &[("machine", &machine), ("when", &when)]).into());
    // Half done there is nothing to look up: the code itself is what the counter scans.
    let half_done = page.ending == Ending::HandedOver;
    let scanned = if half_done { page.code.as_str().to_owned() } else { say.words().link(page.code.as_str()) };
    receipt.set_qr(qr(&scanned));
    let (icon, words) = paper(say, page.slip);
    receipt.set_print_icon(icon.into());
    receipt.set_print_text(words.into());
    let failed = failed(page);
    let mut cards = Vec::new();
    cards.extend(failed.map(|trouble| trouble_card(sheet, page, trouble)));
    cards.extend(ending_card(sheet, page));
    cards.push(ladder(sheet, page));
    if !page.earlier.is_empty() {
        let earlier =
            page.earlier.iter().map(|(service, code)| row("", "receipt-text", say.name(service), code.grouped()));
        cards.push(card(say.text("receipt.earlier"), String::new(), earlier.collect()));
    }
    rows::update(&receipt.get_cards(), cards, |rows| receipt.set_cards(rows));
    more(sheet);
    (ui::Screen::Receipt, heading(sheet, page, failed))
}

/// Buttons that have no place in the threshold.
fn more(sheet: &Sheet<'_>) {
    let receipt = sheet.window.global::<Receipt>();
    let more = sheet.buttons.rows.iter().map(|action| OptionView {
        id: ids::action_id(action).into(),
        icon: "".into(),
        label: sheet.text(&format!("action.{}", action.key)),
        line: "".into(),
        selected: false,
    });
    let more: Vec<OptionView> = more.collect();
    receipt.set_rating_question(if more.is_empty() { "".into() } else { sheet.text("receipt.more") });
    rows::update(&receipt.get_ratings(), more, |rows| receipt.set_ratings(rows));
}

/// A failure of paper that the person has to know before anything else.
fn failed(page: &ReceiptPage) -> Option<PrintTrouble> {
    let of = |paper: Paper| match paper {
        Paper::Job(PrintProgress::Failed(trouble)) => Some(trouble),
        Paper::NotAsked | Paper::Job(PrintProgress::Printing | PrintProgress::Waiting(_) | PrintProgress::Done) => None,
    };
    of(page.slip)
}

fn heading(sheet: &Sheet<'_>, page: &ReceiptPage, failed: Option<PrintTrouble>) -> Heading {
    let say = sheet.say;
    let (title, line) = match &page.ending {
        Ending::Acceptance => ("receipt.title", "receipt.line"),
        Ending::Supplement => ("receipt.title-supplement", "receipt.line-supplement"),
        Ending::HandedOver => ("receipt.title-handed-over", "receipt.line-handed-over"),
        Ending::Issued { .. } => ("receipt.title-certificate", "receipt.line-certificate"),
        Ending::Counter { .. } => ("receipt.title-ticket", "receipt.line-ticket"),
        Ending::Held(HeldWhy::OfficeUnreachable) => ("receipt.title-held", "held.office-unreachable"),
        Ending::Held(HeldWhy::OfficeSlow) => ("receipt.title-held", "held.office-slow"),
    };
    let mut heading = Heading::new(say.text(title), say.text(line));
    heading.icon = "circle-check";
    heading.tone = Some(Tone::Ok);
    match (&page.ending, failed) {
        (Ending::Issued { paper, .. }, _) if *paper != Paper::Job(PrintProgress::Done) => {
            issued(say, *paper, &mut heading)
        }
        (Ending::Counter { .. }, None) => heading.icon = "ticket",
        (_, None) => {}
        (_, Some(trouble)) => {
            let why = say.text(&format!("printer.{}", trouble.key()));
            heading.title = say.fill("printer.slip-failed", &[("why", &why)]);
            heading.line = say.text("problem.not-affected");
            heading.icon = "printer";
            heading.tone = Some(Tone::Warn);
        }
    }
    notes(sheet, page, &mut heading);
    heading
}

/// Nothing is said to be ready to take before the printer has said so.
fn issued(say: Speech<'_>, paper: Paper, heading: &mut Heading) {
    let why = |trouble: PrintTrouble| say.text(&format!("printer.{}", trouble.key()));
    heading.title = say.text("receipt.title-issued");
    match paper {
        Paper::Job(PrintProgress::Failed(trouble)) => {
            heading.title = say.fill("printer.certificate-failed", &[("why", &why(trouble))]);
            heading.line = say.text("printer.certificate-todo");
            heading.icon = "printer";
            heading.tone = Some(Tone::Warn);
        }
        Paper::Job(PrintProgress::Waiting(trouble)) => {
            heading.line = say.fill("printer.slip-waiting", &[("why", &why(trouble))]);
            heading.icon = "printer";
            heading.tone = Some(Tone::Warn);
        }
        Paper::Job(PrintProgress::Printing) => heading.line = say.text("printer.certificate-printing"),
        Paper::NotAsked => heading.line = say.text("printer.certificate-not-asked"),
        Paper::Job(PrintProgress::Done) => heading.line = say.text("printer.certificate-printed"),
    }
}

/// What is missing, what is to be shown at the counter.
fn notes(sheet: &Sheet<'_>, page: &ReceiptPage, heading: &mut Heading) {
    let say = sheet.say;
    let issued = matches!(page.ending, Ending::Issued { .. });
    // Half done, the counter goes through the whole form anyway.
    let half_done = page.ending == Ending::HandedOver;
    let (later, open): (Vec<Open>, Vec<Open>) =
        page.open.iter().cloned().partition(|open| matches!(open, Open::Later { .. }));
    let bring = bring(say, page);
    if half_done {
        // The card above says all there is to do.
    } else if !later.is_empty() {
        let words = check::open_words(say, &page.service, &later);
        let title = format!("{}{}{words}", say.text("receipt.still-open"), say.text("list.colon"));
        let how = format!("{}{}", say.text("receipt.missing-line"), say.text("list.space"));
        heading.below.push(note(Tone::Warn, "book-open", title, format!("{how}{bring}")));
    } else if !bring.is_empty() {
        heading.below.push(note(Tone::Warn, "concierge-bell", say.text("receipt.bring"), bring));
    }
    if !open.is_empty() && !issued && !half_done {
        let words = check::open_words(say, &page.service, &open);
        heading.below.push(note(Tone::Info, "users", say.text("check.officer"), words));
    }
    if let Paper::Job(PrintProgress::Waiting(trouble)) = page.slip {
        let why = say.text(&format!("printer.{}", trouble.key()));
        let todo = say.text(&format!("printer.{}.todo", trouble.key()));
        heading.below.insert(0, note(Tone::Warn, "printer", say.fill("printer.slip-waiting", &[("why", &why)]), todo));
    }
}

/// Materials shown at the counter, each with how.
fn bring(say: Speech<'_>, page: &ReceiptPage) -> String {
    let one = |material: &MaterialId| {
        let name = say.service(&page.service, &format!("material.{material}"));
        let how = say.service(&page.service, &format!("material.{material}.note"));
        if how.is_empty() { name } else { format!("{name}{}{how}", say.text("list.colon")) }
    };
    page.bring.iter().map(one).collect::<Vec<_>>().join(&say.text("list.then"))
}

fn paper(say: Speech<'_>, slip: Paper) -> (&'static str, String) {
    match slip {
        Paper::NotAsked => ("printer", say.text("printer.not-asked")),
        Paper::Job(PrintProgress::Printing) => ("printer", say.text("receipt.printing")),
        Paper::Job(PrintProgress::Waiting(trouble)) => {
            let why = say.text(&format!("printer.{}", trouble.key()));
            ("triangle-alert", say.fill("printer.slip-waiting", &[("why", &why)]))
        }
        Paper::Job(PrintProgress::Done) => ("check", say.text("receipt.printed")),
        Paper::Job(PrintProgress::Failed(_)) => ("smartphone", say.text("receipt.not-printed")),
    }
}

/// What was kept, what to do, who was called.
fn trouble_card(sheet: &Sheet<'_>, page: &ReceiptPage, trouble: PrintTrouble) -> CardView {
    let say = sheet.say;
    let kept = say.fill("problem.kept-code", &[("code", &page.code.grouped())]);
    let mut rows = vec![
        row("", "circle-check", say.text("problem.kept"), kept),
        row("", "smartphone", say.text("problem.now"), say.text(&format!("printer.{}.todo", trouble.key()))),
    ];
    if sheet.scene.view.frame.staff_called {
        rows.push(row("", "bell-ring", say.text("staff.called"), say.text("problem.paper-out-called")));
    }
    card(String::new(), String::new(), rows)
}

fn ending_card(sheet: &Sheet<'_>, page: &ReceiptPage) -> Option<CardView> {
    let say = sheet.say;
    let one = |row: Row| Some(card(String::new(), String::new(), vec![row]));
    match &page.ending {
        Ending::Acceptance | Ending::Supplement | Ending::Issued { .. } => None,
        Ending::HandedOver => {
            let line = |key: &str, icon: &str| row("", icon, say.text(key), say.text(&format!("{key}-line")));
            let rows = vec![
                line("receipt.handed-over", "concierge-bell"),
                line("receipt.handed-over-until", "calendar-clock"),
            ];
            Some(card(String::new(), String::new(), rows))
        }
        Ending::Counter { ticket: Some(ticket) } => {
            let title = say.fill("receipt.ticket", &[("ticket", &ticket.number)]);
            let mut rows = vec![row("", "ticket", title, place_words(say, ticket))];
            if let Some(hours) = hours_words(say, ticket) {
                rows.push(row("", "clock", say.text("receipt.hours"), hours));
            }
            Some(card(String::new(), String::new(), rows))
        }
        Ending::Counter { ticket: None } => {
            one(row("", "concierge-bell", say.text("receipt.no-ticket"), say.text("receipt.no-ticket-line")))
        }
        Ending::Held(why) => {
            let key = match why {
                HeldWhy::OfficeUnreachable => "held.office-unreachable",
                HeldWhy::OfficeSlow => "held.office-slow",
            };
            one(row("", "wifi-off", say.text(key), say.text(&format!("{key}.line"))))
        }
    }
}

/// Where to wait for the number.
pub(crate) fn place_words(say: Speech<'_>, ticket: &Ticket) -> String {
    match &ticket.window {
        Some(window) => say.fill("receipt.ticket-window", &[("window", window)]),
        None => say.text("receipt.ticket-line"),
    }
}

/// Until when the counter is open, or when it opens and that the number is good then.
pub(crate) fn hours_words(say: Speech<'_>, ticket: &Ticket) -> Option<String> {
    match ticket.hours? {
        Standing::Open { until } => Some(say.fill("receipt.hours-open", &[("time", &clock(until))])),
        Standing::Shut { opens } => {
            let opens = opens?;
            let (day, time) = (say.day(opens.date()), clock(opens));
            Some(say.fill("receipt.hours-shut", &[("day", &day), ("time", &time)]))
        }
    }
}

/// Where the matter stands.
fn ladder(sheet: &Sheet<'_>, page: &ReceiptPage) -> CardView {
    let say = sheet.say;
    let time = clock(say.words().local(page.received));
    let status = |key: &str, icon: &str, line: String| row("", icon, say.text(&format!("status.{key}")), line);
    let supplement = page.ending == Ending::Supplement;
    let received = status(
        if supplement { "supplement-received" } else { "received" },
        "check",
        say.fill("status.received-at", &[("time", &time)]),
    );
    let issued = matches!(page.ending, Ending::Issued { .. });
    let sent = if page.delivered || issued {
        rung(status("delivered", "check", say.text("status.delivered-yes")), Stage::Done)
    } else {
        let key = match (sheet.scene.machine.online == Some(true), &page.ending) {
            (true, _) => "status.delivered-line",
            (false, Ending::HandedOver) => "status.delivered-waiting-counter",
            (false, _) => "status.delivered-waiting",
        };
        rung(status("delivered", "send", say.text(key)), Stage::Now)
    };
    let mut rows = vec![rung(received, Stage::Done), sent];
    if supplement {
        let stage = if page.delivered { Stage::Now } else { Stage::Todo };
        rows.push(rung(status("going-on", "users", say.text("status.going-on-line")), stage));
        rows.push(rung(status("closed", "file-check", say.text("status.closed-plain")), Stage::Todo));
    } else if page.ending == Ending::HandedOver {
        let stage = if page.delivered { Stage::Now } else { Stage::Todo };
        rows.push(rung(status("at-counter", "users", say.text("status.at-counter-line")), stage));
    } else if let Ending::Issued { number, .. } = &page.ending {
        let words = say.fill("status.issued-line", &[("number", number)]);
        rows.push(rung(status("closed", "check", words), Stage::Done));
    } else {
        // What the person does next is in the note when there is something to bring.
        let next = say.service(&page.service, "next");
        let words = match &page.ending {
            Ending::Acceptance if page.bring.is_empty() && !next.is_empty() => next,
            Ending::Acceptance
            | Ending::Supplement
            | Ending::HandedOver
            | Ending::Counter { .. }
            | Ending::Issued { .. }
            | Ending::Held(_) => say.text("status.accepted-or-supplement-line"),
        };
        let stage = if page.delivered { Stage::Now } else { Stage::Todo };
        rows.push(rung(status("accepted-or-supplement", "stamp", words), stage));
        rows.push(rung(status("closed", "file-check", closed_line(sheet, page)), Stage::Todo));
    }
    card(say.text("receipt.next"), String::new(), rows)
}

fn closed_line(sheet: &Sheet<'_>, page: &ReceiptPage) -> String {
    let say = sheet.say;
    let service = say.words().catalogue().service(&page.service);
    match service.and_then(|service| service.promised_limit.or(service.statutory_limit)) {
        Some(limit) if limit.days > 0 => {
            let key = match limit.unit {
                LimitUnit::Working => "status.closed-days",
                LimitUnit::Calendar => "status.closed-calendar",
            };
            say.fill(key, &[("n", &limit.days.to_string())])
        }
        Some(_) | None => say.text("status.closed-plain"),
    }
}

/// A QR code, a few pixels a module so that enlarging stays sharp; nothing when the text is too long.
pub(crate) fn qr(text: &str) -> Image {
    const SCALE: usize = 8;
    let Ok((side, luma)) = documents::qr::qr_luma(text) else { return Image::default() };
    let Ok(edge) = u32::try_from(side * SCALE) else { return Image::default() };
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(edge, edge);
    for (place, pixel) in pixels.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = (place % (side * SCALE) / SCALE, place / (side * SCALE) / SCALE);
        let grey = luma[y * side + x];
        *pixel = Rgb8Pixel::new(grey, grey, grey);
    }
    Image::from_rgb8(pixels)
}

pub(crate) fn clear(window: &KioskWindow) {
    let receipt = window.global::<Receipt>();
    receipt.set_code("".into());
    receipt.set_code_line("".into());
    receipt.set_print_text("".into());
    receipt.set_qr(Image::default());
    rows::update(&receipt.get_cards(), Vec::new(), |rows| receipt.set_cards(rows));
    receipt.set_rating_question("".into());
    rows::update(&receipt.get_ratings(), Vec::new(), |rows| receipt.set_ratings(rows));
}
