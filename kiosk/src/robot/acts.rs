//! Physical acts on the simulated devices: what a hand, a roll of paper or a cable would do.

use super::protocol::CardText;
use devices::sim::{Backdrop, CameraMode, FaceMode, PrinterMode, SimControl, Subject};
use devices::{CardData, CardKind, CardValidTo, Sex};
use domain::sensitive::Sensitive;

/// Does an act by name.
///
/// # Errors
/// An unknown act, or `card-in` without a card.
pub fn act(sim: &SimControl, what: &str, card: Option<CardText>) -> Result<(), String> {
    match what {
        "card-in" => sim.insert_card(chip(card.ok_or("card-in needs a card")?)),
        "card-out" => sim.remove_card(),
        "card-unreadable" => sim.card_unreadable(),
        "camera-stalled" => sim.camera_mode(CameraMode::Stalled),
        "camera-ok" => sim.camera_mode(CameraMode::Ok),
        "camera-unplugged" => sim.camera_mode(CameraMode::Unplugged),
        "before-camera-person" => sim.subject(Subject::Portrait),
        "before-camera-paper" => sim.subject(Subject::Document),
        "before-camera-nobody" => sim.subject(Subject::Nobody),
        "wall-white" => sim.backdrop(Backdrop::White),
        "wall-blue" => sim.backdrop(Backdrop::Blue),
        "paper-out" => sim.printer(PrinterMode::PaperOut),
        "jam" => sim.printer(PrinterMode::Jam),
        "printer-off" => sim.printer(PrinterMode::Off),
        "printer-ok" => sim.printer(PrinterMode::Ready),
        "face-pass" => sim.face(FaceMode::Pass),
        "face-fail" => sim.face(FaceMode::Fail),
        "face-none" => sim.face(FaceMode::NoFace),
        "face-unavailable" => sim.face(FaceMode::Unavailable),
        other => return Err(format!("no such act: {other}")),
    }
    Ok(())
}

fn chip(card: CardText) -> CardData {
    CardData {
        kind: CardKind::Resident,
        name: Sensitive::new(card.name),
        sex: Sensitive::new(match card.sex.as_str() {
            "男" => Sex::Male,
            "女" => Sex::Female,
            _ => Sex::Unstated,
        }),
        nation: Sensitive::new(card.nation),
        birth: Sensitive::new(card.birth),
        address: Sensitive::new(card.address),
        id_number: Sensitive::new(card.id_number),
        authority: Sensitive::new(card.authority),
        valid_from: Sensitive::new(card.valid_from),
        valid_to: Sensitive::new(card.valid_to.map_or(CardValidTo::LongTerm, CardValidTo::Until)),
        photo: None,
    }
}
