//! The face, drawn by software without a display: every screen is rendered with plausible words, presses are tried by
//! accessible label, contrast is recomputed from the tokens. With `YIMEN_GALLERY=folder` the pictures are written.
//! Deliberately not here: what the presenters put on the screens (the kiosk's tests).

mod aids;
mod contrast;
mod gallery;
mod press;
mod samples;
mod stage;
