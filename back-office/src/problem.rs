//! Problems as HTTP answers (RFC 9457), made from `wire::problem`.
//! Invariant: no personal data in a problem.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wire::problem::{MEDIA_TYPE, Problem, Retry, Slug};

/// A full disk is not emptied in a moment.
const DISK_FULL_SECONDS: u64 = 60;

/// A problem with extra members and, where it helps, the time to wait.
#[derive(Debug, Clone)]
pub struct ApiProblem {
    problem: Problem,
    more: serde_json::Map<String, serde_json::Value>,
    retry_after: Option<u64>,
}

impl ApiProblem {
    /// A problem by the last part of its type.
    pub fn new(name: &str, status: StatusCode, retry: Retry, title: &str) -> Self {
        Self {
            problem: Problem::new(name, status.as_u16(), retry, title),
            more: serde_json::Map::new(),
            retry_after: None,
        }
    }

    /// A problem of the kiosks' door, as the table has it.
    pub fn of(slug: Slug) -> Self {
        Self { problem: slug.problem(), more: serde_json::Map::new(), retry_after: None }
    }

    /// Whether it is this one of the kiosks' door.
    pub fn is(&self, slug: Slug) -> bool {
        self.problem.name() == slug.row().name
    }

    /// A problem that somebody else has stated.
    pub fn handed_on(problem: Problem) -> Self {
        Self { problem, more: serde_json::Map::new(), retry_after: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.problem = self.problem.with_detail(detail);
        self
    }

    /// Adds a member for machines.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// Adds `Retry-After`, seconds.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The request is not of the right shape.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::of(Slug::Malformed).detail(detail)
    }

    /// Nothing is there under this address.
    pub fn not_found() -> Self {
        Self::of(Slug::NotFound)
    }

    /// The office cannot do it now; nothing was done.
    pub fn later(detail: impl Into<String>) -> Self {
        Self::of(Slug::Overloaded).detail(detail).after(2)
    }

    /// The office's disk did not do it: full, or something worse.
    pub fn disk(error: &std::io::Error) -> Self {
        tracing::error!(%error, "disk");
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Self::of(Slug::DiskFull).after(DISK_FULL_SECONDS);
        }
        Self::later("The disk did not take it.")
    }
}

impl From<crate::store::StoreError> for ApiProblem {
    fn from(error: crate::store::StoreError) -> Self {
        tracing::error!(%error, "store");
        if matches!(error, crate::store::StoreError::DiskFull) {
            return Self::of(Slug::DiskFull).after(DISK_FULL_SECONDS);
        }
        Self::later("The store did not take it; nothing was changed. Send the same again.")
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = serde_json::to_value(&self.problem).unwrap_or_default();
        if let Some(members) = body.as_object_mut() {
            members.extend(self.more);
        }
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body.to_string()).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
