//! Keys of the catalogue search.

use pinyin::{readings, search_keys};

#[test]
fn keys_of_titles() {
    for (text, full, initials) in [
        ("身份证补领", "shenfenzhengbuling", "sfzbl"),
        ("居住证（首次）", "juzhuzhengshouci", "jzzsc"),
        ("银行卡", "yinhangka", "yhk"),
        ("重新办理", "chongxinbanli", "cxbl"),
        ("落户", "luohu", "lh"),
        ("A4 打印", "a4dayin", "a4dy"),
        ("", "", ""),
    ] {
        let keys = search_keys(text);
        assert_eq!((keys.full.as_str(), keys.initials.as_str()), (full, initials), "{text}");
    }
}

#[test]
fn readings_begin_with_the_usual_one() {
    assert_eq!(readings('瓯').first(), Some(&"ou"));
    assert_eq!(readings('行')[..2], ["xing", "hang"]);
    assert_eq!(readings('女').first(), Some(&"nv"));
    assert!(readings('a').is_empty());
}
