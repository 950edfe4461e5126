//! Plausible words for every screen, in the places the presenters will fill. Persons and numbers are invented.

use slint::{ComponentHandle, Image, ModelRc, Rgb8Pixel, SharedPixelBuffer, SharedString, VecModel};
use ui::*;

/// Every screen with the name of its picture, in the order of a visit.
pub const SCREENS: [(Screen, &str); 17] = [
    (Screen::Attract, "01-attract"),
    (Screen::Home, "02-home"),
    (Screen::List, "03-list"),
    (Screen::Service, "04-service"),
    (Screen::Notice, "04b-notice"),
    (Screen::Ways, "05-identify"),
    (Screen::Card, "05b-card"),
    (Screen::Face, "05c-face"),
    (Screen::Question, "06-question"),
    (Screen::Photo, "08-photo"),
    (Screen::Papers, "09-papers"),
    (Screen::Signature, "10-signature"),
    (Screen::Check, "11-check"),
    (Screen::Progress, "11b-progress"),
    (Screen::Receipt, "12-receipt"),
    (Screen::Problem, "13-problem"),
    (Screen::Ended, "14-ended"),
];

/// Question pages by picture name and keyboard.
pub const QUESTIONS: [(&str, Layer); 7] = [
    ("06-question-keyboard-error", Layer::Pinyin),
    ("06b-question-candidates", Layer::Pinyin),
    ("06c-question-choice", Layer::Hidden),
    ("06d-question-address", Layer::Hidden),
    ("06e-question-id-number", Layer::Id),
    ("06f-question-english", Layer::English),
    ("06g-question-symbols", Layer::Symbols),
];

fn model<T: Clone + 'static>(rows: Vec<T>) -> ModelRc<T> {
    ModelRc::new(VecModel::from(rows))
}

fn row(id: &str, icon: &str, title: &str, line: &str) -> Row {
    Row { id: id.into(), icon: icon.into(), title: title.into(), line: line.into(), ..Row::default() }
}

fn pill(row: Row, pill: &str, tone: Tone) -> Row {
    Row { pill: pill.into(), tone, ..row }
}

fn stage(row: Row, stage: Stage) -> Row {
    Row { stage, ..row }
}

fn card(title: &str, aside: &str, rows: Vec<Row>) -> CardView {
    CardView { title: title.into(), aside: aside.into(), rows: model(rows) }
}

fn note(tone: Tone, icon: &str, title: &str, text: &str) -> NoteView {
    NoteView { tone, icon: icon.into(), title: title.into(), text: text.into() }
}

fn option(id: &str, label: &str, line: &str, selected: bool) -> OptionView {
    OptionView { id: id.into(), label: label.into(), line: line.into(), selected, ..OptionView::default() }
}

fn chinese(lang: &Lang) -> bool {
    lang.code() == "zh-CN"
}

fn words<'a>(lang: &Lang, zh: &'a str, en: &'a str) -> &'a str {
    if chinese(lang) { zh } else { en }
}

fn painted(width: u32, height: u32, paint: impl Fn(f32, f32) -> [u8; 3]) -> Image {
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(width, height);
    for (i, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = ((i as u32 % width) as f32, (i as u32 / width) as f32);
        let [r, g, b] = paint(x / width as f32, y / height as f32);
        *pixel = Rgb8Pixel { r, g, b };
    }
    Image::from_rgb8(buffer)
}

fn inside(x: f32, y: f32, cx: f32, cy: f32, rx: f32, ry: f32) -> bool {
    ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) <= 1.0
}

/// A drawn person, the middle of the picture at the middle of the face.
fn person(width: u32, height: u32, zoom: f32) -> Image {
    painted(width, height, |x, y| {
        let (x, y) = ((x - 0.5) / zoom, (y - 0.52) / zoom);
        if inside(x, y, -0.055, -0.02, 0.013, 0.016) || inside(x, y, 0.055, -0.02, 0.013, 0.016) {
            [32, 38, 42]
        } else if inside(x, y, 0.0, 0.13, 0.05, 0.01) {
            [170, 95, 80]
        } else if inside(x, y, 0.0, 0.02, 0.135, 0.21) && y > -0.11 {
            [229, 195, 163]
        } else if inside(x, y, 0.0, -0.03, 0.15, 0.2) {
            [41, 45, 49]
        } else if x.abs() < 0.06 && y > 0.1 && y < 0.32 {
            [208, 170, 136]
        } else if inside(x, y, 0.0, 0.56, 0.36, 0.3) {
            [34, 60, 76]
        } else {
            [232, 237, 238]
        }
    })
}

fn paper(width: u32, height: u32) -> Image {
    painted(width, height, |x, y| {
        if !(0.18..0.82).contains(&x) || !(0.16..0.8).contains(&y) {
            return [92, 104, 108];
        }
        let line = ((y - 0.16) / 0.64 * 14.0).fract() < 0.25;
        if line && (0.24..0.74).contains(&x) { [120, 120, 116] } else { [248, 246, 238] }
    })
}

/// A pattern with three finders: stands for a QR code in pictures, reads as nothing.
fn qr() -> Image {
    painted(290, 290, |x, y| {
        let (i, j) = ((x * 29.0) as i32, (y * 29.0) as i32);
        let finder = |a: i32, b: i32| {
            let (u, v) = (i - a, j - b);
            (0..7).contains(&u)
                && (0..7).contains(&v)
                && (u == 0 || u == 6 || v == 0 || v == 6 || ((2..5).contains(&u) && (2..5).contains(&v)))
        };
        let zone = (i < 8 && j < 8) || (i > 20 && j < 8) || (i < 8 && j > 20);
        let mixed = (i.wrapping_mul(73) ^ j.wrapping_mul(151) ^ (i * j).wrapping_mul(31)) % 7 < 3;
        if finder(0, 0) || finder(22, 0) || finder(0, 22) || (!zone && mixed) { [16, 35, 44] } else { [255, 255, 255] }
    })
}

fn aids(lang: &Lang, elder: bool) -> ModelRc<AidView> {
    let aid = |key: &str, icon: &str, label: &str, prominent: bool| AidView {
        key: key.into(),
        icon: icon.into(),
        label: lang.text(label).into(),
        active: false,
        prominent,
    };
    if elder {
        return model(vec![
            aid("elder", "undo-2", "aid.elder-off", false),
            aid("size", "a-large-small", "aid.size-larger", false),
            aid("speak", "volume-2", "aid.speak", false),
        ]);
    }
    model(vec![
        aid("elder", "heart-handshake", "aid.elder", false),
        aid("size", "a-large-small", "aid.size", false),
        aid("contrast", "contrast", "aid.contrast", false),
        aid("speak", "volume-2", "aid.speak", false),
        aid("language", "languages", "aid.language", false),
        aid("call", "concierge-bell", "aid.call", true),
    ])
}

fn shot(id: &str, title: &str, line: &str, taken: bool, selected: bool) -> ShotView {
    ShotView {
        id: id.into(),
        title: title.into(),
        line: line.into(),
        taken,
        selected,
        tone: if taken { Tone::Ok } else { Tone::Plain },
        picture: if taken { person(130, 160, 1.5) } else { Image::default() },
    }
}

/// Fills everything that does not change from screen to screen.
pub fn everything(window: &KioskWindow, lang: &Lang) {
    let s = |key: &str| SharedString::from(lang.text(key));
    let w = |zh, en| SharedString::from(words(lang, zh, en));
    let nav = window.global::<Nav>();
    nav.set_station(w("云桥派出所", "Yunqiao station"));
    nav.set_machine_text(lang.fill("frame.machine", &[("n", "1")]).into());
    nav.set_state_text(s("frame.state-ok"));
    nav.set_state_ok(true);
    nav.set_clock("14:26".into());
    nav.set_date_text(
        lang.fill("date.day-weekday", &[("month", "11"), ("day", "22"), ("weekday", lang.text("weekday.7"))]).into(),
    );
    nav.set_aids(aids(lang, false));
    nav.set_page_up_label(s("frame.page-up"));
    nav.set_page_down_label(s("frame.page-down"));

    let attract = window.global::<Attract>();
    attract.set_product_line(
        format!("{}・{}", lang.text("attract.product"), lang.fill("frame.machine", &[("n", "1")])).into(),
    );
    attract.set_first_line(s("attract.first"));
    attract.set_second_line(s("attract.second"));
    attract.set_other_language(s("attract.other-language"));
    attract.set_promise(s("attract.promise"));
    attract.set_names_first(s("attract.names-first"));
    attract.set_names_second(s("attract.names-second"));
    attract.set_state_line(s("attract.state"));
    attract.set_camera_line(s("attract.camera"));
    attract.set_phone_line(lang.fill("attract.phone", &[("phone", "8001")]).into());
    attract.set_start_label(s("attract.start"));

    home(window, lang);
    let keyboard = window.global::<Keyboard>();
    keyboard.set_preedit("ou hai qu".into());
    keyboard.set_candidates(model(["瓯海区", "欧海", "藕", "偶", "欧", "呕", "鸥"].map(SharedString::from).to_vec()));
    keyboard.set_more_label(s("keyboard.more"));
    keyboard.set_less_label(s("keyboard.less"));
    keyboard.set_page_up_label(s("keyboard.page-up"));
    keyboard.set_page_down_label(s("keyboard.page-down"));
    keyboard.set_page_down_enabled(true);

    let list = window.global::<List>();
    list.set_rows(model(vec![
        pill(
            row(
                "a",
                "id-card",
                words(lang, "身份证丢失补领", "Replace a lost ID card"),
                words(lang, "约 8 分钟・7 个工作日取", "About 8 min, 7 work days"),
            ),
            "",
            Tone::Plain,
        ),
        pill(
            row(
                "b",
                "id-card",
                words(lang, "身份证到期换领", "Renew an ID card"),
                words(lang, "约 8 分钟・7 个工作日取", "About 8 min, 7 work days"),
            ),
            "",
            Tone::Plain,
        ),
        pill(
            row(
                "c",
                "user",
                words(lang, "未成年人补领身份证", "ID card for a minor"),
                words(lang, "监护人陪同", "With a guardian"),
            ),
            words(lang, "窗口办", "Counter"),
            Tone::Warn,
        ),
        pill(
            row(
                "d",
                "file-badge",
                words(lang, "临时身份证明", "Temporary ID paper"),
                words(lang, "约 3 分钟", "About 3 min"),
            ),
            words(lang, "当场取", "At once"),
            Tone::Ok,
        ),
    ]));
    list.set_empty_text(s("list.empty"));
    service(window, lang);
    middle(window, lang);
    finish(window, lang);
}

fn categories(lang: &Lang) -> Vec<Row> {
    let zh = [
        ("household", "house", "户口", "出生、迁移、户口簿"),
        ("id-card", "id-card", "身份证", "丢失补领、到期换领"),
        ("certificate", "file-badge", "证明", "无犯罪记录、亲属"),
        ("residence", "luggage", "流动人口", "居住登记、居住证"),
        ("rental", "key-round", "出租房", "登记、租客、二维码"),
        ("licence", "steering-wheel", "驾驶证", "换证、体检、审验"),
        ("vehicle", "car-front", "机动车", "行驶证、号牌、年检"),
        ("traffic", "traffic-cone", "交通", "违法处理、交罚款"),
        ("border", "plane", "出入境", "护照、港澳通行证"),
        ("order", "shield-check", "治安", "报失、养犬、求助"),
    ];
    let en = [
        ("Household", "Births, moves"),
        ("ID card", "Lost, renew"),
        ("Certificates", "No record, kin"),
        ("Residence", "Register, permit"),
        ("Rental", "Homes, tenants"),
        ("Driving", "Renew, medical"),
        ("Vehicles", "Plates, checks"),
        ("Traffic", "Fines, offences"),
        ("Exit and entry", "Passport, permits"),
        ("Safety", "Lost, dogs, help"),
    ];
    zh.iter()
        .zip(en)
        .map(|(z, e)| if chinese(lang) { row(z.0, z.1, z.2, z.3) } else { row(z.0, z.1, e.0, e.1) })
        .collect()
}

fn home(window: &KioskWindow, lang: &Lang) {
    let s = |key: &str| SharedString::from(lang.text(key));
    let home = window.global::<Home>();
    home.set_title(s("home.title"));
    home.set_line(s("home.line-elder"));
    home.set_search_label(s("home.search"));
    home.set_search_placeholder(s("home.search-placeholder"));
    home.set_search_text("".into());
    home.set_search_focused(false);
    home.set_common_title(s("home.common"));
    home.set_common(model(vec![
        row(
            "id-replace-lost",
            "id-card",
            words(lang, "身份证丢失补领", "Lost ID card"),
            words(lang, "约 8 分钟・7 个工作日取", "8 min, 7 work days"),
        ),
        row(
            "no-criminal-record-self",
            "file-badge",
            words(lang, "无犯罪记录证明", "No criminal record"),
            words(lang, "约 3 分钟・当场取", "3 min, at once"),
        ),
        row(
            "passport-minor",
            "plane",
            words(lang, "儿童护照首次申请", "First child passport"),
            words(lang, "约 9 分钟・7 个工作日取", "9 min, 7 work days"),
        ),
        row(
            "dl-renew-expiry",
            "steering-wheel",
            words(lang, "驾驶证期满换证", "Renew driving licence"),
            words(lang, "约 9 分钟・窗口取", "9 min, at counter"),
        ),
    ]));
    home.set_categories_title(s("home.categories"));
    home.set_categories(model(categories(lang)));
    home.set_elder(model(vec![
        row(
            "id-card",
            "id-card",
            words(lang, "身份证", "ID card"),
            words(lang, "丢了补办、到期换证", "Lost or expired"),
        ),
        row(
            "certificate",
            "file-badge",
            words(lang, "开证明", "Certificate"),
            words(lang, "无犯罪记录等", "No record and more"),
        ),
        row("household", "house", words(lang, "户口", "Household"), words(lang, "小孩上户、迁户口", "Births, moves")),
        row("residence", "luggage", words(lang, "居住证", "Residence"), words(lang, "登记、签注", "Register, renew")),
        row("licence", "steering-wheel", words(lang, "驾驶证", "Driving"), words(lang, "到期换证", "Renew")),
        row(
            "receipt",
            "receipt-text",
            words(lang, "查我办的事", "My case"),
            words(lang, "有回执就能查", "With a receipt"),
        ),
    ]));
    home.set_receipt_label(s("home.receipt"));
    home.set_receipt_short(s("home.receipt-short"));
    home.set_receipt_line(s("home.receipt-line"));
    home.set_unsure_label(s("home.unsure"));
    home.set_unsure_short(s("home.unsure-short"));
    home.set_unsure_line(s("home.unsure-line"));
    home.set_others_label(s("home.others"));
    home.set_call_label(s("home.call"));
    home.set_no_results(s("home.no-results"));
    window.global::<Keyboard>().set_layer(Layer::Hidden);
}

fn service(window: &KioskWindow, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let service = window.global::<Service>();
    let fact =
        |label: &str, value: &str, line: &str| FactView { label: label.into(), value: value.into(), line: line.into() };
    service.set_facts(model(vec![
        fact(lang.text("service.fee"), w("40 元", "40 yuan"), w("扫码付，或到窗口付", "By code or at the counter")),
        fact(lang.text("service.time"), w("7 个工作日", "7 work days"), w("从受理那天算起", "From acceptance")),
    ]));
    service.set_cards(model(vec![
        card(
            lang.text("service.materials"),
            w("4 样，今天至少要 2 样", "4 items, 2 today"),
            vec![
                pill(
                    row("", "user", w("您本人", "Yourself"), w("拍照、核对是不是您本人", "Photo and identity")),
                    lang.text("pill.now"),
                    Tone::Info,
                ),
                pill(
                    row(
                        "",
                        "fingerprint-pattern",
                        w("指纹", "Fingerprints"),
                        w("本机不能采，到窗口按一下，约 2 分钟", "Taken at the counter, 2 min"),
                    ),
                    lang.text("pill.counter"),
                    Tone::Warn,
                ),
                pill(
                    row(
                        "",
                        "book-open",
                        w("户口簿", "Household book"),
                        w("没带也能办，12 月 4 日前补", "Go on without, bring it by 12/4"),
                    ),
                    lang.text("pill.later"),
                    Tone::Warn,
                ),
                pill(
                    row(
                        "",
                        "file-check",
                        w("居住证明", "Proof of residence"),
                        w("系统已有，不用您带", "On record already"),
                    ),
                    lang.text("pill.waived"),
                    Tone::Ok,
                ),
            ],
        ),
        card(
            lang.text("service.output"),
            "",
            vec![
                row(
                    "",
                    "receipt-text",
                    w("一张回执", "A receipt"),
                    w("上面有编号，可查进度、可补材料", "With a number to follow the case"),
                ),
                row(
                    "",
                    "id-card",
                    w("新身份证", "A new ID card"),
                    w("到窗口领，或寄到家", "At the counter or by post"),
                ),
            ],
        ),
    ]));
    service.set_law(
        w("依据：居民身份证法第十一条。捡到旧证请交回。", "Basis: Resident Identity Card Law, article 11.").into(),
    );

    let notice = window.global::<Notice>();
    notice.set_paragraphs(model(vec![
        row("", "file-text", lang.text("notice.purpose"), lang.text("notice.purpose-line")),
        row("", "lock", lang.text("notice.kept"), lang.text("notice.kept-line")),
        row("", "undo-2", lang.text("notice.rights"), lang.text("notice.rights-line")),
    ]));
    notice.set_consent_title(lang.text("notice.consent").into());
    let consent = |id: &str, checked| ConsentView {
        id: id.into(),
        text: lang.text(&format!("notice.consent-{id}")).into(),
        line: lang.text(&format!("notice.consent-{id}-line")).into(),
        checked,
    };
    notice.set_consents(model(vec![consent("id", true), consent("face", false), consent("photo", true)]));

    window.global::<Ways>().set_rows(model(vec![
        row("number-face", "scan-face", lang.text("identify.number-face"), lang.text("identify.number-face-line")),
        row("card-face", "id-card", lang.text("identify.card-face"), lang.text("identify.card-face-line")),
        row(
            "officer",
            "users",
            lang.text("identify.officer"),
            w("窗口现在有人，大约等 3 分钟", "Staff is here, about 3 min"),
        ),
    ]));
}

fn middle(window: &KioskWindow, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let reader = window.global::<Card>();
    reader.set_state(CardState::Waiting);
    reader.set_state_text(lang.text("card.waiting").into());
    reader.set_reader_text(lang.text("card.reader").into());
    camera(window, lang);
    let photo = window.global::<Photo>();
    photo.set_shots(model(vec![
        shot("1", &lang.fill("photo.shot", &[("n", "1")]), lang.text("photo.clear"), true, true),
        shot("2", &lang.fill("photo.shot", &[("n", "2")]), lang.text("photo.then-choose"), false, false),
    ]));
    photo.set_advice(lang.text("photo.advice").into());
    let papers = window.global::<Papers>();
    papers.set_page_text(lang.fill("papers.taken", &[("n", "2")]).into());
    let page = |n: &str| ShotView {
        picture: paper(226, 116),
        ..shot(n, &lang.fill("papers.page", &[("n", n)]), "", true, false)
    };
    papers.set_pages(model(vec![page("1"), page("2")]));
    papers.set_retake_label(lang.text("button.retake").into());
    papers.set_advice(lang.text("papers.advice").into());
    papers.set_later_visible(true);
    papers.set_later_label(lang.text("papers.later").into());
    papers.set_later_line(lang.fill("papers.later-line", &[("date", w("12 月 4 日", "12/4"))]).into());
}

fn camera(window: &KioskWindow, lang: &Lang) {
    let camera = window.global::<Camera>();
    camera.set_waiting_text(lang.text("camera.waiting").into());
    let hint = |key: &str, tone| Row {
        tone,
        ..row("", if tone == Tone::Ok { "check" } else { "arrow-up" }, lang.text(key), "")
    };
    camera.set_hints(model(vec![
        hint("camera.light-ok", Tone::Ok),
        hint("camera.background-ok", Tone::Ok),
        hint("camera.chin-up", Tone::Warn),
    ]));
    camera.set_countdown("3".into());
    camera.set_good(true);
    camera.set_live(true);
    camera.set_frame(person(960, 880, 1.0));
}

fn finish(window: &KioskWindow, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let signature = window.global::<Signature>();
    signature.set_here_text(lang.text("signature.here").into());
    signature.set_clear_label(lang.text("signature.clear").into());
    signature.set_cannot_label(lang.text("signature.cannot").into());
    signature.set_cannot_line(lang.text("signature.cannot-line").into());
    let check = window.global::<Check>();
    let answer = |label: &str, value: &str, id: &str| AnswerView {
        label: label.into(),
        value: value.into(),
        change_id: id.into(),
    };
    let group =
        |title: &str, id: &str, rows| AnswerGroup { title: title.into(), change_id: id.into(), rows: model(rows) };
    check.set_groups(model(vec![
        group(
            w("您的身份", "You"),
            "",
            vec![
                answer(w("姓名", "Name"), w("王小明", "Wang Xiaoming"), ""),
                answer(w("身份证号", "ID number"), "330***********1528", ""),
            ],
        ),
        group(
            w("怎么丢的", "The loss"),
            "loss",
            vec![
                answer(w("哪天丢的", "Date"), w("2026 年 11 月 20 日", "2026-11-20"), ""),
                answer(
                    w("在哪里丢的", "Place"),
                    w("温州市瓯海区娄桥街道公交站附近", "Near the bus stop, Louqiao, Ouhai, Wenzhou"),
                    "",
                ),
            ],
        ),
        group(
            w("怎么联系您", "Contact"),
            "",
            vec![
                answer(w("手机", "Phone"), "138****2046", "phone"),
                answer(w("怎么领证", "Collection"), w("到窗口领", "At the counter"), "collect"),
            ],
        ),
    ]));
    check.set_change_label(lang.text("button.change").into());
    check.set_statement(lang.fill("check.statement", &[("act", w("补领居民身份证", "replace an ID card"))]).into());
    window.global::<Progress>().set_rows(model(vec![
        stage(row("", "lock", lang.text("progress.sealed"), ""), Stage::Done),
        stage(row("", "send", lang.text("progress.sent"), ""), Stage::Now),
        stage(row("", "printer", lang.text("progress.printed"), ""), Stage::Todo),
    ]));
    let receipt = window.global::<Receipt>();
    receipt.set_code_label(lang.text("receipt.code").into());
    receipt.set_code("7KQ4 M2XP".into());
    receipt.set_code_line(
        lang.fill("receipt.where-when", &[("machine", "1"), ("when", w("11 月 22 日 14:31", "11/22 14:31"))]).into(),
    );
    receipt.set_qr(qr());
    receipt.set_print_text(lang.text("receipt.printing").into());
    receipt.set_cards(model(vec![card(
        lang.text("receipt.next"),
        "",
        vec![
            stage(
                row(
                    "",
                    "check",
                    lang.text("status.received"),
                    &lang.fill("status.received-line", &[("time", "14:31")]),
                ),
                Stage::Done,
            ),
            stage(row("", "send", lang.text("status.delivered"), lang.text("status.delivered-line")), Stage::Now),
            stage(
                row(
                    "",
                    "stamp",
                    lang.text("status.accepted-or-supplement"),
                    w("今天下班前，会给 138****2046 发短信", "Today, by text to 138****2046"),
                ),
                Stage::Todo,
            ),
            stage(
                row(
                    "",
                    "id-card",
                    lang.text("status.closed"),
                    w("受理后 7 个工作日，到本所窗口领", "7 work days later, at the counter"),
                ),
                Stage::Todo,
            ),
        ],
    )]));
    receipt.set_rating_question(lang.text("receipt.rating").into());
    receipt.set_ratings(model(vec![
        option("good", lang.text("receipt.rating-good"), "", false),
        option("fair", lang.text("receipt.rating-fair"), "", false),
        option("poor", lang.text("receipt.rating-poor"), "", false),
    ]));
    let problem = window.global::<Problem>();
    problem.set_rows(model(vec![
        row("", "circle-check", lang.text("problem.kept"), &lang.fill("problem.kept-code", &[("code", "7KQ4 M2XP")])),
        row("", "smartphone", lang.text("problem.now"), lang.text("problem.paper-out-now")),
        row("", "bell-ring", w("已经叫人来换纸", "Staff is bringing paper"), lang.text("problem.paper-out-called")),
    ]));
    problem.set_code_label(lang.text("receipt.code").into());
    problem.set_code("7KQ4 M2XP".into());
    problem.set_code_line(lang.text("problem.code-note").into());
    problem.set_qr(qr());
    window.global::<Ended>().set_wiped(model(vec![
        row("", "scan", lang.text("ended.wiped-screen"), ""),
        row("", "camera", lang.text("ended.wiped-camera"), ""),
        row("", "lock", lang.text("ended.wiped-sent"), ""),
    ]));
}

/// The search on home, with a word typed.
pub fn search(window: &KioskWindow, lang: &Lang) {
    let home = window.global::<Home>();
    home.set_search_text("身份证".into());
    home.set_search_focused(true);
    home.set_results_title(lang.fill("home.results", &[("n", "2")]).into());
    home.set_results(model(vec![
        row("a", "id-card", "身份证丢失补领", "约 8 分钟・7 个工作日取"),
        row("b", "id-card", "身份证到期换领", "约 8 分钟・7 个工作日取"),
    ]));
    let keyboard = window.global::<Keyboard>();
    keyboard.set_layer(Layer::Pinyin);
    keyboard.set_rows(keyboard::rows(Layer::Pinyin, false, lang));
    keyboard.set_preedit("".into());
    keyboard.set_candidates(model(Vec::new()));
}

pub fn elder(window: &KioskWindow, lang: &Lang) {
    window.global::<Nav>().set_aids(aids(lang, true));
    window.global::<Nav>().set_machine_text("".into());
    window.global::<Nav>().set_state_text(lang.text("frame.state-elder").into());
}

pub fn low_reach(window: &KioskWindow, lang: &Lang) {
    window.global::<Home>().set_line(lang.text("home.line-low-reach").into());
}

/// Shows a keyboard where the screen has one.
pub fn keyboard_for(window: &KioskWindow, screen: Screen, lang: &Lang) {
    let layer = if screen == Screen::Question { Layer::Pinyin } else { Layer::Hidden };
    let keyboard = window.global::<Keyboard>();
    keyboard.set_rows(keyboard::rows(layer, false, lang));
    keyboard.set_layer(layer);
    if screen == Screen::Question {
        question(window, "06-question-keyboard-error", layer, lang);
    }
}

/// Title, threshold and step of one screen, then the screen itself.
pub fn enter(window: &KioskWindow, screen: Screen, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let nav = window.global::<Nav>();
    let page = window.global::<Page>();
    nav.set_errand(w("身份证丢失补领", "Replace a lost ID card").into());
    let step = |n: i32| {
        nav.set_step_text(lang.fill("step.of", &[("n", &n.to_string()), ("total", "7")]).into());
        nav.set_step_count(7);
        nav.set_step_index(n - 1);
    };
    let back = |label: &str, icon: &str| {
        nav.set_back_visible(!label.is_empty());
        nav.set_back_label(label.into());
        nav.set_back_icon(icon.into());
    };
    let second = |label: &str, icon: &str| {
        nav.set_secondary_visible(!label.is_empty());
        nav.set_secondary_label(label.into());
        nav.set_secondary_icon(icon.into());
    };
    let first = |label: &str, icon: &str| {
        nav.set_primary_visible(!label.is_empty());
        nav.set_primary_label(label.into());
        nav.set_primary_icon(icon.into());
    };
    let title = |title: &str, line: &str| {
        page.set_title(title.into());
        page.set_line(line.into());
    };
    let t = |key| lang.text(key).to_owned();
    page.set_icon("".into());
    page.set_tone(Tone::Plain);
    page.set_notes_above(model(Vec::new()));
    page.set_notes_below(model(Vec::new()));
    page.set_hint("".into());
    page.set_hint_icon("".into());
    nav.set_primary_busy(false);
    back(&t("button.back"), "arrow-left");
    second("", "");
    first("", "");
    camera(window, lang);
    match screen {
        Screen::Attract | Screen::Home => back("", ""),
        Screen::List => {
            nav.set_step_text("".into());
            nav.set_step_count(0);
            nav.set_errand(w("身份证", "ID card").into());
            title(w("身份证", "ID card"), &t("list.line"));
        }
        Screen::Service => {
            nav.set_step_count(0);
            nav.set_step_text(
                lang.fill("service.step", &[("branch", w("户政", "Household")), ("minutes", "8")]).into(),
            );
            first(&t("button.start"), "arrow-right");
            page.set_notes_above(model(vec![note(
                Tone::Ok,
                "circle-check",
                w("先看能不能办：年满 16 岁、原证已丢失", "Who can apply: 16 or older, card lost"),
                w("未满 16 岁由监护人陪同，选“未成年人补领”", "Under 16: come with a guardian"),
            )]));
        }
        Screen::Notice => {
            step(1);
            title(&t("notice.title"), &t("notice.line"));
            first(&t("button.agree"), "arrow-right");
        }
        Screen::Ways => {
            step(1);
            title(&t("identify.title"), &t("identify.line"));
            page.set_notes_below(model(vec![note(
                Tone::Info,
                "shield-check",
                &t("identify.privacy"),
                &t("identify.privacy-line"),
            )]));
            page.set_hint_icon("volume-2".into());
            page.set_hint(t("identify.headphones").into());
            second(&t("button.why-identify"), "circle-question-mark");
        }
        Screen::Card => {
            step(1);
            title(&t("card.title"), &t("card.line"));
            second(&t("button.other-way"), "rotate-cw");
        }
        Screen::Face => {
            step(1);
            title(&t("face.title"), &t("face.line"));
            page.set_notes_below(model(vec![note(
                Tone::Info,
                "shield-check",
                &t("identify.privacy"),
                &t("identify.privacy-line"),
            )]));
            second(&t("identify.officer"), "users");
        }
        Screen::Question => {
            step(3);
            back(&t("button.previous"), "arrow-left");
            first(&t("button.next"), "arrow-right");
        }
        Screen::Photo => {
            step(4);
            title(&t("photo.title"), "");
            second(&t("button.shoot-help"), "user-check");
            first(&t("button.shoot"), "camera");
        }
        Screen::Papers => {
            step(5);
            title(&lang.fill("papers.title", &[("paper", w("户口簿", "household book"))]), &t("papers.line"));
            window.global::<Camera>().set_frame(paper(960, 640));
            window.global::<Camera>().set_hints(model(Vec::new()));
            window.global::<Camera>().set_countdown("".into());
            second(&t("button.pages-done"), "check");
            first(&t("button.shoot"), "camera");
        }
        Screen::Signature => {
            step(6);
            title(&t("signature.title"), &t("signature.line"));
            let signature = window.global::<Signature>();
            signature.set_signed(true);
            signature.set_commands("M 180 240 L 330 230 M 255 180 L 250 420 M 190 320 L 320 312 M 160 430 L 350 420 M 480 190 L 470 400 M 400 260 L 380 340 M 550 250 L 590 330 M 690 200 L 660 420 M 700 200 C 780 190 800 210 790 300 L 780 420 M 700 300 L 780 296".into());
            first(&t("button.continue"), "arrow-right");
        }
        Screen::Check => {
            step(6);
            title(&t("check.title"), &t("check.line"));
            first(&t("button.submit"), "check");
        }
        Screen::Progress => {
            step(7);
            title(&t("progress.submitting"), &t("progress.submitting-line"));
            back("", "");
        }
        Screen::Receipt => {
            step(7);
            title(&t("receipt.title"), &t("receipt.line"));
            page.set_icon("circle-check".into());
            page.set_tone(Tone::Ok);
            page.set_notes_below(model(vec![note(
                Tone::Warn,
                "book-open",
                &lang.fill(
                    "receipt.missing",
                    &[("material", w("户口簿", "household book")), ("date", w("12 月 4 日", "12/4"))],
                ),
                &format!("{}{}", lang.text("receipt.missing-line"), w("指纹也要到窗口按一下。", "")),
            )]));
            back(&t("button.print-again"), "printer");
            first(&t("button.finish"), "log-out");
        }
        Screen::Problem => {
            step(7);
            title(&t("problem.paper-out"), &t("problem.not-affected"));
            page.set_icon("printer".into());
            page.set_tone(Tone::Warn);
            page.set_hint_icon("info".into());
            page.set_hint(
                w("1 号机・打印机缺纸・14:31・值班电话 8001", "Machine 1, no paper, 14:31, duty phone 8001").into(),
            );
            back(&t("button.retry"), "rotate-cw");
            first(&t("button.noted"), "log-out");
        }
        Screen::Ended => {
            nav.set_step_count(0);
            nav.set_step_text("".into());
            title(&t("ended.title"), &t("ended.line"));
            page.set_hint_icon("luggage".into());
            page.set_hint(t("ended.take").into());
            back("", "");
            first(&t("button.home"), "house");
        }
    }
    nav.set_screen(screen);
}

fn text_field(id: &str, label: &str) -> FieldView {
    FieldView { id: id.into(), label: label.into(), kind: FieldKind::Text, ..FieldView::default() }
}

/// One of the question pages of `QUESTIONS`.
pub fn question(window: &KioskWindow, name: &str, layer: Layer, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let page = window.global::<Page>();
    let question = window.global::<Question>();
    let keyboard = window.global::<Keyboard>();
    keyboard.set_rows(keyboard::rows(layer, name.contains("english"), lang));
    keyboard.set_layer(layer);
    keyboard.set_expanded(name.contains("candidates"));
    question.set_error_title("".into());
    question.set_error_text("".into());
    page.set_line("".into());
    let fields = if name.contains("choice") {
        page.set_title(w("怎么领新证？", "How do you want to get it?").into());
        let mut tick = text_field("true", w("以上填写属实", "What I wrote is true"));
        tick.kind = FieldKind::Declaration;
        tick.text = w("写错了可以改，故意写假的要负责", "You can correct it later").into();
        tick.checked = true;
        let mut info = text_field("name", w("姓名（系统已有，不用填）", "Name (on record)"));
        info.kind = FieldKind::Info;
        info.text = w("王小明", "Wang Xiaoming").into();
        let mut choice = text_field("collect", w("选一种", "Choose one"));
        choice.kind = FieldKind::Choice;
        choice.options = model(vec![
            option("counter", w("到窗口领", "At the counter"), w("7 个工作日后，带回执来", "After 7 work days"), true),
            option("post", w("寄到家", "By post"), w("邮费到付", "Postage on delivery"), false),
        ]);
        vec![info, choice, tick]
    } else if name.contains("address") {
        page.set_title(w("您现在住在哪里？", "Where do you live now?").into());
        page.set_line(w("一级一级选，最后写门牌号", "Choose step by step").into());
        let mut address = text_field("address", w("街道、门牌号", "Street and number"));
        address.kind = FieldKind::Address;
        address.placeholder = w("例如：娄江路 12 号 3 幢 501 室", "For example: 12 Loujiang Road").into();
        let column = |id: &str, title: &str, value: &str, open, names: &[&str]| ColumnView {
            id: id.into(),
            title: title.into(),
            value: value.into(),
            open,
            options: model(names.iter().map(|name| option(name, name, "", *name == value)).collect()),
        };
        address.columns = model(vec![
            column("province", w("省", "Province"), "浙江省", false, &[]),
            column("city", w("市", "City"), "温州市", false, &[]),
            column(
                "district",
                w("区县", "District"),
                "瓯海区",
                true,
                &[
                    "鹿城区",
                    "龙湾区",
                    "瓯海区",
                    "洞头区",
                    "瑞安市",
                    "乐清市",
                    "龙港市",
                    "永嘉县",
                    "平阳县",
                    "苍南县",
                    "文成县",
                    "泰顺县",
                ],
            ),
            column("street", w("街道", "Street"), lang.text("question.choose"), false, &[]),
        ]);
        vec![address]
    } else if name.contains("id-number") {
        page.set_title(lang.text("identify.number-title").into());
        page.set_line(lang.text("identify.number-line").into());
        let mut number = text_field("number", lang.text("identify.number-label"));
        number.kind = FieldKind::IdNumber;
        number.text = "330304 1990".into();
        number.focused = true;
        number.counter = "10 / 18".into();
        let mut person = text_field("name", lang.text("identify.name-label"));
        person.placeholder = w("和身份证上一样", "As on the ID card").into();
        vec![number, person]
    } else {
        page.set_title(w("身份证大概在哪里丢的？", "Where was the card lost?").into());
        page.set_line(w("记不清就写最后一次用它的地方", "Or where you last used it").into());
        question.set_error_title(lang.text("question.one-missing").into());
        question.set_error_text(w("请写清在哪里丢的，写到街道就行", "write where it was lost").into());
        let mut place = text_field("place", w("丢失地点", "Place"));
        place.text = "温州市".into();
        place.preedit = "瓯海区".into();
        place.focused = true;
        place.error = w("写到街道或路名，例如“娄桥街道”", "Write the street, for example Louqiao").into();
        place.counter = "6 / 50".into();
        place.options = model(vec![
            option("home", w("家里", "Home"), "", false),
            option("station", w("车站", "Station"), "", false),
            option("bus", w("公交车上", "Bus"), "", false),
            option("unknown", w("记不清", "Not sure"), "", false),
        ]);
        vec![place]
    };
    question.set_fields(model(fields));
}

pub fn dialog(window: &KioskWindow, kind: DialogKind, lang: &Lang) {
    let dialog = window.global::<Dialog>();
    let (title, text, first, second) = match kind {
        DialogKind::None | DialogKind::Idle => {
            ("idle.title", lang.fill("idle.text", &[("n", "18")]), "idle.stay", "idle.leave")
        }
        DialogKind::Leave => ("leave.title", lang.text("leave.text").to_owned(), "leave.stay", "leave.go"),
        DialogKind::Help => ("help.title", lang.text("help.text").to_owned(), "help.stay", "help.cancel"),
    };
    dialog.set_title(lang.text(title).into());
    dialog.set_text(text.into());
    dialog.set_first_label(lang.text(first).into());
    dialog.set_second_label(lang.text(second).into());
    dialog.set_fraction(0.6);
    dialog.set_seconds("18".into());
    dialog.set_kind(kind);
}

pub fn dock(window: &KioskWindow, lang: &Lang) {
    let dock = window.global::<DevDock>();
    window.global::<Nav>().set_simulated_text(lang.text("frame.simulated").into());
    window.global::<Nav>().set_demo_text(lang.text("frame.demo").into());
    dock.set_title(lang.text("dock.title").into());
    let item = |id: &str, active| DockView { id: id.into(), label: lang.text(&format!("dock.{id}")).into(), active };
    dock.set_toggles(model(vec![
        item("card", true),
        item("card-bad", false),
        item("camera", false),
        item("paper", false),
        item("network", false),
    ]));
    dock.set_visible(true);
}
