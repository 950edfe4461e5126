//! The workbench's page and files under the officers' door.
//! Invariants: a strict policy with a fresh nonce for styles on every page, no script but our own files; a debug build
//! reads `web/dist` beside the sources, a release build carries it; a configured folder goes before both; a program
//! without the built application says how to build it. Not here: the application itself (`web/`).

use crate::office::Office;
use crate::problem::ApiProblem;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;
use std::borrow::Cow;
use std::path::{Component, Path};
use std::sync::Arc;

#[derive(Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

/// Where the index writes the nonce.
const NONCE: &str = "{{nonce}}";

const NOT_BUILT: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>一门</title>\
<h1>民警工作台还没有构建</h1><p>在源码目录运行：</p><pre>cd back-office/web &amp;&amp; npm ci &amp;&amp; npm run build</pre>\
<p>然后刷新本页。接口已经可用，说明见 <a href=\"/v1/openapi.json\">/v1/openapi.json</a>。</p></html>";

fn file(office: &Office, path: &str) -> Option<Cow<'static, [u8]>> {
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !plain {
        return None;
    }
    match &office.loaded.config.workbench.web {
        Some(folder) => std::fs::read(office.loaded.path(folder).join(path)).ok().map(Cow::Owned),
        None => Built::get(path).map(|found| found.data),
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/json",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// Policy of a file. The PDF reader's thread takes its own from the script it was started with, and fetches more scripts.
const FILE_POLICY: &str = "default-src 'none'; script-src 'self'; frame-ancestors 'none'";

fn page(status: StatusCode, text: String, nonce: &str) -> Response {
    let policy = HeaderValue::from_str(&policy(nonce)).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    (status, [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)], text).into_response()
}

/// Every path that is no operation: a file of the application, else its page (the application knows its own paths).
pub(super) async fn serve(State(office): State<Arc<Office>>, method: Method, uri: Uri) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return ApiProblem::not_found().into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if !path.is_empty() && path != "index.html" {
        if let Some(bytes) = file(&office, path) {
            // Names under assets/ hold a digest of their content.
            let kept = path.starts_with("assets/");
            let cache = if kept { "private, max-age=31536000, immutable" } else { "no-cache" };
            let headers = [
                (header::CONTENT_TYPE, media_type(path)),
                (header::CACHE_CONTROL, cache),
                (header::CONTENT_SECURITY_POLICY, FILE_POLICY),
            ];
            return (headers, bytes).into_response();
        }
        if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
            return ApiProblem::not_found().into_response();
        }
    }
    let nonce = hex::encode(ambient::random_bytes::<16>());
    match file(&office, "index.html") {
        Some(index) => page(StatusCode::OK, String::from_utf8_lossy(&index).replace(NONCE, &nonce), &nonce),
        None => page(StatusCode::OK, NOT_BUILT.to_owned(), &nonce),
    }
}
