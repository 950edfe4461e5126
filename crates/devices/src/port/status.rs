//! What every device can say about itself. The codes are keys for screen texts and for the staff console.

/// Why a device is not simply ready. A key, never shown to a resident as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceCode {
    /// No paper.
    PaperOut,
    /// Paper is stuck.
    Jam,
    /// A cover or door is open.
    CoverOpen,
    /// Toner, ink or ribbon is low: it still prints.
    SupplyLow,
    /// The output tray is full or nearly so.
    OutputFull,
    /// The queue was paused by a person.
    Paused,
    /// The camera gives no pictures.
    Stalled,
    /// The card in the reader cannot be read.
    Unreadable,
    /// Anything the driver could not name.
    Other,
}

impl DeviceCode {
    /// A stable text key, for example `paper-out`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::PaperOut => "paper-out",
            Self::Jam => "jam",
            Self::CoverOpen => "cover-open",
            Self::SupplyLow => "supply-low",
            Self::OutputFull => "output-full",
            Self::Paused => "paused",
            Self::Stalled => "stalled",
            Self::Unreadable => "unreadable",
            Self::Other => "other",
        }
    }
}

/// The state of a device as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceStatus {
    /// Works.
    Ready,
    /// Works, but somebody should look soon.
    Warning(DeviceCode),
    /// Does not work until a person helps.
    NeedsHelp(DeviceCode),
    /// Cannot be reached.
    Offline,
    /// This kiosk has no such device.
    NotConfigured,
}

impl DeviceStatus {
    /// Whether a visit may count on the device now.
    pub const fn usable(self) -> bool {
        matches!(self, Self::Ready | Self::Warning(_))
    }
}
