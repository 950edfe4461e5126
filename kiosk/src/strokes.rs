//! The signature as strokes: path commands for the screen, a picture for the submission.
//! Invariant: nothing is smoothed or completed: what is drawn is what the finger did.

use std::fmt::Write as _;

/// Strokes so far, in pixels of the area.
#[derive(Default)]
pub struct Strokes(Vec<Vec<(f32, f32)>>);

/// Size of the picture.
const WIDTH: u32 = 960;
const HEIGHT: u32 = 400;
/// Half the width of the pen, pixels of the picture.
const PEN: f32 = 3.5;

impl Strokes {
    /// A stroke begins.
    pub fn begin(&mut self, x: f32, y: f32) {
        self.0.push(vec![(x, y)]);
    }

    /// The last stroke goes on.
    pub fn go_on(&mut self, x: f32, y: f32) {
        if let Some(stroke) = self.0.last_mut() {
            stroke.push((x, y));
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Path commands (SVG) in pixels of the area.
    pub fn commands(&self) -> String {
        let mut commands = String::new();
        for stroke in &self.0 {
            for (at, (x, y)) in stroke.iter().enumerate() {
                // Writing to a String cannot fail.
                let _ = write!(commands, "{} {x:.1} {y:.1} ", if at == 0 { 'M' } else { 'L' });
            }
        }
        commands
    }

    /// Black strokes on white, RGB, scaled from an area of this size. `None` when nothing was drawn or the area is empty.
    pub fn picture(&self, area: (f32, f32)) -> Option<devices::Picture> {
        let drawn = self.0.iter().map(Vec::len).sum::<usize>();
        if drawn < 2 || area.0 < 1.0 || area.1 < 1.0 {
            return None;
        }
        let mut picture = devices::Picture::filled(WIDTH, HEIGHT, [255, 255, 255]);
        let scale = (WIDTH as f32 / area.0).min(HEIGHT as f32 / area.1);
        for stroke in &self.0 {
            for pair in stroke.windows(2) {
                line(&mut picture, scaled(pair[0], scale), scaled(pair[1], scale));
            }
        }
        Some(picture)
    }
}

fn scaled(point: (f32, f32), scale: f32) -> (f32, f32) {
    (point.0 * scale, point.1 * scale)
}

fn line(picture: &mut devices::Picture, from: (f32, f32), to: (f32, f32)) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let steps = dx.abs().max(dy.abs()).ceil().max(1.0);
    let mut step = 0.0;
    while step <= steps {
        dot(picture, from.0 + dx * step / steps, from.1 + dy * step / steps);
        step += 1.0;
    }
}

fn dot(picture: &mut devices::Picture, x: f32, y: f32) {
    let reach = PEN.ceil() as i32;
    for oy in -reach..=reach {
        for ox in -reach..=reach {
            let inside = (ox * ox + oy * oy) as f32 <= PEN * PEN;
            let (px, py) = (x as i32 + ox, y as i32 + oy);
            if inside && (0..WIDTH as i32).contains(&px) && (0..HEIGHT as i32).contains(&py) {
                let at = (py as usize * WIDTH as usize + px as usize) * 3;
                picture.pixels_mut()[at..at + 3].copy_from_slice(&[0, 0, 0]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_finger_did_is_what_is_drawn() {
        let mut strokes = Strokes::default();
        assert!(strokes.picture((480.0, 200.0)).is_none());
        strokes.begin(10.0, 10.0);
        strokes.go_on(100.0, 10.0);
        let picture = strokes.picture((480.0, 200.0)).expect("two points are a stroke");
        assert_eq!(picture.at(100, 20), [0, 0, 0]);
        assert_eq!(picture.at(100, 120), [255, 255, 255]);
        assert_eq!(strokes.commands(), "M 10.0 10.0 L 100.0 10.0 ");
        strokes.clear();
        assert!(strokes.commands().is_empty());
    }
}
