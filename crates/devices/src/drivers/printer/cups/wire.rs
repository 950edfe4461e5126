//! IPP requests and replies in the few shapes the driver needs (RFC 8011). Every failure is told apart: nobody answers, an
//! answer that says no, an answer that is not IPP.

use std::io::Cursor;

use ipp::attribute::{IppAttribute, IppAttributeGroup};
use ipp::model::{DelimiterTag, IppVersion, Operation, StatusCode};
use ipp::parser::IppParseError;
use ipp::prelude::{IppClient, IppPayload, IppValue, Uri};
use ipp::request::IppRequestResponse;

#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    #[error("no answer: {0}")]
    Unreachable(String),
    #[error("answered {0}")]
    Status(StatusCode),
    #[error("not usable IPP: {0}")]
    Malformed(String),
}

impl From<IppParseError> for WireError {
    fn from(error: IppParseError) -> Self {
        Self::Malformed(error.to_string())
    }
}

pub(super) fn keyword(word: &str) -> Result<IppValue, WireError> {
    Ok(IppValue::new_keyword(word)?)
}

pub(super) fn keywords(words: &[&str]) -> Result<IppValue, WireError> {
    Ok(IppValue::Array(words.iter().map(|word| keyword(word)).collect::<Result<_, _>>()?))
}

pub(super) fn name(name: &str) -> Result<IppValue, WireError> {
    Ok(IppValue::new_name_without_language(name)?)
}

pub(super) fn mime(mime: &str) -> Result<IppValue, WireError> {
    Ok(IppValue::new_mime_media_type(mime)?)
}

/// A request on the queue with operation attributes and perhaps a document.
pub(super) fn request(
    operation: Operation,
    uri: &Uri,
    user: &str,
    attributes: Vec<(&'static str, IppValue)>,
    document: Option<Vec<u8>>,
) -> Result<IppRequestResponse, WireError> {
    let mut request = IppRequestResponse::new(IppVersion::v1_1(), operation, Some(uri.clone()))?;
    let tag = DelimiterTag::OperationAttributes;
    request.attributes_mut().add(tag, IppAttribute::with_name("requesting-user-name", name(user)?)?);
    for (key, value) in attributes {
        request.attributes_mut().add(tag, IppAttribute::with_name(key, value)?);
    }
    if let Some(document) = document {
        *request.payload_mut() = IppPayload::new(Cursor::new(document));
    }
    Ok(request)
}

pub(super) fn add_job_attribute(
    request: &mut IppRequestResponse,
    key: &'static str,
    value: IppValue,
) -> Result<(), WireError> {
    request.attributes_mut().add(DelimiterTag::JobAttributes, IppAttribute::with_name(key, value)?);
    Ok(())
}

pub(super) fn send(client: &IppClient, request: IppRequestResponse) -> Result<Reply, WireError> {
    // Also an answer that breaks off or is not IPP: the job may have arrived, so this must not read as a refusal.
    let reply = client.send(request).map_err(|error| WireError::Unreachable(error.to_string()))?;
    let status = reply.header().status_code();
    if status.is_success() { Ok(Reply(reply)) } else { Err(WireError::Status(status)) }
}

/// A reply that said yes.
pub(super) struct Reply(IppRequestResponse);

impl Reply {
    pub fn jobs(&self) -> impl Iterator<Item = Group<'_>> {
        self.0.attributes().groups_of(DelimiterTag::JobAttributes).map(Group)
    }

    pub fn printer_number(&self, key: &str) -> Option<i32> {
        self.printer()?.number(key)
    }

    pub fn printer_text(&self, key: &str) -> Option<String> {
        self.printer()?.text(key)
    }

    pub fn printer_words(&self, key: &str) -> Vec<String> {
        let value = self.printer().and_then(|group| group.0.get(key)).map(IppAttribute::value);
        value.map(|value| value.into_iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    fn printer(&self) -> Option<Group<'_>> {
        self.0.attributes().first_of(DelimiterTag::PrinterAttributes).map(Group)
    }
}

/// One group of attributes of a reply.
pub(super) struct Group<'a>(&'a IppAttributeGroup);

impl Group<'_> {
    pub fn text(&self, key: &str) -> Option<String> {
        self.0.get(key).map(|attribute| attribute.value().to_string())
    }

    pub fn number(&self, key: &str) -> Option<i32> {
        self.text(key)?.parse().ok()
    }
}
