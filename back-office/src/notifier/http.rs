//! Messages to an SMS gateway: `POST` of `{key, to, text}` as JSON, the key also as `Idempotency-Key`, the token as bearer.
//! Invariants: only an answer of success means taken; no answer means that it may have been, so it goes again under the
//! same key; nothing of the message is in an error. Not here: pauses and giving up (`super`).

use super::{Message, NotSent, Notifier, NotifierConfig};
use domain::sensitive::Sensitive;
use futures_util::future::BoxFuture;
use reqwest::StatusCode;
use std::time::Duration;

/// The gateway's client.
pub(super) struct Gateway {
    client: reqwest::Client,
    url: String,
    token: Option<Sensitive<String>>,
}

impl Gateway {
    /// A client; nothing is sent yet. Numbers go to the gateway alone, through no proxy and after no redirect.
    pub(super) fn new(config: &NotifierConfig, token: Option<Sensitive<String>>) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_millis(config.timeout_ms))
            .build()?;
        Ok(Self { client, url: config.url.clone(), token })
    }
}

impl Notifier for Gateway {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<(), NotSent>> {
        let body = serde_json::json!({ "key": message.key, "to": message.to.expose(), "text": message.text.expose() });
        let mut request = self.client.post(&self.url).header("idempotency-key", &message.key).json(&body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose());
        }
        Box::pin(async move {
            let answer = request.send().await.map_err(|error| NotSent::Later(error.without_url().to_string()))?;
            verdict(answer.status())
        })
    }
}

/// What a status means for the message.
fn verdict(status: StatusCode) -> Result<(), NotSent> {
    let words = || format!("the gateway answered {}", status.as_u16());
    match status.as_u16() {
        200..=299 => Ok(()),
        // Wrong token, too many, too early, no such address: a person may mend it, the message is right.
        401 | 403 | 404 | 408 | 409 | 425 | 429 => Err(NotSent::Later(words())),
        400..=499 => Err(NotSent::Never(words())),
        _ => Err(NotSent::Later(words())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_success_is_taken_and_only_a_wrong_message_is_given_up() {
        let of = |status| verdict(StatusCode::from_u16(status).unwrap());
        assert_eq!((of(200), of(202)), (Ok(()), Ok(())));
        for later in [302, 401, 408, 429, 500, 503] {
            assert!(matches!(of(later), Err(NotSent::Later(_))), "{later}");
        }
        for never in [400, 413, 422] {
            assert!(matches!(of(never), Err(NotSent::Never(_))), "{never}");
        }
    }
}
