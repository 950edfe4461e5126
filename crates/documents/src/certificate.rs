//! Makes certificates: layout + facts -> signed code -> PDF/A-2a + PDF/UA-1. Used by the office only.
//!
//! Invariants: the paper carries exactly the facts its code signs; a character no font has is an error, never a box;
//! a demonstration bureau's paper is marked void and bears no emblem or seal (nor does any other: the seal belongs to
//! the bureau's seal service). Deliberately not here: whether a certificate may be issued.

use crate::class::BureauClass;
use crate::facts::CertificateFacts;
use crate::fonts::{FontSet, MissingGlyph};
use crate::layouts::{self, Layout};
use crate::qr::{QrMatrix, QrTooLong};
use crate::signing::{CanonicalFacts, IssuingKey, SigningError, qr_url};
use crate::to_krilla::{About, PdfRefused, render as to_pdf};

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// No layout has this id.
    #[error("there is no certificate layout {0}")]
    UnknownLayout(String),
    /// The layout needs a fact that was not given.
    #[error("the certificate needs the fact {0}")]
    MissingFact(&'static str),
    /// A character cannot be printed.
    #[error(transparent)]
    MissingGlyph(#[from] MissingGlyph),
    /// The code does not fit.
    #[error(transparent)]
    Qr(#[from] QrTooLong),
    /// The text does not fit the page.
    #[error("the text of the certificate does not fit its page")]
    TooLong,
    /// The code could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The PDF library refused.
    #[error(transparent)]
    Pdf(#[from] PdfRefused),
}

/// A finished certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The PDF file.
    pub pdf: Vec<u8>,
    /// The text of the code on it.
    pub qr_url: String,
}

/// The facts a certificate's code signs, for this layout.
///
/// # Errors
/// [`CertificateError::UnknownLayout`], [`CertificateError::MissingFact`].
pub fn canonical(
    layout_id: &str,
    facts: &CertificateFacts,
    class: BureauClass,
) -> Result<CanonicalFacts, CertificateError> {
    let layout = find(layout_id)?;
    let finding = (layout.finding)(facts)?;
    Ok(CanonicalFacts::of(layout.id, &finding, facts, class))
}

/// Draws a certificate around a code that was signed before.
///
/// # Errors
/// [`CertificateError`].
pub fn render(
    layout_id: &str,
    facts: &CertificateFacts,
    class: BureauClass,
    qr_url: &str,
    fonts: &FontSet,
) -> Result<Vec<u8>, CertificateError> {
    let layout = find(layout_id)?;
    let code = QrMatrix::encode(qr_url)?;
    let sheet = (layout.draw)(facts, class, &code, fonts)?;
    let about =
        About { author: &facts.issuer, language: layouts::LANGUAGE, created_on: facts.issued_on, id: &facts.number };
    Ok(to_pdf(&sheet, fonts, &about)?)
}

/// Signs the facts and draws the certificate in one step, so that paper and code agree.
///
/// # Errors
/// [`CertificateError`].
pub fn issue(
    layout_id: &str,
    facts: &CertificateFacts,
    key: &IssuingKey,
    verify_base: &str,
    fonts: &FontSet,
) -> Result<Certificate, CertificateError> {
    let url = qr_url(verify_base, &canonical(layout_id, facts, key.class())?, key)?;
    let pdf = render(layout_id, facts, key.class(), &url, fonts)?;
    Ok(Certificate { pdf, qr_url: url })
}

fn find(layout_id: &str) -> Result<&'static Layout, CertificateError> {
    layouts::ALL
        .iter()
        .find(|layout| layout.id == layout_id)
        .ok_or_else(|| CertificateError::UnknownLayout(layout_id.to_owned()))
}
