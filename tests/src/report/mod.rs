//! What the robot leaves behind: `journeys.json` for programs and `report.html` for people.
//! Invariant: the page is static, holds no script and reaches for nothing outside its folder.

mod page;

use crate::robot::journey::Journey;
use crate::robot::walk::Walked;
use anyhow::Context as _;
use std::path::Path;

/// Writes both files. Thumbnails of the documents lie beside them as `<document>.png`.
///
/// # Errors
/// The folder cannot be written.
pub fn write(out: &Path, walked: &[(Journey, Walked)]) -> anyhow::Result<()> {
    for (_, walk) in walked {
        for document in &walk.documents {
            let path = out.join(document);
            // A paper that cannot be drawn is still linked.
            if let Err(error) = crate::papers::draw(&path, &path.with_extension(""), 60) {
                tracing::warn!(%error, document, "no thumbnail");
            }
        }
    }
    let list: Vec<&Walked> = walked.iter().map(|(_, walk)| walk).collect();
    let json = serde_json::to_vec_pretty(&list)?;
    std::fs::write(out.join("journeys.json"), json).context("journeys.json")?;
    std::fs::write(out.join("report.html"), page::page(walked)).context("report.html")
}
