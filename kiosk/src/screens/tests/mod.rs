//! A real visit over the shipped catalogue, walked screen by screen onto a real window drawn by software.
//! With `YIMEN_GALLERY=folder` every screen is written as a picture.

mod cases;
mod rig;
mod said;
mod standing;
mod walk;
mod wipe;
mod words;
