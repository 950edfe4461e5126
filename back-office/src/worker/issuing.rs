//! Certificates on the spot: the record check, the number, the paper with its signed code, sealed on disk.
//! Invariants: only a person who was confirmed, in their own matter, with nothing open, may get one; every other way
//! gives `None`, which falls to the counter without a word why (product rule 2). The paper is written before the
//! transaction that makes it visible; a retry takes the same number and replaces the same file.
//! Not here: sealed and juvenile rules, which live in the registry; layouts (`documents`).

use super::WorkError;
use crate::office::{Office, china_day};
use crate::problem::ApiProblem;
use crate::store::StoreError;
use crate::store::certificates::{self, Reserved};
use domain::answers::Answer;
use domain::condition::Context;
use domain::eligibility::{Eligibility, assess};
use domain::facts::{Facts, Value};
use domain::ids::{FieldId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::{Applicant, Output, Service};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use wire::payload::Payload;
use wire::registry::{OwnRecordRequest, RecordCheck};

/// Issues the certificate when everything allows it.
///
/// # Errors
/// Store and disk; then the whole work is done again.
pub async fn attempt(
    office: &Arc<Office>,
    service: &Service,
    payload: &Payload,
    open: &[String],
    id: SubmissionId,
) -> Result<Option<Reserved>, WorkError> {
    let Output::Certificate { layout, check } = &service.output else { return Ok(None) };
    if payload.identified.needs_officer() || !open.is_empty() || payload.matter != Applicant::Own {
        return Ok(None);
    }
    if office.registry.record_check(check, &payload.applicant.id_number).await != RecordCheck::MayIssue {
        return Ok(None);
    }
    if falls_to_the_share(office.loaded.config.instant.random_share, ambient::random_bytes()) {
        return Ok(None);
    }
    let question =
        OwnRecordRequest { id_number: payload.applicant.id_number.clone(), identified: payload.identified, ward: None };
    let Ok(record) = office.registry.own_record(&question).await else { return Ok(None) };
    // The registry's facts decide once more: what the kiosk knew may be old, or nothing.
    let context = Context { facts: &record.facts, answers: &payload.answers, today: china_day(ambient::now()) };
    if assess(service, context) != Eligibility::Yes {
        return Ok(None);
    }
    let Some(person) = person(&record.facts, payload, china_day(ambient::now())) else { return Ok(None) };
    let (name, today) = (layout.clone(), china_day(ambient::now()));
    let reserved = office.store.write::<_, StoreError>(move |c| certificates::reserve(c, id, &name, today)).await?;
    let registered = registered(&record.facts, layout, today);
    let paper = Paper { layout, person: &person, holder: &payload.applicant.id_number, registered: &registered };
    seal(office, id, service, payload, &paper, &reserved).await
}

/// Makes the paper after an officer approved: the officer's decision stands in the place of the record check, name and sex
/// still come from the registry. `None` when the registry gives no answer or knows another name, or nothing can be drawn.
/// The number is reserved only; the caller's transaction issues it.
///
/// # Errors
/// Store and disk.
pub async fn approved(
    office: &Arc<Office>,
    service: &Service,
    payload: &Payload,
    id: SubmissionId,
) -> Result<Option<Reserved>, WorkError> {
    let Output::Certificate { layout, .. } = &service.output else { return Ok(None) };
    let own = payload.applicant.id_number.clone();
    let (asked, ward, holder) = match (payload.matter, payload.subject.clone()) {
        (Applicant::Own, _) => (own.clone(), None, own),
        (Applicant::Guardian, Some(ward)) => (own, Some(ward.clone()), ward),
        // The principal's mandate was looked at before the decision.
        (Applicant::Proxy, Some(principal)) => (principal.clone(), None, principal),
        (Applicant::Guardian | Applicant::Proxy, None) => return Ok(None),
    };
    let question = OwnRecordRequest { id_number: asked, identified: payload.identified, ward };
    let Ok(record) = office.registry.own_record(&question).await else { return Ok(None) };
    let today = china_day(ambient::now());
    let person = match payload.matter {
        Applicant::Own => person(&record.facts, payload, today),
        Applicant::Guardian | Applicant::Proxy => known(&record.facts, today),
    };
    let Some(person) = person else { return Ok(None) };
    let name = layout.clone();
    let reserved = office.store.write::<_, StoreError>(move |c| certificates::reserve(c, id, &name, today)).await?;
    let registered = registered(&record.facts, layout, today);
    let paper = Paper { layout, person: &person, holder: &holder, registered: &registered };
    seal(office, id, service, payload, &paper, &reserved).await
}

/// What a paper says besides number, day and answers.
struct Paper<'a> {
    layout: &'a str,
    person: &'a Person,
    /// Number of the person it is about.
    holder: &'a Sensitive<String>,
    registered: &'a Registered,
}

/// Draws, seals and keeps the paper; `None` when it cannot be drawn.
async fn seal(
    office: &Arc<Office>,
    id: SubmissionId,
    service: &Service,
    payload: &Payload,
    paper: &Paper<'_>,
    reserved: &Reserved,
) -> Result<Option<Reserved>, WorkError> {
    let Some(pdf) = render(office, service, payload, paper, reserved).await else { return Ok(None) };
    let kept =
        office.keep(id, &pdf).ok_or_else(|| WorkError::Disk(std::io::Error::other("the paper cannot be sealed")))?;
    // A paper that an earlier try made is replaced; its key goes with the end of the case.
    office.store.write_keyed::<_, StoreError>(move |_, keys| keys.put(&kept.key)).await?;
    crate::blobs::write_durably(&file(office, &reserved.number), &kept.column)?;
    Ok(Some(reserved.clone()))
}

/// Whether these random bytes fall into the share of clean answers that a person looks at.
fn falls_to_the_share(share: f64, random: [u8; 4]) -> bool {
    f64::from(u32::from_be_bytes(random)) < share * (f64::from(u32::MAX) + 1.0)
}

/// The holder as the registry knows them; `None` when it does not, or when the name at the kiosk was another.
struct Person {
    name: String,
    sex: String,
}

fn person(facts: &Facts, payload: &Payload, today: Date) -> Option<Person> {
    let name = facts.text("person.name", today)?;
    let given = payload.applicant.name.expose();
    if !given.is_empty() && *given != name {
        return None;
    }
    Some(Person { name, sex: facts.text("person.sex", today)? })
}

/// A holder who did not stand at the kiosk, as the registry knows them.
fn known(facts: &Facts, today: Date) -> Option<Person> {
    Some(Person { name: facts.text("person.name", today)?, sex: facts.text("person.sex", today)? })
}

/// By convention of services with a certificate `purpose` is a choice or text, `purpose-words` the words for "other".
/// A text answer or the Chinese words of a chosen option.
fn words(office: &Office, service: &Service, payload: &Payload, field: &str) -> Option<String> {
    match payload.answers.get(&FieldId::new(field))? {
        Answer::Text(text) => Some(text.expose().clone()),
        Answer::Choice(options) => {
            let texts =
                options.iter().map(|option| office.services.text(&service.id, &format!("field.{field}.{option}")));
            texts.collect::<Option<Vec<_>>>().map(|texts| texts.join("、"))
        }
        Answer::Date(_)
        | Answer::Address(_)
        | Answer::Photo(_)
        | Answer::Document(_)
        | Answer::Later
        | Answer::Signature(_)
        | Answer::CannotSign
        | Answer::AtCounter
        | Answer::Declared => None,
    }
}

/// The days asked about: the answers to `from` and `until`, by convention of services with a certificate.
fn period(payload: &Payload) -> Option<documents::facts::Period> {
    let day = |field: &str| match payload.answers.get(&FieldId::new(field))? {
        Answer::Date(day) => Some(*day.expose()),
        Answer::Text(_)
        | Answer::Choice(_)
        | Answer::Address(_)
        | Answer::Photo(_)
        | Answer::Document(_)
        | Answer::Later
        | Answer::Signature(_)
        | Answer::CannotSign
        | Answer::AtCounter
        | Answer::Declared => None,
    };
    let (from, to) = (day("from")?, day("until")?);
    Some(documents::facts::Period { from, to })
}

/// What the registry states for this paper, by convention of the registry's answers: a fact `<layout>.<key>` is the layout's
/// further value `<key>`, days as papers write them, an address with its `<key>.names` before it; `<layout>.from` and
/// `<layout>.until` are the period stated.
#[derive(Debug, Default)]
struct Registered {
    more: BTreeMap<String, Sensitive<String>>,
    period: Option<documents::facts::Period>,
}

fn registered(facts: &Facts, layout: &str, today: Date) -> Registered {
    let key =
        |name: &str| Some(name.strip_prefix(layout)?.strip_prefix('.')?.to_owned()).filter(|key| !key.contains('.'));
    let mut more = BTreeMap::new();
    for (name, key) in facts.names().filter_map(|name| Some((name, key(name)?))) {
        let words = match facts.get(name, today) {
            Some(Value::Text(text)) => {
                let names = facts.text(&format!("{name}.names"), today).unwrap_or_default();
                names.split_whitespace().collect::<String>() + &text
            }
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Date(day)) => documents::facts::chinese_day(day),
            Some(Value::Flag(_)) | None => continue,
        };
        more.insert(key, Sensitive::new(words));
    }
    let day = |end: &str| match facts.get(&format!("{layout}.{end}"), today)? {
        Value::Date(day) => Some(day),
        Value::Text(_) | Value::Number(_) | Value::Flag(_) => None,
    };
    let period = day("from").zip(day("until")).map(|(from, to)| documents::facts::Period { from, to });
    Registered { more, period }
}

fn file(office: &Office, number: &str) -> PathBuf {
    office.loaded.path(&office.loaded.config.store.data).join("issued").join(format!("{number}.kept"))
}

/// The paper of an issued certificate, opened for the kiosk that prints it.
///
/// # Errors
/// The file cannot be read or opened now.
pub async fn paper(office: &Arc<Office>, number: &str) -> Result<Vec<u8>, ApiProblem> {
    let (office, path) = (Arc::clone(office), file(office, number));
    let opened = tokio::task::spawn_blocking(move || {
        let sealed = std::fs::read(path).map_err(|error| error.to_string())?;
        office.open_kept(&sealed).ok_or_else(|| "its key is gone, or it is damaged".to_owned())
    })
    .await;
    match opened {
        Ok(Ok(pdf)) => Ok(pdf),
        Ok(Err(error)) => {
            tracing::error!(%error, "issued paper");
            Err(ApiProblem::later("The paper cannot be read now."))
        }
        Err(_) => Err(ApiProblem::later("The paper cannot be read now.")),
    }
}

async fn render(
    office: &Arc<Office>,
    service: &Service,
    payload: &Payload,
    paper: &Paper<'_>,
    reserved: &Reserved,
) -> Option<Vec<u8>> {
    let Paper { layout, person, holder, registered } = *paper;
    let bureau = &office.loaded.bureau;
    let facts = documents::facts::CertificateFacts {
        number: reserved.number.clone(),
        holder: documents::facts::Holder {
            name: Sensitive::new(person.name.clone()),
            sex: person.sex.clone(),
            nationality: "中国".to_owned(),
            document_kind: "居民身份证".to_owned(),
            document_number: holder.clone(),
        },
        period: period(payload).or(registered.period),
        purpose: ["purpose-words", "purpose"]
            .iter()
            .find_map(|field| words(office, service, payload, field))
            .unwrap_or_else(|| "未填写".to_owned()),
        issuer: bureau.name.clone(),
        issuer_phone: bureau.phone.clone(),
        issued_on: reserved.issued_on,
        valid_until: None,
        more: registered.more.clone(),
    };
    let (office, layout) = (Arc::clone(office), layout.to_owned());
    let drawn = tokio::task::spawn_blocking(move || {
        let verify_base = office.loaded.bureau.verify_url.clone();
        documents::certificate::issue(&layout, &facts, &office.keys.certificate, &verify_base, &office.fonts)
    })
    .await;
    match drawn {
        Ok(Ok(certificate)) => Some(certificate.pdf),
        Ok(Err(error)) => {
            // The words of a missing glyph may be a piece of a name: only its kind is logged.
            tracing::error!(number = %reserved.number, kind = kind(&error), "certificate not drawn");
            None
        }
        Err(_) => None,
    }
}

fn kind(error: &documents::certificate::CertificateError) -> &'static str {
    use documents::certificate::CertificateError as E;
    match error {
        E::UnknownLayout(_) => "unknown-layout",
        E::MissingFact(_) => "missing-fact",
        E::MissingGlyph(_) => "missing-glyph",
        E::Qr(_) => "qr",
        E::TooLong => "too-long",
        E::Signing(_) => "signing",
        E::Pdf(_) => "pdf",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_registrys_facts_of_a_layout_become_its_further_values() {
        let mut facts = Facts::new();
        let text = |words: &str| Value::Text(words.to_owned());
        for (name, value) in [
            ("person.name", text("沈知秋")),
            ("residence.registered", Value::Flag(true)),
            ("residence.present-address", text("学前街21号")),
            ("residence.present-address.names", text("浙江省 温州市 瓯海区")),
            ("residence.present-address.division", text("330304")),
            ("residence.registered-on", Value::Date(date(2026, 3, 1))),
            ("residence.from", Value::Date(date(2026, 3, 1))),
            ("residence.until", Value::Date(date(2027, 2, 28))),
            ("residence-permit.issued", Value::Date(date(2026, 3, 1))),
        ] {
            facts.set(name, value);
        }
        let found = registered(&facts, "residence", date(2026, 11, 22));
        let words: Vec<(&str, &str)> =
            found.more.iter().map(|(key, words)| (key.as_str(), words.expose().as_str())).collect();
        let expected = [
            ("from", "2026年3月1日"),
            ("present-address", "浙江省温州市瓯海区学前街21号"),
            ("registered-on", "2026年3月1日"),
            ("until", "2027年2月28日"),
        ];
        assert_eq!(words, expected);
        let period = documents::facts::Period { from: date(2026, 3, 1), to: date(2027, 2, 28) };
        assert_eq!(found.period, Some(period));
        assert_eq!(registered(&facts, "no-criminal-record", date(2026, 11, 22)).period, None);
    }
}
