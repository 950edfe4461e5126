//! Everything that is to be drawn at one moment: the visit's view and what the loop keeps beside it.
//! Invariants: a scene is plain data that can cross threads; drawing the same scene twice changes nothing; no presenter
//! keeps state. Not here: how it is drawn (`screens`), how it comes about (`turn`).

use devices::Picture;
use domain::answers::AttachmentId;
use domain::ids::FieldId;
use domain::sensitive::Sensitive;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use std::sync::Arc;
use ui::Layer;
use visit::{Target, View};

/// One moment.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The visit's own view.
    pub view: View,
    /// The keyboard and what is being composed on it.
    pub typing: Typing,
    /// The machine's own state.
    pub machine: Machine,
    /// Local time.
    pub now: DateTime,
    /// Small pictures of the shots that the view names.
    pub pictures: BTreeMap<AttachmentId, Arc<Picture>>,
    /// The column of an address that is open.
    pub address: Option<OpenAddress>,
    /// Strokes of the signature so far, as path commands in the area's pixels.
    pub strokes: Sensitive<String>,
    /// Seconds until the countdown takes the picture; `None` when it does not run.
    pub countdown: Option<u32>,
    /// Toggles of the dev dock; `None` where there is none.
    pub dock: Option<Vec<DockToggle>>,
}

/// The on-screen keyboard.
#[derive(Clone, Debug)]
pub struct Typing {
    /// Where typing goes; `None` = no field is focused.
    pub target: Option<Target>,
    /// The layer shown.
    pub layer: Layer,
    /// Capitals.
    pub capitals: bool,
    /// Pinyin typed and not yet chosen.
    pub preedit: Sensitive<String>,
    /// Candidates of the shown page.
    pub candidates: Sensitive<Vec<String>>,
    /// The grid is open.
    pub expanded: bool,
    /// There are candidates before these.
    pub page_up: bool,
    /// There are candidates after these.
    pub page_down: bool,
}

/// The machine around the visit.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Station's name.
    pub station: String,
    /// Number of the machine.
    pub number: u32,
    /// Whom to call.
    pub phone: String,
    /// The bureau is of the demo class.
    pub demo: bool,
    /// At least one device is simulated: the screen says 模拟设备.
    pub simulated: bool,
    /// Whether the office answers; `None` until it was first asked.
    pub online: Option<bool>,
    /// The office does not accept this kiosk at present.
    pub paused: bool,
    /// The outbox holds as much as it may.
    pub full: bool,
    /// Something in the outbox waits for longer than a kiosk may be without its office.
    pub overdue: bool,
    /// Length of the idle warning, seconds, before elder mode doubles it: the whole of the ring.
    pub idle_warning_seconds: u32,
}

/// Why no new errand begins at this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The office does not accept this kiosk.
    Paused,
    /// The outbox is full.
    Full,
    /// What waits in the outbox has waited for too long.
    Waiting,
}

impl Machine {
    /// As far as the machine itself knows; a visit is asked again when it begins.
    pub const fn closed(&self) -> Option<Closed> {
        match (self.paused, self.full, self.overdue) {
            (true, _, _) => Some(Closed::Paused),
            (false, true, _) => Some(Closed::Full),
            (false, false, true) => Some(Closed::Waiting),
            (false, false, false) => None,
        }
    }
}

/// The divisions offered in an address field.
#[derive(Clone, Debug)]
pub struct OpenAddress {
    /// Which field.
    pub field: FieldId,
    /// Level that is open: 0 province, 1 city, 2 county.
    pub level: usize,
    /// Code and name of each division on offer.
    pub options: Vec<(String, String)>,
}

/// One toggle of the dev dock. Words: `dock.<id>` of the chrome texts.
#[derive(Clone, Debug)]
pub struct DockToggle {
    /// E.g. `paper`.
    pub id: &'static str,
    /// Switched on.
    pub active: bool,
}
