//! What a certificate states, in one generic shape: each layout reads the parts it prints.
//!
//! Invariants: personal values are `Sensitive`; words that differ by bureau or person come in as data.
//! Deliberately not here: where the facts come from (the registry, behind the office's port), the layouts' own words.

use std::collections::BTreeMap;

use domain::sensitive::Sensitive;
use jiff::civil::Date;

/// The person a certificate is about.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Full name as registered.
    pub name: Sensitive<String>,
    /// 男 or 女, as the paper shows it.
    pub sex: String,
    /// Nationality, e.g. 中国.
    pub nationality: String,
    /// Kind of the identity document, e.g. 居民身份证.
    pub document_kind: String,
    /// Full number of that document; a certificate prints it whole.
    pub document_number: Sensitive<String>,
}

/// A period of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Everything a layout may print.
#[derive(Debug, Clone)]
pub struct CertificateFacts {
    /// Serial number of this certificate, unique in the bureau.
    pub number: String,
    /// The person.
    pub holder: Holder,
    /// Days the statement covers. For a record query `None` means all time; for a residence it must be given.
    pub period: Option<Period>,
    /// Purpose the person gave, e.g. 求职; it appears on the paper.
    pub purpose: String,
    /// Name of the issuing office; fictional in a demonstration bureau.
    pub issuer: String,
    /// Telephone where the paper can be asked about.
    pub issuer_phone: String,
    /// Day of issue.
    pub issued_on: Date,
    /// Last day of validity, if the kind of certificate has one.
    pub valid_until: Option<Date>,
    /// Further values a layout names by key, e.g. `home-address`; see the layout.
    pub more: BTreeMap<String, Sensitive<String>>,
}

/// 2026年11月22日, as official papers write days.
pub fn chinese_day(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}
