//! Masks for screens, paper slips and boards: what a passer-by may see of a person.
//! Invariants: the number of characters stays, so that a holder recognises the own number; nothing panics on any text.
//! Deliberately not here: logs, which carry no personal values at all (see `crate::sensitive`).

/// The mask of one Chinese character in a name (full-width asterisk, so that columns keep their width).
pub const NAME_MASK: char = '＊';

/// An identity or document number: the first 3 and last 4 characters stay, `330***********1528`.
/// A value of seven characters or fewer is hidden whole.
pub fn id_number(number: &str) -> String {
    keep_ends(number, 3, 4)
}

/// A phone number: the first 3 and last 4 characters stay from eleven characters on, `138****2046`;
/// a shorter one shows its last 2 only.
pub fn phone(number: &str) -> String {
    if number.chars().count() >= 11 { keep_ends(number, 3, 4) } else { keep_ends(number, 0, 2) }
}

/// A name: the first character stays, each other becomes [`NAME_MASK`]; the middle dot stays as it parts the name.
/// A name of one character is hidden whole.
pub fn name(name: &str) -> String {
    let single = name.chars().count() == 1;
    name.chars().enumerate().map(|(place, c)| if c == '·' || (place == 0 && !single) { c } else { NAME_MASK }).collect()
}

fn keep_ends(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let shown = |place: usize| length > head + tail && (place < head || place >= length - tail);
    text.chars().enumerate().map(|(place, c)| if shown(place) { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_three_and_four() {
        assert_eq!(id_number("330304198512311528"), "330***********1528");
        assert_eq!(id_number("E00000001"), "E00**0001");
        assert_eq!(id_number("1234567"), "*******");
        assert_eq!(id_number(""), "");
    }

    #[test]
    fn phones_keep_three_and_four_and_short_ones_two() {
        assert_eq!(phone("13800002046"), "138****2046");
        assert_eq!(phone("88000012"), "******12");
        assert_eq!(phone("1"), "*");
    }

    #[test]
    fn names_keep_the_first_character() {
        assert_eq!(name("欧阳娜娜"), "欧＊＊＊");
        assert_eq!(name("阿依古丽·买买提"), "阿＊＊＊·＊＊＊");
        assert_eq!(name("王"), "＊");
        assert_eq!(name(""), "");
        assert_eq!(name("𬭊一"), "𬭊＊");
    }
}
