//! The body of a question: read within bounds of size and time, and taken for JSON.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio::time::timeout;

use crate::limits::Limits;
use crate::problem::Problem;

/// What is read of a body that is refused: whoever is still sending hears of it only where what was sent is taken.
const REFUSED: usize = 64 << 20;

/// Reads a body of at most `most` bytes.
pub(super) async fn read(
    headers: &HeaderMap,
    mut body: Body,
    most: usize,
    limits: &Limits,
) -> Result<Vec<u8>, Problem> {
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let read = if !is_json(headers) {
        Err(Problem::not_json())
    } else if length.is_some_and(|bytes| bytes > most) {
        Err(Problem::too_large(most))
    } else {
        let all = timeout(limits.reading, read_all(&mut body, most)).await;
        all.unwrap_or_else(|_| Err(Problem::slow(limits.reading)))
    };
    if read.is_err() {
        tokio::spawn(timeout(limits.reading, pass_over(body)));
    }
    read
}

async fn read_all(body: &mut Body, most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::malformed("the body ends before its end"))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > most {
            return Err(Problem::too_large(most));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Reads what is still sent, and keeps nothing of it.
async fn pass_over(mut body: Body) {
    let mut left = REFUSED;
    while let Some(Ok(frame)) = body.frame().await {
        left = left.saturating_sub(frame.data_ref().map_or(0, bytes::Bytes::len));
        if left == 0 {
            return;
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

/// Takes a body for a question.
pub(super) fn parsed<Q: DeserializeOwned>(body: &[u8]) -> Result<Q, Problem> {
    let text = std::str::from_utf8(body).map_err(|fault| {
        Problem::malformed(format!("the body is not UTF-8 at byte {}", fault.valid_up_to()))
    })?;
    serde_json::from_str(text).map_err(|fault| match fault.classify() {
        Category::Data => Problem::unprocessable(fault.to_string()),
        _ => Problem::malformed(format!("the body is not JSON: {fault}")),
    })
}
