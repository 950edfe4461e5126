//! Writes sample papers of a fictional demonstration bureau into a folder, to look at them: both certificates are
//! made as the office makes them, the slip as the kiosk does. Usage: `cargo run -p documents --example sample_papers -- <folder>`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use documents::BureauClass;
use documents::certificate::issue;
use documents::facts::{CertificateFacts, Holder, Period};
use documents::fonts::{FontPaths, FontSet};
use documents::signing::IssuingKey;
use documents::slip::{LadderStep, MissingMaterial, SlipFacts, SlipLabels, SlipLayout, StepState, receipt};
use domain::sensitive::Sensitive;
use jiff::civil::date;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("give a folder")?);
    let fonts = FontSet::load(&FontPaths::default())?;
    for class in [BureauClass::Demonstration, BureauClass::Production] {
        let word = match class {
            BureauClass::Demonstration => "demonstration",
            BureauClass::Production => "production",
        };
        let key = IssuingKey::from_random(&[7; 32], class);
        for layout in documents::layouts::ALL {
            let paper = issue(layout.id, &certificate(), &key, "https://verify.yimen.example/v", &fonts)?;
            std::fs::write(folder.join(format!("{}-{word}.pdf", layout.id)), paper.pdf)?;
        }
        for labels in [SlipLabels::chinese(), SlipLabels::english()] {
            let pdf = receipt(&slip(class), &labels, &SlipLayout::default(), &fonts)?;
            std::fs::write(folder.join(format!("slip-{}-{word}.pdf", labels.language)), pdf)?;
        }
    }
    Ok(())
}

fn certificate() -> CertificateFacts {
    let more = [
        ("home-address", "云南省昆明市五华区翠湖路 8 号"),
        ("present-address", "云桥镇学前街 21 号 3 幢 402 室"),
        ("house-code", "YQ-0021-3-402"),
        ("registered-on", "2026年3月1日"),
    ];
    CertificateFacts {
        number: "YQ20261122000318".into(),
        holder: Holder {
            name: Sensitive::new("欧阳䶮㛃".into()),
            sex: "女".into(),
            nationality: "中国".into(),
            document_kind: "居民身份证".into(),
            document_number: Sensitive::new("330304200002291528".into()),
        },
        period: Some(Period { from: date(2016, 11, 22), to: date(2026, 11, 22) }),
        purpose: "求职（云桥小学）".into(),
        issuer: "云桥派出所".into(),
        issuer_phone: "0577-5550110".into(),
        issued_on: date(2026, 11, 22),
        valid_until: Some(date(2027, 2, 22)),
        more: more
            .map(|(key, value)| (key.into(), Sensitive::new(value.into())))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
    }
}

fn slip(class: BureauClass) -> SlipFacts {
    let step = |word: &str, detail: &str, state| LadderStep { word: word.into(), detail: detail.into(), state };
    SlipFacts {
        station: "云桥派出所".into(),
        machine: "1 号机".into(),
        errand: "身份证丢失补领".into(),
        code: "7KQ4M2XP".into(),
        link: "https://yimen.example/r/Zx81kQmT0vYw3nB5sD7fGh".into(),
        person_masked: Sensitive::new("欧***".into()),
        number_masked: Sensitive::new("330***********1528".into()),
        received_at: date(2026, 11, 22).at(14, 31, 0, 0),
        ladder: vec![
            step("已收件", "14:31 存在这台机器里，断电也不丢。", StepState::Now),
            step("已送达", "正在送往办公室，通常几秒钟。", StepState::Later),
            step("已受理或待补正", "今天下班前，会给 138****2046 发短信。", StepState::Later),
            step("已办结", "受理后 7 个工作日，到本所窗口领。", StepState::Later),
        ],
        missing: vec![MissingMaterial { what: "户口簿".into(), by: "12 月 4 日前补".into() }],
        missing_how: "带回执到任意一台机器或窗口，拍一下就行。".into(),
        next: vec!["等短信，不用再来问。".into(), "到窗口按一次指纹。".into()],
        contact: "0577-5550110（工作日 8:30–17:30）".into(),
        complaint: "0577-5550112".into(),
        fee: "工本费 40 元，受理后交。".into(),
        class,
    }
}
