//! Measures of portrait photographs: ID card (GA/T 461-2019), driving licence (GA 482), passport and permits
//! (出入境证件相片照相指引). Lengths are pixels of the finished crop; 1 KB is 1024 bytes.
//! Deliberately not here: finding a face, the ground, clothes and eyes; a camera or a clerk judges those.

use serde::{Deserialize, Serialize};

const KB: u32 = 1024;

/// Which document a photograph is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoProfile {
    /// 358 x 441 pixels.
    IdCard,
    /// 260 x 378 pixels.
    DrivingLicence,
    /// 354 to 480 by 472 to 640 pixels, 3:4.
    Passport,
}

/// What was measured; `None` = not measured, hence not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PhotoMeasures {
    /// Picture width.
    pub width: u32,
    /// Picture height.
    pub height: u32,
    /// Size of the file.
    pub file_bytes: Option<u32>,
    /// Width of face or head.
    pub head_width: Option<u32>,
    /// Length of the head from hair to chin.
    pub head_length: Option<u32>,
    /// Gap between hair and upper edge.
    pub top_gap: Option<u32>,
    /// Height of the eyes above the lower edge.
    pub eyes_above_bottom: Option<u32>,
    /// Height of the chin above the lower edge.
    pub chin_above_bottom: Option<u32>,
}

/// A measure outside its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhotoFail {
    /// Width and height of the picture.
    PictureSize,
    /// Size of the file.
    FileSize,
    /// Width of face or head.
    HeadWidth,
    /// Length of the head.
    HeadLength,
    /// Gap above the hair.
    TopGap,
    /// Height of the eyes.
    Eyes,
    /// Height of the chin.
    Chin,
}

/// Result of [`check_photo`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PhotoVerdict {
    /// Measures out of bounds; empty = accepted.
    pub fails: Vec<PhotoFail>,
    /// Accepted although the hair may be cut, because the height of the eyes has priority (ID card only).
    pub hair_may_be_cut: bool,
}

/// Judges the measures for a document.
pub fn check_photo(profile: PhotoProfile, measures: &PhotoMeasures) -> PhotoVerdict {
    let mut verdict = PhotoVerdict::default();
    let mut judge = |fail, fits: bool| {
        if !fits {
            verdict.fails.push(fail);
        }
    };
    let within = |measure: Option<u32>, from: u32, to: u32| measure.is_none_or(|m| (from..=to).contains(&m));
    let size = (measures.width, measures.height);
    match profile {
        PhotoProfile::IdCard => {
            let eyes_fit = within(measures.eyes_above_bottom, 207, u32::MAX);
            let eyes_measured = measures.eyes_above_bottom.is_some();
            let cut = eyes_fit && eyes_measured && measures.top_gap.is_some_and(|gap| gap < 7);
            judge(PhotoFail::PictureSize, size == (358, 441));
            judge(PhotoFail::HeadWidth, within(measures.head_width, 193, 221));
            judge(PhotoFail::TopGap, cut || within(measures.top_gap, 7, 21));
            judge(PhotoFail::Eyes, eyes_fit);
            verdict.hair_may_be_cut = cut;
        }
        PhotoProfile::DrivingLicence => {
            judge(PhotoFail::PictureSize, size == (260, 378));
            judge(PhotoFail::FileSize, within(measures.file_bytes, 14 * KB, 30 * KB));
            judge(PhotoFail::HeadWidth, within(measures.head_width, 165, 189));
            judge(PhotoFail::HeadLength, within(measures.head_length, 224, 260));
            judge(PhotoFail::TopGap, within(measures.top_gap, 10, 20));
        }
        PhotoProfile::Passport => {
            let (width, height) = size;
            let in_bounds = (354..=480).contains(&width) && (472..=640).contains(&height);
            judge(PhotoFail::PictureSize, in_bounds && width * 4 == height * 3);
            judge(PhotoFail::FileSize, within(measures.file_bytes, 20 * KB + 1, 80 * KB));
            // The bounds hold at 300 dpi, where the picture is 354 wide; a wider one is a finer grid of the same print.
            let at_300_dpi = |measure: Option<u32>| measure.map(|m| m.saturating_mul(354) / width.max(1));
            judge(PhotoFail::HeadWidth, within(at_300_dpi(measures.head_width), 177, 260));
            judge(PhotoFail::HeadLength, within(at_300_dpi(measures.head_length), 331, 390));
            judge(PhotoFail::TopGap, within(at_300_dpi(measures.top_gap), 35, 59));
            judge(PhotoFail::Chin, within(at_300_dpi(measures.chin_above_bottom), 83, u32::MAX));
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::PhotoProfile::{DrivingLicence, IdCard, Passport};
    use super::*;

    fn id(height: u32, face: u32, top: u32, eyes: u32) -> PhotoVerdict {
        let measures = PhotoMeasures {
            width: 358,
            height,
            head_width: Some(face),
            top_gap: Some(top),
            eyes_above_bottom: Some(eyes),
            ..PhotoMeasures::default()
        };
        check_photo(IdCard, &measures)
    }

    fn licence(width: u32, height: u32, head: (u32, u32), top: u32, kb: u32) -> Vec<PhotoFail> {
        let measures = PhotoMeasures {
            width,
            height,
            head_width: Some(head.0),
            head_length: Some(head.1),
            top_gap: Some(top),
            file_bytes: Some(kb * KB),
            ..PhotoMeasures::default()
        };
        check_photo(DrivingLicence, &measures).fails
    }

    fn passport(width: u32, height: u32, kb: u32) -> Vec<PhotoFail> {
        let measures = PhotoMeasures { width, height, file_bytes: Some(kb * KB), ..PhotoMeasures::default() };
        check_photo(Passport, &measures).fails
    }

    #[test]
    fn id_card() {
        assert_eq!(id(441, 207, 14, 230), PhotoVerdict::default());
        assert_eq!(id(441, 193, 7, 207), PhotoVerdict::default());
        assert_eq!(id(441, 221, 5, 210), PhotoVerdict { fails: vec![], hair_may_be_cut: true });
        assert_eq!(id(440, 207, 14, 230).fails, [PhotoFail::PictureSize]);
        assert_eq!(id(441, 222, 14, 230).fails, [PhotoFail::HeadWidth]);
        assert_eq!(id(441, 207, 14, 200).fails, [PhotoFail::Eyes]);
    }

    #[test]
    fn driving_licence() {
        assert_eq!(licence(260, 378, (170, 240), 15, 20), []);
        assert_eq!(licence(260, 378, (165, 224), 10, 14), []);
        assert_eq!(licence(260, 378, (189, 260), 20, 30), []);
        assert_eq!(licence(260, 378, (170, 240), 15, 31), [PhotoFail::FileSize]);
        assert_eq!(licence(260, 378, (170, 240), 21, 20), [PhotoFail::TopGap]);
        assert_eq!(licence(378, 260, (170, 240), 15, 20), [PhotoFail::PictureSize]);
    }

    #[test]
    fn passport_and_permits() {
        assert_eq!(passport(354, 472, 60), []);
        assert_eq!(passport(480, 640, 80), []);
        assert_eq!(passport(420, 560, 21), []);
        assert_eq!(passport(353, 471, 60), [PhotoFail::PictureSize]);
        assert_eq!(passport(480, 600, 60), [PhotoFail::PictureSize]);
        assert_eq!(passport(354, 472, 81), [PhotoFail::FileSize]);
        assert_eq!(passport(354, 472, 20), [PhotoFail::FileSize]);
    }
}
