//! One-time passwords: shown to the administrator once, changed by the officer before anything else.
//! Invariant: only the hash is kept.

use crate::failure::Failure;
use crate::files;
use anyhow::anyhow;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, SaltString};
use domain::ids::RECEIPT_ALPHABET;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// `[password]` of an officer's file.
#[derive(Serialize)]
pub struct Password {
    hash: String,
    one_time: bool,
    set_at: jiff::Timestamp,
}

/// Three groups of four without confusable characters: 22^12, about 53 bits, for one use behind a growing delay.
pub fn one_time() -> String {
    let letters = ambient::random_bytes::<48>();
    let character = |four: &[u8]| {
        let number = four.iter().fold(0_usize, |all, byte| all << 8 | usize::from(*byte));
        char::from(RECEIPT_ALPHABET[number % RECEIPT_ALPHABET.len()])
    };
    let all: Vec<char> = letters.chunks(4).map(character).collect();
    all.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// As the office keeps it.
pub fn hashed(password: &str) -> Result<Password, Failure> {
    let salt = SaltString::encode_b64(&ambient::random_bytes::<16>()).map_err(|error| anyhow!("salt: {error}"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    let hash = hash.map_err(|error| anyhow!("hashing the password: {error}"))?.to_string();
    Ok(Password { hash, one_time: true, set_at: ambient::now() })
}

/// Writes a secret to the new file that was asked for, if one was.
pub fn put_aside(file: Option<&Path>, secret: Option<&str>) -> Result<(), Failure> {
    let (Some(file), Some(secret)) = (file, secret) else { return Ok(()) };
    files::write_new(file, &format!("{secret}\n"), true)
}

/// Where the administrator finds it.
pub fn told(file: Option<&PathBuf>, password: &str) -> String {
    match file {
        Some(file) => format!("The one-time password is in {}", file.display()),
        None => format!("One-time password, shown this once, to be changed at the first sign-in:\n{password}"),
    }
}
