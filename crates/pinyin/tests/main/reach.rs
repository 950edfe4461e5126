//! Whatever is typed can be finished: names and words by pages, and any character under each of its syllables.

use pinyin::{FieldHint, Key, readings};

use crate::{engine, typed};

/// Finishes `wanted` by picking, from the whole list, the longest candidate that goes on with it.
fn finish(hint: FieldHint, keys: &str, wanted: &str) -> usize {
    let mut engine = engine(hint);
    typed(&mut engine, keys);
    let mut rest = wanted;
    let mut picks = 0;
    loop {
        let (index, text) = engine
            .more(0, 5000)
            .into_iter()
            .enumerate()
            .filter(|(_, text)| rest.starts_with(text.as_str()))
            .max_by_key(|(index, text)| (text.len(), std::cmp::Reverse(*index)))
            .unwrap_or_else(|| panic!("{rest} of {wanted} is out of reach"));
        rest = &rest[text.len()..];
        picks += 1;
        if let Some(done) = engine.key(Key::Pick(index)).commit {
            assert_eq!(done, wanted);
            return picks;
        }
    }
}

#[test]
fn names_and_words_are_reachable() {
    let table = [
        ("zhangwei", "张伟"),
        ("lina", "李娜"),
        ("wangfang", "王芳"),
        ("chenjianguo", "陈建国"),
        ("shanxiong", "单雄"),
        ("ouyangxiuyu", "欧阳修羽"),
        ("zhaoyanyan", "赵龑䶮"),
        ("wuao", "吴岙"),
    ];
    for (keys, wanted) in table {
        assert!(finish(FieldHint::Name, keys, wanted) <= 4, "{wanted}");
    }
    for (keys, wanted) in [
        ("wenzhoushi", "温州市"),
        ("shenfenzheng", "身份证"),
        ("yishi", "遗失"),
        ("qianbao", "钱包"),
        ("longgang", "龙港"),
    ] {
        for hint in [FieldHint::Address, FieldHint::Reason, FieldHint::Free] {
            assert_eq!(finish(hint, keys, wanted), 1, "{wanted}");
        }
    }
}

#[test]
fn common_names_lie_on_the_first_page() {
    for (keys, wanted) in
        [("zhangwei", "张伟"), ("lina", "李娜"), ("wangfang", "王芳"), ("liuyang", "刘洋"), ("zhangmin", "张敏")]
    {
        let update = typed(&mut engine(FieldHint::Name), keys);
        assert!(update.candidates.contains(&wanted.to_owned()), "{wanted}: {:?}", update.candidates);
    }
}

#[test]
fn every_character_is_listed_under_every_syllable_of_it() {
    let mut engine = engine(FieldHint::Free);
    for ch in "峃岙翀玥堃龑䶮㛃𠅤𬱖𫖯瓯温州不的一行".chars() {
        let syllables = readings(ch);
        assert!(!syllables.is_empty(), "{ch}");
        for syllable in syllables {
            engine.reset();
            typed(&mut engine, syllable);
            let pages = (0..).map(|page| engine.more(page * 10, 10)).take_while(|page| !page.is_empty());
            assert!(pages.flatten().any(|c| c == ch.to_string()), "{ch} under {syllable}");
        }
    }
}
