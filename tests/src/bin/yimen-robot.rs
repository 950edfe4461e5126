//! `yimen-robot`: one look or one act on a kiosk's test socket, by hand; and the check of journey files.
//! `yimen-robot SOCKET look`, `yimen-robot SOCKET press 继续`, `yimen-robot SOCKET picture out.png`.
//! Exit codes: 0 done; 1 not possible, the reason on stderr. Not here: walking journeys (`yimen-demo --headless`).

#![expect(clippy::print_stdout, reason = "what it sees is its purpose")]

use clap::{Parser, Subcommand};
use e2e::robot::line::Line;
use e2e::robot::typing;
use std::path::PathBuf;
use std::time::Duration;

/// Looks at a kiosk and presses what it sees.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// The kiosk's test socket.
    socket: PathBuf,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Print everything visible.
    Look,
    /// Press a button by its words.
    Press {
        /// Words.
        label: String,
    },
    /// Press keys.
    Keys {
        /// Characters.
        text: String,
    },
    /// Type Chinese by pinyin.
    Chinese {
        /// Pinyin.
        pinyin: String,
        /// The word to choose.
        word: String,
    },
    /// Do a physical act on a simulated device.
    #[command(name = "act")]
    Device {
        /// Its name.
        what: String,
    },
    /// Write the screen as a PNG.
    Picture {
        /// Where.
        path: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut line = Line::connect(&arguments.socket, Duration::from_secs(5))?;
    match arguments.act {
        Act::Look => {
            let seen = line.look()?;
            println!("{}", seen.screen);
            for thing in &seen.elements {
                let place = format!("{:.0},{:.0} {:.0}x{:.0}", thing.x, thing.y, thing.w, thing.h);
                println!("{:8} {place:24} {} {} {}", thing.role, thing.label, thing.more, thing.value);
            }
        }
        Act::Press { label } => line.press(&label, 0)?,
        Act::Keys { text } => typing::keys(&mut line, &text)?,
        Act::Chinese { pinyin, word } => typing::chinese(&mut line, &pinyin, &word)?,
        Act::Device { what } => line.act(&what, None)?,
        Act::Picture { path } => line.picture(&std::path::absolute(path)?)?,
    }
    Ok(())
}
