//! Body conditions of drivers (order 162, articles 14 and 15): a report and a class give the list of failed tests.
//! The report is health data: callers keep it out of logs and store only the result for the class.
//! Deliberately not here: how a machine measures.

use super::LicenceClass;
use super::classes::ABILITY_TEST_AGE;

/// Hearing of both ears with a fork at 50 cm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearing {
    /// Each ear tells the direction.
    BothEars,
    /// Each ear tells the direction with a hearing aid.
    WithAid,
    /// At most one ear does.
    OneEarOrNone,
}

/// State of the upper limbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpperLimbs {
    /// Both thumbs whole, three other fingers each hand, normal movement.
    Whole,
    /// A finger tip is missing, palms whole.
    FingerTipLoss,
    /// The left hand has three fingers, palms whole.
    LeftThreeFingers,
    /// A thumb is missing.
    ThumbMissing,
    /// One palm is lost; the other hand has its thumb and two fingers.
    OnePalmLost,
    /// Both palms are lost.
    BothPalmsLost,
}

/// State of the lower limbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LowerLimbs {
    /// Both whole.
    Whole {
        /// Difference in length, cm.
        difference_cm: u8,
    },
    /// Left leg lost, right one normal.
    LeftLost,
    /// Right or both legs lost.
    RightOrBothLost {
        /// Can sit without help.
        can_sit: bool,
    },
}

/// What a medical examination found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyReport {
    /// Height, cm.
    pub height_cm: u16,
    /// Left eye, naked or corrected, log chart times ten (5.0 is 50).
    pub left_eye: u8,
    /// Right eye, the same.
    pub right_eye: u8,
    /// For a one-eye impairment: horizontal field of the good eye, degrees.
    pub one_eye_field: Option<u16>,
    /// Red-green blindness.
    pub red_green_blind: bool,
    /// Hearing.
    pub hearing: Hearing,
    /// Upper limbs.
    pub upper_limbs: UpperLimbs,
    /// Lower limbs.
    pub lower_limbs: LowerLimbs,
    /// Movement disorder of trunk or neck.
    pub trunk_or_neck_disorder: bool,
    /// Passed the test of memory, judgement and reaction.
    pub ability_test_passed: bool,
    /// Declared one of the listed illnesses, or drugs within three years.
    pub declared_illness: bool,
}

/// A test that was not passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyFail {
    /// Height.
    Height,
    /// Vision.
    Vision,
    /// Colour.
    Colour,
    /// Hearing.
    Hearing,
    /// Upper limbs.
    UpperLimbs,
    /// Lower limbs.
    LowerLimbs,
    /// Trunk or neck.
    TrunkOrNeck,
    /// Ability test from 70 years.
    AbilityTest,
    /// Declared illness.
    DeclaredIllness,
}

/// The failed tests for `class` at `age` completed years; empty = fit to drive it.
pub fn body_conditions(class: LicenceClass, age: u8, report: &BodyReport) -> Vec<BodyFail> {
    let asks_ability = class.maximum_age().is_none() && age >= ABILITY_TEST_AGE;
    [
        (BodyFail::Height, report.height_cm >= minimum_height(class)),
        (BodyFail::Vision, vision_fits(class, report)),
        (BodyFail::Colour, !report.red_green_blind),
        (BodyFail::Hearing, hearing_fits(class, report.hearing)),
        (BodyFail::UpperLimbs, upper_limbs_fit(class, report)),
        (BodyFail::LowerLimbs, lower_limbs_fit(class, report.lower_limbs)),
        (BodyFail::TrunkOrNeck, !report.trunk_or_neck_disorder),
        (BodyFail::AbilityTest, !asks_ability || report.ability_test_passed),
        (BodyFail::DeclaredIllness, !report.declared_illness),
    ]
    .into_iter()
    .filter_map(|(fail, passed)| (!passed).then_some(fail))
    .collect()
}

fn minimum_height(class: LicenceClass) -> u16 {
    use LicenceClass::{A1, A2, A3, B1, B2, N};
    if matches!(class, A1 | A2 | A3 | B2 | N) {
        155
    } else if class == B1 {
        150
    } else {
        0
    }
}

fn vision_fits(class: LicenceClass, report: &BodyReport) -> bool {
    use LicenceClass::{A1, A2, A3, B1, B2, C1, C2, C3, C4, C5, N, P};
    let weaker = report.left_eye.min(report.right_eye);
    let better = report.left_eye.max(report.right_eye);
    match report.one_eye_field {
        Some(degrees) => matches!(class, C1 | C2 | C3 | C4 | C5) && better >= 50 && degrees >= 150,
        None if matches!(class, A1 | A2 | A3 | B1 | B2 | N | P) => weaker >= 50,
        None => weaker >= 49,
    }
}

fn hearing_fits(class: LicenceClass, hearing: Hearing) -> bool {
    match hearing {
        Hearing::BothEars => true,
        Hearing::WithAid => matches!(class, LicenceClass::C1 | LicenceClass::C2),
        Hearing::OneEarOrNone => false,
    }
}

fn upper_limbs_fit(class: LicenceClass, report: &BodyReport) -> bool {
    use LicenceClass::{C1, C2, C3, C4, C5};
    match report.upper_limbs {
        UpperLimbs::Whole => true,
        UpperLimbs::FingerTipLoss | UpperLimbs::LeftThreeFingers => matches!(class, C1 | C2 | C3 | C4),
        UpperLimbs::OnePalmLost => class == C5 && matches!(report.lower_limbs, LowerLimbs::Whole { .. }),
        UpperLimbs::ThumbMissing | UpperLimbs::BothPalmsLost => false,
    }
}

fn lower_limbs_fit(class: LicenceClass, lower: LowerLimbs) -> bool {
    match lower {
        LowerLimbs::Whole { difference_cm } => difference_cm <= 5,
        LowerLimbs::LeftLost => class == LicenceClass::C2,
        LowerLimbs::RightOrBothLost { can_sit } => class == LicenceClass::C5 && can_sit,
    }
}

#[cfg(test)]
mod tests {
    use super::LicenceClass::*;
    use super::*;

    const FIT: BodyReport = BodyReport {
        height_cm: 170,
        left_eye: 51,
        right_eye: 51,
        one_eye_field: None,
        red_green_blind: false,
        hearing: Hearing::BothEars,
        upper_limbs: UpperLimbs::Whole,
        lower_limbs: LowerLimbs::Whole { difference_cm: 0 },
        trunk_or_neck_disorder: false,
        ability_test_passed: false,
        declared_illness: false,
    };

    fn expect(class: LicenceClass, report: BodyReport, fails: &[BodyFail]) {
        assert_eq!(body_conditions(class, 40, &report), fails, "{class:?} {report:?}");
    }

    #[test]
    fn height() {
        for (class, height_cm, passes) in
            [(A1, 155, true), (B1, 150, true), (C1, 120, true), (A1, 154, false), (B1, 149, false), (A3, 154, false)]
        {
            let fails: &[_] = if passes { &[] } else { &[BodyFail::Height] };
            expect(class, BodyReport { height_cm, ..FIT }, fails);
        }
    }

    #[test]
    fn vision() {
        for (class, left_eye, right_eye, one_eye_field, passes) in [
            (A1, 50, 50, None, true),
            (C1, 49, 49, None, true),
            (C1, 51, 49, None, true),
            (A1, 50, 49, None, false),
            (C1, 48, 52, None, false),
            (B2, 49, 49, None, false),
            (C1, 50, 0, Some(150), true),
            (A3, 50, 0, Some(150), false),
            (C1, 49, 0, Some(150), false),
            (C1, 50, 0, Some(149), false),
        ] {
            let fails: &[_] = if passes { &[] } else { &[BodyFail::Vision] };
            expect(class, BodyReport { left_eye, right_eye, one_eye_field, ..FIT }, fails);
        }
    }

    #[test]
    fn colour_hearing_and_trunk() {
        expect(C1, BodyReport { red_green_blind: true, ..FIT }, &[BodyFail::Colour]);
        expect(C1, BodyReport { hearing: Hearing::WithAid, ..FIT }, &[]);
        expect(B2, BodyReport { hearing: Hearing::WithAid, ..FIT }, &[BodyFail::Hearing]);
        expect(C1, BodyReport { hearing: Hearing::OneEarOrNone, ..FIT }, &[BodyFail::Hearing]);
        expect(C1, BodyReport { trunk_or_neck_disorder: true, ..FIT }, &[BodyFail::TrunkOrNeck]);
        expect(C1, BodyReport { declared_illness: true, ..FIT }, &[BodyFail::DeclaredIllness]);
    }

    #[test]
    fn limbs() {
        let upper = |upper_limbs| BodyReport { upper_limbs, ..FIT };
        let lower = |lower_limbs| BodyReport { lower_limbs, ..FIT };
        expect(C1, upper(UpperLimbs::LeftThreeFingers), &[]);
        expect(B1, upper(UpperLimbs::LeftThreeFingers), &[BodyFail::UpperLimbs]);
        expect(C1, upper(UpperLimbs::ThumbMissing), &[BodyFail::UpperLimbs]);
        expect(C1, lower(LowerLimbs::Whole { difference_cm: 5 }), &[]);
        expect(C1, lower(LowerLimbs::Whole { difference_cm: 6 }), &[BodyFail::LowerLimbs]);
        expect(C2, lower(LowerLimbs::LeftLost), &[]);
        expect(C1, lower(LowerLimbs::LeftLost), &[BodyFail::LowerLimbs]);
        expect(C5, lower(LowerLimbs::RightOrBothLost { can_sit: true }), &[]);
        expect(C5, lower(LowerLimbs::RightOrBothLost { can_sit: false }), &[BodyFail::LowerLimbs]);
        expect(C5, upper(UpperLimbs::OnePalmLost), &[]);
        expect(C5, upper(UpperLimbs::BothPalmsLost), &[BodyFail::UpperLimbs]);
    }

    #[test]
    fn ability_test_from_seventy() {
        for class in [C1, C2, C5, F] {
            assert_eq!(body_conditions(class, 70, &FIT), [BodyFail::AbilityTest], "{class:?}");
            assert_eq!(body_conditions(class, 69, &FIT), [], "{class:?}");
            let passed = BodyReport { ability_test_passed: true, ..FIT };
            assert_eq!(body_conditions(class, 70, &passed), [], "{class:?}");
        }
    }
}
