//! The fault programs, small: the figures are those of their last lines; the long runs are `make` targets.

mod carried;
mod kills;
mod line_and_disk;
mod relay;
mod simulation;

use serde_json::Value;
use std::process::{Command, Output};

fn faults(arguments: &[&str]) -> (Output, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_faults")).args(arguments).output().expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.trim().lines().last().unwrap_or_default();
    let figures = serde_json::from_str(last).unwrap_or_else(|_| panic!("the last line is not JSON: {text}\n{told}"));
    (output, figures)
}
