//! Things made by a device: portrait, papers, signature, and the cameras that make them.
//! Invariants: a camera runs only on the page that needs it (leaving the page puts it out); a picture that nobody waits for
//! is dropped; a stalled camera loses nothing.

use crate::Visit;
use crate::effect::{CameraPurpose, Effect};
use crate::errand::Errand;
use crate::input::{Ask, Event, Shot};
use crate::place::{PageState, Place, Retry};
use crate::view::{CameraState, FacePhase, Kept, PapersPage, PhotoPage, ProblemKind, SignaturePage};
use domain::answers::{Answer, AttachmentId};
use domain::form::{self, FieldError, Input as Raw};
use domain::ids::FieldId;
use domain::service::{Field, FieldKind};
use jiff::civil::Date;

/// Portraits to choose from.
const PORTRAIT_SHOTS: usize = 2;

impl Errand {
    /// Checks what a device made for this field.
    pub(crate) fn made(&self, field: &Field, today: Date) -> Result<Option<Answer>, FieldError> {
        let shots = self.shots.get(&field.id).map(Vec::as_slice).unwrap_or_default();
        let made = match &field.kind {
            FieldKind::Photo { .. } => self
                .chosen
                .get(&field.id)
                .and_then(|chosen| shots.get(*chosen))
                .map(|shot| Answer::Photo(shot.id.clone())),
            FieldKind::Document { .. } if !shots.is_empty() => {
                Some(Answer::Document(shots.iter().map(|shot| shot.id.clone()).collect()))
            }
            FieldKind::Document { .. } => {
                self.answers.get(&field.id).filter(|answer| **answer == Answer::Later).cloned()
            }
            FieldKind::Signature => self.signed.get(&field.id).cloned(),
            FieldKind::Text { .. }
            | FieldKind::PersonName
            | FieldKind::Number { .. }
            | FieldKind::Phone { .. }
            | FieldKind::Date { .. }
            | FieldKind::Choice { .. }
            | FieldKind::Address
            | FieldKind::Declaration
            | FieldKind::Group { .. } => None,
        };
        match made {
            Some(answer) => form::check(&self.service, field, &Raw::Made(answer), today),
            None if field.required => Err(FieldError::Empty),
            None => Ok(None),
        }
    }

    fn shots_on(&self, field: &FieldId) -> usize {
        self.shots.get(field).map_or(0, Vec::len)
    }
}

impl Visit {
    pub(crate) fn start_camera(&mut self, purpose: CameraPurpose) {
        let ask = self.next_ask();
        self.memory.camera = Some(ask);
        self.effects.push(Effect::StartCamera { ask, purpose });
    }

    /// Puts the camera of a page on when it still wants pictures.
    pub(crate) fn start_page_camera(&mut self, kind: &FieldKind) {
        let Some(errand) = &self.memory.errand else { return };
        let Place::Page(state) = &mut self.memory.place else { return };
        let taken = errand.shots_on(&state.page);
        let purpose = match kind {
            FieldKind::Photo { profile } if taken < PORTRAIT_SHOTS && !errand.chosen.contains_key(&state.page) => {
                CameraPurpose::Portrait { profile: profile.clone() }
            }
            FieldKind::Document { material, max_pages } if taken < *max_pages as usize => {
                CameraPurpose::Document { material: material.clone() }
            }
            _ => return,
        };
        state.camera = CameraState::Starting;
        self.start_camera(purpose);
    }

    fn stop_camera(&mut self) {
        if self.memory.camera.take().is_some() {
            self.effects.push(Effect::StopCamera);
        }
    }

    pub(crate) fn camera_event(&mut self, event: Event) {
        match (&mut self.memory.place, event) {
            (Place::Face { phase: phase @ FacePhase::Starting, .. }, Event::CameraReady) => *phase = FacePhase::Aim,
            (Place::Face { phase: FacePhase::Aim, hints, .. }, Event::CameraHints(new)) => {
                let good = new.is_empty();
                *hints = new;
                if good {
                    self.compare_face();
                }
            }
            (Place::Face { .. }, Event::CameraStalled) => {
                self.problem(ProblemKind::CameraStalled, Kept::NothingYet, Retry::Face);
            }
            (Place::Page(state), Event::CameraReady) if state.camera == CameraState::Starting => {
                state.camera = CameraState::Live(Vec::new());
            }
            (Place::Page(PageState { camera: CameraState::Live(hints), .. }), Event::CameraHints(new)) => *hints = new,
            (Place::Page(state), Event::CameraStalled) => {
                let retry = Retry::Page { page: state.page.clone(), to_check: state.to_check };
                self.problem(ProblemKind::CameraStalled, Kept::Entered, retry);
            }
            (Place::Page(PageState { camera: CameraState::Taking, .. }), Event::ShotTaken(shot)) => {
                self.keep_shot(shot)
            }
            (_, Event::ShotTaken(shot)) => self.drop_pictures(vec![shot.id]),
            _ => {}
        }
    }

    pub(crate) fn drop_pictures(&mut self, pictures: Vec<AttachmentId>) {
        if !pictures.is_empty() {
            self.effects.push(Effect::DropAttachments(pictures));
        }
    }

    fn keep_shot(&mut self, shot: Shot) {
        let Some(field) = self.page_field() else { return };
        let wanted = match &field.kind {
            FieldKind::Photo { .. } => PORTRAIT_SHOTS,
            FieldKind::Document { max_pages, .. } => *max_pages as usize,
            _ => return,
        };
        let Some(errand) = &mut self.memory.errand else { return };
        // What was answered before is made anew on continue.
        errand.answers.remove(&field.id);
        errand.visited.remove(&field.id);
        let shots = errand.shots.entry(field.id.clone()).or_default();
        shots.push(shot);
        let full = shots.len() >= wanted;
        if let Place::Page(state) = &mut self.memory.place {
            state.errors.clear();
            state.camera = if full { CameraState::Off } else { CameraState::Live(Vec::new()) };
        }
        if full {
            self.stop_camera();
        }
    }

    pub(crate) fn take_shot(&mut self) {
        let Some(ask) = self.memory.camera else { return };
        match &mut self.memory.place {
            Place::Face { phase: FacePhase::Aim, .. } => self.compare_face(),
            Place::Page(state) if matches!(state.camera, CameraState::Live(_)) => {
                state.camera = CameraState::Taking;
                self.effects.push(Effect::TakeShot { ask });
            }
            _ => {}
        }
    }

    pub(crate) fn choose_shot(&mut self, index: usize) {
        let Some(Field { id, kind: FieldKind::Photo { .. }, .. }) = self.page_field() else { return };
        let Some(errand) = &mut self.memory.errand else { return };
        if index >= errand.shots_on(&id) {
            return;
        }
        errand.chosen.insert(id, index);
        if let Place::Page(state) = &mut self.memory.place {
            state.errors.clear();
            state.camera = CameraState::Off;
        }
        self.stop_camera();
    }

    pub(crate) fn retake(&mut self) {
        let Some(field) = self.page_field() else { return };
        if !matches!(field.kind, FieldKind::Photo { .. } | FieldKind::Document { .. }) {
            return;
        }
        let Some(errand) = &mut self.memory.errand else { return };
        let shots = errand.shots.remove(&field.id).unwrap_or_default();
        errand.chosen.remove(&field.id);
        errand.answers.remove(&field.id);
        errand.visited.remove(&field.id);
        self.drop_pictures(shots.into_iter().map(|shot| shot.id).collect());
        self.stop_camera();
        self.start_page_camera(&field.kind);
    }

    pub(crate) fn remove_page(&mut self, index: usize) {
        let Some(field) = self.page_field() else { return };
        if !matches!(field.kind, FieldKind::Document { .. }) {
            return;
        }
        let Some(errand) = &mut self.memory.errand else { return };
        let Some(shots) = errand.shots.get_mut(&field.id).filter(|shots| index < shots.len()) else { return };
        let shot = shots.remove(index);
        // The answer named this page; it is made anew on continue.
        errand.answers.remove(&field.id);
        errand.visited.remove(&field.id);
        self.drop_pictures(vec![shot.id]);
        if self.memory.camera.is_none() {
            self.start_page_camera(&field.kind);
        }
    }

    /// The material on this page, or behind this stalled camera, follows later.
    pub(crate) fn later(&mut self) {
        let stalled = match &self.memory.place {
            Place::Problem { retry: Retry::Page { page, to_check }, .. } => Some((page.clone(), *to_check)),
            _ => None,
        };
        if let Some((page, to_check)) = stalled {
            if !self.deferrable(&page) {
                return;
            }
            self.open_page(page, to_check);
        }
        let Some(field) = self.page_field().filter(|field| self.deferrable(&field.id)) else { return };
        let today = self.today();
        let Some(errand) = &mut self.memory.errand else { return };
        let shots = errand.shots.remove(&field.id).unwrap_or_default();
        let checked = form::check(&errand.service, &field, &Raw::Made(Answer::Later), today);
        self.drop_pictures(shots.into_iter().map(|shot| shot.id).collect());
        self.take_answers(field.id.clone(), vec![(field.id, checked)]);
    }

    /// The page is a material that may follow later.
    pub(crate) fn deferrable(&self, page: &FieldId) -> bool {
        let Some(errand) = &self.memory.errand else { return false };
        match errand.page_field(page).map(|field| &field.kind) {
            // What is asked for once more does not follow later.
            Some(FieldKind::Document { .. }) if errand.supplement.is_some() => false,
            Some(FieldKind::Document { material, .. }) => {
                errand.service.material(material).is_some_and(|material| material.deferrable)
            }
            _ => false,
        }
    }

    pub(crate) fn sign(&mut self, signature: Option<Answer>) {
        let field = self.page_field().filter(|field| field.kind == FieldKind::Signature);
        let (Some(field), Some(errand)) = (field, &mut self.memory.errand) else {
            let unwanted = signature.map(|answer| answer.attachments()).unwrap_or_default();
            return self.drop_pictures(unwanted);
        };
        let before = match signature {
            Some(answer) => errand.signed.insert(field.id.clone(), answer),
            None => errand.signed.remove(&field.id),
        };
        errand.answers.remove(&field.id);
        errand.visited.remove(&field.id);
        if let Place::Page(state) = &mut self.memory.place {
            state.errors.clear();
        }
        let before = before.map(|answer| answer.attachments()).unwrap_or_default();
        let kept = self.memory.errand.as_ref().map(Errand::pictures).unwrap_or_default();
        self.drop_pictures(before.into_iter().filter(|id| !kept.contains(id)).collect());
    }

    pub(crate) fn photo_page(&self, errand: &Errand, state: &PageState, profile: &str) -> Option<PhotoPage> {
        Some(PhotoPage {
            step: errand.step_of(&state.page)?.clone(),
            field: state.page.clone(),
            profile: profile.to_owned(),
            camera: state.camera.clone(),
            shots: errand.shots.get(&state.page).cloned().unwrap_or_default(),
            chosen: errand.chosen.get(&state.page).copied(),
            error: state.errors.get(&state.page).cloned(),
        })
    }

    pub(crate) fn papers_page(&self, errand: &Errand, state: &PageState, field: &Field) -> Option<PapersPage> {
        let FieldKind::Document { material, max_pages } = &field.kind else { return None };
        Some(PapersPage {
            step: errand.step_of(&state.page)?.clone(),
            field: state.page.clone(),
            material: material.clone(),
            camera: state.camera.clone(),
            pages: errand.shots.get(&state.page).cloned().unwrap_or_default(),
            max_pages: *max_pages,
            deferrable: self.deferrable(&state.page),
            later: errand.answers.get(&state.page) == Some(&Answer::Later),
            error: state.errors.get(&state.page).cloned(),
        })
    }

    pub(crate) fn signature_page(&self, errand: &Errand, state: &PageState) -> Option<SignaturePage> {
        let signed = errand.signed.get(&state.page);
        Some(SignaturePage {
            step: errand.step_of(&state.page)?.clone(),
            field: state.page.clone(),
            signed: match signed {
                Some(Answer::Signature(id)) => Some(id.clone()),
                _ => None,
            },
            cannot_sign: signed == Some(&Answer::CannotSign),
            error: state.errors.get(&state.page).cloned(),
        })
    }

    /// Whether this answer belongs to the camera that is on.
    pub(crate) fn is_camera(&self, ask: Ask) -> bool {
        self.memory.camera == Some(ask)
    }
}
