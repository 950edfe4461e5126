//! Keys one by one: backspace, separators, ü, initials, shorter picks, forgetting.

use pinyin::{DataError, Engine, FieldHint, Key, LEXICON, LONGEST_INPUT, PAGE, Update};

use crate::{engine, typed};

fn index_of(engine: &Engine<'_>, wanted: &str) -> usize {
    engine.more(0, 5000).iter().position(|c| c == wanted).unwrap_or_else(|| panic!("{wanted} is not offered"))
}

#[test]
fn whole_word_leads_and_is_committed() {
    let mut engine = engine(FieldHint::Free);
    let update = typed(&mut engine, "wenzhoushi");
    assert_eq!(update.candidates.first().map(String::as_str), Some("温州市"));
    assert_eq!(update.preedit, "wen zhou shi");
    let update = engine.key(Key::Pick(0));
    assert_eq!(update, Update { commit: Some("温州市".to_owned()), ..Update::default() });
}

#[test]
fn shorter_pick_keeps_its_text_and_goes_on() {
    let mut engine = engine(FieldHint::Free);
    typed(&mut engine, "wenzhoushi");
    let update = engine.key(Key::Pick(index_of(&engine, "温州")));
    assert_eq!((update.preedit.as_str(), update.commit), ("温州 shi", None));
    let update = engine.key(Key::Backspace);
    assert_eq!(update.preedit, "wen zhou shi", "backspace after a pick takes the pick back");
    engine.key(Key::Pick(index_of(&engine, "温州")));
    let update = engine.key(Key::Pick(index_of(&engine, "市")));
    assert_eq!(update.commit.as_deref(), Some("温州市"));
    assert_eq!(update.preedit, "");
}

#[test]
fn backspace_takes_letters_and_then_nothing() {
    let mut engine = engine(FieldHint::Free);
    assert_eq!(typed(&mut engine, "wen").preedit, "wen");
    assert_eq!(engine.key(Key::Backspace).preedit, "we");
    engine.key(Key::Backspace);
    assert_eq!(engine.key(Key::Backspace), Update::default());
    assert_eq!(engine.key(Key::Backspace), Update::default());
}

#[test]
fn separator_parts_syllables() {
    let mut engine = engine(FieldHint::Free);
    assert_eq!(typed(&mut engine, "xian").preedit, "xian");
    engine.reset();
    let update = typed(&mut engine, "xi'an");
    assert_eq!(update.preedit, "xi an");
    assert_eq!(update.candidates[0], "西安");
    engine.reset();
    let update = typed(&mut engine, "gu'an");
    assert_eq!(update.preedit, "gu an");
    assert!(update.candidates.iter().all(|c| !"关管官观馆".contains(c.as_str())), "{update:?}");
    engine.reset();
    assert!(typed(&mut engine, "guan").candidates.contains(&"关".to_owned()));
    engine.reset();
    assert_eq!(engine.key(Key::Separator), Update::default());
}

#[test]
fn u_with_dots_is_v() {
    let mut engine = engine(FieldHint::Free);
    assert_eq!(typed(&mut engine, "nv").candidates[0], "女");
    engine.reset();
    engine.key(Key::Letter('n'));
    assert_eq!(engine.key(Key::Letter('ü')).candidates[0], "女");
    engine.reset();
    assert!(typed(&mut engine, "lvyou").candidates[..3].contains(&"旅游".to_owned()));
    engine.reset();
    assert!(typed(&mut engine, "qinlue").candidates[..3].contains(&"侵略".to_owned()));
}

#[test]
fn initials_and_unfinished_syllables_find_words() {
    for (keys, wanted) in [("sfz", "身份证"), ("wz", "温州"), ("wenz", "温州"), ("hkb", "户口簿"), ("shenfz", "身份证")]
    {
        let update = typed(&mut engine(FieldHint::Reason), keys);
        let address = typed(&mut engine(FieldHint::Address), keys);
        let offered: Vec<_> = update.candidates.iter().chain(&address.candidates).collect();
        assert!(offered.contains(&&wanted.to_owned()), "{keys}: {offered:?}");
    }
}

#[test]
fn nothing_is_learnt() {
    let mut used = engine(FieldHint::Free);
    let before = typed(&mut used, "shishi");
    for _ in 0..5 {
        used.key(Key::Pick(7));
        used.reset();
        typed(&mut used, "shishi");
    }
    used.reset();
    assert_eq!(used.more(0, PAGE), Vec::<String>::new());
    assert_eq!(typed(&mut used, "shishi"), before);
}

#[test]
fn another_field_drops_the_input() {
    let mut engine = engine(FieldHint::Free);
    typed(&mut engine, "wen");
    engine.field(FieldHint::Name);
    assert_eq!(engine.key(Key::Backspace), Update::default());
}

#[test]
fn damaged_data_is_refused() {
    assert_eq!(Engine::new(b"").err(), Some(DataError::Format));
    assert_eq!(Engine::new(&LEXICON[1..]).err(), Some(DataError::Format));
    assert!(matches!(Engine::new(&LEXICON[..LEXICON.len() / 2]).err(), Some(DataError::Section(_))));
}

#[test]
fn random_keys_never_panic_and_always_offer_a_way_on() {
    let mut engine = engine(FieldHint::Free);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let hints = [FieldHint::Name, FieldHint::Address, FieldHint::Reason, FieldHint::Free];
    for _ in 0..1500 {
        let update = match next(20) {
            0 | 1 => engine.key(Key::Backspace),
            2 => engine.key(Key::Separator),
            3 | 4 => engine.key(Key::Pick(next(40) as usize)),
            5 => {
                engine.field(hints[next(4) as usize]);
                continue;
            }
            6 => engine.key(Key::Letter(['ü', 'A', '好', '1'][next(4) as usize])),
            _ => engine.key(Key::Letter(char::from(b'a' + next(26) as u8))),
        };
        assert!(update.preedit.is_empty() || !update.candidates.is_empty(), "{update:?}");
        assert!(update.candidates.len() <= PAGE && update.preedit.len() <= LONGEST_INPUT * 8);
        assert!(engine.more(usize::MAX - 1, 5).is_empty());
    }
}

#[test]
fn what_is_kept_between_keys_changes_no_result() {
    for keys in ["wenzhoushiouhaiqujiedao", "xianshishenfenzhengyishibuling", "gu'anluxi'anlu", "zhongguosfz"] {
        let mut steady = engine(FieldHint::Reason);
        for (at, _) in keys.char_indices() {
            typed(&mut steady, &keys[at..=at]);
            let afresh = typed(&mut engine(FieldHint::Reason), &keys[..=at]);
            assert_eq!(steady.more(0, 200), engine_after(&keys[..=at]).more(0, 200), "{}", &keys[..=at]);
            typed(&mut steady, "shi");
            (0..3).for_each(|_| drop(steady.key(Key::Backspace)));
            assert_eq!(steady.more(0, PAGE), afresh.candidates);
        }
    }
}

/// An engine that was given the letters in one go: a pick puts all of them back at once.
fn engine_after(keys: &str) -> Engine<'static> {
    let mut engine = engine(FieldHint::Reason);
    typed(&mut engine, keys);
    let index = engine.more(0, 5000).iter().rposition(|c| c.chars().count() == 1).unwrap_or(0);
    if engine.key(Key::Pick(index)).commit.is_some() {
        typed(&mut engine, keys);
    } else {
        engine.key(Key::Backspace);
    }
    engine
}
