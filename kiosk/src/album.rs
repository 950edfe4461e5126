//! The pictures of one visit, in memory only, by the SHA-256 of their bytes.
//! Invariant: `forget_all` at a wipe leaves nothing; small versions for the screen are made once.

use devices::Picture;
use domain::answers::AttachmentId;
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::digest::Digest;

/// Longest side of a small version, pixels.
const SMALL: u32 = 420;

/// One picture.
#[derive(Clone)]
pub struct Kept {
    /// As it will be sealed.
    pub bytes: Arc<Vec<u8>>,
    /// E.g. `image/jpeg`.
    pub media_type: &'static str,
    /// For the screen; `None` when the bytes are no picture we can draw.
    pub small: Option<Arc<Picture>>,
}

/// All pictures of the visit.
#[derive(Default)]
pub struct Album(BTreeMap<AttachmentId, Kept>);

impl Album {
    /// Keeps bytes and gives their id.
    pub fn keep(&mut self, bytes: Vec<u8>, media_type: &'static str) -> AttachmentId {
        let id = AttachmentId(Digest::of(&bytes).as_str().to_owned());
        let small = Picture::from_jpeg(&bytes).ok().map(|picture| Arc::new(shrink(&picture, SMALL)));
        self.0.insert(id.clone(), Kept { bytes: Arc::new(bytes), media_type, small });
        id
    }

    /// One picture.
    pub fn get(&self, id: &AttachmentId) -> Option<&Kept> {
        self.0.get(id)
    }

    /// Forgets one picture.
    pub fn forget(&mut self, id: &AttachmentId) {
        self.0.remove(id);
    }

    /// Forgets everything.
    pub fn forget_all(&mut self) {
        self.0.clear();
    }

    /// Small versions of all pictures, for the screen.
    pub fn small(&self) -> BTreeMap<AttachmentId, Arc<Picture>> {
        self.0.iter().filter_map(|(id, kept)| Some((id.clone(), kept.small.clone()?))).collect()
    }
}

/// A smaller version whose longer side is at most `longest`, by taking every n-th pixel: quick, and good enough to choose by.
pub fn shrink(picture: &Picture, longest: u32) -> Picture {
    let step = picture.width().max(picture.height()).div_ceil(longest.max(1)).max(1);
    let (width, height) = (picture.width() / step, picture.height() / step);
    let mut small = Picture::filled(width, height, [0, 0, 0]);
    let pixels = small.pixels_mut();
    let mut at = 0;
    for y in 0..height {
        for x in 0..width {
            pixels[at..at + 3].copy_from_slice(&picture.at(x * step, y * step));
            at += 3;
        }
    }
    small
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wipe_leaves_nothing_and_the_id_is_the_digest() {
        let mut album = Album::default();
        let id = album.keep(b"abc".to_vec(), "image/jpeg");
        assert_eq!(id.0, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(album.get(&id).is_some());
        album.forget_all();
        assert!(album.get(&id).is_none() && album.small().is_empty());
    }

    #[test]
    fn a_small_version_keeps_shape_and_colour() {
        let small = shrink(&Picture::filled(1280, 720, [1, 2, 3]), 420);
        assert_eq!((small.width(), small.height()), (320, 180));
        assert_eq!(small.at(319, 179), [1, 2, 3]);
    }
}
