//! What people type or scan: tickets, codes, limits and days of tables. What is read is shown and read again as the same.

use crate::json::receipt_code;
use domain::calendar::Limit;
use domain::hours::Days;
use domain::ids::ReceiptCode;
use domain::rules::RuleId;
use wire::digest::Digest;
use wire::enrolment::{CODE_LETTERS, Code, Ticket};

/// An enrolment ticket.
pub(crate) fn ticket(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(ticket) = text.parse::<Ticket>() else { return };
    assert!(ticket.office.starts_with("https://"), "{}", ticket.office);
    let shown = ticket.to_string();
    assert!(shown.parse::<Ticket>().as_ref() == Ok(&ticket), "`{shown}` is another ticket");
}

/// Codes and small words.
pub(crate) fn codes(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(code) = text.parse::<Code>() {
        assert_eq!(code.as_str().len(), CODE_LETTERS);
        assert!(code.to_string().parse::<Code>().as_ref() == Ok(&code));
    }
    if let Some(code) = ReceiptCode::parse(text) {
        receipt_code(code.as_str(), &code.grouped());
        assert_eq!(ReceiptCode::parse(&code.grouped()), Some(code));
    }
    if let Ok(digest) = Digest::try_from(text.to_owned()) {
        assert_eq!(digest.as_str(), text);
        assert_eq!(hex::decode(text).map(|bytes| bytes.len()), Ok(32));
    }
    if let Ok(limit) = text.parse::<Limit>() {
        assert_eq!(limit.to_string().parse(), Ok(limit));
    }
    if let Ok(days) = Days::try_from(text.to_owned()) {
        assert_eq!(Days::try_from(String::from(days.clone())), Ok(days));
    }
    if let Ok(rule) = text.parse::<RuleId>() {
        assert_eq!(rule.to_string(), text);
    }
    for masked in [domain::mask::id_number(text), domain::mask::phone(text), domain::mask::name(text)] {
        assert_eq!(masked.chars().count(), text.chars().count(), "masking changes the number of characters");
    }
}
