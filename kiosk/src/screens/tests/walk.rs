//! Each screen with real data: what stands on it.

use super::rig::{CODE, PHONE, PLACE, Rig, number};
use super::said::everything;
use crate::screens::{action_id, buttons};
use domain::ids::{CategoryId, FieldId};
use domain::sensitive::Sensitive;
use slint::{ComponentHandle, Model};
use ui::{CardState, Check, DialogKind, Keyboard, Layer, Nav, Page, Question, Receipt, Screen, Service, Stage, Tokens};
use visit::{
    Consent, EditOp, Event, Hint, Outcome, Preference, Press, PrintProgress, PrintTrouble, Target, Theme, Ticket, Way,
};

/// A number drawn on a Sunday: 2026-11-23 is a Monday.
fn after_hours() -> Ticket {
    let opens = jiff::civil::datetime(2026, 11, 23, 8, 30, 0, 0);
    let hours = domain::hours::Standing::Shut { opens: Some(opens) };
    Ticket { number: "A012".to_owned(), window: Some("综合窗口".to_owned()), hours: Some(hours) }
}

fn screen(rig: &Rig) -> Screen {
    rig.window.global::<Nav>().get_screen()
}

fn title(rig: &Rig) -> String {
    rig.window.global::<Page>().get_title().into()
}

fn says(rig: &Rig, words: &str) {
    let all = everything(&rig.window);
    assert!(all.contains(words), "{words:?} is not in:\n{all}");
}

fn keeps_quiet(rig: &Rig, words: &str) {
    let all = everything(&rig.window);
    assert!(!all.contains(words), "{words:?} is in:\n{all}");
}

#[test]
fn attract_home_search_and_lists() {
    let mut rig = Rig::new("zh");
    rig.show("01-attract");
    assert_eq!(screen(&rig), Screen::Attract);
    rig.press(Press::Touch).show("02-home");
    assert_eq!(screen(&rig), Screen::Home);
    says(&rig, "身份证丢失补领");
    says(&rig, "约 3 分钟・当场拿");
    assert_eq!(buttons(&rig.view()).back, None);
    rig.type_in(Target::Search, "身份证丢失").focus("", Layer::Pinyin);
    rig.scene.typing.target = Some(Target::Search);
    rig.show("02b-search");
    says(&rig, "找到 1 件事");
    assert_eq!(rig.window.global::<Keyboard>().get_rows().row_count(), 4);
    rig.blur().type_in(Target::Search, "").press(Press::Category(CategoryId::from("id-card"))).show("03-list");
    assert_eq!((screen(&rig), title(&rig).as_str()), (Screen::List, "身份证"));
    rig.press(Press::Back).press(Press::Category(CategoryId::from("rental"))).show("03b-empty-list");
}

#[test]
fn the_service_page_says_fee_time_and_what_to_bring() {
    let mut rig = Rig::new("zh");
    rig.press(Press::Touch).press(Press::Service("id-replace-lost".into())).show("04-service");
    let service = rig.window.global::<Service>();
    let facts: Vec<String> = service.get_facts().iter().map(|fact| fact.value.to_string()).collect();
    assert_eq!(facts, ["40 元", "7 个工作日"]);
    let materials: Vec<(String, String)> = service
        .get_cards()
        .row_data(0)
        .expect("materials")
        .rows
        .iter()
        .map(|row| (row.title.to_string(), row.pill.to_string()))
        .collect();
    let wanted = [("您本人", "今天要"), ("指纹", "窗口补"), ("户口簿", "可后补")];
    assert_eq!(materials, wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(rig.window.global::<Nav>().get_step_text(), "户政・约 8 分钟");
    says(&rig, "3 样，今天至少要 1 样");
}

#[test]
fn notice_ways_card_number_and_face() {
    let mut rig = Rig::new("zh");
    rig.reach_notice("id-replace-lost").show("04b-notice");
    says(&rig, "我同意采集我的照片和身份信息");
    rig.press(Press::Continue).show("04c-notice-unticked");
    says(&rig, "请先勾选要单独同意的项");
    rig.press(Press::Consent(Consent::Notice)).press(Press::Consent(Consent::SensitiveData)).press(Press::Continue);
    rig.show("05-identify");
    assert_eq!(screen(&rig), Screen::Ways);
    says(&rig, "不刷脸，工作人员核对");
    rig.press(Press::Way(Way::CardAndFace)).show("05b-card");
    assert_eq!(rig.window.global::<ui::Card>().get_state(), CardState::Waiting);
    rig.answer(Event::CardUnreadable).show("13-card-unreadable");
    says(&rig, "擦一下再放");
    rig.press(Press::OtherWay).press(Press::Way(Way::NumberAndFace)).type_in(Target::OwnNumber, "330304199006010020");
    rig.focus("number", Layer::Id).show("06e-number");
    assert_eq!(rig.window.global::<Question>().get_fields().row_data(0).expect("one").text, "330304 19900601 0020");
    rig.press(Press::Continue).show("06f-number-error");
    says(&rig, "最后几位和前面对不上，请对着证件再看一遍");
    rig.blur().type_in(Target::OwnNumber, &number(1990)).press(Press::Continue).show("05c-face-consent");
    assert_eq!(buttons(&rig.view()).back.map(|back| back.key), Some("other-way"));
    rig.press(Press::AgreeFace).show("05d-face-starting").answer(Event::CameraReady);
    rig.answer(Event::CameraHints(vec![Hint::Closer])).show("05e-face");
    says(&rig, "请靠近一点");
    rig.press(Press::TakeShot).show("05f-comparing").answer(Event::FaceDifferent).show("13b-face-different");
    says(&rig, "没比对上您的脸");
    rig.press(Press::TryAgain).answer(Event::CameraStalled).show("13c-camera-stalled");
    says(&rig, "摄像头没有画面");
}

#[test]
fn an_expired_card_offers_all_its_ways_out() {
    let mut rig = Rig::new("zh");
    rig.reach_ways("id-replace-lost").press(Press::Way(Way::CardAndFace)).card("2020-01-01").show("13d-card-expired");
    says(&rig, "有效期到 2020 年 1 月 1 日");
    let all = buttons(&rig.view());
    let offered = all.primary.iter().chain(&all.secondary).chain(&all.back).chain(&all.rows);
    for press in [Press::AskOfficer, Press::TryAgain, Press::Back] {
        assert!(offered.clone().any(|action| action.press == press), "{press:?}");
    }
}

#[test]
fn questions_errors_dates_and_addresses() {
    let mut rig = Rig::new("zh");
    rig.identified("id-replace-lost").show("06-choice");
    assert_eq!(rig.window.global::<Nav>().get_step_text(), "第 2 步，共 7 步");
    rig.press(Press::Continue).show("06b-choice-error");
    says(&rig, "还差一处：");
    says(&rig, "请选一项");
    rig.option("how", "lost").press(Press::Continue).fill("when", "202611").focus("where", Layer::Pinyin);
    rig.scene.typing.preedit = Sensitive::new("nan tang".to_owned());
    rig.scene.typing.candidates = Sensitive::new(["南塘", "南唐", "楠", "南", "难"].map(str::to_owned).to_vec());
    rig.press(Press::Continue).show("06c-group-errors");
    says(&rig, "2026 年 11 月");
    says(&rig, "没有这一天");
    says(&rig, "还差 2 处：");
    rig.blur().fill("when", "20261120").fill("where", PLACE).press(Press::Continue).show("06d-phone-prefilled");
    says(&rig, PHONE);
    says(&rig, "来自登记信息，请核对");
    rig.press(Press::Continue).option("collect", "post").press(Press::Continue);
    let field = Target::Field(FieldId::from("post-to"));
    let pick = |code: &str, name: &str, last| EditOp::PickDivision { code: code.into(), name: name.into(), last };
    rig.press(Press::Edit { target: field.clone(), op: pick("330000", "浙江省", false) });
    rig.press(Press::Edit { target: field.clone(), op: pick("330300", "温州市", false) });
    let counties = [("330302", "鹿城区"), ("330303", "龙湾区"), ("330304", "瓯海区"), ("330305", "洞头区")];
    rig.open_address("post-to", 2, &counties).show("06g-address");
    says(&rig, "瓯海区");
    rig.scene.address = None;
    rig.press(Press::Edit { target: field, op: pick("330304", "瓯海区", true) });
    rig.fill("post-to", "娄江路 12 号").focus("post-to", Layer::Pinyin).show("06h-address-detail");
}

#[test]
fn photo_papers_declaration_signature() {
    let mut rig = Rig::new("zh");
    rig.identified("id-replace-lost").option("how", "lost").press(Press::Continue);
    rig.fill("when", "20261120").fill("where", PLACE).press(Press::Continue).press(Press::Continue);
    rig.option("collect", "counter").press(Press::Continue).show("08-photo-starting");
    rig.answer(Event::CameraReady).answer(Event::CameraHints(vec![Hint::Straight, Hint::Dark]));
    rig.scene.countdown = Some(3);
    rig.show("08b-photo-live");
    says(&rig, "请正对镜头");
    rig.scene.countdown = None;
    rig.shot("a1", [200, 180, 160], vec![Hint::Dark]).shot("a2", [190, 170, 150], Vec::new()).show("08c-photo-choose");
    says(&rig, "可以用。光线太暗");
    assert_eq!(buttons(&rig.view()).secondary.map(|action| action.press), Some(Press::Retake));
    rig.press(Press::Continue).show("08d-photo-none-chosen");
    says(&rig, "请选一项");
    rig.press(Press::ChooseShot(1)).show("08e-photo-chosen").press(Press::Continue).answer(Event::CameraReady);
    rig.show("09-papers");
    // The portrait that was chosen does not stand in the next camera's frame.
    assert_eq!(rig.window.global::<ui::Camera>().get_frame().size().width, 0);
    rig.press(Press::Continue).show("09b-papers-error");
    says(&rig, "请先拍一页，或选“以后补”");
    rig.shot("p1", [240, 236, 220], Vec::new()).show("09c-papers-one");
    assert_eq!(buttons(&rig.view()).secondary.map(|action| action.key), Some("pages-done"));
    rig.press(Press::Continue).show("10-declaration").press(Press::Continue).show("10b-declaration-error");
    says(&rig, "请先看声明");
    rig.press(Press::Declare(FieldId::from("declaration"))).press(Press::Continue);
    rig.scene.strokes = Sensitive::new("M 180 240 L 330 230 M 255 180 L 250 420".to_owned());
    rig.show("10c-signature");
    rig.press(Press::CannotSign).show("10d-cannot-sign");
}

#[test]
fn the_check_page_masks_and_lets_every_answer_be_changed() {
    let mut rig = Rig::new("zh");
    rig.reach_check().show("11-check");
    assert_eq!(screen(&rig), Screen::Check);
    says(&rig, "330***********");
    says(&rig, "138****2046");
    keeps_quiet(&rig, PHONE);
    keeps_quiet(&rig, &number(1990));
    says(&rig, "2026 年 11 月 20 日");
    says(&rig, "户口簿，受理后 10 个工作日内补");
    let changes: Vec<String> = rig
        .window
        .global::<Check>()
        .get_groups()
        .iter()
        .flat_map(|group| group.rows.iter().map(|row| row.change_id.to_string()).collect::<Vec<_>>())
        .collect();
    assert!(changes.contains(&"phone".to_owned()) && changes.contains(&"where".to_owned()), "{changes:?}");
    rig.press(Press::Submit).show("11b-sealing");
    assert_eq!(screen(&rig), Screen::Progress);
}

#[test]
fn a_receipt_climbs_the_ladder_and_never_says_printed_too_early() {
    let mut rig = Rig::new("zh");
    rig.reach_check().press(Press::Submit).answer(Event::Sealed(Rig::code())).show("12-receipt");
    assert_eq!(rig.window.global::<Receipt>().get_code(), "7KQ4 M3XP");
    let stages = |rig: &Rig| -> Vec<Stage> {
        let cards = rig.window.global::<Receipt>().get_cards();
        cards.row_data(cards.row_count() - 1).expect("the ladder").rows.iter().map(|row| row.stage).collect()
    };
    assert_eq!(stages(&rig), [Stage::Done, Stage::Now, Stage::Todo, Stage::Todo]);
    says(&rig, "已受理或要补正");
    let view = rig.view();
    assert_eq!(buttons(&view).secondary.map(|action| action.press), Some(Press::PrintReceipt));
    assert_eq!(buttons(&view).rows.iter().map(action_id).collect::<Vec<_>>(), ["action:another-errand"]);
    rig.press(Press::PrintReceipt).show("12b-printing");
    keeps_quiet(&rig, "打印好了");
    rig.answer(Event::Print(PrintProgress::Waiting(PrintTrouble::PaperOut))).show("12c-waiting");
    keeps_quiet(&rig, "打印好了");
    says(&rig, "没纸了");
    rig.answer(Event::Print(PrintProgress::Failed(PrintTrouble::PaperOut))).press(Press::CallStaff);
    rig.press(Press::CloseDialog).show("13e-paper-out");
    keeps_quiet(&rig, "打印好了");
    assert_eq!(title(&rig), "回执没打出来：没纸了");
    says(&rig, "已经叫人来");
    rig.press(Press::PrintReceipt).answer(Event::Print(PrintProgress::Done)).show("12d-printed");
    says(&rig, "打印好了，请取纸");
    rig.press(Press::AnotherErrand).show("02c-home-identified");
    assert_eq!(rig.window.global::<Nav>().get_secondary_label(), "退出");
}

/// The four sizes, English smallest and largest, and landscape; with each whether it is English. One window at a time.
fn in_every_look() -> impl Iterator<Item = (Rig, bool)> {
    let looks = [
        ("zh", 1, false),
        ("zh-2", 2, false),
        ("zh-3", 3, false),
        ("zh-4", 4, false),
        ("en", 1, true),
        ("en-4", 4, true),
        ("zh-landscape", 1, false),
    ];
    looks.into_iter().map(|(folder, size, english)| {
        let mut rig = Rig::new(folder);
        if english {
            rig = rig.in_english();
        }
        if folder == "zh-landscape" {
            rig.window.window().set_size(slint::PhysicalSize::new(1920, 1080));
        }
        rig.press(Press::Prefer(Preference::TextSize(size)));
        (rig, english)
    })
}

/// Pages of every kind lead to the counter in one press, also with the keyboard open.
#[test]
fn half_done_goes_to_the_counter_from_every_page_of_the_form() {
    for (mut rig, english) in in_every_look() {
        let offered = |rig: &Rig| {
            let all = buttons(&rig.view());
            assert_eq!(all.secondary.map(|action| action.press), Some(Press::HandOver), "{:?}", rig.view().screen);
        };
        rig.identified("id-replace-lost").option("how", "lost").show("24-choice");
        offered(&rig);
        rig.press(Press::Continue).fill("when", "20261120").focus("where", Layer::Pinyin).show("24b-typing");
        offered(&rig);
        rig.blur().fill("where", PLACE).press(Press::Continue).press(Press::Continue);
        rig.option("collect", "counter").press(Press::Continue).answer(Event::CameraReady).show("24c-photo");
        offered(&rig);
        rig.press(Press::CallStaff).show("24d-called");
        assert_eq!(crate::screens::dialog_presses(&rig.view()), Some((Press::CloseDialog, Press::HandOver)));
        rig.press(Press::HandOver).show("24e-asked");
        assert_eq!(crate::screens::dialog_presses(&rig.view()), Some((Press::HandOverNow, Press::CloseDialog)));
        rig.press(Press::HandOverNow).show("24f-sealing").answer(Event::Sealed(Rig::code())).show("24g-handed-over");
        assert_eq!(screen(&rig), Screen::Receipt);
        if !english {
            assert_eq!(title(&rig), "已收件，请到窗口接着办");
            says(&rig, "民警扫一下就接着办，写过的不用再写");
            keeps_quiet(&rig, "打印好了");
            keeps_quiet(&rig, "已受理");
        }
        rig.answer(Event::Print(PrintProgress::Done)).show("24h-printed");
        rig.scene.machine.online = Some(false);
        rig.show("24i-offline");
        if !english {
            says(&rig, "网络一通就自动送到，送到后窗口才能打开");
            keeps_quiet(&rig, "您不用再来");
        }
        rig.press(Press::End).show("24j-ended");
        assert_eq!(rig.window.global::<ui::Ended>().get_question(), "", "nothing is done to be rated");
    }
}

#[test]
fn the_farewell_asks_how_it_went_and_skipping_is_as_large() {
    for (mut rig, english) in in_every_look() {
        rig.reach_check().press(Press::Submit).answer(Event::Sealed(Rig::code())).press(Press::End).show("25-rating");
        let ended = rig.window.global::<ui::Ended>();
        let ids: Vec<String> = ended.get_ratings().iter().map(|option| option.id.to_string()).collect();
        assert_eq!(ids, ["rate:5", "rate:4", "rate:3", "rate:2", "rate:1", "rate:skip"]);
        rig.press(Press::Rate(4)).show("25b-rated");
        assert_eq!(rig.window.global::<ui::Ended>().get_ratings().row_count(), 0);
        if !english {
            says(&rig, "谢谢您的评价");
        }
        rig.wait(8).show("25c-attract");
        assert_eq!(screen(&rig), Screen::Attract);
    }
}

fn instant(rig: &mut Rig) {
    rig.identified("no-criminal-record-self").option("purpose", "work").press(Press::Continue);
    rig.option("period", "whole").press(Press::Continue);
    rig.press(Press::Declare(FieldId::from("promise"))).press(Press::Continue);
    rig.press(Press::Signed(domain::answers::AttachmentId("s1".to_owned()))).press(Press::Continue);
    rig.press(Press::Submit).answer(Event::Sealed(Rig::code()));
}

#[test]
fn instant_endings_say_what_is_so_and_a_counter_never_says_why() {
    let mut rig = Rig::new("zh");
    instant(&mut rig);
    rig.show("11c-office");
    rig.answer(Event::Outcome(Outcome::Issued { number: "YM-2026-000123".to_owned() })).show("12e-issued-printing");
    keeps_quiet(&rig, "请取走");
    rig.answer(Event::Print(PrintProgress::Failed(PrintTrouble::Jam))).show("12f-issued-failed");
    assert_eq!(title(&rig), "证明没打出来：卡纸了");
    rig.press(Press::PrintCertificate).answer(Event::Print(PrintProgress::Done)).show("12g-issued");
    // The code that stands under these words on the screen is the receipt's, which proves nothing.
    says(&rig, "扫证明纸上的二维码，可以验真伪");
    assert_eq!(title(&rig), "证明办好了，请取走");
    says(&rig, "YM-2026-000123");

    let mut rig = Rig::new("zh");
    instant(&mut rig);
    rig.answer(Event::Outcome(Outcome::Counter { ticket: Some(after_hours()) })).show("12h-counter");
    assert_eq!(title(&rig), "请到窗口继续办");
    for words in ["A012", "综合窗口", "已下班，11 月 23 日 08:30 开门。号码那天有效"] {
        says(&rig, words);
    }
    for why in ["犯罪", "命中", "不符", "未通过"] {
        let all = everything(&rig.window).replace("无犯罪记录证明", "");
        assert!(!all.contains(why), "{why}: {all}");
    }

    let mut rig = Rig::new("zh");
    instant(&mut rig);
    rig.scene.machine.online = Some(false);
    rig.answer(Event::OfficeUnreachable).show("12i-held");
    assert_eq!(title(&rig), "已收件，还没有办完");
    says(&rig, "办公室现在连不上");
}

#[test]
fn dialogs_elder_mode_themes_and_the_farewell() {
    let mut rig = Rig::new("zh");
    rig.identified("id-replace-lost").option("how", "lost").press(Press::Continue).press(Press::Home).show("d1-leave");
    assert_eq!(rig.window.global::<ui::Dialog>().get_kind(), DialogKind::Leave);
    rig.press(Press::CloseDialog).press(Press::Help).show("d2-help");
    rig.press(Press::CallStaff).show("d3-called").press(Press::CloseDialog);
    rig.wait(62).show("d4-idle");
    assert_eq!(rig.window.global::<ui::Dialog>().get_seconds(), "18");
    rig.wait(30).show("14b-timed-out");
    assert_eq!(title(&rig), "已经退出");

    let mut rig = Rig::new("zh");
    rig.press(Press::Prefer(Preference::Elder(true))).show("16-elder");
    assert!(rig.window.global::<Tokens>().get_elder());
    assert_eq!(rig.window.global::<ui::Home>().get_elder().row_count(), 6);
    rig.press(Press::Category(CategoryId::from("id-card"))).show("16b-elder-list");
    rig.press(Press::Back).press(Press::Prefer(Preference::Elder(false)));
    rig.press(Press::Prefer(Preference::Theme(Theme::HighContrast))).show("17-high-contrast");
    rig.press(Press::Prefer(Preference::Theme(Theme::Day))).press(Press::Prefer(Preference::LowReach(true)));
    rig.show("21-low-reach").press(Press::Service("id-replace-lost".into())).press(Press::End).show("14-ended");
    assert_eq!(screen(&rig), Screen::Ended);
    rig.wait(8).show("14c-attract");
    assert!(!rig.window.global::<Tokens>().get_low_reach());
}

#[test]
fn a_rule_that_says_no_offers_a_person() {
    let mut rig = Rig::new("zh");
    rig.reach_ways("id-replace-lost").press(Press::Way(Way::NumberAndFace)).type_in(Target::OwnNumber, &number(2015));
    rig.press(Press::Continue).press(Press::AgreeFace).answer(Event::CameraReady).press(Press::TakeShot);
    rig.answer(Event::FaceSame).answer(Event::NoDraft).answer(Event::OwnRecordUnavailable).show("15-refused");
    says(&rig, "未满 16 岁，要由监护人陪着办");
    says(&rig, "请和监护人一起到窗口");
    assert_eq!(buttons(&rig.view()).primary.map(|action| action.press), Some(Press::AskOfficer));
}

#[test]
fn english_and_the_largest_size_are_drawn() {
    for (folder, size) in [("en", 1), ("en-4", 4), ("zh-4", 4)] {
        let mut rig = Rig::new(folder);
        if folder.starts_with("en") {
            rig = rig.in_english();
        }
        rig.press(Press::Prefer(Preference::TextSize(size))).show("02-home");
        rig.press(Press::Service("id-replace-lost".into())).show("04-service").press(Press::Back);
        rig.reach_notice("id-replace-lost").show("04b-notice");
        rig.press(Press::Consent(Consent::Notice)).press(Press::Consent(Consent::SensitiveData)).press(Press::Continue);
        rig.show("05-ways").press(Press::Way(Way::CardAndFace)).show("05b-card").press(Press::Back);
        rig.press(Press::Way(Way::NumberAndFace)).focus("number", Layer::Id).press(Press::Continue).show("06e-number");
        rig.blur().press(Press::Home).press(Press::Leave);
        rig.reach_check().show("11-check").press(Press::Submit).answer(Event::Sealed(Rig::code())).show("12-receipt");
        assert_eq!(rig.window.global::<Receipt>().get_code(), format!("{} {}", &CODE[..4], &CODE[4..]));
        rig.press(Press::PrintReceipt).answer(Event::Print(PrintProgress::Failed(PrintTrouble::Offline)));
        rig.show("13-not-printed");
    }
}
