//! What went wrong, as one JSON shape: problem details for HTTP (RFC 9457).

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What went wrong with a request: a document `application/problem+json` of RFC 9457, of the type `about:blank`,
/// whose title is that of the status.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    title: &'static str,
    status: u16,
    /// What was found, what was expected, and what to do.
    detail: String,
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self { title, status: status.as_u16(), detail: detail.into(), retry_after: None }
    }

    /// 422: the question is well formed, and cannot be answered as it is.
    pub fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// 413: the body is larger than this.
    pub(crate) fn too_large(most: usize) -> Self {
        let detail = format!("the body has more than {most} bytes; send less at once");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    /// 400: what was sent is no request of this server's.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 415: the body does not say that it is JSON. A page of another site can send nothing else without asking.
    pub(crate) fn not_json() -> Self {
        let detail = "expected `Content-Type: application/json`";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }

    /// 401: no token, or not the right one.
    pub(crate) fn unauthorized() -> Self {
        let detail = "the server was started with a token; send it as `Authorization: Bearer TOKEN`";
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// 404: nothing is there.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// 405: it is there, but takes another method.
    pub(crate) fn other_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "the `Allow` header has what it takes; see /openapi.json")
    }

    /// 408: the body did not come in time.
    pub(crate) fn slow(limit: Duration) -> Self {
        let detail = format!("the body did not arrive within {} s", limit.as_secs_f64());
        Self::new(StatusCode::REQUEST_TIMEOUT, detail)
    }

    /// 429: as many questions wait as may; the one that has waited longest came so long ago.
    pub(crate) fn full(waiting: usize, longest: Duration) -> Self {
        let detail = format!("{waiting} questions wait already; ask again later");
        let retry_after = Some(longest.as_secs() + 1);
        Self { retry_after, ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    /// 504: the answer took too long.
    pub(crate) fn late(limit: Duration) -> Self {
        let detail = format!("no answer within {} s; ask for less at once, or later", limit.as_secs_f64());
        Self::new(StatusCode::GATEWAY_TIMEOUT, detail)
    }

    /// 500: the server itself is at fault.
    pub(crate) fn internal() -> Self {
        let detail = "the server failed at this question; its log may say why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }

    /// The status, such as 422.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// What was found, what was expected, and what to do.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
