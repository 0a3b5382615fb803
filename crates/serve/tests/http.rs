//! A server on a real socket: what it answers to good and bad requests, who waits, who leaves, and how it ends.

mod toy;

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use program_tests::http::{Response, posted};
use recurrent_serve::Limits;
use serde_json::{Value, json};
use toy::{Toy, quick};

#[test]
fn a_question_is_answered_with_the_weights_that_answered() {
    let toy = Toy::start(quick(), None);
    let said = toy.ask("one", &json!({ "steps": 3 }));
    assert_eq!((said.status, &said.json()["answer"]), (200, &json!(3)));
    assert_eq!(
        (&said.json()["model"], &said.json()["weights"]),
        (&json!("one"), &json!({ "epoch": 1, "step": 10 }))
    );
    assert_eq!(said.header("cache-control"), "no-store");
    assert!(said.header("content-security-policy").contains("default-src 'none'"));
    // The connection is kept for the next question.
    let mut stream = toy.client.connect();
    for steps in [1, 2] {
        stream.write_all(&toy.question("one", &format!(r#"{{"steps":{steps}}}"#), "")).unwrap();
        assert_eq!(Response::read(&mut stream).json()["answer"], steps);
    }
}

#[test]
fn what_is_where() {
    let toy = Toy::start(quick(), None);
    assert_eq!(toy.client.get("/health").json(), json!({ "status": "ok", "models": 2 }));
    let page = toy.client.get("/");
    assert!(page.text.starts_with("<!doctype html>") && page.header("content-type").starts_with("text/html"));
    let models = toy.client.get("/v1/models").json();
    let names: Vec<_> =
        models["models"].as_array().unwrap().iter().map(|model| model["name"].clone()).collect();
    assert_eq!(names, ["one", "a two"]);
    assert_eq!(toy.client.get("/v1/models/a%20two").json()["name"], "a two");
    assert_eq!(toy.client.get("/v1/models/one").json()["facts"], json!({ "words": "counts" }));
    toy.ask("one", &json!({ "steps": 3 }));
    let figures = toy.client.get("/metrics").text;
    for line in [
        "recurrent_answers_total{model=\"one\",status=\"200\"} 1",
        "recurrent_units_total{model=\"one\"} 3",
        "recurrent_epoch{model=\"one\"} 1",
        "recurrent_answer_seconds_count{model=\"one\"} 1",
        "recurrent_answer_seconds_count{model=\"a two\"} 0",
    ] {
        assert!(figures.lines().any(|found| found == line), "{line} is not in\n{figures}");
    }
    let document = toy.client.get("/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, _) in document["paths"].as_object().unwrap() {
        let path = path.replace("{name}", "one");
        if !path.ends_with("/count") {
            assert_eq!(toy.client.get(&path).status, 200, "{path}");
        }
    }
    assert!(document["paths"]["/v1/models/{name}/count"]["post"]["responses"]["429"].is_object());
}

#[test]
fn what_is_wrong_with_a_request_is_said_as_a_problem() {
    let toy = Toy::start(quick(), None);
    let question =
        |headers: &str, body: &[u8]| toy.client.raw(&posted("/v1/models/one/count", headers, body));
    let json = "Content-Type: application/json\r\n";
    let cases: Vec<(&str, Response, u16, &str)> = vec![
        ("no JSON", question(json, b"{\"steps\":"), 400, "the body is not JSON: EOF"),
        ("no UTF-8", question(json, b"{\"steps\": \"\xff\"}"), 400, "the body is not UTF-8 at byte 11"),
        ("empty", question(json, b""), 400, "the body is not JSON"),
        ("no number", question(json, b"{\"steps\":\"x\"}"), 422, "invalid type: string"),
        ("unknown", question(json, b"{\"steps\":1,\"stepz\":1}"), 422, "unknown field `stepz`"),
        ("out of range", question(json, b"{\"steps\":1000000}"), 422, "`steps` is 1000000"),
        (
            "other type",
            question("Content-Type: text/plain\r\n", b"{\"steps\":1}"),
            415,
            "expected `Content-Type",
        ),
        ("no type", question("", b"{\"steps\":1}"), 415, "expected `Content-Type"),
        ("too large", question(json, &[b' '; 2000]), 413, "more than 1000 bytes"),
        (
            "no model",
            toy.client.raw(&posted("/v1/models/three/count", json, b"{\"steps\":1}")),
            404,
            "no model of this name",
        ),
        (
            "no such verb",
            toy.client.raw(&posted("/v1/models/one/sing", json, b"{\"steps\":1}")),
            404,
            "models here `count`",
        ),
        ("no such place", toy.client.get("/v2"), 404, "nothing is here"),
        ("other method", toy.client.get("/v1/models/one/count"), 405, "the `Allow` header"),
        ("other method of a page", toy.client.raw(&posted("/", json, b"")), 405, "the `Allow` header"),
    ];
    for (case, said, status, detail) in cases {
        assert_eq!(said.status, status, "{case}: {}", said.text);
        assert_eq!(said.header("content-type"), "application/problem+json", "{case}");
        let problem = said.json();
        assert_eq!(problem["status"], status, "{case}");
        assert!(problem["title"].is_string(), "{case}");
        assert!(problem["detail"].as_str().unwrap().contains(detail), "{case}: {problem}");
    }
    // Whoever sends far too much hears of it.
    let much = vec![b' '; 20 << 20];
    assert_eq!(toy.client.raw(&posted("/v1/models/one/count", json, &much)).status, 413);
    // A body without a length, chunk by chunk.
    let chunks = "7d0\r\n".to_owned() + &" ".repeat(2000) + "\r\n0\r\n\r\n";
    let head =
        format!("POST /v1/models/one/count HTTP/1.1\r\nHost: x\r\n{json}Transfer-Encoding: chunked\r\n\r\n");
    assert_eq!(toy.client.raw(&[head.as_bytes(), chunks.as_bytes()].concat()).status, 413);
    assert_eq!(toy.ask("one", &json!({ "steps": 1 })).status, 200);
}

#[test]
fn who_is_slow_or_cuts_off_is_let_go() {
    let limits = Limits { reading: Duration::from_millis(150), ..quick() };
    let toy = Toy::start(limits, None);
    // The head is cut: the connection is closed.
    let mut stream = toy.client.connect();
    stream.write_all(b"POST /v1/models/one/count HTTP/1.1\r\nHost").unwrap();
    let start = Instant::now();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(start.elapsed() < Duration::from_secs(5), "the connection stayed open");
    // The body is slow.
    let mut stream = toy.client.connect();
    let head = "POST /v1/models/one/count HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n";
    stream.write_all(format!("{head}{{\"st").as_bytes()).unwrap();
    let said = Response::read(&mut stream);
    assert_eq!(said.status, 408, "{}", said.text);
    // No request at all.
    assert_eq!(toy.client.raw(b"\x16\x03\x01 hello\r\n\r\n").status, 400);
    assert_eq!(toy.ask("one", &json!({ "steps": 1 })).status, 200);
}

#[test]
fn a_client_that_reads_nothing_does_not_stay() {
    let limits = Limits { reading: Duration::from_millis(150), ..quick() };
    let toy = Toy::start(limits, None);
    let mut stream = toy.client.connect();
    stream.write_all(&toy.question("one", r#"{"steps":10000,"stream":true,"wide":2000}"#, "")).unwrap();
    toy.client.until("recurrent_left_total{model=\"one\"} 1");
}

#[test]
fn parts_come_while_the_answer_is_made() {
    let toy = Toy::start(quick(), None);
    let said = toy.ask("one", &json!({ "steps": 3, "stream": true }));
    assert_eq!((said.status, said.header("content-type")), (200, "text/event-stream"));
    let events: Vec<&str> = said.text.split_terminator("\n\n").collect();
    assert_eq!(events.len(), 4, "{}", said.text);
    assert_eq!(
        events[..3],
        [
            "data: {\"count\":1,\"wide\":\"\"}",
            "data: {\"count\":2,\"wide\":\"\"}",
            "data: {\"count\":3,\"wide\":\"\"}"
        ]
    );
    let end: Value = serde_json::from_str(events[3].strip_prefix("event: end\ndata: ").unwrap()).unwrap();
    assert_eq!((&end["answer"], &end["model"]), (&json!(3), &json!("one")));
}

#[test]
fn an_answer_that_takes_too_long_is_given_up() {
    let limits = Limits { answering: Duration::from_millis(100), ..quick() };
    let toy = Toy::start(limits, None);
    assert_eq!(toy.ask("one", &json!({ "steps": 10000 })).status, 504);
    let said = toy.ask("one", &json!({ "steps": 10000, "stream": true }));
    assert_eq!(said.status, 200);
    let end = said.text.rsplit("\n\n").nth(1).unwrap();
    assert!(end.starts_with("event: error\ndata: {") && end.contains("\"status\":504"), "{end}");
}

#[test]
fn questions_are_answered_together_and_those_that_do_not_fit_are_refused() {
    let toy = Toy::start(Limits { waiting: 2, ..quick() }, None);
    // Four are taken in, two wait.
    let long = toy.question("one", r#"{"steps":100000}"#, "");
    let mut streams: Vec<_> = (0..6)
        .map(|place| {
            let mut stream = toy.client.connect();
            stream.write_all(&long).unwrap();
            toy.client.until(&format!(
                "recurrent_waiting{{model=\"one\"}} {}",
                usize::saturating_sub(place + 1, 4)
            ));
            stream
        })
        .collect();
    let refused = toy.ask("one", &json!({ "steps": 1 }));
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert!((1..=10).contains(&refused.header("retry-after").parse::<u64>().unwrap()));
    assert_eq!(toy.ask("a two", &json!({ "steps": 1 })).status, 200, "the other model has room");
    // Who leaves makes room, waiting or not.
    streams.truncate(1);
    toy.client.until("recurrent_left_total{model=\"one\"} 5");
    assert_eq!(toy.ask("one", &json!({ "steps": 1 })).status, 200);
}

#[test]
fn a_token_is_asked_for_where_there_is_one() {
    let toy = Toy::start(quick(), Some("secret"));
    for path in ["/v1/models", "/metrics", "/openapi.json", "/nothing"] {
        let said = toy.client.get(path);
        assert_eq!((said.status, said.header("www-authenticate")), (401, "Bearer"), "{path}");
    }
    assert_eq!(toy.ask("one", &json!({ "steps": 1 })).status, 401);
    assert_eq!((toy.client.get("/").status, toy.client.get("/health").status), (200, 200));
    for (token, status) in [("secret", 200), ("secrets", 401)] {
        let question = toy.question("one", r#"{"steps":1}"#, &format!("Authorization: Bearer {token}\r\n"));
        assert_eq!(toy.client.raw(&question).status, status);
    }
}

#[test]
fn newer_weights_answer_whoever_asks_after_they_are_written() {
    let toy = Toy::start(quick(), None);
    let mut stream = toy.client.connect();
    stream.write_all(&toy.question("one", r#"{"steps":600}"#, "")).unwrap();
    toy.client.until("recurrent_steps_total{model=\"one\"} 5"); // or more
    toy.learn_on();
    toy.client.until("recurrent_epoch{model=\"one\"} 2");
    assert_eq!(toy.ask("one", &json!({ "steps": 1 })).json()["weights"]["epoch"], 2);
    assert_eq!(Response::read(&mut stream).json()["weights"]["epoch"], 1, "what was begun ends as it began");
    assert_eq!(toy.ask("a two", &json!({ "steps": 1 })).json()["weights"]["epoch"], 2);
}

#[test]
fn stopping_finishes_what_was_asked() {
    let mut toy = Toy::start(quick(), None);
    let mut streams: Vec<_> = (0..6)
        .map(|_| {
            let mut stream = toy.client.connect();
            stream.write_all(&toy.question("one", r#"{"steps":300}"#, "")).unwrap();
            stream
        })
        .collect();
    toy.client.until("recurrent_waiting{model=\"one\"} 2");
    toy.stop();
    thread::sleep(Duration::from_millis(100));
    for stream in &mut streams {
        let said = Response::read(stream);
        assert_eq!((said.status, &said.json()["answer"]), (200, &json!(300)));
    }
    drop(streams);
    toy.wait();
    assert!(std::net::TcpStream::connect(toy.client.address).is_err(), "it listens still");
}
