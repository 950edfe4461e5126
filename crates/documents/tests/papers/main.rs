//! Real papers, read back with the tools of others: pdftotext, pdffonts, pdfinfo, pdftoppm (poppler-utils), zbarimg
//! (zbar-tools). Expected words come from the rules on papers, not from the program. A missing tool fails the test.

mod certificate;
mod code;
mod paper;
mod slip;
