//! Licence expressions (SPDX 2.3, annex D) against a list: `OR` needs one side, `AND` both; `WITH` belongs to its licence.
//! The old form `MIT/Apache-2.0` means `OR`. What cannot be read is not allowed.

/// Whether a work under `expression` may be taken, when the licences of `allowed` may.
pub(super) fn allows(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, next: 0, allowed };
    let verdict = reader.any();
    verdict == Some(true) && reader.next == words.len()
}

struct Reader<'a> {
    words: &'a [&'a str],
    next: usize,
    allowed: &'a [String],
}

impl Reader<'_> {
    fn takes(&mut self, word: &str) -> bool {
        let found = self.words.get(self.next) == Some(&word);
        self.next += usize::from(found);
        found
    }

    fn any(&mut self) -> Option<bool> {
        let mut verdict = self.all()?;
        while self.takes("OR") {
            let next = self.all()?;
            verdict |= next;
        }
        Some(verdict)
    }

    fn all(&mut self) -> Option<bool> {
        let mut verdict = self.one()?;
        while self.takes("AND") {
            let next = self.one()?;
            verdict &= next;
        }
        Some(verdict)
    }

    fn one(&mut self) -> Option<bool> {
        if self.takes("(") {
            let verdict = self.any()?;
            return self.takes(")").then_some(verdict);
        }
        let mut name = (*self.words.get(self.next)?).to_owned();
        self.next += 1;
        if self.takes("WITH") {
            name = format!("{name} WITH {}", self.words.get(self.next)?);
            self.next += 1;
        }
        Some(self.allowed.contains(&name))
    }
}

#[test]
fn expressions_are_judged() {
    let allowed = ["MIT", "ISC", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    for (expression, expected) in [
        ("MIT", true),
        ("Proprietary", false),
        ("MIT OR Proprietary", true),
        ("MIT/Proprietary", true),
        ("MIT AND Proprietary", false),
        ("ISC AND (Proprietary OR MIT) AND Apache-2.0", true),
        ("ISC AND (Proprietary OR Other)", false),
        ("MIT OR Other AND Proprietary", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0 WITH Other-exception", false),
        ("(MIT", false),
        ("MIT MIT", false),
        ("", false),
    ] {
        assert_eq!(allows(expression, &allowed), expected, "{expression}");
    }
}
