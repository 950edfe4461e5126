//! An officer proves who they are by a password, with a code where a second factor is set.
//! Invariants: the same words and about the same work whether the id exists, the password is wrong or the code is; the
//! delay after wrong tries is looked at first; a code is used up only beside the right password; whatever came of a try
//! leaves an audit leaf. Not here: sessions, passkeys (`passkeys`), the identity provider (`oidc`).

use crate::office::Office;
use crate::officers::Officer;
use crate::passwords;
use crate::problem::ApiProblem;
use crate::second_factor;
use crate::sessions::Way;
use crate::store::factors::{self, Factor};
use crate::store::{StoreError, audit};
use crate::tries::Who;
use axum::http::StatusCode;
use domain::sensitive::Sensitive;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::{Arc, LazyLock};
use wire::digest::Digest;
use wire::problem::Retry;

/// A password, and a code where the officer has a second factor.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    pub(super) password: Sensitive<String>,
    #[serde(default)]
    pub(super) code: Option<Sensitive<String>>,
}

/// What a code turned out to be.
enum Checked {
    /// The officer has no second factor, and no code was asked for.
    NotNeeded,
    /// The code of this step.
    Step(i64),
    /// Perhaps a recovery code; the store knows.
    Recovery(Digest),
    /// Nothing.
    Wrong,
}

/// A secret sealed to the office that is nobody's, so that looking at nobody's code is the same work.
static NOBODY: LazyLock<std::sync::Mutex<Option<Vec<u8>>>> = LazyLock::new(Default::default);

pub(super) fn refused(wait_seconds: i64) -> ApiProblem {
    ApiProblem::new(
        "sign-in-refused",
        StatusCode::UNAUTHORIZED,
        Retry::Later,
        "What was given does not prove who you are",
    )
    .member("wait_seconds", wait_seconds)
}

/// The officer proved it, and may not come in all the same.
pub(super) fn locked() -> ApiProblem {
    ApiProblem::new("officer-locked", StatusCode::FORBIDDEN, Retry::Never, "An administrator locked this account")
}

/// Notes something about an officer's own access.
pub(super) async fn note(
    office: &Office,
    officer: &str,
    action: &'static str,
    details: Value,
) -> Result<(), StoreError> {
    let (now, actor) = (ambient::now(), format!("officer:{officer}"));
    office.store.write::<_, StoreError>(move |c| audit::append(c, now, &actor, action, &actor, details)).await
}

/// Looks at a password after the delay; wrong ones count. What was begun is brought to its end also when whoever asked does
/// not wait for it: a right password never stays counted as a wrong one, and a wrong one is never without its leaf.
pub(super) async fn by_password(
    office: &Arc<Office>,
    id: &str,
    address: Option<IpAddr>,
    given: Given,
) -> Result<(Officer, Way), ApiProblem> {
    office.tries.take(Who { id, address }, ambient::now()).map_err(refused)?;
    let (office, id) = (Arc::clone(office), id.to_owned());
    let looked = tokio::spawn(async move { look(&office, &id, address, given).await });
    looked.await.unwrap_or_else(|_| Err(ApiProblem::later("The password cannot be looked at now.")))
}

/// Looks at a password and code whose try was taken.
async fn look(office: &Office, id: &str, address: Option<IpAddr>, given: Given) -> Result<(Officer, Way), ApiProblem> {
    let officer = office.officers.by_id(id);
    let hash = officer.as_ref().and_then(|officer| officer.password.as_ref()).map(|password| password.hash.clone());
    let sought = id.to_owned();
    let factor = office.store.read::<_, StoreError>(move |c| factors::of(c, &sought)).await?;
    let now = ambient::now();
    let code = check(office, id, factor.filter(|factor| factor.confirmed_at.is_some()).as_ref(), given.code, now);
    let password_right = passwords::verify(given.password.into_inner(), hash).await;
    let who = Who { id, address };
    if let Some(officer) = officer.as_ref().filter(|_| password_right)
        && let Some(way) = used_up(office, id, code, now).await?
    {
        office.tries.right(who);
        if officer.locked {
            note(office, id, "sign-in-refused", json!({ "why": "locked" })).await?;
            return Err(locked());
        }
        return Ok((officer.clone(), way));
    }
    let wait = office.tries.wrong(who, ambient::now());
    // An id that does not exist is not written down, it may be anything; the leaf is written all the same.
    let name = officer.as_ref().map_or("nobody", |officer| officer.id.as_str());
    note(office, name, "sign-in-refused", json!({})).await?;
    Err(refused(wait))
}

/// Looks at a code. The same work whoever it is for.
fn check(
    office: &Office,
    id: &str,
    factor: Option<&Factor>,
    code: Option<Sensitive<String>>,
    now: Timestamp,
) -> Checked {
    let code = code.map(Sensitive::into_inner).unwrap_or_default();
    let sealed = factor.map(|factor| factor.sealed.clone()).unwrap_or_else(|| nobodys(office));
    let secret = office.unseal(&sealed).unwrap_or_default();
    let step = second_factor::step_of(&secret, &code, now);
    let hash = second_factor::recovery_hash(id, &code);
    match (factor.is_some(), step) {
        // A code where none is needed does no harm: a field that a browser filled in.
        (false, _) => Checked::NotNeeded,
        (true, Some(step)) => Checked::Step(step),
        (true, None) if code.trim().len() > 6 => Checked::Recovery(hash),
        (true, None) => Checked::Wrong,
    }
}

fn nobodys(office: &Office) -> Vec<u8> {
    let mut kept = NOBODY.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    kept.get_or_insert_with(|| {
        office.seal(&ambient::random_bytes::<{ second_factor::SECRET_BYTES }>()).unwrap_or_default()
    })
    .clone()
}

/// Uses the code up; gives how the officer proved it, or nothing when the code was used before or never was one.
async fn used_up(office: &Office, id: &str, code: Checked, now: Timestamp) -> Result<Option<Way>, StoreError> {
    let id = id.to_owned();
    let used = match code {
        Checked::NotNeeded => return Ok(Some(Way::Password)),
        Checked::Wrong => return Ok(None),
        Checked::Step(step) => office.store.write::<_, StoreError>(move |c| factors::use_step(c, &id, step)).await?,
        Checked::Recovery(hash) => {
            let job = move |c: &rusqlite::Connection| {
                let used = factors::use_recovery(c, &id, &hash, now)?;
                if used {
                    let actor = format!("officer:{id}");
                    audit::append(c, now, &actor, "recovery-code-used", &actor, json!({}))?;
                }
                Ok(used)
            };
            office.store.write::<_, StoreError>(move |c| job(c)).await?
        }
    };
    Ok(used.then_some(Way::PasswordAndCode))
}
