//! The little language of conditions: `person.age < 16 and not known(licence.class)`.
//!
//! ```text
//! expression = part { "or" part }          part = piece { "and" piece }
//! piece = "not" piece | "(" expression ")" | "known(" subject ")" | subject test
//! test = "=" literal | "in" "[" literal { "," literal } "]" | ("<" | "<=" | ">" | ">=") number
//! subject = fact name | "answer." field id         literal = "text" | number | yes | no
//! ```
//! Not here: evaluation (`domain::condition`).

use domain::condition::{Condition, Subject, Test};
use domain::facts::Value;
use domain::ids::FieldId;

/// Reads a condition.
///
/// # Errors
/// What is wrong, with the byte where.
pub(crate) fn parse(text: &str) -> Result<Condition, (usize, String)> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, next: 0, end: text.len() };
    let condition = parser.expression()?;
    match parser.peek() {
        None => Ok(condition),
        Some(token) => Err(parser.unexpected(token.clone(), "`and`, `or` or the end")),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number(i64),
    Sign(&'static str),
}

const SIGNS: [&str; 10] = ["<=", ">=", "<", ">", "=", "(", ")", "[", "]", ","];

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, (usize, String)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Token::Sign(sign), sign.len())
        } else if first == '\'' {
            let inner = &rest[1..];
            let end = inner.find('\'').ok_or((at, "a text that does not end: '".to_owned()))?;
            (Token::Text(inner[..end].to_owned()), end + 2)
        } else {
            let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
            let end = rest.find(|c: char| !part(c)).unwrap_or(rest.len());
            if end == 0 {
                return Err((at, format!("`{first}` means nothing here")));
            }
            let word = &rest[..end];
            let token = word.parse().map_or_else(|_| Token::Word(word.to_owned()), Token::Number);
            (token, end)
        };
        tokens.push((at, token));
        at += length;
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    end: usize,
}

type Parsed<T> = Result<T, (usize, String)>;

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(found)) if found == word);
        self.next += usize::from(found);
        found
    }

    fn take_sign(&mut self, sign: &'static str) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.next += usize::from(found);
        found
    }

    fn need_sign(&mut self, sign: &'static str) -> Parsed<()> {
        if self.take_sign(sign) { Ok(()) } else { Err((self.at(), format!("`{sign}` is missing here"))) }
    }

    fn unexpected(&self, token: Token, wanted: &str) -> (usize, String) {
        (self.at(), format!("{token:?} stands where {wanted} is wanted"))
    }

    fn expression(&mut self) -> Parsed<Condition> {
        let mut parts = vec![self.part()?];
        while self.take_word("or") {
            parts.push(self.part()?);
        }
        Ok(one_or(parts, Condition::Any))
    }

    fn part(&mut self) -> Parsed<Condition> {
        let mut pieces = vec![self.piece()?];
        while self.take_word("and") {
            pieces.push(self.piece()?);
        }
        Ok(one_or(pieces, Condition::All))
    }

    fn piece(&mut self) -> Parsed<Condition> {
        if self.take_word("not") {
            return Ok(Condition::Not(Box::new(self.piece()?)));
        }
        if self.take_sign("(") {
            let inner = self.expression()?;
            self.need_sign(")")?;
            return Ok(inner);
        }
        if self.take_word("known") {
            self.need_sign("(")?;
            let subject = self.subject()?;
            self.need_sign(")")?;
            return Ok(Condition::Compare { subject, test: Test::Known });
        }
        let subject = self.subject()?;
        let test = self.test()?;
        Ok(Condition::Compare { subject, test })
    }

    fn subject(&mut self) -> Parsed<Subject> {
        let at = self.at();
        match self.take() {
            Some(Token::Word(word)) => Ok(match word.strip_prefix("answer.") {
                Some(field) => Subject::Answer(FieldId::new(field)),
                None if word.contains('.') => Subject::Fact(word),
                None => return Err((at, format!("`{word}` is neither a fact (a.b) nor answer.<field>"))),
            }),
            Some(_) | None => Err((at, "a fact or answer.<field> is missing here".to_owned())),
        }
    }

    fn test(&mut self) -> Parsed<Test> {
        let at = self.at();
        if self.take_word("in") {
            self.need_sign("[")?;
            let mut values = vec![self.literal()?];
            while self.take_sign(",") {
                values.push(self.literal()?);
            }
            self.need_sign("]")?;
            return Ok(Test::In(values));
        }
        match self.take() {
            Some(Token::Sign("=")) => Ok(Test::Is(self.literal()?)),
            Some(Token::Sign("<")) => Ok(Test::LessThan(self.number()?)),
            Some(Token::Sign("<=")) => Ok(Test::AtMost(self.number()?)),
            Some(Token::Sign(">")) => Ok(Test::MoreThan(self.number()?)),
            Some(Token::Sign(">=")) => Ok(Test::AtLeast(self.number()?)),
            Some(_) | None => Err((at, "a test is missing here: =, <, <=, >, >=, in […]".to_owned())),
        }
    }

    fn number(&mut self) -> Parsed<i64> {
        let at = self.at();
        match self.take() {
            Some(Token::Number(number)) => Ok(number),
            Some(_) | None => Err((at, "a whole number is missing here".to_owned())),
        }
    }

    fn literal(&mut self) -> Parsed<Value> {
        let at = self.at();
        match self.take() {
            Some(Token::Text(text)) => Ok(Value::Text(text)),
            Some(Token::Number(number)) => Ok(Value::Number(number)),
            Some(Token::Word(word)) if word == "yes" => Ok(Value::Flag(true)),
            Some(Token::Word(word)) if word == "no" => Ok(Value::Flag(false)),
            Some(_) | None => Err((at, "a value is missing here: 'text', a number, yes or no".to_owned())),
        }
    }
}

fn one_or(mut parts: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.len() {
        1 => parts.remove(0),
        _ => many(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binds_and_before_or_and_not_closest() {
        let fact = |name: &str, test| Condition::Compare { subject: Subject::Fact(name.into()), test };
        let expected = Condition::Any(vec![
            Condition::All(vec![
                fact("person.age", Test::LessThan(16)),
                Condition::Not(Box::new(fact("licence.class", Test::Known))),
            ]),
            Condition::Compare {
                subject: Subject::Answer(FieldId::new("purpose")),
                test: Test::In(vec![Value::Text("work".into()), Value::Text("其他".into())]),
            },
        ]);
        let text = "person.age < 16 and not known(licence.class) or answer.purpose in ['work', '其他']";
        assert_eq!(parse(text), Ok(expected));
    }

    #[test]
    fn says_where_it_is_wrong() {
        for (text, at) in [
            ("person.age <", 12),
            ("age < 16", 0),
            ("person.age < 16 person.age", 16),
            ("(person.age < 16", 16),
            ("person.name = 'x", 14),
            ("person.age ? 3", 11),
            ("", 0),
        ] {
            assert_eq!(parse(text).map_err(|(at, _)| at), Err(at), "{text}");
        }
    }
}
