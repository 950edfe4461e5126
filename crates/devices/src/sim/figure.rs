//! Draws what the simulated camera sees: a head and shoulders on a plain wall, a sheet of paper on a desk, an empty room.
//! Everything is drawn from shapes of this file; nobody real is shown. The proportions fit GA 461-2004 when the middle of the
//! frame is cropped to 358:441 (face 207/358 of the width, hair 14/441 below the upper edge).

use super::control::{Backdrop, Subject};
use crate::port::picture::Picture;

const SKIN: [u8; 3] = [226, 188, 160];
const SKIN_SHADE: [u8; 3] = [204, 160, 132];
const HAIR: [u8; 3] = [38, 32, 30];
const COAT: [u8; 3] = [46, 62, 92];
const SHIRT: [u8; 3] = [214, 220, 228];
const INK: [u8; 3] = [52, 56, 64];
const PAPER: [u8; 3] = [248, 247, 242];
const DESK: [u8; 3] = [92, 78, 66];

/// The characters 模 and 拟, a row of 24 dots to a number.
const SIMULATED: [[u32; 24]; 2] = [
    [
        0x0C0C70, 0x0C0E70, 0x0C7FFE, 0x0C7FFE, 0x0C1E70, 0x7F8C70, 0x7FBFFC, 0x7FBFFC, 0x1C301C, 0x1E3FFC, 0x1F3FFC,
        0x1F301C, 0x3FB01C, 0x3FFFFC, 0x7DBFFC, 0x7C0380, 0x7CFFFE, 0x6CFFFE, 0x4C0FF0, 0x0C0FF0, 0x0C3E7C, 0x0CFC3E,
        0x0CF01E, 0x0C4004,
    ],
    [
        0x0C0000, 0x1C301C, 0x1C701C, 0x1C7E1C, 0x1C7F1C, 0x7F771C, 0x7F779C, 0x7F739C, 0x1C73B8, 0x1C71F8, 0x1C7138,
        0x1F7038, 0x3F7038, 0x7F7038, 0x7C7378, 0x7C777C, 0x1C7FFC, 0x1C7EFC, 0x1C7CEE, 0x1CF1EE, 0x1C63CE, 0x7C4787,
        0x7C0306, 0x300000,
    ],
];

/// Draws one still. `eyes_open` lets the portrait blink.
pub fn draw(width: u32, height: u32, subject: Subject, backdrop: Backdrop, eyes_open: bool) -> Picture {
    match subject {
        Subject::Nobody => Picture::filled(width, height, wall(backdrop)),
        Subject::Document => document(width, height),
        Subject::Portrait => portrait(width, height, wall(backdrop), eyes_open),
    }
}

/// Draws the portrait of a simulated card's chip: the same figure before another wall, with 模拟 across its lower edge.
pub fn card_portrait(width: u32, height: u32) -> Picture {
    let mut p = portrait(width, height, [226, 236, 244], true);
    let dot = (width / 68).max(1);
    let (w, h) = (dot * 24, dot * 24);
    let (top, left) = (height.saturating_sub(h + dot * 2), width.saturating_sub(2 * w + dot * 2) / 2);
    rectangle(&mut p, left.saturating_sub(dot * 2), top.saturating_sub(dot), 2 * w + dot * 6, h + dot * 2, PAPER);
    for (nth, rows) in (0..).zip(SIMULATED) {
        for (y, row) in (0..).zip(rows) {
            for x in (0..24).filter(|x| (row >> (23 - x)) & 1 == 1) {
                rectangle(&mut p, left + nth * (w + dot * 2) + x * dot, top + y * dot, dot, dot, [176, 28, 24]);
            }
        }
    }
    p
}

/// Draws the sign of life: a small bar that travels down the left edge, outside any middle crop.
pub fn draw_bar(picture: &mut Picture, seq: u64) {
    let (height, side) = (u64::from(picture.height()), picture.width() / 60);
    let y = u32::try_from(seq * 12 % height).unwrap_or(0);
    rectangle(picture, 0, y, side, picture.height() / 10, [0, 128, 96]);
}

const fn wall(backdrop: Backdrop) -> [u8; 3] {
    match backdrop {
        Backdrop::White => [246, 247, 248],
        Backdrop::Blue => [88, 138, 206],
    }
}

fn portrait(width: u32, height: u32, wall: [u8; 3], eyes_open: bool) -> Picture {
    let mut p = Picture::filled(width, height, wall);
    // One unit is 1/441 of the height, measured from the middle of the frame and its upper edge.
    let unit = f64::from(height) / 441.0;
    let mid = f64::from(width) / 2.0;
    let mut oval = |x: f64, y: f64, rx: f64, ry: f64, colour| {
        ellipse(&mut p, (mid + x * unit, y * unit), (rx * unit, ry * unit), colour);
    };
    oval(0.0, 470.0, 172.0, 130.0, COAT);
    oval(0.0, 352.0, 62.0, 60.0, SHIRT);
    oval(0.0, 320.0, 46.0, 66.0, SKIN_SHADE);
    oval(0.0, 140.0, 110.0, 126.0, HAIR);
    oval(-104.0, 190.0, 13.0, 26.0, SKIN);
    oval(104.0, 190.0, 13.0, 26.0, SKIN);
    oval(0.0, 190.0, 101.0, 134.0, SKIN);
    oval(0.0, 66.0, 84.0, 42.0, HAIR);
    for side in [-1.0, 1.0] {
        oval(side * 42.0, 152.0, 24.0, 4.0, HAIR);
        if eyes_open {
            oval(side * 42.0, 176.0, 18.0, 9.0, PAPER);
            oval(side * 42.0, 176.0, 8.5, 8.5, HAIR);
        } else {
            oval(side * 42.0, 178.0, 18.0, 2.5, HAIR);
        }
    }
    oval(0.0, 216.0, 13.0, 20.0, SKIN_SHADE);
    oval(0.0, 264.0, 34.0, 7.0, [178, 92, 88]);
    p
}

fn document(width: u32, height: u32) -> Picture {
    let mut p = Picture::filled(width, height, DESK);
    let (sheet_h, sheet_w) = (height * 92 / 100, height * 65 / 100);
    let (left, top) = ((width.saturating_sub(sheet_w)) / 2, height * 4 / 100);
    rectangle(&mut p, left, top, sheet_w, sheet_h, PAPER);
    rectangle(&mut p, left + sheet_w / 4, top + sheet_h / 14, sheet_w / 2, sheet_h / 28, INK);
    let step = sheet_h / 16;
    for line in 0..11 {
        let indent = if line % 4 == 0 { sheet_w / 7 } else { sheet_w / 10 };
        let length = if line % 4 == 3 { sheet_w / 2 } else { sheet_w * 4 / 5 };
        words(&mut p, left + indent, top + step * (line + 3), length, step / 3);
    }
    let seal = (f64::from(left + sheet_w * 3 / 4), f64::from(top + sheet_h * 7 / 8));
    let radius = f64::from(sheet_h) / 14.0;
    ellipse(&mut p, seal, (radius, radius), [206, 62, 58]);
    ellipse(&mut p, seal, (radius * 0.86, radius * 0.86), PAPER);
    p
}

/// A line of text seen from afar: blocks with gaps.
fn words(p: &mut Picture, x: u32, y: u32, length: u32, size: u32) {
    let pitch = (size + size / 3).max(2);
    for i in 0..length / pitch {
        if i % 7 != 6 {
            rectangle(p, x + i * pitch, y, size, size, INK);
        }
    }
}

fn rectangle(p: &mut Picture, x: u32, y: u32, w: u32, h: u32, rgb: [u8; 3]) {
    let (right, bottom) = ((x + w).min(p.width()), (y + h).min(p.height()));
    let stride = p.width() as usize * 3;
    for row in y..bottom {
        let start = row as usize * stride;
        let line = &mut p.pixels_mut()[start + x as usize * 3..start + right.max(x) as usize * 3];
        line.as_chunks_mut::<3>().0.fill(rgb);
    }
}

fn ellipse(p: &mut Picture, centre: (f64, f64), radius: (f64, f64), rgb: [u8; 3]) {
    let last = f64::from(p.height()) - 1.0;
    let (top, bottom) = ((centre.1 - radius.1).clamp(0.0, last), (centre.1 + radius.1).clamp(0.0, last));
    for row in to_u32(top)..=to_u32(bottom) {
        let dy = (f64::from(row) - centre.1) / radius.1;
        let half = radius.0 * (1.0 - dy * dy).max(0.0).sqrt();
        let left = to_u32(centre.0 - half).min(p.width());
        let right = to_u32(centre.0 + half).min(p.width());
        rectangle(p, left, row, right - left, 1, rgb);
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range first")]
fn to_u32(value: f64) -> u32 {
    value.clamp(0.0, f64::from(u32::MAX)) as u32
}
