//! Printed papers read by outside tools (`pdftotext`, `pdftoppm`, `zbarimg`) and checked by `yimenctl`.
//! Invariant: shares no code with what made the papers.

use crate::demo::Bureau;
use crate::demo::tools::{os, run};
use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::path::{Path, PathBuf};

/// The PDFs in a folder, by name. A folder that is not there yet is empty.
pub fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let mut papers: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "pdf"))
        .collect();
    papers.sort();
    papers
}

/// The words of a PDF, in the order they were drawn: laid out by place, the demonstration's mark would run through them.
///
/// # Errors
/// `pdftotext` is missing or refuses the file.
pub fn text(path: &Path) -> anyhow::Result<String> {
    let words = run("pdftotext", &["-raw".as_ref(), os(path), "-".as_ref()])?;
    Ok(String::from_utf8_lossy(&words).into_owned())
}

/// The text holds the words, spaces and line ends apart.
pub fn holds(text: &str, words: &str) -> bool {
    let tight = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    tight(text).contains(&tight(words))
}

/// A receipt code as shown: two groups of four capitals and digits.
pub fn receipt_code(label: &str) -> Option<String> {
    let mut groups = label.split(' ');
    let right = |group: &str| group.len() == 4 && group.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let both = groups.next().is_some_and(right) && groups.next().is_some_and(right) && groups.next().is_none();
    (both && label.len() == 9).then(|| label.replace(' ', ""))
}

/// Draws the first page as a PNG beside `target` (without the ending).
///
/// # Errors
/// `pdftoppm` is missing or refuses the file.
pub fn draw(path: &Path, target: &Path, dots_per_inch: u32) -> anyhow::Result<PathBuf> {
    let dpi = dots_per_inch.to_string();
    run("pdftoppm", &["-png".as_ref(), "-singlefile".as_ref(), "-r".as_ref(), dpi.as_ref(), os(path), os(target)])?;
    Ok(target.with_extension("png"))
}

/// The code on the paper is confirmed by `yimenctl`, and no longer when the holder's name in it is changed.
///
/// # Errors
/// What is not so.
pub fn check_signed(path: &Path, name: &str, bureau: &Bureau) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let picture = draw(path, &folder.path().join("paper"), 200)?;
    let code = run("zbarimg", &["--raw".as_ref(), "-q".as_ref(), os(&picture)])?;
    let code = String::from_utf8(code)?.trim().to_owned();
    let public = bureau.public_file();
    let verify = |code: &str| {
        bureau.tools.yimenctl_output([
            "certificate".as_ref(),
            "verify".as_ref(),
            code.as_ref(),
            "--bureau".as_ref(),
            os(&public),
        ])
    };
    let good = verify(&code)?;
    ensure!(good.status.success(), "the code is not confirmed: {}", String::from_utf8_lossy(&good.stdout));
    let facts: serde_json::Value = serde_json::from_slice(&good.stdout)?;
    ensure!(facts["name"] == name, "the code says another name: {}", facts["name"]);
    let bad = verify(&changed(&code, name)?)?;
    ensure!(bad.status.code() == Some(1), "a changed code is confirmed: {}", String::from_utf8_lossy(&bad.stdout));
    Ok(())
}

/// The same code with the first character of the name changed; nothing else.
fn changed(code: &str, name: &str) -> anyhow::Result<String> {
    let (link, payload) = code.split_once('#').context("the code has no fragment")?;
    let start = payload.rfind('.').or_else(|| payload.rfind('=')).map_or(0, |at| at + 1);
    let mut bytes = URL_SAFE_NO_PAD.decode(&payload[start..]).context("the code's fragment is no base64url")?;
    let at = bytes
        .windows(name.len())
        .position(|window| window == name.as_bytes())
        .context("the name is not in the code")?;
    // Another character of the same length: the last byte of its UTF-8 form, kept a continuation byte.
    let last = at + name.chars().next().map_or(1, char::len_utf8) - 1;
    bytes[last] ^= 1;
    Ok(format!("{link}#{}{}", &payload[..start], URL_SAFE_NO_PAD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_code_is_told_from_other_words() {
        assert_eq!(receipt_code("ACDE FG79").as_deref(), Some("ACDEFG79"));
        for other in ["ACDE FG7", "acde fg79", "2026 1122 1", "回执编号", "ACDEFG79"] {
            assert_eq!(receipt_code(other), None, "{other}");
        }
    }

    #[test]
    fn one_fact_is_changed_and_nothing_else() {
        let code = format!("https://x/v#{}", URL_SAFE_NO_PAD.encode("..陈雨桐..".as_bytes()));
        let other = changed(&code, "陈雨桐").unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(other.split_once('#').unwrap().1).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("..") && text.ends_with("雨桐..") && !text.contains('陈'), "{text}");
    }

    #[test]
    fn words_are_found_whatever_the_spacing() {
        assert!(holds("无 犯 罪\n记录证明", "无犯罪记录证明"));
        assert!(!holds("无犯罪", "无犯罪记录证明"));
    }
}
