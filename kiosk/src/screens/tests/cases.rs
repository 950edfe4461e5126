//! Finding a case and bringing what is missing, as it stands on the screens.

use super::rig::{CODE, PHONE, Rig, number};
use super::said::everything;
use domain::case::Status;
use domain::ids::SubmissionId;
use domain::sensitive::Sensitive;
use jiff::civil::date;
use slint::ComponentHandle;
use ui::{Layer, Nav, Page, Receipt, Screen};
use visit::{EndedCase, Event, Missing, MissingItem, OwnCase, Preference, Press, Target, Way};

fn own_case(status: Status) -> OwnCase {
    OwnCase {
        submission: SubmissionId(uuid::Uuid::from_u128(900)),
        code: Rig::code(),
        service: "id-replace-lost".into(),
        title: "身份证丢失补领".to_owned(),
        status,
        received_on: date(2026, 11, 20),
        due_on: Some(date(2026, 12, 1)),
        ticket: Some("A001".to_owned()),
        supplemented: false,
        missing: None,
        next_seq: 1,
        ended: None,
    }
}

fn waiting() -> OwnCase {
    let words = |text: &str| Sensitive::new(text.to_owned());
    let item = |key: &str, said: &str, before: Option<&str>| MissingItem {
        key: key.to_owned(),
        title: "office's title".to_owned(),
        words: words(said),
        before: before.map(words),
    };
    let items = vec![
        item("household-book", "户口簿少了几页。请把首页和您本人那一页都拍下来。", Some("1 页")),
        item("field:phone", "这个号码打不通，请换一个。", Some("138****2046")),
        item("field:signature", "签名看不清，请再签一次。", None),
        item("fingerprint", "请到窗口按一下指纹。", None),
    ];
    OwnCase {
        missing: Some(Missing { by: Some(date(2026, 12, 4)), items }),
        due_on: None,
        ..own_case(Status::Supplement)
    }
}

fn ended(status: Status, reason: &str, remedy: &str) -> OwnCase {
    let words = |text: &str| Sensitive::new(text.to_owned());
    OwnCase {
        ended: Some(EndedCase { on: date(2026, 11, 21), reason: words(reason), remedy: words(remedy) }),
        ..own_case(status)
    }
}

impl Rig {
    fn begin_finding(&mut self) -> &mut Self {
        self.press(Press::Touch).press(Press::FindCase)
    }

    fn found(&mut self, cases: Vec<OwnCase>) -> &mut Self {
        self.begin_finding().type_in(Target::Code, CODE).press(Press::Continue).press(Press::Way(Way::NumberAndFace));
        self.type_in(Target::OwnNumber, &number(1990)).press(Press::Continue).press(Press::AgreeFace);
        self.answer(Event::CameraReady).press(Press::TakeShot).answer(Event::FaceSame).answer(Event::OwnCases(cases))
    }
}

fn says(rig: &Rig, words: &[&str]) {
    let all = everything(&rig.window);
    for words in words {
        assert!(all.contains(words), "{words:?} is not in:\n{all}");
    }
}

#[test]
fn the_code_is_asked_in_two_groups() {
    let mut rig = Rig::new("zh");
    rig.begin_finding().focus("code", Layer::Code).show("71-find");
    assert_eq!(rig.window.global::<Nav>().get_screen(), Screen::Question);
    says(&rig, &["请输入回执编号", "0 / 8", "有回执，查进度"]);
    rig.type_in(Target::Code, "acdef").press(Press::Continue).focus("code", Layer::Code).show("71b-find-short");
    says(&rig, &["ACDE F", "编号是 8 位，请对着回执再看一遍"]);
    rig.blur().type_in(Target::Code, CODE).press(Press::Continue).show("71c-ways");
    says(&rig, &["怎样确认是您本人？", "有回执，查进度"]);
    rig.press(Press::Way(Way::Officer)).show("71d-window");
    says(&rig, &["请到窗口查", "7KQ4 M3XP"]);
}

#[test]
fn a_case_says_what_is_missing_where_and_by_when() {
    let mut rig = Rig::new("zh");
    rig.found(vec![waiting()]).show("72-missing");
    says(
        &rig,
        &[
            "待补正：还差 4 样",
            "7KQ4 M3XP",
            "12 月 4 日 星期五前补",
            "户口簿少了几页。请把首页和您本人那一页都拍下来。",
            "上次交的：138****2046",
            "请到窗口按一下指纹。",
            "请到本所户政窗口，带身份证。机器上办不了。",
        ],
    );
    let all = everything(&rig.window);
    assert!(!all.contains("office's title"), "the machine knows the names itself: {all}");
    rig.press(Press::Supplement)
        .answer(Event::NoDraft)
        .answer(Event::SubmissionMinted(SubmissionId(uuid::Uuid::from_u128(7))));
    rig.focus("phone", Layer::Digits).show("72b-field");
    says(&rig, &["要您补这一样，因为", "这个号码打不通，请换一个。", "第 1 步，共 4 步"]);
    rig.blur().fill("phone", PHONE).press(Press::Continue).answer(Event::CameraReady).show("72c-papers");
    says(&rig, &["把户口簿放到镜头下", "户口簿少了几页。请把首页和您本人那一页都拍下来。"]);
    rig.shot("p1", [7, 7, 7], Vec::new()).press(Press::Continue).show("72d-signature");
    says(&rig, &["签名看不清，请再签一次。"]);
    rig.press(Press::CannotSign).press(Press::Continue).show("72e-check");
    says(&rig, &["138****2046", "这几样就补到编号 7KQ4 M3XP"]);
    rig.press(Press::Submit).answer(Event::Sealed(Rig::code())).show("72f-receipt");
    assert_eq!(rig.window.global::<Page>().get_title(), "补正已收件");
    assert_eq!(rig.window.global::<Receipt>().get_code(), "7KQ4 M3XP");
    says(&rig, &["编号不变，以前交的都保留着", "工作人员接着看", "还要到窗口办"]);
    rig.press(Press::End).show("72g-ended");
    let all = everything(&rig.window);
    for gone in ["7KQ4 M3XP", "户口簿少了几页", "138****2046"] {
        assert!(!all.contains(gone), "{gone} is left");
    }
}

#[test]
fn every_status_has_its_ladder_and_its_words() {
    let supplemented = OwnCase { supplemented: true, ..own_case(Status::Delivered) };
    for (name, case, words) in [
        ("73-delivered", own_case(Status::Delivered), ["已送达，等工作人员看", "排队号 A001"]),
        ("73b-accepted", own_case(Status::Accepted), ["已受理，正在办", "12 月 1 日 星期二前办好"]),
        ("73c-supplemented", supplemented, ["补正已送到", "先由要您补正的那位工作人员看"]),
        (
            "73d-refused",
            ended(Status::Refused, "不属于本所。", "请到户籍地派出所。"),
            ["不属于本所。", "请到户籍地派出所。"],
        ),
        ("73e-approved", ended(Status::Approved, "", ""), ["办好了", "11 月 21 日"]),
        (
            "73f-rejected",
            ended(Status::Rejected, "照片不是本人。", "60 日内可以申请行政复议。"),
            ["照片不是本人。", "60 日内可以申请行政复议。"],
        ),
    ] {
        let mut rig = Rig::new("zh");
        rig.found(vec![case]).show(name);
        says(&rig, &words);
    }
    let mut rig = Rig::new("zh");
    let cases = vec![waiting(), own_case(Status::Accepted), ended(Status::Approved, "", "")];
    rig.begin_finding().press(Press::WithoutCode).press(Press::Way(Way::NumberAndFace));
    rig.type_in(Target::OwnNumber, &number(1990)).press(Press::Continue).press(Press::AgreeFace);
    rig.answer(Event::CameraReady).press(Press::TakeShot).answer(Event::FaceSame).answer(Event::OwnCases(cases));
    rig.show("74-list");
    says(&rig, &["您的办件", "待补正", "已受理", "已办结"]);
}

#[test]
fn problems_say_what_was_kept() {
    let mut rig = Rig::new("zh");
    rig.found(Vec::new()).show("75-not-found");
    says(&rig, &["您名下没有这个编号", "刚才输入的是 7KQ4 M3XP"]);
    rig.press(Press::TryAgain).press(Press::Continue).answer(Event::OwnCasesUnavailable).show("75b-offline");
    says(&rig, &["现在查不了进度", "7KQ4 M3XP"]);
}

#[test]
fn large_english_and_elder_are_drawn() {
    for (folder, change) in [
        ("en", Preference::TextSize(1)),
        ("en-4", Preference::TextSize(4)),
        ("zh-4", Preference::TextSize(4)),
        ("zh-elder", Preference::Elder(true)),
        ("zh-low", Preference::LowReach(true)),
    ] {
        let mut rig = Rig::new(folder);
        if folder.starts_with("en") {
            rig = rig.in_english();
        }
        rig.press(Press::Prefer(change)).show("70-home");
        rig.begin_finding().focus("code", Layer::Code).show("71-find").blur().press(Press::Home);
        rig.found(vec![waiting()]).show("72-missing").press(Press::Back).press(Press::Home);
        rig.press(Press::FindCase)
            .type_in(Target::Code, CODE)
            .press(Press::Continue)
            .answer(Event::OwnCases(Vec::new()));
        rig.show("75-not-found");
        assert_eq!(rig.window.global::<Nav>().get_screen(), Screen::Ways);
    }
}
