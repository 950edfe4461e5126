//! A window on the testing platform: size, snapshot, pictures on disk.

use std::cell::Cell;
use std::path::PathBuf;

use i_slint_backend_testing::{TestingBackend, TestingBackendOptions};
use slint::{ComponentHandle, PhysicalSize};
use ui::KioskWindow;

thread_local! {
    static READY: Cell<bool> = const { Cell::new(false) };
}

/// A new window of a size in px, on this thread's testing platform.
pub fn window(width: u32, height: u32) -> KioskWindow {
    READY.with(|ready| {
        if !ready.replace(true) {
            let options =
                TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) };
            slint::platform::set_platform(Box::new(TestingBackend::new(options))).expect("one platform a thread");
        }
    });
    let window = KioskWindow::new().expect("the window opens");
    window.window().set_size(PhysicalSize::new(width, height));
    window.show().expect("the window shows");
    window
}

/// What the window looks like now, as rows of RGBA.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

impl Picture {
    /// Number of different colours, at most `most`.
    pub fn colours(&self, most: usize) -> usize {
        let mut seen = std::collections::BTreeSet::new();
        for pixel in self.bytes.chunks_exact(4) {
            seen.insert([pixel[0], pixel[1], pixel[2]]);
            if seen.len() >= most {
                break;
            }
        }
        seen.len()
    }
}

/// Draws the window; writes `name.png` when `YIMEN_GALLERY` names a folder.
pub fn picture(window: &KioskWindow, name: &str) -> Picture {
    let snapshot = window.window().take_snapshot().expect("the software renderer draws");
    let picture = Picture { width: snapshot.width(), height: snapshot.height(), bytes: snapshot.as_bytes().to_vec() };
    if let Some(folder) = std::env::var_os("YIMEN_GALLERY").map(PathBuf::from) {
        std::fs::create_dir_all(&folder).expect("the gallery folder is writable");
        image::save_buffer(
            folder.join(format!("{name}.png")),
            &picture.bytes,
            picture.width,
            picture.height,
            image::ColorType::Rgba8,
        )
        .expect("the picture is written");
    }
    picture
}
