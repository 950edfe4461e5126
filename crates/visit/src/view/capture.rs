//! What is to be seen where a device makes something: portrait, pages of a material, signature.
//! Not here: the pictures themselves, which are named by id.

use crate::input::{Hint, Shot};
use domain::answers::AttachmentId;
use domain::form::FieldError;
use domain::ids::{FieldId, MaterialId, StepId};

/// A portrait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoPage {
    /// The step.
    pub step: StepId,
    /// The field.
    pub field: FieldId,
    /// Photo profile of the catalogue.
    pub profile: String,
    /// How far the camera is.
    pub camera: CameraState,
    /// Shots taken: two are wanted.
    pub shots: Vec<Shot>,
    /// The one chosen.
    pub chosen: Option<usize>,
    /// Continue was pressed without a photo.
    pub error: Option<FieldError>,
}

/// How far a camera is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraState {
    /// Not needed now.
    Off,
    /// Starts.
    Starting,
    /// Shows pictures; what to do better, worst first.
    Live(Vec<Hint>),
    /// A picture is being taken.
    Taking,
}

/// Pages of a material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PapersPage {
    /// The step.
    pub step: StepId,
    /// The field.
    pub field: FieldId,
    /// The material.
    pub material: MaterialId,
    /// How far the camera is.
    pub camera: CameraState,
    /// Pages taken.
    pub pages: Vec<Shot>,
    /// Most pages.
    pub max_pages: u32,
    /// 以后补 is allowed.
    pub deferrable: bool,
    /// 以后补 was chosen.
    pub later: bool,
    /// Why it cannot go on.
    pub error: Option<FieldError>,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignaturePage {
    /// The step.
    pub step: StepId,
    /// The field.
    pub field: FieldId,
    /// The picture of the strokes.
    pub signed: Option<AttachmentId>,
    /// Cannot sign was chosen.
    pub cannot_sign: bool,
    /// Why it cannot go on.
    pub error: Option<FieldError>,
}
