//! Photo hints and cuts over drawn portraits with one fault each: every fault gives its hint and a good picture gives none.

use devices::Picture;
use devices::quality::{CutError, Measures, PhotoHint, PhotoProfile, QualityLimits, cut, hints, middle};
use devices::sim::{Backdrop, Subject, figure};
use image::RgbImage;
use image::imageops::{FilterType, resize};

const PASSPORT: PhotoProfile = PhotoProfile {
    width_px: 480,
    height_px: 640,
    width_mm: 33.0,
    height_mm: 44.0,
    max_bytes: 80 * 1024,
    white_background: true,
};

fn portrait() -> Picture {
    figure::draw(1280, 720, Subject::Portrait, Backdrop::White, true)
}

fn changed(change: impl Fn(f32) -> f32) -> Picture {
    let mut picture = portrait();
    for value in picture.pixels_mut() {
        *value = level(change(f32::from(*value)));
    }
    picture
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range first")]
fn level(value: f32) -> u8 {
    value.clamp(0.0, 255.0) as u8
}

/// Out of focus: nothing finer than 20 pixels is left.
fn blurred() -> Picture {
    let (w, h) = (640, 480);
    let sharp = figure::draw(w, h, Subject::Portrait, Backdrop::White, true);
    let sharp = RgbImage::from_raw(w, h, sharp.into_pixels()).unwrap();
    let coarse = resize(&sharp, w / 20, h / 20, FilterType::Triangle);
    Picture::from_rgb(w, h, resize(&coarse, w, h, FilterType::Triangle).into_raw()).unwrap()
}

fn hints_of(picture: &Picture) -> Vec<PhotoHint> {
    hints(picture, &PhotoProfile::ID_PHOTO, &QualityLimits::default())
}

#[test]
fn a_good_portrait_gives_no_hint() {
    assert_eq!(hints_of(&portrait()), []);
    assert_eq!(hints(&portrait(), &PASSPORT, &QualityLimits::default()), []);
}

#[test]
fn each_fault_gives_its_hint() {
    assert!(hints_of(&changed(|v| v * 0.4)).contains(&PhotoHint::TooDark));
    assert!(hints_of(&changed(|v| v * 1.8)).contains(&PhotoHint::OverExposed));
    assert_eq!(hints_of(&blurred()), [PhotoHint::Blurred]);
    let blue = figure::draw(1280, 720, Subject::Portrait, Backdrop::Blue, true);
    assert_eq!(hints_of(&blue), [PhotoHint::BackgroundNotWhite]);
    let small = figure::draw(320, 240, Subject::Portrait, Backdrop::White, true);
    assert_eq!(hints_of(&small), [PhotoHint::LowResolution]);
}

#[test]
fn a_profile_that_allows_any_wall_says_nothing_of_it() {
    let blue = figure::draw(1280, 720, Subject::Portrait, Backdrop::Blue, true);
    let profile = PhotoProfile { white_background: false, ..PhotoProfile::ID_PHOTO };
    assert_eq!(hints(&blue, &profile, &QualityLimits::default()), []);
}

#[test]
fn the_measures_lie_well_apart_from_the_limits() {
    let measure = |p: &Picture| Measures::of(p, middle(p.width(), p.height(), 358, 441));
    let (good, dark, soft) = (measure(&portrait()), measure(&changed(|v| v * 0.4)), measure(&blurred()));
    let limits = QualityLimits::default();
    assert!(
        good.brightness > limits.dark_below * 1.2 && dark.brightness < limits.dark_below * 0.9,
        "{good:?} {dark:?}"
    );
    assert!(
        good.sharpness > limits.sharpness_below * 2.0 && soft.sharpness < limits.sharpness_below / 2.0,
        "{good:?} {soft:?}"
    );
    assert!(good.border_white > 0.95, "{good:?}");
}

#[test]
fn nothing_to_look_at_is_no_panic() {
    let empty = Picture::filled(0, 0, [0; 3]);
    assert!(hints_of(&empty).contains(&PhotoHint::LowResolution));
    assert_eq!(cut(&empty, &PhotoProfile::ID_PHOTO), Err(CutError::Empty));
    assert!(!hints_of(&Picture::filled(1, 1, [0; 3])).is_empty());
}

#[test]
fn a_cut_has_the_size_length_and_density_of_its_profile() {
    for profile in [PhotoProfile::ID_PHOTO, PASSPORT] {
        let jpeg = cut(&portrait(), &profile).unwrap();
        assert!(jpeg.len() <= profile.max_bytes);
        let read = Picture::from_jpeg(&jpeg).unwrap();
        assert_eq!((read.width(), read.height()), (profile.width_px, profile.height_px));
    }
    let jpeg = cut(&portrait(), &PhotoProfile::ID_PHOTO).unwrap();
    assert_eq!(&jpeg[6..10], b"JFIF");
    assert_eq!(&jpeg[13..18], [1, 0x01, 0x5E, 0x01, 0x5E], "350 dots an inch both ways");
}

#[test]
fn a_cut_that_cannot_be_short_enough_is_refused() {
    let profile = PhotoProfile { max_bytes: 500, ..PhotoProfile::ID_PHOTO };
    assert!(matches!(cut(&portrait(), &profile), Err(CutError::TooLong(length)) if length > 500));
}

#[test]
fn the_middle_is_in_the_middle_and_never_outside() {
    for (w, h) in [(1280, 720), (640, 480), (480, 640), (1, 1), (8000, 3)] {
        for (a, d) in [(358, 441), (3, 4), (210, 297), (4, 3)] {
            let part = middle(w, h, a, d);
            assert!(part.x + part.width <= w && part.y + part.height <= h);
            assert!(part.x.abs_diff(w - part.x - part.width) <= 1 && part.y.abs_diff(h - part.y - part.height) <= 1);
        }
    }
}

#[test]
fn video_pixels_become_the_right_colours() {
    // Black, white and the three primaries in BT.601 limited range.
    for (yuv, rgb) in [
        ([16, 128, 128], [0, 0, 0]),
        ([235, 128, 128], [255, 255, 255]),
        ([81, 90, 240], [255, 0, 0]),
        ([145, 54, 34], [0, 255, 0]),
        ([41, 240, 110], [0, 0, 255]),
    ] {
        let picture = Picture::from_yuyv(2, 1, &[yuv[0], yuv[1], yuv[0], yuv[2]]).unwrap();
        for x in 0..2 {
            let near = picture.at(x, 0).iter().zip(rgb).all(|(got, want): (&u8, u8)| got.abs_diff(want) <= 2);
            assert!(near, "{:?} for {rgb:?}", picture.at(x, 0));
        }
    }
    assert!(Picture::from_yuyv(2, 1, &[0; 3]).is_err());
}

#[test]
fn a_jpeg_cut_short_anywhere_is_an_error_or_a_whole_picture_never_a_panic() {
    let jpeg = cut(&portrait(), &PhotoProfile::ID_PHOTO).unwrap();
    for end in (0..jpeg.len() - 2).step_by(997) {
        assert!(Picture::from_jpeg(&jpeg[..end]).is_err(), "{end} of {}", jpeg.len());
    }
}
