//! 无犯罪记录证明. Required contents: 公安机关办理犯罪记录查询工作规定 (2021): serial number, name, nationality, kind and number
//! of the document, period queried or all time, the finding in the form "not found" (未发现), issuing unit, day, notes.
//! Deliberately not here: a paper for any other finding; a hit goes to the counter and prints nothing at a kiosk.

use super::Layout;
use super::frame::Frame;
use crate::certificate::CertificateError;
use crate::class::BureauClass;
use crate::facts::{CertificateFacts, chinese_day};
use crate::fonts::FontSet;
use crate::qr::QrMatrix;
use crate::sheet::Sheet;

/// The layout.
pub(super) const LAYOUT: Layout = Layout { id: "no-criminal-record", finding, draw };

fn finding(_: &CertificateFacts) -> Result<String, CertificateError> {
    Ok("未发现有犯罪记录".to_owned())
}

fn draw(
    facts: &CertificateFacts,
    class: BureauClass,
    code: &QrMatrix,
    fonts: &FontSet,
) -> Result<Sheet, CertificateError> {
    let holder = &facts.holder;
    let period = facts.period.map_or("不限期间（出生至查询当日）".to_owned(), |period| {
        format!("{}至{}", chinese_day(period.from), chinese_day(period.to))
    });
    let mut frame = Frame::begin("无犯罪记录证明", facts, class, fonts)?;
    frame.rows(&[
        [("姓名", holder.name.expose()), ("性别", &holder.sex)],
        [("国籍", &holder.nationality), ("证件种类", &holder.document_kind)],
        [("证件号码", holder.document_number.expose()), ("", "")],
        [("查询期间", &period), ("", "")],
        [("用途", &facts.purpose), ("", "")],
    ])?;
    frame.y += 12.0;
    let span = facts.period.map_or(String::new(), |_| format!("在{period}期间，"));
    frame.statement(&format!(
        "经查询，{}（{}号码：{}）{span}{}。",
        holder.name.expose(),
        holder.document_kind,
        holder.document_number.expose(),
        finding(facts)?,
    ))?;
    frame.statement("特此证明。")?;
    let mut notes = vec!["说明：".to_owned()];
    notes.push("1. 本证明只反映查询当时全国犯罪记录信息平台中的登记情况。".to_owned());
    notes.push("2. 查询期间写“不限期间”的，是指没有限定起止日期的查询。".to_owned());
    if let Some(last) = facts.valid_until {
        notes.push(format!("3. 本证明的有效期至{}，过期请重新申请。", chinese_day(last)));
    }
    frame.finish(facts, code, &notes)
}
