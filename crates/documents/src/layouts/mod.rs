//! The certificates this product can print, one file each; product rule 3 closes the list: no card, licence, plate or mark.
//! A new certificate is a file here, a line in [`ALL`] and a golden test.
//! Deliberately not here: drawing into a PDF, signing.

mod frame;
mod hukou_cancellation;
mod no_criminal_record;
mod residence;

use crate::certificate::CertificateError;
use crate::class::BureauClass;
use crate::facts::CertificateFacts;
use crate::fonts::FontSet;
use crate::qr::QrMatrix;
use crate::sheet::Sheet;

/// Language of every certificate, BCP 47 tag.
pub(crate) const LANGUAGE: &str = "zh-CN";

/// One kind of certificate.
pub struct Layout {
    /// Its id in the catalogue, in the signed code and in calls.
    pub id: &'static str,
    /// The finding in the words of the paper; the code signs these words.
    pub finding: fn(&CertificateFacts) -> Result<String, CertificateError>,
    pub(crate) draw: fn(&CertificateFacts, BureauClass, &QrMatrix, &FontSet) -> Result<Sheet, CertificateError>,
}

/// All layouts.
pub const ALL: &[Layout] = &[no_criminal_record::LAYOUT, residence::LAYOUT, hukou_cancellation::LAYOUT];

/// A further value that the layout cannot do without.
fn further<'a>(facts: &'a CertificateFacts, key: &'static str) -> Result<&'a str, CertificateError> {
    let value = facts.more.get(key).map(|value| value.expose().as_str()).unwrap_or_default();
    if value.is_empty() { Err(CertificateError::MissingFact(key)) } else { Ok(value) }
}
