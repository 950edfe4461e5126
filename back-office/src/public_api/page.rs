//! What all public pages share: headers, the one policy of what may run, escaped words, the family's colours.
//! Invariants: a page runs only its own script and style (nonce); no page is stored by a browser or proxy; no address of
//! another page is told to anybody.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Colours and type of the family, put in front of each page's own style.
const FAMILY: &str = include_str!("family.css");

/// A page from its text: `{{nonce}}` and `{{family}}` are filled in, the rest is the caller's. `forms` allows forms to
/// this door.
pub(super) fn page(status: StatusCode, html: &str, forms: bool) -> Response {
    let nonce = hex::encode(ambient::random_bytes::<16>());
    let form = if forms { "'self'" } else { "'none'" };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; base-uri 'none'; \
         form-action {form}; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (status, headers, html.replace("{{family}}", FAMILY).replace("{{nonce}}", &nonce)).into_response()
}

/// Words inside a page; braces too, so that no word is taken for a place to fill.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
        .replace("{{", "&#123;&#123;")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn words_stay_words() {
        assert_eq!(escaped("<b a=\"'\">&{{nonce}}"), "&lt;b a=&quot;&#39;&quot;&gt;&amp;&#123;&#123;nonce}}");
    }
}
