//! What the robot leaves behind: `journeys.json` for programs and `report.html` for people.
//! Invariant: the page is static, holds no script and reaches for nothing outside its folder.

mod page;

use crate::robot::journey::Journey;
use crate::robot::walk::Walked;
use anyhow::Context as _;
use std::path::Path;

/// Thumbnails that are drawn at once.
const DRAWN_AT_ONCE: usize = 3;

/// Draws a paper small; one that cannot be drawn is still linked.
fn thumbnail(out: &Path, document: &str) {
    let path = out.join(document);
    if let Err(error) = crate::papers::draw(&path, &path.with_extension(""), 60) {
        tracing::warn!(%error, document, "no thumbnail");
    }
}

/// Writes both files. Thumbnails of the documents lie beside them as `<document>.png`.
///
/// # Errors
/// The folder cannot be written.
pub fn write(out: &Path, walked: &[(Journey, Walked)]) -> anyhow::Result<()> {
    let documents: Vec<&String> = walked.iter().flat_map(|(_, walk)| &walk.documents).collect();
    std::thread::scope(|scope| {
        for some in documents.chunks(documents.len().div_ceil(DRAWN_AT_ONCE).max(1)) {
            scope.spawn(move || some.iter().for_each(|document| thumbnail(out, document)));
        }
    });
    let list: Vec<&Walked> = walked.iter().map(|(_, walk)| walk).collect();
    let json = serde_json::to_vec_pretty(&list)?;
    std::fs::write(out.join("journeys.json"), json).context("journeys.json")?;
    std::fs::write(out.join("report.html"), page::page(walked)).context("report.html")
}
