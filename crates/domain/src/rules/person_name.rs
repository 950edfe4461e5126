//! Names of citizens: Chinese characters of GB 18030-2022 with amendment 1 (Unicode extensions A to I), parts joined by
//! the middle dot U+00B7. There is no limit on length: the police side has none, so none is asked for.
//! Deliberately not here: Latin names of foreigners, and whether a font can show a character.

use super::character::fold;
use super::{RuleCode, RuleError, Verdict, Warning};

const MIDDLE_DOT: char = '\u{B7}';

/// Rule `person-name`. Other dots become U+00B7, spaces are taken out, private-use code points are kept; each with a
/// warning to show.
///
/// # Errors
/// FORMAT: empty, a dot at an end or doubled, a letter, a digit or another sign.
pub fn person_name(input: &str) -> Result<Verdict, RuleError> {
    let mut warnings = Vec::new();
    let mut note = |warning| {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    };
    let mut value = String::with_capacity(input.len());
    for c in fold(input).chars() {
        if is_other_dot(c) {
            note(Warning::DotConverted);
            value.push(MIDDLE_DOT);
        } else if c.is_whitespace() {
            note(Warning::SpaceRemoved);
        } else {
            if is_private_use(c) {
                note(Warning::LegacyGlyph);
            }
            value.push(c);
        }
    }
    let part_fits = |part: &str| !part.is_empty() && part.chars().all(|c| is_han(c) || is_private_use(c));
    if !value.split(MIDDLE_DOT).all(part_fits) {
        return Err(RuleCode::Format.into());
    }
    Ok(Verdict { warnings, ..Verdict::plain(value) })
}

/// Dots that keyboards and old systems give for U+00B7; U+FF0E has become a full stop by folding.
fn is_other_dot(c: char) -> bool {
    matches!(c, '\u{2022}' | '\u{FF0E}' | '\u{30FB}' | '\u{2027}' | '.' | '。')
}

fn is_private_use(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}')
}

/// Unified ideographs with extensions A to I, the twelve of the compatibility block, and U+3007.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3007}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{FA0E}' | '\u{FA0F}' | '\u{FA11}' | '\u{FA13}' | '\u{FA14}' | '\u{FA1F}' | '\u{FA21}' | '\u{FA23}'
        | '\u{FA24}' | '\u{FA27}'..='\u{FA29}'
        | '\u{20000}'..='\u{2A6DF}'
        | '\u{2A700}'..='\u{2B739}'
        | '\u{2B740}'..='\u{2B81D}'
        | '\u{2B820}'..='\u{2CEA1}'
        | '\u{2CEB0}'..='\u{2EBE0}'
        | '\u{2EBF0}'..='\u{2EE5D}'
        | '\u{30000}'..='\u{3134A}'
        | '\u{31350}'..='\u{323AF}')
}
