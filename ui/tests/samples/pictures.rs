//! Drawn pictures: a person, a paper, a pattern that stands for a QR code. Nobody is photographed.

use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

fn painted(width: u32, height: u32, paint: impl Fn(f32, f32) -> [u8; 3]) -> Image {
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(width, height);
    for (i, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = ((i as u32 % width) as f32, (i as u32 / width) as f32);
        let [r, g, b] = paint(x / width as f32, y / height as f32);
        *pixel = Rgb8Pixel { r, g, b };
    }
    Image::from_rgb8(buffer)
}

fn inside(x: f32, y: f32, cx: f32, cy: f32, rx: f32, ry: f32) -> bool {
    ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) <= 1.0
}

/// A drawn person, the middle of the picture at the middle of the face.
pub(super) fn person(width: u32, height: u32, zoom: f32) -> Image {
    painted(width, height, |x, y| {
        let (x, y) = ((x - 0.5) / zoom, (y - 0.52) / zoom);
        if inside(x, y, -0.055, -0.02, 0.013, 0.016) || inside(x, y, 0.055, -0.02, 0.013, 0.016) {
            [32, 38, 42]
        } else if inside(x, y, 0.0, 0.13, 0.05, 0.01) {
            [170, 95, 80]
        } else if inside(x, y, 0.0, 0.02, 0.135, 0.21) && y > -0.11 {
            [229, 195, 163]
        } else if inside(x, y, 0.0, -0.03, 0.15, 0.2) {
            [41, 45, 49]
        } else if x.abs() < 0.06 && y > 0.1 && y < 0.32 {
            [208, 170, 136]
        } else if inside(x, y, 0.0, 0.56, 0.36, 0.3) {
            [34, 60, 76]
        } else {
            [232, 237, 238]
        }
    })
}

pub(super) fn paper(width: u32, height: u32) -> Image {
    painted(width, height, |x, y| {
        if !(0.18..0.82).contains(&x) || !(0.16..0.8).contains(&y) {
            return [92, 104, 108];
        }
        let line = ((y - 0.16) / 0.64 * 14.0).fract() < 0.25;
        if line && (0.24..0.74).contains(&x) { [120, 120, 116] } else { [248, 246, 238] }
    })
}

/// A pattern with three finders: stands for a QR code in pictures, reads as nothing.
pub(super) fn qr() -> Image {
    painted(290, 290, |x, y| {
        let (i, j) = ((x * 29.0) as i32, (y * 29.0) as i32);
        let finder = |a: i32, b: i32| {
            let (u, v) = (i - a, j - b);
            (0..7).contains(&u)
                && (0..7).contains(&v)
                && (u == 0 || u == 6 || v == 0 || v == 6 || ((2..5).contains(&u) && (2..5).contains(&v)))
        };
        let zone = (i < 8 && !(8..=20).contains(&j)) || (i > 20 && j < 8);
        let mixed = (i.wrapping_mul(73) ^ j.wrapping_mul(151) ^ (i * j).wrapping_mul(31)) % 7 < 3;
        if finder(0, 0) || finder(22, 0) || finder(0, 22) || (!zone && mixed) { [16, 35, 44] } else { [255, 255, 255] }
    })
}
