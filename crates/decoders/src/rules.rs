//! Rules for numbers, plates, names: an accepted value is accepted again as it stands, and refusing never panics.

use domain::rules::{RuleId, check, division, identity, travel, vehicle};
use jiff::civil::{Date, date};

const DAYS: [Date; 3] = [date(2026, 11, 22), date(1949, 10, 1), date(2099, 12, 31)];

/// Every rule over any text.
pub(crate) fn every_rule(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for rule in RuleId::ALL.iter().copied() {
        for day in DAYS {
            let Ok(verdict) = check(rule, text, day) else { continue };
            let second = check(rule, &verdict.value, day)
                .unwrap_or_else(|error| panic!("{rule}: `{}` was accepted and then refused: {error:?}", verdict.value));
            assert_eq!(verdict.value, second.value, "{rule}: its value changes each time it is read");
            assert!(verdict.derived.birth.is_none_or(|birth| birth <= day), "{rule}: born after the day of reading");
        }
    }
    let (_, _, rest) = division::read(text);
    assert!(text.contains(rest));
    let _ = (identity::dispatch(text), vehicle::plate_kind(text));
    if let Ok(read) = travel::read_mrz(text, DAYS[0]) {
        let fields = [&read.number, &read.nationality, &read.personal_number];
        assert!(text.len() == 44 && fields.iter().all(|field| text.contains(field.as_str())));
    }
}
