//! Reads papers with outside tools, and the sample facts of all tests (fictional people and offices).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use documents::BureauClass;
use documents::facts::{CertificateFacts, Holder, Period};
use documents::fonts::{FontPaths, FontSet};
use documents::signing::IssuingKey;
use documents::verify::PublicKeys;
use domain::sensitive::Sensitive;
use jiff::civil::date;

pub static FONTS: LazyLock<FontSet> = LazyLock::new(|| match FontSet::load(&FontPaths::default()) {
    Ok(fonts) => fonts,
    Err(error) => panic!("{error}; see scripts/setup"),
});

pub const BASE: &str = "https://verify.yimen.example/v";

pub fn key(class: BureauClass) -> IssuingKey {
    IssuingKey::from_random(&[7; 32], class)
}

pub fn keys(class: BureauClass) -> PublicKeys {
    let mut keys = PublicKeys::new();
    assert!(keys.add(&key(class).public_bytes(), class));
    keys
}

pub fn facts(name: &str) -> CertificateFacts {
    CertificateFacts {
        number: "YQ20261122000318".into(),
        holder: Holder {
            name: Sensitive::new(name.into()),
            sex: "女".into(),
            nationality: "中国".into(),
            document_kind: "居民身份证".into(),
            document_number: Sensitive::new("330304200002291528".into()),
        },
        period: Some(Period { from: date(2016, 11, 22), to: date(2026, 11, 22) }),
        purpose: "求职（云桥小学）".into(),
        issuer: "云桥派出所".into(),
        issuer_phone: "0577-5550110".into(),
        issued_on: date(2026, 11, 22),
        valid_until: Some(date(2027, 2, 22)),
        more: BTreeMap::new(),
    }
}

/// Runs a tool and gives what it printed.
pub fn run(tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{tool}: {error}; install poppler-utils and zbar-tools (scripts/setup)"));
    assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A PDF in a folder that goes away with it.
pub struct Paper {
    folder: tempfile::TempDir,
}

impl Paper {
    pub fn new(pdf: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("paper.pdf"), pdf).expect("a written file");
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        Path::join(self.folder.path(), name).to_string_lossy().into_owned()
    }

    /// All text in reading order, white space removed (a line break inside a sentence means nothing on paper).
    pub fn text(&self) -> String {
        let text = run("pdftotext", &["-enc", "UTF-8", &self.path("paper.pdf"), "-"]);
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    pub fn info(&self) -> String {
        run("pdfinfo", &[&self.path("paper.pdf")])
    }

    /// One row a font: the last columns are emb, sub, uni, object, generation.
    pub fn fonts(&self) -> Vec<Vec<String>> {
        let list = run("pdffonts", &[&self.path("paper.pdf")]);
        list.lines().skip(2).map(|row| row.split_whitespace().map(String::from).collect()).collect()
    }

    /// The text of the QR code on the first page printed at this resolution.
    pub fn code(&self, dpi: u32) -> String {
        let (dpi, root) = (dpi.to_string(), self.path("page"));
        run("pdftoppm", &["-r", &dpi, "-png", "-singlefile", &self.path("paper.pdf"), &root]);
        run("zbarimg", &["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", &self.path("page.png")]).trim().into()
    }

    /// Every font is embedded and maps back to characters.
    pub fn assert_fonts_embedded(&self) {
        let fonts = self.fonts();
        assert!(!fonts.is_empty());
        for row in fonts {
            let flags = &row[row.len() - 5..row.len() - 2];
            assert_eq!(flags, ["yes", "yes", "yes"], "embedded, subset, unicode: {row:?}");
        }
    }
}
