//! Product rule: after a wipe no global holds anything personal; and a screen that is left takes its data with it.

use super::rig::{CODE, NAME, PHONE, PLACE, Rig, number};
use super::said::{everything, pictures};
use domain::sensitive::Sensitive;
use ui::Layer;
use visit::{Event, Press, Target};

/// What must be nowhere.
fn personal() -> Vec<String> {
    let number = number(1990);
    let grouped = crate::screens::values::grouped(&number);
    let masked = domain::mask::id_number(&number);
    let phone = domain::mask::phone(PHONE);
    let mut all = vec![number, grouped, masked, phone];
    all.extend([NAME, PHONE, PLACE, "nan tang", "南唐", "2026 年 11 月 20 日", "M 180 240"].map(str::to_owned));
    all.extend([CODE.to_owned(), format!("{} {}", &CODE[..4], &CODE[4..])]);
    all
}

fn found(rig: &Rig) -> Vec<String> {
    let said = everything(&rig.window);
    personal().into_iter().filter(|secret| said.contains(secret.as_str())).collect()
}

#[test]
fn after_the_end_of_a_visit_nothing_personal_is_in_any_global() {
    let mut rig = Rig::new("wipe");
    let mut seen = Vec::new();
    let mut shot = 0;
    let mut look = |rig: &mut Rig, name: &str| {
        rig.show(name);
        seen.extend(found(rig));
        shot = shot.max(pictures(&rig.window));
    };
    rig.type_in(Target::Search, "");
    rig.reach_ways("id-replace-lost").press(Press::Way(visit::Way::NumberAndFace));
    rig.type_in(Target::OwnNumber, &number(1990)).focus("number", Layer::Id);
    look(&mut rig, "1");
    rig.blur().press(Press::Home).press(Press::Leave).identified("id-replace-lost");
    rig.option("how", "lost").press(Press::Continue).fill("when", "20261120").fill("where", PLACE);
    rig.focus("where", Layer::Pinyin);
    rig.scene.typing.preedit = Sensitive::new("nan tang".to_owned());
    rig.scene.typing.candidates = Sensitive::new(vec!["南唐".to_owned()]);
    look(&mut rig, "2");
    rig.blur().press(Press::Continue);
    look(&mut rig, "3");
    rig.press(Press::Continue).option("collect", "counter").press(Press::Continue).answer(Event::CameraReady);
    rig.shot("a1", [9, 9, 9], Vec::new()).shot("a2", [8, 8, 8], Vec::new());
    look(&mut rig, "4");
    rig.press(Press::ChooseShot(0)).press(Press::Continue).answer(Event::CameraReady).shot("p1", [7, 7, 7], Vec::new());
    look(&mut rig, "5");
    rig.press(Press::Continue).press(Press::Declare("declaration".into())).press(Press::Continue);
    rig.scene.strokes = Sensitive::new("M 180 240 L 330 230".to_owned());
    look(&mut rig, "6");
    rig.press(Press::Signed(domain::answers::AttachmentId("s".to_owned()))).press(Press::Continue);
    look(&mut rig, "7");
    rig.press(Press::Submit).answer(Event::Sealed(Rig::code()));
    look(&mut rig, "8");
    // All of it was on the screens, or this test would look for nothing.
    for secret in personal().iter().filter(|secret| secret.as_str() != CODE && **secret != number(1990)) {
        assert!(seen.contains(secret), "{secret:?} was on no screen");
    }
    assert!(shot > 1);
    // The loop's own leavings (strokes, pictures, preedit) stay in this scene on purpose: the presenters hide them.
    rig.focus("where", Layer::Pinyin);
    rig.scene.typing.preedit = Sensitive::new("nan tang".to_owned());
    rig.press(Press::End).show("9");
    assert_eq!(found(&rig), Vec::<String>::new());
    assert_eq!(pictures(&rig.window), 0);
    rig.wait(10).show("10");
    assert_eq!(found(&rig), Vec::<String>::new());
    assert_eq!(pictures(&rig.window), 0);
}

#[test]
fn drawing_a_scene_twice_touches_no_model() {
    use slint::{ComponentHandle, Model};
    let mut rig = Rig::new("twice");
    rig.reach_check().show("1");
    let check = rig.window.global::<ui::Check>();
    let before = check.get_groups();
    let said = everything(&rig.window);
    rig.show("2");
    let after = rig.window.global::<ui::Check>().get_groups();
    let place = |groups: &slint::ModelRc<ui::AnswerGroup>| std::ptr::from_ref(groups.as_any());
    assert!(std::ptr::addr_eq(place(&before), place(&after)));
    assert_eq!(said, everything(&rig.window));
}
