//! Test vectors of every field rule, as published for the rule and not as computed here: sample numbers are synthetic
//! (order codes 996 to 999, plates with Z, maker codes L0*), none belongs to a person.

use jiff::civil::{Date, date};

use super::identity::{card_agrees, check_character, dispatch};
use super::vehicle::{PlateKind, plate_kind};
use super::{RuleCode, RuleId, Sex, Warning, age, check, division, travel};

const TODAY: Date = date(2026, 11, 22);

/// Values each rule accepts.
pub(super) const VALID: &[(RuleId, &str)] = &[
    (RuleId::ResidentId, "330304190002289978"),
    (RuleId::ResidentId, "330304200002299988"),
    (RuleId::ResidentId, "330327198512319963"),
    (RuleId::ResidentId, "410402201801019994"),
    (RuleId::ResidentId, "350902196307129984"),
    (RuleId::ResidentId, "33028219991101997X"),
    (RuleId::ResidentId, "33028219991101997x"),
    (RuleId::ResidentId, "330399200002299984"),
    (RuleId::DivisionCode, "330304"),
    (RuleId::DivisionCode, "410402"),
    (RuleId::DivisionCode, "350902"),
    (RuleId::HmtResidencePermit, "81000019900515997X"),
    (RuleId::HmtResidencePermit, "820000200102039985"),
    (RuleId::HmtResidencePermit, "830000197811119993"),
    (RuleId::ForeignerId, "93384019800101997X"),
    (RuleId::ForeignerId, "911392199206309987"),
    (RuleId::ForeignerId, "931276197512249993"),
    (RuleId::ForeignerId2017, "USA330080010101"),
    (RuleId::Passport, "E00000001"),
    (RuleId::Passport, "EZ0000001"),
    (RuleId::Passport, "EA1234567"),
    (RuleId::Passport, "e00000001"),
    (RuleId::PassportOld, "G00000001"),
    (RuleId::PassportOld, "141234567"),
    (RuleId::PassportOld, "151234567"),
    (RuleId::PassportOfficial, "SE0000001"),
    (RuleId::PassportOfficial, "DE0000001"),
    (RuleId::PassportOfficial, "PE0000001"),
    (RuleId::HkMacaoPermit, "C00000001"),
    (RuleId::HkMacaoPermit, "CA0000001"),
    (RuleId::HkMacaoPermit, "W00000001"),
    (RuleId::TaiwanPermit, "L00000001"),
    (RuleId::TaiwanPermit, "L12345678"),
    (RuleId::TaiwanPermit, "T00000001"),
    (RuleId::HmMainlandPermit, "H00000001"),
    (RuleId::HmMainlandPermit, "M0000000100"),
    (RuleId::HmMainlandPermit, "H1234567802"),
    (RuleId::TwMainlandPermit, "00000001"),
    (RuleId::TwMainlandPermit, "12345678"),
    (RuleId::TwMainlandPermit, "0000000101"),
    (RuleId::PassportMrz, "EZ00000014CHN0002299F3611214<<<<<<<<<<<<<<00"),
    (RuleId::PassportMrz, "E000000020CHN8512316F3307043<<<<<<<<<<<<<<06"),
    (RuleId::PassportMrz, "EX12345675CHN1801019F3101012<<<<<<<<<<<<<<04"),
    (RuleId::Uscc, "91330304MA0TEAT01Y"),
    (RuleId::Uscc, "92330327MA2TEAT13R"),
    (RuleId::Uscc, "124104000000000199"),
    (RuleId::Uscc, "523303045012345695"),
    (RuleId::OrganisationCode, "00000001-9"),
    (RuleId::OrganisationCode, "MA2TEAT1-3"),
    (RuleId::OrganisationCode, "50123456-9"),
    (RuleId::OrganisationCode, "D2143569-X"),
    (RuleId::OrganisationCode, "MA0TEAT0-1"),
    (RuleId::Mobile, "13000000000"),
    (RuleId::Mobile, "17700000000"),
    (RuleId::Mobile, "+86 199 0000 0000"),
    (RuleId::Landline, "0577-88000000"),
    (RuleId::Landline, "010-60000000"),
    (RuleId::Landline, "057788000000"),
    (RuleId::OverseasPhone, "+390212345678"),
    (RuleId::PostCode, "325000"),
    (RuleId::PostCode, "467000"),
    (RuleId::PostCode, "352100"),
    (RuleId::Plate, "浙Z12345"),
    (RuleId::Plate, "闽Z1A23B"),
    (RuleId::Plate, "豫ZD12345"),
    (RuleId::Plate, "浙ZFA1234"),
    (RuleId::Plate, "浙Z12345D"),
    (RuleId::Plate, "浙Z1234学"),
    (RuleId::Plate, "浙Z1234挂"),
    (RuleId::Plate, "粤Z1234港"),
    (RuleId::Plate, "浙ZABC12"),
    (RuleId::Plate, "浙z12345"),
    (RuleId::Vin, "L0TST1238SA000001"),
    (RuleId::Vin, "L0KKA9B13TZ123456"),
    (RuleId::Vin, "L0Z5CLND0PB900007"),
    (RuleId::Vin, "L0TST123XRA000009"),
    (RuleId::VinTail, "0001"),
    (RuleId::VinTail, " 4567"),
    (RuleId::BirthCertificate, "T330000001"),
    (RuleId::BirthCertificate, "x 320101001"),
    (RuleId::EngineNumber, "B000001"),
    (RuleId::EngineNumber, "LX-4G15*00001"),
    (RuleId::EngineNumber, "TZ220XS0001"),
    (RuleId::LicenceFileNumber, "330300000123"),
    (RuleId::LicenceFileNumber, "410400987654"),
    (RuleId::LicenceFileNumber, "350900000001"),
    (RuleId::PersonName, "欧阳娜娜"),
    (RuleId::PersonName, "阿依古丽·买买提"),
    (RuleId::PersonName, "王"),
    (RuleId::PersonName, "王𬭊"),
    (RuleId::PersonName, "王㛃"),
    (RuleId::PersonName, "阿卜杜拉提普·阿卜杜热合曼阿吉"),
    (RuleId::EthnicGroup, "17"),
    (RuleId::MaritalStatus, "22"),
];

/// Values each rule refuses, with the code where one is published.
const INVALID: &[(RuleId, &str, RuleCode)] = &[
    (RuleId::ResidentId, "330304200002299980", RuleCode::Checksum),
    (RuleId::ResidentId, "330304200102299985", RuleCode::Date),
    (RuleId::ResidentId, "330304200013019988", RuleCode::Date),
    (RuleId::ResidentId, "33030420261123998X", RuleCode::DateFuture),
    (RuleId::ResidentId, "330372198512319963", RuleCode::Checksum),
    (RuleId::ResidentId, "33030420000229998", RuleCode::Format),
    (RuleId::ResidentId, "930304200002299988", RuleCode::Format),
    (RuleId::ResidentId, "3303042000022999A8", RuleCode::Format),
    (RuleId::ResidentId, "000000000000000000", RuleCode::Format),
    (RuleId::ResidentId, "330***********9988", RuleCode::Format),
    (RuleId::ResidentId15, "330304851331997", RuleCode::Date),
    (RuleId::ResidentId15, "33030485123199", RuleCode::Format),
    (RuleId::ResidentId15, "33030485123199X", RuleCode::Format),
    (RuleId::ResidentId15, "930304851231997", RuleCode::Format),
    (RuleId::DivisionCode, "330399", RuleCode::Division),
    (RuleId::DivisionCode, "3303", RuleCode::Format),
    (RuleId::DivisionCode, "990101", RuleCode::Province),
    (RuleId::DivisionCode, "000000", RuleCode::Province),
    (RuleId::HmtResidencePermit, "810000199005159971", RuleCode::Checksum),
    (RuleId::HmtResidencePermit, "810100199005159975", RuleCode::Division),
    (RuleId::HmtResidencePermit, "840000199005159975", RuleCode::Division),
    (RuleId::HmtResidencePermit, "830000199002309972", RuleCode::Date),
    (RuleId::HmtResidencePermit, "H00000000", RuleCode::Format),
    (RuleId::ForeignerId, "933840198001019970", RuleCode::Checksum),
    (RuleId::ForeignerId, "933840198013019977", RuleCode::Date),
    (RuleId::ForeignerId, "999840198001019976", RuleCode::Province),
    (RuleId::ForeignerId, "3384019800101997X", RuleCode::Format),
    (RuleId::ForeignerId, "USA330080010101", RuleCode::Format),
    (RuleId::ForeignerId2017, "XQZ330080010101", RuleCode::Nation),
    (RuleId::Passport, "E0000001", RuleCode::Format),
    (RuleId::Passport, "EI1234567", RuleCode::Format),
    (RuleId::Passport, "EO1234567", RuleCode::Format),
    (RuleId::PassportOld, "G0000001", RuleCode::Format),
    (RuleId::PassportOld, "161234567", RuleCode::Format),
    (RuleId::PassportOld, "H00000001", RuleCode::Format),
    (RuleId::PassportOfficial, "SE000001", RuleCode::Format),
    (RuleId::PassportOfficial, "XE0000001", RuleCode::Format),
    (RuleId::PassportOfficial, "S0000001", RuleCode::Format),
    (RuleId::HkMacaoPermit, "C0000001", RuleCode::Format),
    (RuleId::HkMacaoPermit, "CI0000001", RuleCode::Format),
    (RuleId::HkMacaoPermit, "D00000001", RuleCode::Format),
    (RuleId::TaiwanPermit, "L0000001", RuleCode::Format),
    (RuleId::TaiwanPermit, "K00000001", RuleCode::Format),
    (RuleId::TaiwanPermit, "L0000000A", RuleCode::Format),
    (RuleId::HmMainlandPermit, "A00000001", RuleCode::Format),
    (RuleId::HmMainlandPermit, "H0000001", RuleCode::Format),
    (RuleId::HmMainlandPermit, "H000000011", RuleCode::Format),
    (RuleId::TwMainlandPermit, "1234567", RuleCode::Format),
    (RuleId::TwMainlandPermit, "123456789", RuleCode::Format),
    (RuleId::TwMainlandPermit, "A1234567", RuleCode::Format),
    (RuleId::PassportMrz, "EZ00000014CHN0002299F3611214<<<<<<<<<<<<<<0", RuleCode::Format),
    (RuleId::PassportMrz, "eZ00000014CHN0002299F3611214<<<<<<<<<<<<<<00", RuleCode::Format),
    (RuleId::Uscc, "92330327MA2TEAT13T", RuleCode::Checksum),
    (RuleId::Uscc, "92330327MI2TEAT13R", RuleCode::Format),
    (RuleId::Uscc, "92330327MA2TEAT13", RuleCode::Format),
    (RuleId::Uscc, "92330327MA2TEAT10G", RuleCode::OrgChecksum),
    (RuleId::Uscc, "91350100M000100Y4Z", RuleCode::Format),
    (RuleId::OrganisationCode, "00000001-8", RuleCode::Checksum),
    (RuleId::OrganisationCode, "0000001-9", RuleCode::Format),
    (RuleId::OrganisationCode, "MA2TEAT1-x", RuleCode::Format),
    (RuleId::Mobile, "12000000000", RuleCode::Format),
    (RuleId::Mobile, "1380000000", RuleCode::Format),
    (RuleId::Mobile, "138000000000", RuleCode::Format),
    (RuleId::Mobile, "1380000000a", RuleCode::Format),
    (RuleId::Landline, "577-88000000", RuleCode::Format),
    (RuleId::Landline, "0577-880000", RuleCode::Format),
    (RuleId::Landline, "00-1234567", RuleCode::Format),
    (RuleId::OverseasPhone, "00390212345678", RuleCode::Format),
    (RuleId::OverseasPhone, "+0390212345678", RuleCode::Format),
    (RuleId::PostCode, "32500", RuleCode::Format),
    (RuleId::PostCode, "3250001", RuleCode::Format),
    (RuleId::PostCode, "A25000", RuleCode::Format),
    (RuleId::PostCode, "000000", RuleCode::Province),
    (RuleId::Plate, "浙ZI2345", RuleCode::Format),
    (RuleId::Plate, "浙ZO1234", RuleCode::Format),
    (RuleId::Plate, "浙Z1234", RuleCode::Format),
    (RuleId::Plate, "浙Z123456", RuleCode::Format),
    (RuleId::Plate, "浙ZL12345", RuleCode::Format),
    (RuleId::Plate, "浙ZF1234A", RuleCode::Format),
    (RuleId::Plate, "警Z12345", RuleCode::Province),
    (RuleId::Vin, "L0TST1231SA000001", RuleCode::Checksum),
    (RuleId::Vin, "L0TS1T238SA000001", RuleCode::Checksum),
    (RuleId::Vin, "L0TOT1238SA000001", RuleCode::Format),
    (RuleId::Vin, "L0TST1238SA00000", RuleCode::Format),
    (RuleId::Vin, "L0TST1238UA000001", RuleCode::YearChar),
    (RuleId::VinTail, "001", RuleCode::Format),
    (RuleId::VinTail, "00001", RuleCode::Format),
    (RuleId::VinTail, "00O1", RuleCode::Format),
    (RuleId::BirthCertificate, "330000001", RuleCode::Format),
    (RuleId::BirthCertificate, "T33000001", RuleCode::Format),
    (RuleId::BirthCertificate, "TT30000001", RuleCode::Format),
    (RuleId::EngineNumber, "abc", RuleCode::Format),
    (RuleId::EngineNumber, "发动机1", RuleCode::Format),
    (RuleId::EngineNumber, "B000001B000001B000001B000001B00", RuleCode::Format),
    (RuleId::LicenceFileNumber, "33030000012", RuleCode::Format),
    (RuleId::LicenceFileNumber, "33030000012A", RuleCode::Format),
    (RuleId::LicenceFileNumber, "000000000000", RuleCode::Format),
    (RuleId::LicenceFileNumber, "990000000001", RuleCode::Format),
    (RuleId::LicenceFileNumber, "190000000001", RuleCode::Province),
    (RuleId::PersonName, "阿依古丽·", RuleCode::Format),
    (RuleId::PersonName, "·买买提", RuleCode::Format),
    (RuleId::PersonName, "阿··买", RuleCode::Format),
    (RuleId::PersonName, "张a", RuleCode::Format),
    (RuleId::PersonName, "赵1", RuleCode::Format),
    (RuleId::PersonName, "", RuleCode::Format),
];

#[test]
fn valid_values_are_accepted() {
    for (rule, value) in VALID {
        assert!(check(*rule, value, TODAY).is_ok(), "{rule} {value}: {:?}", check(*rule, value, TODAY));
    }
}

#[test]
fn invalid_values_give_their_code() {
    for (rule, value, code) in INVALID {
        assert_eq!(check(*rule, value, TODAY), Err((*code).into()), "{rule} {value}");
    }
}

#[test]
fn resident_ids_tell_division_birth_sex_and_age() {
    for (number, name, birth, sex, years) in [
        ("330304190002289978", "瓯海区", date(1900, 2, 28), Sex::Male, 126),
        ("330304200002299988", "瓯海区", date(2000, 2, 29), Sex::Female, 26),
        ("330327198512319963", "苍南县", date(1985, 12, 31), Sex::Female, 40),
        ("410402201801019994", "新华区", date(2018, 1, 1), Sex::Male, 8),
        ("350902196307129984", "蕉城区", date(1963, 7, 12), Sex::Female, 63),
        ("33028219991101997x", "慈溪市", date(1999, 11, 1), Sex::Male, 27),
    ] {
        let verdict = check(RuleId::ResidentId, number, TODAY).expect(number);
        assert_eq!(verdict.value, number.to_uppercase());
        assert_eq!(verdict.warnings, [], "{number}");
        assert_eq!(verdict.derived.division.map(|division| division.name), Some(name));
        assert_eq!((verdict.derived.birth, verdict.derived.sex), (Some(birth), Some(sex)), "{number}");
        assert_eq!(age::completed_years(birth, TODAY), years, "{number}");
    }
}

#[test]
fn an_unknown_division_is_a_warning() {
    let verdict = check(RuleId::ResidentId, "330399200002299984", TODAY).expect("accepted");
    assert_eq!(verdict.warnings, [Warning::Division]);
    assert_eq!(verdict.derived.division, None);
    assert!(Warning::Division.needs_counter());
    assert_eq!(Warning::Division.to_string(), "DIVISION");
}

#[test]
fn full_width_digits_and_spaces_are_folded() {
    let verdict = check(RuleId::ResidentId, "　３３０２８２１９９９１１０１９９７ｘ ", TODAY).expect("accepted");
    assert_eq!(verdict.value, "33028219991101997X");
}

#[test]
fn old_numbers_become_eighteen_characters() {
    for (old, new) in [
        ("330304851231997", "330304198512319977"),
        ("350902630712998", "350902196307129984"),
        ("410402720101996", "410402197201019967"),
    ] {
        assert_eq!(check(RuleId::ResidentId15, old, TODAY).map(|verdict| verdict.value), Ok(new.to_owned()));
    }
}

#[test]
fn permits_and_foreigner_ids_tell_the_sex() {
    for (rule, number, sex) in [
        (RuleId::HmtResidencePermit, "81000019900515997X", Sex::Male),
        (RuleId::HmtResidencePermit, "820000200102039985", Sex::Female),
        (RuleId::HmtResidencePermit, "830000197811119993", Sex::Male),
        (RuleId::ForeignerId, "93384019800101997X", Sex::Male),
    ] {
        assert_eq!(check(rule, number, TODAY).map(|verdict| verdict.derived.sex), Ok(Some(sex)), "{number}");
    }
}

#[test]
fn the_division_table_holds_today_and_yesterday() {
    for (code, name) in [
        (330_304, "瓯海区"),
        (330_327, "苍南县"),
        (330_282, "慈溪市"),
        (350_902, "蕉城区"),
        (410_402, "新华区"),
        (410_403, "卫东区"),
        (410_404, "石龙区"),
        (410_411, "湛河区"),
        (330_383, "龙港市"),
        (110_103, "崇文区"),
    ] {
        assert_eq!(division::find(code, 2018).map(|row| row.name), Some(name), "{code}");
    }
    assert_eq!(division::periods(330_399), []);
    assert_eq!(division::find(330_302, 1983).map(|row| row.name), Some("城区"), "renamed 鹿城区 in 1984");
    assert_eq!(division::find(330_302, 2018).map(|row| row.name), Some("鹿城区"));
}

#[test]
fn a_code_bears_no_name_from_before_numbers_were_given() {
    let seventeen = *b"33032719630712998";
    let number = format!("33032719630712998{}", check_character(&seventeen));
    let verdict = check(RuleId::ResidentId, &number, TODAY).expect("a right number");
    assert_eq!(verdict.derived.division.map(|row| row.name), Some("苍南县"), "泰顺县 carried the code until 1981");
}

#[test]
fn a_card_that_differs_from_its_number_is_noticed() {
    let derived = check(RuleId::ResidentId, "330304200002299988", TODAY).expect("a right number").derived;
    assert!(card_agrees(&derived, Sex::Female, date(2000, 2, 29)));
    assert!(!card_agrees(&derived, Sex::Male, date(2000, 2, 29)));
    assert!(!card_agrees(&derived, Sex::Female, date(2000, 2, 28)));
}

#[test]
fn shapes_lead_to_rules_and_eight_digits_to_none() {
    for (text, rule) in [
        ("330304851231997", Some(RuleId::ResidentId15)),
        ("81000019900515997X", Some(RuleId::HmtResidencePermit)),
        ("330304200002299988", Some(RuleId::ResidentId)),
        ("93384019800101997X", Some(RuleId::ForeignerId)),
        ("USA330080010101", Some(RuleId::ForeignerId2017)),
        ("EZ0000001", Some(RuleId::Passport)),
        ("G00000001", Some(RuleId::PassportOld)),
        ("M0000000100", Some(RuleId::HmMainlandPermit)),
        ("12345678", None),
        ("", None),
    ] {
        assert_eq!(dispatch(text), rule, "{text}");
    }
}

#[test]
fn a_machine_readable_line_tells_its_holder() {
    let read = travel::read_mrz("E000000020CHN8512316F3307043<<<<<<<<<<<<<<06", TODAY);
    let Ok(read) = read else { panic!("a right line") };
    assert_eq!((read.number.as_str(), read.nationality.as_str()), ("E00000002", "CHN"));
    assert_eq!((read.birth, read.expiry), (date(1985, 12, 31), date(2033, 7, 4)));
    assert_eq!((read.sex, read.personal_number.as_str()), (Some(Sex::Female), ""));
}

#[test]
fn any_changed_digit_breaks_a_machine_readable_line() {
    let line = "EZ00000014CHN0002299F3611214<<<<<<<<<<<<<<00";
    for (place, old) in line.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        for digit in ('0'..='9').filter(|digit| *digit != old) {
            let changed: String = line.char_indices().map(|(at, c)| if at == place { digit } else { c }).collect();
            assert!(check(RuleId::PassportMrz, &changed, TODAY).is_err(), "{changed}");
        }
    }
}

#[test]
fn plates_have_kinds_and_capitals() {
    for (plate, kind) in [
        ("浙Z12345", PlateKind::Ordinary),
        ("闽Z1A23B", PlateKind::Ordinary),
        ("豫ZD12345", PlateKind::NewEnergySmall),
        ("浙ZFA1234", PlateKind::NewEnergySmall),
        ("浙Z12345D", PlateKind::NewEnergyLarge),
        ("浙Z1234学", PlateKind::Suffix),
        ("浙Z1234挂", PlateKind::Suffix),
        ("粤Z1234港", PlateKind::CrossBorder),
    ] {
        assert_eq!(plate_kind(plate), Ok(kind), "{plate}");
    }
    assert_eq!(plate_kind("浙z12345"), Err(RuleCode::Format.into()), "before normalising");
    assert_eq!(check(RuleId::Plate, "浙z12345", TODAY).map(|verdict| verdict.value), Ok("浙Z12345".to_owned()));
    let many = check(RuleId::Plate, "浙ZABC12", TODAY).map(|verdict| verdict.warnings);
    assert_eq!(many, Ok(vec![Warning::PlateLetters]));
}

#[test]
fn a_wrong_check_digit_on_an_imported_car_is_a_warning() {
    let verdict = check(RuleId::Vin, "W0TST1230SA000001", TODAY).map(|verdict| verdict.warnings);
    assert_eq!(verdict, Ok(vec![Warning::ImportedCheckDigit]));
}

#[test]
fn mobiles_lose_separators_and_country_code() {
    for text in ["+86 199 0000 0000", "86-199-0000-0000", "１９９００００００００"] {
        let value = check(RuleId::Mobile, text, TODAY).map(|verdict| verdict.value);
        assert_eq!(value, Ok("19900000000".to_owned()), "{text}");
    }
}

#[test]
fn names_are_mended_with_a_notice() {
    for (typed, stored, warnings) in [
        ("阿依古丽·买买提", "阿依古丽·买买提", vec![]),
        ("阿依古丽\u{2022}买买提", "阿依古丽·买买提", vec![Warning::DotConverted]),
        ("阿依古丽\u{FF0E}买买提", "阿依古丽·买买提", vec![Warning::DotConverted]),
        ("阿依古丽\u{30FB}买买提", "阿依古丽·买买提", vec![Warning::DotConverted]),
        ("阿依古丽\u{2027}买买提", "阿依古丽·买买提", vec![Warning::DotConverted]),
        ("阿依古丽.买买提", "阿依古丽·买买提", vec![Warning::DotConverted]),
        ("李 明", "李明", vec![Warning::SpaceRemoved]),
        ("王\u{E863}", "王\u{E863}", vec![Warning::LegacyGlyph]),
    ] {
        let verdict = check(RuleId::PersonName, typed, TODAY).expect(typed);
        assert_eq!((verdict.value.as_str(), verdict.warnings), (stored, warnings), "{typed}");
    }
}

#[test]
fn rule_names_are_read_as_written() {
    for rule in RuleId::ALL {
        assert_eq!(rule.to_string().parse(), Ok(*rule));
        assert_eq!(serde_json::to_string(rule).ok(), Some(format!("\"{rule}\"")));
    }
    assert!("resident".parse::<RuleId>().is_err());
    assert_eq!(RuleCode::DateFuture.to_string(), "DATE_FUTURE");
}

#[test]
fn a_verdict_shows_nothing_of_the_person() {
    let verdict = check(RuleId::ResidentId, "330304200002299988", TODAY).expect("a right number");
    let shown = format!("{verdict:?} {:?}", verdict.derived);
    assert!(!shown.contains("3303") && !shown.contains("2000") && !shown.contains("Female"), "{shown}");
}
