//! A machine that is paused, full or without its office: header and page say the same, and nobody is invited to what cannot be done.

use super::rig::Rig;
use super::said::everything;
use slint::{ComponentHandle, Model};
use ui::{Attract, Home, Nav};
use visit::{Event, Preference, Press, StoreFault};

fn header(rig: &Rig) -> (String, bool) {
    let nav = rig.window.global::<Nav>();
    (nav.get_state_text().into(), nav.get_state_ok())
}

fn attract(rig: &Rig) -> Attract<'_> {
    rig.window.global::<Attract>()
}

/// Paused, full, overdue, the office there; what the header says.
const STANDINGS: [(bool, bool, bool, Option<bool>, &str); 9] = [
    (true, true, true, Some(false), "暂停服务"),
    (true, false, false, Some(true), "暂停服务"),
    (false, true, true, Some(false), "存不下了"),
    (false, true, false, Some(true), "存不下了"),
    (false, true, false, None, "存不下了"),
    (false, false, true, Some(false), "暂时离线"),
    (false, false, true, Some(true), "部分服务"),
    (false, false, false, None, "正在连接"),
    (false, false, false, Some(true), "正常服务"),
];

#[test]
fn the_header_says_the_worst_first() {
    let mut rig = Rig::new("zh");
    rig.press(Press::Touch);
    for (paused, full, overdue, online, words) in STANDINGS {
        let machine = &mut rig.scene.machine;
        (machine.paused, machine.full, machine.overdue, machine.online) = (paused, full, overdue, online);
        rig.show("02-home-standing");
        assert_eq!(header(&rig), (words.to_owned(), words == "正常服务"), "{paused} {full} {overdue} {online:?}");
    }
}

#[test]
fn a_page_that_says_the_machine_takes_nothing_in_has_no_better_header() {
    for (fault, page, above) in [
        (StoreFault::DiskFull, "这台机器存不下了", "存不下了"),
        (StoreFault::Paused, "这台机器暂停服务", "暂停服务"),
        (StoreFault::NoKey, "这台机器暂时收不了新的办件", "部分服务"),
        (StoreFault::Other, "这台机器暂时收不了", "部分服务"),
    ] {
        let mut rig = Rig::new("zh");
        rig.press(Press::Touch).press(Press::Service("id-replace-lost".into())).press(Press::Start);
        rig.answer(Event::StoreFailed(fault)).show(&format!("13f-refused-{}", above.len()));
        assert!(everything(&rig.window).contains(page), "{fault:?}");
        assert_eq!(header(&rig), (above.to_owned(), false), "{fault:?}");
        let (first, other) =
            if fault == StoreFault::Other { ("再试一次", "退出") } else { ("退出", "再试一次") };
        let nav = rig.window.global::<Nav>();
        assert_eq!((nav.get_primary_label().as_str(), nav.get_secondary_label().as_str()), (first, other), "{fault:?}");
    }
}

#[test]
fn a_machine_that_takes_nothing_new_invites_nobody_and_keeps_progress_and_staff() {
    let looks = [
        ("zh", 1, false, false, false),
        ("zh-4", 4, false, false, false),
        ("en-4", 4, false, true, false),
        ("zh-landscape", 1, false, false, true),
        ("zh-landscape-4", 4, false, false, true),
        ("zh-elder", 3, true, false, false),
        ("zh-low-reach", 1, false, false, false),
    ];
    for (folder, size, elder, english, landscape) in looks {
        for (full, mark) in [(false, "paused"), (true, "full")] {
            let mut rig = Rig::new(folder);
            if landscape {
                rig.window.window().set_size(slint::PhysicalSize::new(1920, 1080));
            }
            rig.show("01-attract-open");
            assert!(!attract(&rig).get_closed());
            (rig.scene.machine.full, rig.scene.machine.paused) = (full, !full);
            rig.show(&format!("01-attract-{mark}"));
            assert!(attract(&rig).get_closed());
            let door = format!("{}{}", attract(&rig).get_first_line(), attract(&rig).get_second_line());
            assert_eq!(door, if full { "这台机器存不下了" } else { "这台机器暂停服务" });
            assert_eq!(attract(&rig).get_other_language(), "请用旁边的机器，或到窗口办");
            assert!(!attract(&rig).get_promise().contains("事事都能办"));
            let name = attract(&rig).get_start_label();
            assert!(name.starts_with(&door) && !name.contains("开始办事"), "{name}");
            if english {
                rig = rig.in_english();
            }
            if elder {
                rig.press(Press::Prefer(Preference::Elder(true)));
            } else {
                rig.press(Press::Prefer(Preference::TextSize(size)));
            }
            rig.press(Press::Prefer(Preference::LowReach(folder.ends_with("reach"))));
            rig.press(Press::Touch).show(&format!("02-home-{mark}"));
            let home = rig.window.global::<Home>();
            assert!(home.get_closed());
            for offered in [home.get_categories(), home.get_common(), home.get_elder(), home.get_results()] {
                assert_eq!(offered.row_count(), 0, "{folder}: an errand is offered");
            }
            let label = |label: &str| {
                i_slint_backend_testing::ElementHandle::find_by_accessible_label(&rig.window, label).count()
            };
            let receipt = if size >= 2 || elder { home.get_receipt_short() } else { home.get_receipt_label() };
            assert!(label(&receipt) > 0 && label(&home.get_call_label()) > 0, "{folder}");
            assert_eq!(label(&home.get_search_label()), 0, "{folder}: the search stays");
            // It may take errands in again.
            (rig.scene.machine.full, rig.scene.machine.paused) = (false, false);
            rig.show("02-home-open");
            let home = rig.window.global::<Home>();
            assert!(!home.get_closed() && home.get_categories().row_count() == 10);
        }
    }
}
