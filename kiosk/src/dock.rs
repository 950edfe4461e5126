//! The dev dock: troubles a person can try by hand in a demo. Exists only where devices are simulated.
//! Invariant: a toggle does to the simulators what a hand would do; it never reaches the visit.

use crate::scene::DockToggle;
use crate::uplink::Office;
use devices::sim::{CameraMode, FaceMode, PrinterMode, SimControl};
use devices::{CardData, CardKind, CardValidTo, Sex};
use domain::sensitive::Sensitive;
use jiff::civil::date;

const TOGGLES: [&str; 8] = ["card", "card-bad", "camera", "paper", "jam", "printer", "network", "face"];

/// The dock's switches.
pub struct Dock {
    control: SimControl,
    office: Office,
    on: [bool; TOGGLES.len()],
}

impl Dock {
    /// All switches off.
    pub fn new(control: SimControl, office: Office) -> Self {
        Self { control, office, on: [false; TOGGLES.len()] }
    }

    /// As drawn.
    pub fn toggles(&self) -> Vec<DockToggle> {
        TOGGLES.iter().zip(self.on).map(|(id, active)| DockToggle { id, active }).collect()
    }

    /// A switch was pressed.
    pub fn toggle(&mut self, id: &str) {
        let Some(place) = TOGGLES.iter().position(|known| *known == id) else { return };
        let on = !self.on[place];
        // Printer troubles exclude one another, and so do cards.
        for group in [&TOGGLES[0..2], &TOGGLES[3..6]] {
            if group.contains(&id) {
                for other in group {
                    if let Some(other) = TOGGLES.iter().position(|known| known == other) {
                        self.on[other] = false;
                    }
                }
            }
        }
        self.on[place] = on;
        match id {
            "card" if on => self.control.insert_card(demo_card()),
            "card-bad" if on => self.control.card_unreadable(),
            "card" | "card-bad" => self.control.remove_card(),
            "camera" => self.control.camera_mode(if on { CameraMode::Stalled } else { CameraMode::Ok }),
            "face" => self.control.face(if on { FaceMode::Fail } else { FaceMode::Pass }),
            "network" => {
                if let Err(error) = self.office.set_network_cut(on) {
                    tracing::warn!(%error, "the network switch");
                }
            }
            _ => self.control.printer(self.printer_mode()),
        }
    }

    fn printer_mode(&self) -> PrinterMode {
        match (self.on[3], self.on[4], self.on[5]) {
            (true, _, _) => PrinterMode::PaperOut,
            (_, true, _) => PrinterMode::Jam,
            (_, _, true) => PrinterMode::Off,
            (false, false, false) => PrinterMode::Ready,
        }
    }
}

/// The fictional resident whose card the dock lays down: a number of the reserved range, known to the demo registry.
fn demo_card() -> CardData {
    CardData {
        kind: CardKind::Resident,
        name: Sensitive::new("吴雪梅".to_owned()),
        sex: Sensitive::new(Sex::Female),
        nation: Sensitive::new("汉".to_owned()),
        birth: Sensitive::new(date(1985, 12, 31)),
        address: Sensitive::new("浙江省苍南县灵溪镇演示路 1 号".to_owned()),
        id_number: Sensitive::new("330327198512319963".to_owned()),
        authority: Sensitive::new("苍南县公安局（演示）".to_owned()),
        valid_from: Sensitive::new(date(2016, 1, 1)),
        valid_to: Sensitive::new(CardValidTo::Until(date(2036, 1, 1))),
        photo: None,
    }
}
