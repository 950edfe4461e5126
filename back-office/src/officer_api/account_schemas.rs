//! Shapes of an officer's own access: proving who one is, passkeys, the second factor, sessions.

use super::schemas::{flag, list, maybe, moment, number, object, one_of, reference, text, uuid};
use serde_json::{Value, json};

pub(super) fn account() -> Value {
    json!({
        "Way": one_of(&["password", "password-and-code", "passkey", "provider"]),
        "Ways": object(&[("passkey_origin", maybe(text())), ("provider", maybe(text())), ("demo", flag())]),
        "PasswordProof": object(&[("password", text()), ("code?", text())]),
        // What the browser's `navigator.credentials` takes and gives, binary members in base64url (WebAuthn, section 5.1).
        "Ceremony": object(&[("ceremony", uuid()), ("options", json!({ "type": "object" }))]),
        "PasskeyProof": object(&[("ceremony", uuid()), ("credential", json!({ "type": "object" }))]),
        "NewPasskey": object(&[("ceremony", uuid()), ("name", text()), ("credential", json!({ "type": "object" }))]),
        "Named": object(&[("name", text())]),
        "Passkey": object(&[
            ("id", text()), ("name", text()), ("added_at", moment()), ("used_at", maybe(moment())), ("locked", flag()),
        ]),
        "FirstCode": object(&[("code", text())]),
        "FactorBegun": object(&[("secret", text()), ("qr", list(text()))]),
        "RecoveryCodes": object(&[("codes", list(text()))]),
        "OwnSession": object(&[
            ("id", uuid()), ("own", flag()), ("by", reference("Way")), ("address", maybe(text())), ("begun", moment()),
            ("seen", moment()),
        ]),
        "Account": object(&[
            ("password_set_at", maybe(moment())),
            ("second_factor", object(&[
                ("on", flag()), ("required", flag()), ("since", maybe(moment())), ("recovery_left", number()),
            ])),
            ("passkeys", list(reference("Passkey"))), ("sessions", list(reference("OwnSession"))),
            ("provider", flag()), ("now", moment()),
        ]),
    })
}
