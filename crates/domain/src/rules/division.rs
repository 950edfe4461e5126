//! Division codes (GB/T 2260), dated: every period of a code since the first edition we hold.
//! The table is `data/divisions.tsv` (source and licence beside it). Functional zones have no code and are left out.
//! Deliberately not here: streets and villages, which no identity number carries.

use std::sync::LazyLock;

use super::character::{fold, is_digits, number};
use super::{Derived, RuleCode, RuleError, Verdict};

/// One code under one name, for the years in which it carried it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// Six digits.
    pub code: u32,
    /// Name of the county, district, city or province, without those above it.
    pub name: &'static str,
    /// First year under this name; `None` = before our first edition (1980).
    pub first: Option<i16>,
    /// Last year under this name; `None` = still in use.
    pub last: Option<i16>,
}

static TABLE: LazyLock<Vec<Division>> =
    LazyLock::new(|| include_str!("../../data/divisions.tsv").lines().filter_map(parse).collect());

/// Province codes, first two digits (GB/T 2260), with Taiwan, Hong Kong and Macao; 83 is the permit code of Taiwan residents.
const PROVINCES: &[u32] = &[
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83,
];

fn parse(line: &'static str) -> Option<Division> {
    let mut parts = line.split('\t');
    let code = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let first = parts.next()?;
    let last = parts.next()?;
    Some(Division { code, name, first: first.parse().ok(), last: last.parse().ok() })
}

/// All periods of a code, oldest first; empty when no edition has it.
pub fn periods(code: u32) -> &'static [Division] {
    let start = TABLE.partition_point(|row| row.code < code);
    let end = TABLE.partition_point(|row| row.code <= code);
    &TABLE[start..end]
}

/// The code under the name of `year`, else the next later name, else the last one it had.
pub fn find(code: u32, year: i16) -> Option<Division> {
    let all = periods(code);
    all.iter().find(|row| row.last.is_none_or(|last| last >= year)).or_else(|| all.last()).copied()
}

/// The divisions in use directly below `above` (0 = the country), by code: provinces, cities, then counties.
/// Municipalities and directly administered counties stand where their codes put them.
pub fn below(above: u32) -> Vec<Division> {
    let inside = |code: u32| match (above % 10_000, above % 100) {
        _ if above == 0 => code.is_multiple_of(10_000),
        (0, _) => code / 10_000 == above / 10_000 && code != above && (code.is_multiple_of(100) || !has_city(code)),
        (_, 0) => code / 100 == above / 100 && code != above,
        _ => false,
    };
    TABLE.iter().filter(|row| row.last.is_none() && inside(row.code)).copied().collect()
}

/// Reads an address written in one line: divisions in use from the province down (`浙江省温州市瓯海区…`), then the rest. Gives
/// the code of the last division named, the names, and what follows them. Spaces between them do not matter.
pub fn read(text: &str) -> (Option<u32>, Vec<&'static str>, &str) {
    let (mut code, mut names, mut rest) = (None, Vec::new(), text.trim());
    while names.len() < 3 {
        let named = below(code.unwrap_or(0)).into_iter().filter(|row| rest.starts_with(row.name));
        let Some(found) = named.max_by_key(|row| row.name.len()) else { break };
        rest = rest[found.name.len()..].trim_start();
        names.push(found.name);
        code = Some(found.code);
        // A county has nothing below it.
        if found.code % 100 != 0 {
            break;
        }
    }
    (code, names, rest)
}

/// A city row in use stands above this county.
fn has_city(code: u32) -> bool {
    periods(code - code % 100).iter().any(|row| row.last.is_none())
}

/// True for a known first pair of digits of a division code.
pub fn is_province(prefix: u32) -> bool {
    PROVINCES.contains(&prefix)
}

/// The rule `division-code`: six digits that some edition has.
///
/// # Errors
/// FORMAT, PROVINCE (no such first pair), DIVISION (no edition has it).
pub fn check_code(input: &str) -> Result<Verdict, RuleError> {
    let value = fold(input);
    if !is_digits(&value, 6) {
        return Err(RuleCode::Format.into());
    }
    let code = number(value.as_bytes());
    if !is_province(code / 10_000) {
        return Err(RuleCode::Province.into());
    }
    let division = periods(code).last().copied().ok_or(RuleCode::Division)?;
    Ok(Verdict { derived: Derived { division: Some(division), ..Derived::default() }, ..Verdict::plain(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_from_the_province_down() {
        let (code, names, rest) = read("浙江省 温州市瓯海区将军桥1号");
        assert_eq!((code, names, rest), (Some(330_304), vec!["浙江省", "温州市", "瓯海区"], "将军桥1号"));
        let (code, names, rest) = read("北京市东城区东长安街14号");
        assert_eq!((code, names.len(), rest), (Some(110_101), 2, "东长安街14号"));
        assert_eq!(read("将军桥1号"), (None, Vec::new(), "将军桥1号"));
        assert_eq!(read("浙江省将军桥").0, Some(330_000));
    }

    #[test]
    fn every_line_is_read_and_periods_follow_each_other() {
        let lines = include_str!("../../data/divisions.tsv").lines().count();
        assert_eq!(TABLE.len(), lines);
        for pair in TABLE.windows(2) {
            assert!(pair[0].code <= pair[1].code, "{pair:?}");
            if pair[0].code == pair[1].code {
                assert!(pair[0].last.is_some() && pair[0].last < pair[1].first, "{pair:?}");
            }
        }
        for row in TABLE.iter() {
            assert!(is_province(row.code / 10_000) && !row.name.is_empty(), "{row:?}");
            assert!(row.last.is_none_or(|last| row.first.is_none_or(|first| first <= last)), "{row:?}");
        }
    }
}

#[cfg(test)]
mod below_tests {
    use super::*;

    #[test]
    fn the_cascade_leads_from_the_country_to_the_county() {
        let names = |above| below(above).into_iter().map(|row| (row.code, row.name)).collect::<Vec<_>>();
        assert!(names(0).contains(&(330_000, "浙江省")) && !names(0).contains(&(330_300, "温州市")));
        assert!(names(330_000).contains(&(330_300, "温州市")) && !names(330_000).contains(&(330_304, "瓯海区")));
        assert!(names(330_300).contains(&(330_304, "瓯海区")));
        assert!(names(330_304).is_empty());
        assert!(names(110_000).iter().any(|(code, _)| *code == 110_101 || *code == 110_100), "{:?}", names(110_000));
    }
}
