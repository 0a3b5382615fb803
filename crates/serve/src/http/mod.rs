//! The HTTP interface: what is where, and who may have it.

mod ask;
mod body;
mod connection;
mod events;
mod patience;
mod token;

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, http::HeaderMap};
use recurrent_page::Answers;
use serde_json::{Value, json};

use crate::limits::Limits;
use crate::metrics;
use crate::models::Served;
use crate::openapi;
use crate::problem::Problem;
use crate::task::{Interface, Task};
use token::Token;

/// What every request may need.
pub(crate) struct Shared<T: Task> {
    pub(crate) task: T,
    pub(crate) interface: Interface,
    pub(crate) models: Vec<Served<T>>,
    pub(crate) limits: Limits,
    token: Option<Token>,
    page: String,
}

impl<T: Task> Shared<T> {
    pub(crate) fn new(task: T, models: Vec<Served<T>>, token: Option<&str>, limits: Limits) -> Self {
        let interface = task.interface();
        let answers = Answers { scripts: &[include_str!("client.js")], foot: FOOT, elements: "" };
        let page = interface.page.html(interface.title, &answers);
        Self { task, interface, models, limits, token: token.map(Token::new), page }
    }

    /// The model of a name.
    fn served(&self, name: &str) -> Result<&Served<T>, Problem> {
        let found = self.models.iter().find(|served| served.name == name);
        found.ok_or_else(|| Problem::not_found("no model of this name; GET /v1/models lists all"))
    }

    /// What is told of a model.
    fn told(&self, served: &Served<T>) -> Value {
        let loaded = served.loaded();
        json!({
            "name": served.name,
            "task": self.interface.title,
            "weights": loaded.answered_by.weights,
            "training": served.source.is_being_trained(),
            "facts": self.task.facts(&loaded.model),
        })
    }
}

/// Answers until `until` is done, and then whoever has asked before.
pub(crate) async fn serve<T: Task>(
    listener: TcpListener,
    shared: Arc<Shared<T>>,
    until: impl Future<Output = ()>,
) -> io::Result<()> {
    let limits = shared.limits;
    connection::accept(tokio::net::TcpListener::from_std(listener)?, router(shared), limits, until).await;
    Ok(())
}

fn router<T: Task>(shared: Arc<Shared<T>>) -> Router {
    let guarded = Router::new()
        .route("/metrics", get(figures::<T>))
        .route("/openapi.json", get(description::<T>))
        .route("/v1/models", get(models::<T>))
        .route("/v1/models/{name}", get(model::<T>))
        .route("/v1/models/{name}/{verb}", post(ask::ask::<T>))
        .fallback(nothing)
        .method_not_allowed_fallback(async || Problem::other_method())
        .layer(from_fn_with_state(shared.clone(), guard::<T>));
    let open = Router::new().route("/", get(page::<T>)).route("/health", get(health::<T>));
    let open = open.method_not_allowed_fallback(async || Problem::other_method());
    open.merge(guarded).layer(from_fn(with_headers)).with_state(shared)
}

/// Lets those through who name the token, where there is one.
async fn guard<T: Task>(
    State(shared): State<Arc<Shared<T>>>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    match &shared.token {
        Some(token) if !token.is_named_by(&headers) => Problem::unauthorized().into_response(),
        _ => next.run(request).await,
    }
}

/// Nothing is kept by anyone on the way, taken for something else than it is, or shown within another page.
async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// The page holds its own style and script, and speaks with this server alone.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What stands below the page.
const FOOT: &str = "<p><a href=\"/openapi.json\">interface</a> <a href=\"/metrics\">figures</a></p>\n";

async fn page<T: Task>(State(shared): State<Arc<Shared<T>>>) -> Html<String> {
    Html(shared.page.clone())
}

async fn health<T: Task>(State(shared): State<Arc<Shared<T>>>) -> Response {
    json_response(&json!({ "status": "ok", "models": shared.models.len() }))
}

async fn figures<T: Task>(State(shared): State<Arc<Shared<T>>>) -> Response {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], metrics::text(&shared.models)).into_response()
}

async fn description<T: Task>(State(shared): State<Arc<Shared<T>>>) -> Response {
    json_response(&openapi::description(&shared.interface, shared.token.is_some()))
}

async fn models<T: Task>(State(shared): State<Arc<Shared<T>>>) -> Response {
    let models: Vec<Value> = shared.models.iter().map(|served| shared.told(served)).collect();
    json_response(&json!({ "models": models }))
}

async fn model<T: Task>(
    State(shared): State<Arc<Shared<T>>>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    Ok(json_response(&shared.told(shared.served(&name)?)))
}

async fn nothing() -> Problem {
    Problem::not_found("nothing is here; /openapi.json says what is where")
}

fn json_response(value: &Value) -> Response {
    json_text(value.to_string())
}

/// A response of JSON that was written already.
fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}
