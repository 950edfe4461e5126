//! Typing as a person does: one visible key after the other; Chinese by pinyin and the candidate that is seen.

use super::line::{Line, Seen};
use crate::demo::poll::until;
use anyhow::bail;
use std::time::Duration;

/// A keyboard comes within this.
const COMES: Duration = Duration::from_secs(6);
/// Candidates have followed the last key within this.
const SETTLES: Duration = Duration::from_millis(1500);
/// Most pages of candidates that are looked through for one word.
const PAGES: usize = 12;
const MORE: &str = "更多候选";
const NEXT_PAGE: &str = "下一页候选";
const LESS: &str = "收起候选";

/// Presses each character's key. Of several buttons with the same words the key is the one drawn last.
///
/// # Errors
/// A key is not visible.
pub fn keys(line: &mut Line, text: &str) -> anyhow::Result<()> {
    for key in text.chars() {
        key_press(line, &key.to_string())?;
    }
    Ok(())
}

/// Presses the key with these words.
///
/// # Errors
/// It is not visible.
pub fn key_press(line: &mut Line, key: &str) -> anyhow::Result<()> {
    // The keyboard may still be on its way after the press that opened it.
    let found = until(COMES, || line.look().ok().and_then(|seen| seen.buttons(key).checked_sub(1)));
    match found {
        Some(last) => line.press(key, last),
        None => bail!("there is no key “{key}”; {}", line.look()?.words()),
    }
}

/// Types `word` by its pinyin: letter by letter, then the candidates that make it up, longest first.
///
/// # Errors
/// A letter has no key, or no page of candidates holds what is left of the word.
pub fn chinese(line: &mut Line, pinyin: &str, word: &str) -> anyhow::Result<()> {
    keys(line, pinyin)?;
    // Before the last key has reached the bar, the candidate that is seen is not the one that will be under the finger.
    if until(COMES, || line.look().ok().filter(|seen| composes(seen, pinyin))).is_none() {
        bail!("the bar does not show “{pinyin}”; {}", line.look()?.words());
    }
    let mut left = word;
    while !left.is_empty() {
        let chosen = choose(line, left)?;
        left = &left[chosen.len()..];
    }
    Ok(())
}

fn choose(line: &mut Line, left: &str) -> anyhow::Result<String> {
    // The candidates follow the last key after a moment.
    let ready = until(SETTLES, || {
        let seen = line.look().ok()?;
        let found = longest(&seen, left, left.chars().count().min(2))?;
        Some((seen, found))
    });
    if let Some((seen, found)) = ready {
        take(line, &seen, &found)?;
        return Ok(found);
    }
    let mut seen = line.look()?;
    if seen.buttons(MORE) > 0 {
        line.press(MORE, 0)?;
        // The grid opens after a moment; what it shows is looked at below.
        until(SETTLES, || {
            let seen = line.look().ok()?;
            (seen.buttons(NEXT_PAGE) + seen.buttons(LESS) > 0).then_some(())
        });
    }
    for _ in 0..PAGES {
        seen = line.look()?;
        if let Some(found) = longest(&seen, left, 1) {
            take(line, &seen, &found)?;
            let after = line.look()?;
            if after.buttons(LESS) > 0 && after.buttons("a") == 0 {
                // It may close by itself between the look and the press.
                let _ = line.press(LESS, 0);
            }
            return Ok(found);
        }
        if seen.buttons(NEXT_PAGE) == 0 {
            break;
        }
        line.press(NEXT_PAGE, 0)?;
    }
    bail!("no candidate leads to “{left}”; {}", seen.words())
}

/// Presses a candidate, and once more when nothing comes of it, as a person does: on a slow machine the bar may be
/// drawn anew under the finger.
fn take(line: &mut Line, seen: &Seen, candidate: &str) -> anyhow::Result<()> {
    let before = seen.words();
    for _ in 0..2 {
        // Gone without a change of words: it was taken while this looked.
        let Some(last) = line.look()?.buttons(candidate).checked_sub(1) else { break };
        line.press(candidate, last)?;
        if until(SETTLES, || line.look().ok().filter(|seen| seen.words() != before)).is_some() {
            break;
        }
    }
    Ok(())
}

/// The bar shows all letters of `pinyin` as being put together, however it parts them.
fn composes(seen: &Seen, pinyin: &str) -> bool {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
    let typed = letters(pinyin);
    seen.elements.iter().any(|thing| thing.role == "text" && thing.label.is_ascii() && letters(&thing.label) == typed)
}

/// The longest visible candidate of at least `least` characters with which `left` begins.
fn longest(seen: &Seen, left: &str, least: usize) -> Option<String> {
    let ends: Vec<usize> = left.char_indices().map(|(at, _)| at).skip(1).chain([left.len()]).collect();
    let prefixes = ends.into_iter().rev().map(|end| &left[..end]);
    prefixes.filter(|prefix| prefix.chars().count() >= least).find(|prefix| seen.buttons(prefix) > 0).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::line::Thing;
    use super::*;

    #[test]
    fn the_longest_candidate_that_begins_the_word_is_chosen() {
        let thing = |label: &str| Thing {
            role: "button".to_owned(),
            label: label.to_owned(),
            enabled: true,
            ..Thing::default()
        };
        let seen = Seen { screen: String::new(), elements: ["南", "南塘", "塘街"].map(thing).to_vec() };
        assert_eq!(longest(&seen, "南塘街", 1).as_deref(), Some("南塘"));
        assert_eq!(longest(&seen, "南塘街", 3), None);
        assert_eq!(longest(&seen, "街", 1), None);
    }
}
