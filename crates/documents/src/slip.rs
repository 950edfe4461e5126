//! The receipt slip (业务回执) a kiosk prints: what was handed in, the code that finds it again, what happens next.
//!
//! Invariants: the slip never says 已受理 on its own: it always carries the sentence that it is no decision to accept;
//! the person appears masked only; a character no font has is an error, never a box.
//! Deliberately not here: masking, words of a service, printing.

use domain::sensitive::Sensitive;
use jiff::civil::DateTime;

use crate::class::BureauClass;
use crate::fonts::{FontSet, MissingGlyph};
use crate::qr::QrTooLong;

/// Why there is no slip.
#[derive(Debug, thiserror::Error)]
pub enum SlipError {
    /// A character cannot be printed.
    #[error(transparent)]
    MissingGlyph(#[from] MissingGlyph),
    /// The link does not fit a QR code.
    #[error(transparent)]
    Qr(#[from] QrTooLong),
    /// The receipt code does not have 8 characters.
    #[error("a receipt code has 8 characters, not {0}")]
    BadCode(usize),
    /// A number or name was given unmasked.
    #[error("the {0} on a slip must be masked with *")]
    NotMasked(&'static str),
    /// A font file cannot be embedded.
    #[error("font {0} cannot be embedded")]
    Font(usize),
    /// The PDF library would have left something out of the file.
    #[error("the slip could not be written: {0}")]
    Pdf(String),
}

/// Where a step of the ladder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Where the submission is.
    Now,
    /// Still to come.
    Later,
}

/// One step of the status ladder.
#[derive(Debug, Clone)]
pub struct LadderStep {
    /// The status word exactly as in the product's table, e.g. 已收件.
    pub word: String,
    /// What it means here, with a time.
    pub detail: String,
    /// Where it stands.
    pub state: StepState,
}

/// A material that is still missing (容缺).
#[derive(Debug, Clone)]
pub struct MissingMaterial {
    /// What, e.g. 户口簿.
    pub what: String,
    /// By when, e.g. 12 月 4 日前.
    pub by: String,
}

/// What one slip says. Words of the service arrive in the person's language.
#[derive(Debug, Clone)]
pub struct SlipFacts {
    /// Name of the station; fictional in a demonstration bureau.
    pub station: String,
    /// Name of the machine, e.g. 1 号机.
    pub machine: String,
    /// Name of the errand, e.g. 身份证丢失补领.
    pub errand: String,
    /// The 8-character receipt code, without a space.
    pub code: String,
    /// The address in the QR code; it finds the submission, it opens nothing (product rule 6).
    pub link: String,
    /// Masked name, e.g. 欧**.
    pub person_masked: Sensitive<String>,
    /// Masked document number, e.g. 330***********1528.
    pub number_masked: Sensitive<String>,
    /// Local time of receipt.
    pub received_at: DateTime,
    /// The whole ladder, in order.
    pub ladder: Vec<LadderStep>,
    /// What is missing; empty when nothing is.
    pub missing: Vec<MissingMaterial>,
    /// How to hand in what is missing; shown only when something is.
    pub missing_how: String,
    /// What happens next, one sentence each.
    pub next: Vec<String>,
    /// Whom to call, with the number.
    pub contact: String,
    /// Where to complain, with the number.
    pub complaint: String,
    /// What it costs and when it is paid.
    pub fee: String,
    /// Class of the bureau.
    pub class: BureauClass,
}

/// The slip's own words in one language.
#[derive(Debug, Clone)]
pub struct SlipLabels {
    /// BCP 47 tag, e.g. `zh-CN`.
    pub language: String,
    /// Title.
    pub title: String,
    /// The duty sentence: this is no decision to accept.
    pub not_a_decision: String,
    /// Before the code.
    pub code: String,
    /// What the QR code is for.
    pub scan: String,
    /// Before the masked name.
    pub person: String,
    /// Before the masked number.
    pub number: String,
    /// Before the time.
    pub received: String,
    /// Over the ladder.
    pub ladder: String,
    /// Said of the step where the submission is.
    pub now: String,
    /// Over the missing materials.
    pub missing: String,
    /// Over what comes next.
    pub next: String,
    /// Before the fee.
    pub fee: String,
    /// Before the contact.
    pub contact: String,
    /// Before the complaint line.
    pub complaint: String,
    /// What a demonstration slip is.
    pub demonstration: String,
}

impl SlipLabels {
    /// The Chinese words.
    #[must_use]
    pub fn chinese() -> Self {
        Self::from_table([
            "zh-CN",
            "业务回执",
            "这不是受理决定。工作人员看过材料，才会告诉您受理还是补正。",
            "回执编号",
            "扫码或输入编号，可以查进度、补材料。",
            "申请人",
            "证件号码",
            "收件时间",
            "办到哪一步",
            "现在",
            "还差的材料",
            "接下来",
            "费用",
            "咨询",
            "投诉",
            "仅供演示，没有任何效力",
        ])
    }

    /// The English words.
    #[must_use]
    pub fn english() -> Self {
        Self::from_table([
            "en",
            "Receipt",
            "This is not a decision to accept. Staff read your papers first, then tell you.",
            "Receipt code",
            "Scan, or type the code, to see progress or add papers.",
            "Applicant",
            "ID number",
            "Received",
            "Where it stands",
            "now",
            "Still missing",
            "What happens next",
            "Fee",
            "Questions",
            "Complaints",
            "demonstration only, without any effect",
        ])
    }

    fn from_table(words: [&str; 16]) -> Self {
        let [
            language,
            title,
            not_a_decision,
            code,
            scan,
            person,
            number,
            received,
            ladder,
            now,
            missing,
            next,
            fee,
            contact,
            complaint,
            demonstration,
        ] = words.map(str::to_owned);
        Self {
            language,
            title,
            not_a_decision,
            code,
            scan,
            person,
            number,
            received,
            ladder,
            now,
            missing,
            next,
            fee,
            contact,
            complaint,
            demonstration,
        }
    }
}

/// Sizes of the slip, in points. The default is A5 portrait for an office printer.
#[derive(Debug, Clone, Copy)]
pub struct SlipLayout {
    /// Width of the paper.
    pub width: f32,
    /// Height of the paper.
    pub height: f32,
    /// White edge on every side.
    pub margin: f32,
    /// Side of the QR code without its quiet zone.
    pub qr_side: f32,
    /// Size of running text.
    pub body: f32,
    /// Size of the receipt code.
    pub code: f32,
}

impl Default for SlipLayout {
    fn default() -> Self {
        Self { width: 419.53, height: 595.28, margin: 36.0, qr_side: 78.0, body: 10.5, code: 38.0 }
    }
}

/// Makes the slip as a PDF.
///
/// # Errors
/// [`SlipError`].
pub fn receipt(
    facts: &SlipFacts,
    labels: &SlipLabels,
    layout: &SlipLayout,
    fonts: &FontSet,
) -> Result<Vec<u8>, SlipError> {
    let length = facts.code.chars().count();
    if length != 8 {
        return Err(SlipError::BadCode(length));
    }
    if !facts.number_masked.expose().contains('*') {
        return Err(SlipError::NotMasked("document number"));
    }
    if !facts.person_masked.expose().contains('*') {
        return Err(SlipError::NotMasked("name"));
    }
    let sheet = crate::slip_layout::draw(facts, labels, layout, fonts)?;
    crate::to_printpdf::render(&sheet, fonts)
}
