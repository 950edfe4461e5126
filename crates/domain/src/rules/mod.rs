//! Field rules: one function, [`check`], from what a person typed to a normalised value or a rule code.
//! Invariants: pure (the day comes in as `on`), total (never panics on any text), normalises first and then checks in
//! the order FORMAT, DATE, CHECKSUM, table look-up. A right checksum with an unknown division is a warning, because a
//! number keeps the code of its first registration and no table holds every edition.
//! Deliberately not here: wording for people, which field uses which rule, and any look-up outside the machine.

pub mod age;
mod character;
pub mod code_lists;
pub mod contact;
pub mod division;
pub mod driving;
pub mod identity;
pub mod nation;
pub mod organisation;
pub mod person_name;
pub mod photo;
pub mod travel;
pub mod vehicle;
pub mod window;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod vectors;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use division::Division;

/// Sex as the order digit of an identity number or a passport tells it (GB/T 2261.1 codes 1 and 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// 男, code 1.
    Male,
    /// 女, code 2.
    Female,
}

macro_rules! rule_ids {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// Which rule a field carries; written in kebab-case in service files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum RuleId {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl RuleId {
            /// Every rule, in the order of this list.
            pub const ALL: &'static [RuleId] = &[$(RuleId::$variant,)*];

            /// The kebab-case name, as in service files.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(RuleId::$variant => $name,)*
                }
            }
        }
    };
}

rule_ids! {
    /// Resident ID number, 18 characters (GB 11643-1999).
    ResidentId = "resident-id",
    /// Old resident ID number, 15 digits, for look-up fields only; the value becomes the 18-character number.
    ResidentId15 = "resident-id-15",
    /// Residence permit of Hong Kong, Macao and Taiwan residents, 18 characters.
    HmtResidencePermit = "hmt-residence-permit",
    /// Foreign permanent resident ID, 2023 edition, 18 characters.
    ForeignerId = "foreigner-id",
    /// Foreign permanent resident ID, 2017 edition: three letters and twelve digits.
    ForeignerId2017 = "foreigner-id-2017",
    /// Six-digit division code (GB/T 2260).
    DivisionCode = "division-code",
    /// Ordinary passport, in use.
    Passport = "passport",
    /// Old ordinary passport, for look-up fields only.
    PassportOld = "passport-old",
    /// Service, diplomatic or public passport.
    PassportOfficial = "passport-official",
    /// Line 2 of a passport's machine-readable zone.
    PassportMrz = "passport-mrz",
    /// Permit of mainland people to Hong Kong and Macao.
    HkMacaoPermit = "hk-macao-permit",
    /// Permit of mainland people to Taiwan.
    TaiwanPermit = "taiwan-permit",
    /// Mainland travel permit of Hong Kong and Macao residents.
    HmMainlandPermit = "hm-mainland-permit",
    /// Mainland travel permit of Taiwan residents.
    TwMainlandPermit = "tw-mainland-permit",
    /// Unified social credit code (GB 32100-2015).
    Uscc = "uscc",
    /// Organisation code (GB 11714).
    OrganisationCode = "organisation-code",
    /// Mobile number of the mainland.
    Mobile = "mobile",
    /// Landline with area code.
    Landline = "landline",
    /// Phone number abroad (E.164).
    OverseasPhone = "overseas-phone",
    /// Post code.
    PostCode = "post-code",
    /// Number plate (GA 36).
    Plate = "plate",
    /// Vehicle identification number (GB 16735).
    Vin = "vin",
    /// Last four characters of a vehicle identification number, for looking a known vehicle up.
    VinTail = "vin-tail",
    /// Engine or motor number.
    EngineNumber = "engine-number",
    /// File number of a driving licence (档案编号).
    LicenceFileNumber = "licence-file-number",
    /// Name of a citizen in Chinese characters.
    PersonName = "person-name",
    /// Sex code (GB/T 2261.1).
    Sex = "sex",
    /// Ethnic group code (GB/T 3304).
    EthnicGroup = "ethnic-group",
    /// Relation to the head of household (GB/T 4761-2008).
    RelationToHead = "relation-to-head",
    /// Marital status code (GB/T 2261.2).
    MaritalStatus = "marital-status",
    /// Education code (GB/T 4658-2006).
    Education = "education",
    /// Number of a birth certificate (出生医学证明编号).
    BirthCertificate = "birth-certificate",
}

/// A name that no rule has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no rule is called `{0}`")]
pub struct UnknownRule(String);

impl std::str::FromStr for RuleId {
    type Err = UnknownRule;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|rule| rule.as_str() == name).ok_or_else(|| UnknownRule(name.to_owned()))
    }
}

impl std::fmt::Display for RuleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a value was refused. `Display` gives the capital word used in the facts, in logs and in text keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleCode {
    /// Length, alphabet or shape.
    Format,
    /// Not a real date, or before the sanity limit.
    Date,
    /// A birth after the day of checking.
    DateFuture,
    /// Check digit.
    Checksum,
    /// Division code that the rule does not admit.
    Division,
    /// Inner organisation code of a unified social credit code.
    OrgChecksum,
    /// Model-year character of a VIN.
    YearChar,
    /// Province code or character.
    Province,
    /// Nationality code.
    Nation,
}

impl RuleCode {
    /// The capital word of this code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Format => "FORMAT",
            Self::Date => "DATE",
            Self::DateFuture => "DATE_FUTURE",
            Self::Checksum => "CHECKSUM",
            Self::Division => "DIVISION",
            Self::OrgChecksum => "ORG_CHECKSUM",
            Self::YearChar => "YEAR_CHAR",
            Self::Province => "PROVINCE",
            Self::Nation => "NATION",
        }
    }
}

impl std::fmt::Display for RuleCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refused value. Carries the code only: the value is personal and the sentence belongs to the text files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct RuleError {
    /// Why.
    pub code: RuleCode,
}

impl From<RuleCode> for RuleError {
    fn from(code: RuleCode) -> Self {
        Self { code }
    }
}

/// Something a person should see although the value is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Warning {
    /// The division code is in no edition we hold: accept, and let the counter look.
    Division,
    /// A plate with more than two letters in its serial.
    PlateLetters,
    /// A wrong check digit on an imported vehicle (first place not L).
    ImportedCheckDigit,
    /// Another dot was turned into the middle dot U+00B7: show it.
    DotConverted,
    /// Spaces inside a name were taken out: show it.
    SpaceRemoved,
    /// A private-use code point in a name: keep, and let the counter look.
    LegacyGlyph,
}

impl Warning {
    /// The capital word of this warning.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Division => "DIVISION",
            Self::PlateLetters => "PLATE_LETTERS",
            Self::ImportedCheckDigit => "IMPORTED_CHECK_DIGIT",
            Self::DotConverted => "DOT_CONVERTED",
            Self::SpaceRemoved => "SPACE_REMOVED",
            Self::LegacyGlyph => "LEGACY_GLYPH",
        }
    }

    /// True where a clerk has to look before the case goes on.
    pub const fn needs_counter(self) -> bool {
        matches!(self, Self::Division | Self::LegacyGlyph)
    }
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a number tells about its holder; asked from nobody again, but shown for confirmation. `Debug` shows nothing.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Derived {
    /// Birth date.
    pub birth: Option<Date>,
    /// Sex by the order digit.
    pub sex: Option<Sex>,
    /// Division by the first six digits, under its name in the year of birth.
    pub division: Option<Division>,
}

impl std::fmt::Debug for Derived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<personal>")
    }
}

/// An accepted value. `Debug` shows the warnings only.
#[derive(Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The normalised value: this is what is stored.
    pub value: String,
    /// What a person should see all the same.
    pub warnings: Vec<Warning>,
    /// What the value tells.
    pub derived: Derived,
}

impl std::fmt::Debug for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verdict").field("warnings", &self.warnings).finish_non_exhaustive()
    }
}

impl Verdict {
    fn plain(value: String) -> Self {
        Self { value, warnings: Vec::new(), derived: Derived::default() }
    }
}

/// Checks `input` under `rule` on the day `on`.
///
/// # Errors
/// The first [`RuleCode`] in the order FORMAT, DATE, CHECKSUM, table look-up.
pub fn check(rule: RuleId, input: &str, on: Date) -> Result<Verdict, RuleError> {
    match rule {
        RuleId::ResidentId => identity::resident(input, on),
        RuleId::ResidentId15 => identity::resident_15(input, on),
        RuleId::HmtResidencePermit => identity::hmt_residence_permit(input, on),
        RuleId::ForeignerId => identity::foreigner(input, on),
        RuleId::ForeignerId2017 => identity::foreigner_2017(input),
        RuleId::DivisionCode => division::check_code(input),
        RuleId::Passport => travel::passport(input),
        RuleId::PassportOld => travel::passport_old(input),
        RuleId::PassportOfficial => travel::passport_official(input),
        RuleId::PassportMrz => travel::passport_mrz(input, on),
        RuleId::HkMacaoPermit => travel::hk_macao_permit(input),
        RuleId::TaiwanPermit => travel::taiwan_permit(input),
        RuleId::HmMainlandPermit => travel::hm_mainland_permit(input),
        RuleId::TwMainlandPermit => travel::tw_mainland_permit(input),
        RuleId::Uscc => organisation::uscc(input),
        RuleId::OrganisationCode => organisation::organisation_code(input),
        RuleId::Mobile => contact::mobile(input),
        RuleId::Landline => contact::landline(input),
        RuleId::OverseasPhone => contact::overseas_phone(input),
        RuleId::PostCode => contact::post_code(input),
        RuleId::Plate => vehicle::plate(input),
        RuleId::Vin => vehicle::vin(input),
        RuleId::VinTail => vehicle::vin_tail(input),
        RuleId::EngineNumber => vehicle::engine_number(input),
        RuleId::LicenceFileNumber => driving::licence_file_number(input),
        RuleId::PersonName => person_name::person_name(input),
        RuleId::Sex => code_lists::coded(code_lists::SEX, input),
        RuleId::EthnicGroup => code_lists::coded(code_lists::ETHNIC_GROUP, input),
        RuleId::RelationToHead => code_lists::coded(code_lists::RELATION_TO_HEAD, input),
        RuleId::MaritalStatus => code_lists::coded(code_lists::MARITAL_STATUS, input),
        RuleId::Education => code_lists::coded(code_lists::EDUCATION, input),
        RuleId::BirthCertificate => identity::birth_certificate(input),
    }
}
