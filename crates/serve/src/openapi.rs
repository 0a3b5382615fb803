//! What is where, as an OpenAPI document. It is written by hand: a derived one would take a further package with a
//! procedural macro for seven addresses.

use serde_json::{Value, json};

use crate::task::Interface;

/// The OpenAPI 3.1 document of a task's server.
pub(crate) fn description(interface: &Interface, has_token: bool) -> Value {
    let Interface { title, verb, question, answer, .. } = interface;
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": format!("recurrent: {title}"), "version": env!("CARGO_PKG_VERSION") },
        "paths": {
            "/": { "get": page() },
            "/health": { "get": got("Whether the server answers", object()) },
            "/metrics": { "get": text("Figures for Prometheus", "text/plain") },
            "/openapi.json": { "get": got("This document", object()) },
            "/v1/models": { "get": got("All models", json!({
                "type": "object",
                "properties": { "models": { "type": "array", "items": reference("Model") } },
            })) },
            "/v1/models/{name}": {
                "parameters": [name()],
                "get": with_problems(got("A model", reference("Model")), &[404]),
            },
        },
        "components": {
            "schemas": {
                "Model": model(),
                "Question": question,
                "Answer": noted(answer),
                "Problem": problem(),
            },
        },
    });
    document["paths"][format!("/v1/models/{{name}}/{verb}")] =
        json!({ "parameters": [name()], "post": asked(interface) });
    if let Some(part) = &interface.part {
        document["components"]["schemas"]["Part"] = part.clone();
    }
    if has_token {
        document["components"]["securitySchemes"]["token"] = json!({ "type": "http", "scheme": "bearer" });
        document["security"] = json!([{ "token": [] }]);
    }
    document
}

fn asked(interface: &Interface) -> Value {
    let mut content = json!({ "application/json": { "schema": reference("Answer") } });
    if interface.part.is_some() {
        content["text/event-stream"] = json!({
            "schema": { "type": "string" },
            "x-message": reference("Part"),
            "x-event-end": reference("Answer"),
            "x-event-error": reference("Problem"),
        });
    }
    let operation = json!({
        "summary": interface.title,
        "operationId": interface.verb,
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": reference("Question") } },
        },
        "responses": { "200": { "description": "The answer", "content": content } },
    });
    with_problems(operation, &[400, 401, 404, 408, 413, 415, 422, 429, 500, 504])
}

fn with_problems(mut operation: Value, statuses: &[u16]) -> Value {
    for status in statuses {
        operation["responses"][status.to_string()] = json!({
            "description": "See `detail`",
            "content": { "application/problem+json": { "schema": reference("Problem") } },
        });
    }
    operation
}

fn got(summary: &str, schema: Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    json!({ "summary": summary, "responses": { "200": { "description": summary, "content": content } } })
}

fn text(summary: &str, kind: &str) -> Value {
    let content = json!({ kind: { "schema": { "type": "string" } } });
    json!({ "summary": summary, "responses": { "200": { "description": summary, "content": content } } })
}

fn page() -> Value {
    text("A page for people", "text/html")
}

fn object() -> Value {
    json!({ "type": "object" })
}

fn name() -> Value {
    json!({ "name": "name", "in": "path", "required": true, "schema": { "type": "string" } })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn weights() -> Value {
    json!({
        "type": "object",
        "properties": { "epoch": { "type": ["integer", "null"] }, "step": { "type": ["integer", "null"] } },
    })
}

fn model() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": { "type": "string" },
            "task": { "type": "string" },
            "weights": weights(),
            "training": { "type": "boolean" },
            "facts": object(),
        },
    })
}

/// An answer with the note of the weights that it is by.
fn noted(answer: &Value) -> Value {
    let mut answer = answer.clone();
    answer["properties"]["model"] = json!({ "type": "string" });
    answer["properties"]["weights"] = weights();
    answer
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457",
        "properties": {
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
        },
    })
}
