//! National code lists of people: sex, ethnic group, relation to the head of household, marital status, education; and
//! the consistency of one household. Deliberately not here: translations, which belong to the text files.

use jiff::civil::Date;

use super::character::fold;
use super::{RuleCode, RuleError, Sex, Verdict};

/// A code and its Chinese name.
pub type Entry = (&'static str, &'static str);

/// Sex, GB/T 2261.1, without 0 (unknown), which no form may hold.
pub const SEX: &[Entry] = &[("1", "男"), ("2", "女"), ("9", "未说明")];

/// Ethnic group, GB/T 3304, with 97 and 98.
pub const ETHNIC_GROUP: &[Entry] = &[
    ("01", "汉"),
    ("02", "蒙古"),
    ("03", "回"),
    ("04", "藏"),
    ("05", "维吾尔"),
    ("06", "苗"),
    ("07", "彝"),
    ("08", "壮"),
    ("09", "布依"),
    ("10", "朝鲜"),
    ("11", "满"),
    ("12", "侗"),
    ("13", "瑶"),
    ("14", "白"),
    ("15", "土家"),
    ("16", "哈尼"),
    ("17", "哈萨克"),
    ("18", "傣"),
    ("19", "黎"),
    ("20", "傈僳"),
    ("21", "佤"),
    ("22", "畲"),
    ("23", "高山"),
    ("24", "拉祜"),
    ("25", "水"),
    ("26", "东乡"),
    ("27", "纳西"),
    ("28", "景颇"),
    ("29", "柯尔克孜"),
    ("30", "土"),
    ("31", "达斡尔"),
    ("32", "仫佬"),
    ("33", "羌"),
    ("34", "布朗"),
    ("35", "撒拉"),
    ("36", "毛南"),
    ("37", "仡佬"),
    ("38", "锡伯"),
    ("39", "阿昌"),
    ("40", "普米"),
    ("41", "塔吉克"),
    ("42", "怒"),
    ("43", "乌孜别克"),
    ("44", "俄罗斯"),
    ("45", "鄂温克"),
    ("46", "德昂"),
    ("47", "保安"),
    ("48", "裕固"),
    ("49", "京"),
    ("50", "塔塔尔"),
    ("51", "独龙"),
    ("52", "鄂伦春"),
    ("53", "赫哲"),
    ("54", "门巴"),
    ("55", "珞巴"),
    ("56", "基诺"),
    ("97", "其他"),
    ("98", "外国血统中国籍人士"),
];

/// Relation to the head of household, GB/T 4761-2008.
pub const RELATION_TO_HEAD: &[Entry] = &[
    ("01", "本人"),
    ("02", "户主"),
    ("10", "配偶"),
    ("11", "夫"),
    ("12", "妻"),
    ("20", "子"),
    ("21", "独生子"),
    ("22", "长子"),
    ("23", "次子"),
    ("24", "三子"),
    ("25", "四子"),
    ("26", "五子"),
    ("27", "养子或继子"),
    ("28", "女婿"),
    ("29", "其他儿子"),
    ("30", "女"),
    ("31", "独生女"),
    ("32", "长女"),
    ("33", "次女"),
    ("34", "三女"),
    ("35", "四女"),
    ("36", "五女"),
    ("37", "养女或继女"),
    ("38", "儿媳"),
    ("39", "其他女儿"),
    ("40", "孙辈"),
    ("41", "孙子"),
    ("42", "孙女"),
    ("43", "外孙子"),
    ("44", "外孙女"),
    ("45", "孙媳妇或外孙媳妇"),
    ("46", "孙女婿或外孙女婿"),
    ("47", "曾孙子或曾外孙子"),
    ("48", "曾孙女或曾外孙女"),
    ("49", "其他孙辈"),
    ("50", "父母"),
    ("51", "父亲"),
    ("52", "母亲"),
    ("53", "公公"),
    ("54", "婆婆"),
    ("55", "岳父"),
    ("56", "岳母"),
    ("57", "继父或养父"),
    ("58", "继母或养母"),
    ("59", "其他父母关系"),
    ("60", "祖父母或外祖父母"),
    ("61", "祖父"),
    ("62", "祖母"),
    ("63", "外祖父"),
    ("64", "外祖母"),
    ("65", "配偶的祖父母"),
    ("66", "曾祖父"),
    ("67", "曾祖母"),
    ("68", "配偶的曾祖父母"),
    ("69", "其他祖父母关系"),
    ("70", "兄弟姐妹"),
    ("71", "兄"),
    ("72", "嫂"),
    ("73", "弟"),
    ("74", "弟媳"),
    ("75", "姐姐"),
    ("76", "姐夫"),
    ("77", "妹妹"),
    ("78", "妹夫"),
    ("79", "其他兄弟姐妹"),
    ("80", "其他"),
    ("81", "伯父"),
    ("82", "伯母"),
    ("83", "叔父"),
    ("84", "婶母"),
    ("85", "舅父"),
    ("86", "舅母"),
    ("87", "姨父"),
    ("88", "姨母"),
    ("89", "姑父"),
    ("90", "姑母"),
    ("91", "堂兄弟姐妹"),
    ("92", "表兄弟姐妹"),
    ("93", "侄子"),
    ("94", "侄女"),
    ("95", "外甥"),
    ("96", "外甥女"),
    ("97", "其他亲属"),
    ("99", "非亲属"),
];

/// Marital status, GB/T 2261.2.
pub const MARITAL_STATUS: &[Entry] = &[
    ("10", "未婚"),
    ("20", "已婚"),
    ("21", "初婚"),
    ("22", "再婚"),
    ("23", "复婚"),
    ("30", "丧偶"),
    ("40", "离婚"),
    ("90", "未说明"),
];

/// Education, GB/T 4658-2006; short names carry their level.
pub const EDUCATION: &[Entry] = &[
    ("10", "研究生"),
    ("11", "博士毕业"),
    ("12", "博士结业"),
    ("13", "博士肄业"),
    ("14", "硕士毕业"),
    ("15", "硕士结业"),
    ("16", "硕士肄业"),
    ("17", "研究生班毕业"),
    ("18", "研究生结业"),
    ("19", "研究生肄业"),
    ("20", "本科"),
    ("21", "本科毕业"),
    ("22", "大学本科结业"),
    ("23", "大学本科肄业"),
    ("28", "大学普通班毕业"),
    ("30", "专科"),
    ("31", "大学专科毕业"),
    ("32", "大学专科结业"),
    ("33", "大学专科肄业"),
    ("40", "中等职业"),
    ("41", "中专毕业"),
    ("42", "中专结业"),
    ("43", "中专肄业"),
    ("44", "职高毕业"),
    ("45", "职高结业"),
    ("46", "职高肄业"),
    ("47", "技校毕业"),
    ("48", "技校结业"),
    ("49", "技校肄业"),
    ("60", "普通高中"),
    ("61", "普通高中毕业"),
    ("62", "普通高中结业"),
    ("63", "普通高中肄业"),
    ("70", "初中"),
    ("71", "初中毕业"),
    ("73", "初中肄业"),
    ("80", "小学"),
    ("81", "小学毕业"),
    ("83", "小学肄业"),
    ("90", "其他"),
];

/// Name of `code` in `list`.
pub fn name_of(list: &[Entry], code: &str) -> Option<&'static str> {
    list.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// Code of an ethnic group by its name without 族; the old names 毛难 and 崩龙 lead to today's codes.
pub fn ethnic_group_code(name: &str) -> Option<&'static str> {
    let today = match name {
        "毛难" => "毛南",
        "崩龙" => "德昂",
        other => other,
    };
    ETHNIC_GROUP.iter().find(|(_, known)| *known == today).map(|(code, _)| *code)
}

/// A field that holds a code of `list`; names are refused.
///
/// # Errors
/// FORMAT.
pub(super) fn coded(list: &[Entry], input: &str) -> Result<Verdict, RuleError> {
    let value = fold(input);
    if name_of(list, &value).is_some() { Ok(Verdict::plain(value)) } else { Err(RuleCode::Format.into()) }
}

/// One person in a household book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// Code of [`RELATION_TO_HEAD`].
    pub relation: &'a str,
    /// Sex by the identity number.
    pub sex: Sex,
    /// Birth by the identity number.
    pub birth: Date,
}

/// What does not fit together in a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HouseholdFault {
    /// Not exactly one 户主 (02).
    HeadCount,
    /// 夫 (11) or 妻 (12) against the sex of the identity number, at this place of the list.
    SpouseSex(usize),
    /// 父亲 (51) not older than the head, at this place of the list.
    FatherAge(usize),
}

/// Judges the members of one household.
pub fn household_faults(members: &[Member<'_>]) -> Vec<HouseholdFault> {
    let heads: Vec<&Member<'_>> = members.iter().filter(|member| member.relation == "02").collect();
    let mut faults = Vec::new();
    if heads.len() != 1 {
        faults.push(HouseholdFault::HeadCount);
    }
    for (place, member) in members.iter().enumerate() {
        match (member.relation, member.sex) {
            ("11", Sex::Female) | ("12", Sex::Male) => faults.push(HouseholdFault::SpouseSex(place)),
            ("51", _) if heads.iter().any(|head| head.birth <= member.birth) => {
                faults.push(HouseholdFault::FatherAge(place));
            }
            _ => {}
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn expect(list: &[Entry], valid: &[&str], invalid: &[&str]) {
        for code in valid {
            assert!(coded(list, code).is_ok(), "{code}");
        }
        for code in invalid {
            assert_eq!(coded(list, code), Err(RuleCode::Format.into()), "{code}");
        }
    }

    #[test]
    fn codes_of_the_lists() {
        expect(SEX, &["1", "2", "9"], &["3", "M", "男"]);
        expect(ETHNIC_GROUP, &["01", "17", "56", "98"], &["00", "57", "1", "汉族"]);
        expect(RELATION_TO_HEAD, &["02", "11", "37"], &["98", "13", "100"]);
        expect(MARITAL_STATUS, &["10", "22", "40"], &["24", "50", "已婚"]);
        expect(EDUCATION, &["21", "61", "90"], &["24", "72", "00"]);
        assert_eq!(ETHNIC_GROUP.len(), 58);
    }

    #[test]
    fn ethnic_groups_by_name() {
        for (name, code) in [("汉", "01"), ("哈萨克", "17"), ("基诺", "56"), ("毛难", "36"), ("崩龙", "46")] {
            assert_eq!(ethnic_group_code(name), Some(code), "{name}");
        }
        assert_eq!(ethnic_group_code("汉族"), None);
    }

    #[test]
    fn a_household_fits_together() {
        let head = Member { relation: "02", sex: Sex::Male, birth: date(1985, 12, 31) };
        let wife = Member { relation: "12", sex: Sex::Female, birth: date(1987, 1, 1) };
        let father = Member { relation: "51", sex: Sex::Male, birth: date(1960, 1, 1) };
        assert_eq!(household_faults(&[head, wife, father]), []);
        assert_eq!(household_faults(&[wife]), [HouseholdFault::HeadCount]);
        assert_eq!(household_faults(&[head, head]), [HouseholdFault::HeadCount]);
        let wrong_sex = Member { relation: "11", ..wife };
        assert_eq!(household_faults(&[head, wrong_sex]), [HouseholdFault::SpouseSex(1)]);
        let young = Member { birth: date(1985, 12, 31), ..father };
        assert_eq!(household_faults(&[head, young]), [HouseholdFault::FatherAge(1)]);
    }
}
