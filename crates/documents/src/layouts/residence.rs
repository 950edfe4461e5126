//! 居住登记证明. Contents: name, sex, document number, home and present address, house code, day of registration, period,
//! purpose, issuing station, code (population data list of 浙江省流动人口居住登记条例 第二十九条; the layout itself is ours).
//! Reads from `more`: `home-address`, `present-address`, `house-code`, `registered-on` (words, as printed).
//! Deliberately not here: 居住证, which is a card and never a paper of this product.

use super::frame::Frame;
use super::{Layout, further};
use crate::certificate::CertificateError;
use crate::class::BureauClass;
use crate::facts::{CertificateFacts, chinese_day};
use crate::fonts::FontSet;
use crate::qr::QrMatrix;
use crate::sheet::Sheet;

/// The layout.
pub(super) const LAYOUT: Layout = Layout { id: "residence", finding, draw };

fn finding(facts: &CertificateFacts) -> Result<String, CertificateError> {
    further(facts, "present-address").map(|_| "已办理居住登记".to_owned())
}

fn draw(
    facts: &CertificateFacts,
    class: BureauClass,
    code: &QrMatrix,
    fonts: &FontSet,
) -> Result<Sheet, CertificateError> {
    let holder = &facts.holder;
    let period = facts.period.ok_or(CertificateError::MissingFact("period"))?;
    let period = format!("{}至{}", chinese_day(period.from), chinese_day(period.to));
    let present = further(facts, "present-address")?;
    let registered = further(facts, "registered-on")?;
    let mut frame = Frame::begin("居住登记证明", facts, class, fonts)?;
    frame.rows(&[
        [("姓名", holder.name.expose()), ("性别", &holder.sex)],
        [("证件种类", &holder.document_kind), ("登记日期", registered)],
        [("证件号码", holder.document_number.expose()), ("", "")],
        [("户籍地址", further(facts, "home-address")?), ("", "")],
        [("现居住地址", present), ("", "")],
        [("房屋编码", further(facts, "house-code")?), ("", "")],
        [("登记有效期", &period), ("", "")],
        [("用途", &facts.purpose), ("", "")],
    ])?;
    frame.y += 12.0;
    frame.statement(&format!("{}{}，现居住地址如上。", holder.name.expose(), finding(facts)?))?;
    frame.statement("特此证明。")?;
    let notes = ["说明：".to_owned(), "1. 本证明反映出具当日的居住登记情况。".to_owned()];
    frame.finish(facts, code, &notes)
}
