//! Driving licences (order 162 as amended by order 172 from 2025-01-01): classes, file number, terms, body conditions.
//! Deliberately not here: points and fines.

mod body;
mod classes;
mod duties;
mod renewal;

pub use body::{BodyFail, BodyReport, Hearing, LowerLimbs, UpperLimbs, body_conditions};
pub use classes::{AddRefusal, ApplicationAge, Held, LicenceClass, application_age, may_add};
pub use duties::{
    LicenceMatter, agent_may, body_proof_due, body_proof_valid, change_report_due, deferral_limit, school_bus_age_fits,
};
pub use renewal::{LicenceTerm, RenewalState, next_term, renewal_window};

use super::character::{fold, is_digits, number};
use super::{RuleCode, RuleError, Verdict, division};

/// Rule `licence-file-number` (档案编号): twelve digits, the first two a province.
///
/// # Errors
/// FORMAT, PROVINCE.
pub fn licence_file_number(input: &str) -> Result<Verdict, RuleError> {
    let value = fold(input);
    if !is_digits(&value, 12) || !(b'1'..=b'6').contains(&value.as_bytes()[0]) {
        return Err(RuleCode::Format.into());
    }
    if !division::is_province(number(&value.as_bytes()[..2])) {
        return Err(RuleCode::Province.into());
    }
    Ok(Verdict::plain(value))
}
