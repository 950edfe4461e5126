//! 注销户口证明. Contents: who, what was registered before, that it is cancelled, day and reason, basis, archive reference, purpose
//! (公通字〔2016〕21号 counts it among the nine papers a police station may issue; the layout itself is ours).
//! Reads from `more`: `former-address`, `cancelled-on`, `reason`, `basis`, `archive` (words, as printed).
//! Deliberately not here: a paper for what the household book shows by itself, which needs none.

use super::frame::Frame;
use super::{Layout, further};
use crate::certificate::CertificateError;
use crate::class::BureauClass;
use crate::facts::CertificateFacts;
use crate::fonts::FontSet;
use crate::qr::QrMatrix;
use crate::sheet::Sheet;

/// The layout.
pub(super) const LAYOUT: Layout = Layout { id: "hukou-cancellation", finding, draw };

fn finding(facts: &CertificateFacts) -> Result<String, CertificateError> {
    further(facts, "cancelled-on").map(|day| format!("户口已于{day}注销"))
}

fn draw(
    facts: &CertificateFacts,
    class: BureauClass,
    code: &QrMatrix,
    fonts: &FontSet,
) -> Result<Sheet, CertificateError> {
    let holder = &facts.holder;
    let former = further(facts, "former-address")?;
    let reason = further(facts, "reason")?;
    let mut frame = Frame::begin("注销户口证明", facts, class, fonts)?;
    frame.rows(&[
        [("姓名", holder.name.expose()), ("性别", &holder.sex)],
        [("身份号码", holder.document_number.expose()), ("", "")],
        [("原户口地址", former), ("", "")],
        [("注销日期", further(facts, "cancelled-on")?), ("", "")],
        [("注销原因", reason), ("", "")],
        [("注销依据", further(facts, "basis")?), ("", "")],
        [("档案号", further(facts, "archive")?), ("", "")],
        [("用途", &facts.purpose), ("", "")],
    ])?;
    frame.y += 12.0;
    let name = holder.name.expose();
    frame.statement(&format!("经查，{name}原在{former}登记常住户口，因{reason}，{}。", finding(facts)?))?;
    frame.statement("特此证明。")?;
    let notes = [
        "说明：".to_owned(),
        "1. 本证明反映出具当日户口登记档案的记载。".to_owned(),
        "2. 居民户口簿能够证明注销情况的，不需要本证明。".to_owned(),
    ];
    frame.finish(facts, code, &notes)
}
