//! Passwords: argon2id (m = 19 MiB, t = 2, p = 1: the crate's default and OWASP's first choice), and what a new one must be.
//! Invariants: a check for somebody who does not exist costs as much as for one who does; few checks run at a time, as
//! each takes 19 MiB. Not here: delays after wrong tries (`tries`).

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Checks that may run at a time.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A hash that belongs to nobody.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// Fewest characters.
pub const SHORTEST: usize = 10;

/// Why a new password is not taken, in words for the officer.
pub fn weakness(officer: &str, old: &str, new: &str) -> Option<&'static str> {
    let length = new.chars().count();
    let different: std::collections::BTreeSet<char> = new.chars().collect();
    if length < SHORTEST {
        return Some("密码至少 10 个字符");
    }
    if length > 200 {
        return Some("密码最多 200 个字符");
    }
    if new == old {
        return Some("新密码要和旧密码不同");
    }
    if different.len() < 5 {
        return Some("密码里不同的字符太少");
    }
    if new.to_lowercase().contains(&officer.to_lowercase()) {
        return Some("密码里不要有您的编号");
    }
    None
}

fn hash_now(password: &str) -> Option<String> {
    let salt = SaltString::encode_b64(&ambient::random_bytes::<16>()).ok()?;
    Argon2::default().hash_password(password.as_bytes(), &salt).ok().map(|hash| hash.to_string())
}

/// Hashes a password; `None` only when the machine cannot.
pub async fn hash(password: String) -> Option<String> {
    let _permit = AT_ONCE.acquire().await.ok()?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await.ok()?
}

/// Whether the password belongs to the hash; without a hash the same work is done and the answer is no.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    let Ok(_permit) = AT_ONCE.acquire().await else { return false };
    let checked = tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let text = hash.unwrap_or_else(|| NOBODY.clone());
        let right = PasswordHash::new(&text)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
        known && right
    });
    checked.await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_passes_and_nobody_never_does() {
        let stored = hash("correct horse battery".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("correct horse battery".into(), Some(stored.clone())).await);
        assert!(!verify("correct horse batterx".into(), Some(stored)).await);
        assert!(!verify("nobody has this password".into(), None).await);
        assert!(!verify("x".into(), Some("not a hash".into())).await);
    }

    #[test]
    fn a_weak_password_is_named() {
        assert_eq!(weakness("o-1", "old", "a-long-enough-one"), None);
        for weak in ["short", "aaaaaaaaaaaaa", "my-o-1-password"] {
            assert!(weakness("o-1", "old", weak).is_some(), "{weak}");
        }
        assert!(weakness("o-1", "a-long-enough-one", "a-long-enough-one").is_some());
    }
}
