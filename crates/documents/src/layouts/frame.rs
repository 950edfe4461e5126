//! The frame every certificate shares: A4, number, title, void banner, the issuer's block, the code with its words,
//! notes at the foot. Deliberately not here: what a certificate states.

use crate::certificate::CertificateError;
use crate::class::BureauClass;
use crate::facts::{CertificateFacts, chinese_day};
use crate::fonts::FontSet;
use crate::qr::{QUIET_MODULES, QrMatrix};
use crate::sheet::{Align, BAD, INK, LINE, LINTEL, MM, Role, SOFT, Shape, Sheet, Style, line, paragraph, qr};

/// A4 in points.
const A4: (f32, f32) = (210.0 * MM, 297.0 * MM);
/// Side margins.
pub(super) const MARGIN: f32 = 28.0 * MM;
/// Width of the text.
pub(super) const WIDTH: f32 = A4.0 - 2.0 * MARGIN;
/// Side of the code without its quiet zone.
const QR_SIDE: f32 = 34.0 * MM;
/// Where the notes must end.
const FOOT: f32 = A4.1 - 16.0 * MM;

const TITLE: Style = Style { size: 26.0, weight: crate::fonts::Weight::Bold, colour: LINTEL, leading: 1.3 };
const BODY: Style = Style { size: 13.5, weight: crate::fonts::Weight::Regular, colour: INK, leading: 1.95 };
const LABEL: Style = Style::regular(11.0, SOFT);
const VALUE: Style = Style::regular(12.5, INK);
const NOTE: Style = Style::regular(9.0, SOFT);

/// A certificate being drawn from top to bottom.
pub(super) struct Frame<'a> {
    pub(super) fonts: &'a FontSet,
    pub(super) sheet: Sheet,
    /// Where the next block begins.
    pub(super) y: f32,
}

impl<'a> Frame<'a> {
    /// Begins a certificate: banner of a demonstration bureau, number, title, rule.
    pub(super) fn begin(
        title: &str,
        facts: &CertificateFacts,
        class: BureauClass,
        fonts: &'a FontSet,
    ) -> Result<Self, CertificateError> {
        let mut sheet = Sheet::new(A4, title, class.mark(), fonts)?;
        let number = format!("编号：{}", facts.number);
        let number = line(fonts, &number, LABEL, Align::Right, A4.0 - MARGIN, 18.0 * MM)?;
        if let Some(mark) = class.mark() {
            let words = format!("{mark}　仅供演示，没有任何效力");
            let banner = line(fonts, &words, Style::bold(11.0, BAD), Align::Left, MARGIN, 18.0 * MM)?;
            sheet.add(Role::Paragraph, vec![banner]);
        }
        sheet.add(Role::Paragraph, vec![number]);
        let top = 38.0 * MM;
        sheet.add(Role::Title, vec![line(fonts, title, TITLE, Align::Centre, A4.0 / 2.0, top)?]);
        let y = top + TITLE.line_height() + 7.0 * MM;
        sheet.add(Role::Decoration, vec![Shape::Fill { x: MARGIN, y, width: WIDTH, height: 1.6, colour: LINTEL }]);
        Ok(Self { fonts, sheet, y: y + 8.0 * MM })
    }

    /// Label and value rows in two columns, a hair line under each row.
    pub(super) fn rows(&mut self, rows: &[[(&str, &str); 2]]) -> Result<(), CertificateError> {
        for row in rows {
            let mut bottom = self.y;
            for ((label, value), column) in row.iter().zip([0.0, 1.0]) {
                if label.is_empty() {
                    continue;
                }
                let x = MARGIN + column * WIDTH * 0.46;
                let gap = 25.0 * MM;
                let room = if column > 0.0 || row[1].0.is_empty() { MARGIN + WIDTH - x } else { WIDTH * 0.46 } - gap;
                let label = line(self.fonts, &format!("{label}："), LABEL, Align::Left, x, self.y + 1.1)?;
                let (mut value, end) = paragraph(self.fonts, value, VALUE, x + gap, self.y, room)?;
                value.insert(0, label);
                self.sheet.add(Role::Paragraph, value);
                bottom = bottom.max(end);
            }
            self.y = bottom + 2.0 * MM;
            let rule = Shape::Fill { x: MARGIN, y: self.y, width: WIDTH, height: 0.6, colour: LINE };
            self.sheet.add(Role::Decoration, vec![rule]);
            self.y += 2.4 * MM;
        }
        Ok(())
    }

    /// A paragraph of the statement; the first line is indented by two characters as Chinese letters are.
    pub(super) fn statement(&mut self, text: &str) -> Result<(), CertificateError> {
        let (shapes, end) = paragraph(self.fonts, &format!("　　{text}"), BODY, MARGIN, self.y, WIDTH)?;
        self.sheet.add(Role::Paragraph, shapes);
        self.y = end + 2.0 * MM;
        Ok(())
    }

    /// Code at the left with how to check it, issuer and day at the right, notes below.
    pub(super) fn finish(
        mut self,
        facts: &CertificateFacts,
        code: &QrMatrix,
        notes: &[String],
    ) -> Result<Sheet, CertificateError> {
        let mut heights = 0.0;
        for note in notes {
            heights += paragraph(self.fonts, note, NOTE, MARGIN, 0.0, WIDTH)?.1;
        }
        let notes_top = FOOT - heights;
        let quiet = QR_SIDE * QUIET_MODULES as f32 / code.width() as f32;
        let band = notes_top - 9.0 * MM - QR_SIDE;
        if self.y + 30.0 * MM > band {
            return Err(CertificateError::TooLong);
        }
        self.issuer(facts)?;
        let alt = "核验二维码：扫码打开核验页，比对姓名、证件号码末四位、结论、编号和日期".to_owned();
        self.sheet.add(Role::Figure(alt), qr(code, MARGIN - quiet, band - quiet, QR_SIDE + 2.0 * quiet));
        let x = MARGIN + QR_SIDE + 7.0 * MM;
        let width = A4.0 - MARGIN - x;
        let heading = line(self.fonts, "以扫码核验为准", Style::bold(13.0, INK), Align::Left, x, band + 6.0 * MM)?;
        self.sheet.add(Role::Heading, vec![heading]);
        let how = format!(
            "用手机扫左边的二维码，核对页面上的姓名、证件号码末四位、结论、编号和日期。\
             有一处不一样，就不要采信。\n咨询电话：{}",
            facts.issuer_phone
        );
        let (shapes, _) = paragraph(self.fonts, &how, Style::regular(10.0, SOFT), x, band + 14.0 * MM, width)?;
        self.sheet.add(Role::Paragraph, shapes);
        let y = notes_top - 4.0 * MM;
        self.sheet.add(Role::Decoration, vec![Shape::Fill { x: MARGIN, y, width: WIDTH, height: 0.6, colour: LINE }]);
        let mut y = notes_top;
        for note in notes {
            let (shapes, end) = paragraph(self.fonts, note, NOTE, MARGIN, y, WIDTH)?;
            self.sheet.add(Role::Paragraph, shapes);
            y = end;
        }
        Ok(self.sheet)
    }

    fn issuer(&mut self, facts: &CertificateFacts) -> Result<(), CertificateError> {
        let right = A4.0 - MARGIN;
        let office = format!("出具单位：{}", facts.issuer);
        let top = self.y + 6.0 * MM;
        let office = line(self.fonts, &office, VALUE, Align::Right, right, top)?;
        self.sheet.add(Role::Paragraph, vec![office]);
        let day = format!("出具日期：{}", chinese_day(facts.issued_on));
        let day = line(self.fonts, &day, VALUE, Align::Right, right, top + 8.0 * MM)?;
        self.sheet.add(Role::Paragraph, vec![day]);
        Ok(())
    }
}
