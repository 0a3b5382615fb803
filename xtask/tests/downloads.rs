//! Downloads from servers that break off, lie, answer with pages, or send without end.

mod fixture;
mod server;

use std::{io::Write as _, thread, time::Duration};

use fixture::{Fixture, text};
use server::{Server, page, rest, serve, whole};
use xtask::fetch::Name;

const TEXT: &str = "warpeace_input.txt";

/// The text is in place, whole, and nothing else is left.
#[track_caller]
fn assert_fetched(fixture: &Fixture, outcome: &(String, Result<(), String>)) {
    assert_eq!(outcome.1, Ok(()), "{}", outcome.0);
    assert!(fixture.read(TEXT) == text(), "the file in place is not the text");
    assert_eq!(fixture.files().len(), 1, "{:?}", fixture.files());
}

#[test]
fn a_file_is_fetched_once_and_then_stands() {
    let server = Server::honest(text());
    let fixture = Fixture::text_from(&server.url);
    let outcome = fixture.fetch(&[Name::Text], None);
    assert_fetched(&fixture, &outcome);
    insta::assert_snapshot!(outcome.0, @r"
    text: A text (free)
      from http://SERVER/text
    text: FOLDER/datasets/warpeace_input.txt is in place: the text, SHA-256 9eede68c48f64a4472eff7cbc7dd91f9f79dc61bb1825f54a5cfc4032d1dfa52
    ");

    let (notes, outcome) = fixture.fetch(&[Name::Text], None);
    assert_eq!(outcome, Ok(()));
    insta::assert_snapshot!(notes, @"text: FOLDER/datasets/warpeace_input.txt is already there: the text, SHA-256 9eede68c48f64a4472eff7cbc7dd91f9f79dc61bb1825f54a5cfc4032d1dfa52");
    assert_eq!(server.asked().len(), 1);
    assert!(
        server.asked()[0].user_agent.starts_with("Mozilla/5.0 (compatible; recurrent/"),
        "{:?}",
        server.asked()
    );
}

#[test]
fn a_broken_download_goes_on_where_it_stopped() {
    let server = Server::start(|asked, stream| match asked.from {
        None => whole(stream, text().len(), &text()[..70_000]),
        Some(from) if from < 150_000 => rest(stream, from, text().len(), &text()[from..from + 50_000]),
        Some(_) => serve(asked, stream, &text()),
    });
    let fixture = Fixture::text_from(&server.url);
    let outcome = fixture.fetch(&[Name::Text], None);
    assert_fetched(&fixture, &outcome);
    assert_eq!(server.ranges(), [None, Some(70_000), Some(120_000), Some(170_000)]);
    insta::assert_snapshot!(outcome.0, @r"
    text: A text (free)
      from http://SERVER/text
      the connection broke after 70000 bytes: Peer disconnected; trying again in 0.001 s
      the connection broke after 120000 bytes: Peer disconnected; trying again in 0.001 s
      the connection broke after 170000 bytes: Peer disconnected; trying again in 0.001 s
    text: FOLDER/datasets/warpeace_input.txt is in place: the text, SHA-256 9eede68c48f64a4472eff7cbc7dd91f9f79dc61bb1825f54a5cfc4032d1dfa52
    ");
}

#[test]
fn a_download_goes_on_in_a_later_run() {
    let broken = Server::start(|asked, stream| match asked.from {
        None => whole(stream, text().len(), &text()[..70_000]),
        Some(_) => page(stream, "500 Internal Server Error"),
    });
    let fixture = Fixture::text_from(&broken.url);
    let (_, outcome) = fixture.fetch(&[Name::Text], None);
    insta::assert_snapshot!(outcome.expect_err("the server fails"), @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        http://SERVER/text: the server answered 500 Internal Server Error
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
    assert_eq!(fixture.files(), [("warpeace_input.txt.part".to_owned(), 70_000)]);

    let mirror = Server::honest(text());
    let outcome = fixture.fetch(&[Name::Text], Some(&mirror.url));
    assert_fetched(&fixture, &outcome);
    assert_eq!(mirror.ranges(), [Some(70_000)]);
}

#[test]
fn a_login_page_does_not_cost_what_has_arrived() {
    let server = Server::start(|_, stream| page(stream, "200 OK"));
    let fixture = Fixture::text_from(&server.url);
    fixture.put("warpeace_input.txt.part", &text()[..70_000]);
    let (_, outcome) = fixture.fetch(&[Name::Text], None);
    insta::assert_snapshot!(outcome.expect_err("a page"), @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        http://SERVER/text: the server answered with a web page instead of the rest of the file
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
    assert_eq!(fixture.files(), [("warpeace_input.txt.part".to_owned(), 70_000)]);
}

#[test]
fn a_server_that_ignores_the_range_starts_anew() {
    let server = Server::start(|_, stream| whole(stream, text().len(), &text()));
    let fixture = Fixture::text_from(&server.url);
    fixture.put("warpeace_input.txt.part", &text()[..70_000]);
    let outcome = fixture.fetch(&[Name::Text], None);
    assert_fetched(&fixture, &outcome);
    assert_eq!(server.ranges(), [Some(70_000)]);
}

#[test]
fn pieces_of_different_files_start_anew() {
    let server = Server::honest(text());
    let fixture = Fixture::text_from(&server.url);
    fixture.put("warpeace_input.txt.part", &[b'x'; 70_000]);
    let outcome = fixture.fetch(&[Name::Text], None);
    assert_fetched(&fixture, &outcome);
    assert_eq!(server.ranges(), [Some(70_000), None]);
    assert!(
        outcome.0.contains("the pieces do not make a file with a known checksum; starting anew"),
        "{}",
        outcome.0
    );
}

#[test]
fn a_part_that_is_whole_or_too_long_needs_no_luck() {
    for (part, ranges) in [(text(), vec![Some(200_000)]), (vec![b'x'; 250_000], vec![Some(250_000), None])] {
        let server = Server::honest(text());
        let fixture = Fixture::text_from(&server.url);
        fixture.put("warpeace_input.txt.part", &part);
        let outcome = fixture.fetch(&[Name::Text], None);
        assert_fetched(&fixture, &outcome);
        assert_eq!(server.ranges(), ranges);
    }
}

#[test]
fn a_server_that_sends_another_part_starts_anew() {
    let server = Server::start(|asked, stream| match asked.from {
        Some(_) => rest(stream, 10, text().len(), &text()[10..]),
        None => serve(asked, stream, &text()),
    });
    let fixture = Fixture::text_from(&server.url);
    fixture.put("warpeace_input.txt.part", &text()[..70_000]);
    let outcome = fixture.fetch(&[Name::Text], None);
    assert_fetched(&fixture, &outcome);
    assert_eq!(server.ranges(), [Some(70_000), None]);
}

#[test]
fn a_length_that_is_too_long_is_survived() {
    let server = Server::start(|asked, stream| match asked.from {
        None => whole(stream, text().len() + 999, &text()),
        Some(from) => rest(stream, from, text().len() + 999, &[]),
    });
    let fixture = Fixture::text_from(&server.url);
    let outcome = fixture.fetch(&[Name::Text], None);
    assert_fetched(&fixture, &outcome);
    assert_eq!(server.ranges(), [None, Some(200_000), Some(200_000)]);
}

#[test]
fn a_length_that_is_too_short_is_a_wrong_checksum() {
    let server = Server::start(|_, stream| whole(stream, 1_000, &text()));
    let fixture = Fixture::text_from(&server.url);
    let (_, outcome) = fixture.fetch(&[Name::Text], None);
    insta::assert_snapshot!(outcome.expect_err("cut short"), @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        http://SERVER/text: the file is not the data set: checksum not known: 1000 bytes with SHA-256 5b33e0ddb36c493fc54d934f9404105435a69dddf2543597dc56bd9cf40eeef1, perhaps cut short; expected 200000 bytes with SHA-256 9eede68c48f64a4472eff7cbc7dd91f9f79dc61bb1825f54a5cfc4032d1dfa52 (the text); nor is it right by its content: it has no line that says `WAR AND PEACE`, as an edition of Project Gutenberg has
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
    assert_eq!(fixture.files(), []);
}

#[test]
fn a_body_without_a_length_is_taken_to_its_end() {
    let server = Server::start(|_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
        stream.write_all(&text())
    });
    let fixture = Fixture::text_from(&server.url);
    let outcome = fixture.fetch(&[Name::Text], None);
    assert_fetched(&fixture, &outcome);
}

#[test]
fn error_pages_and_statuses_are_told_apart() {
    let error = |status: &'static str| {
        let server = Server::start(move |_, stream| page(stream, status));
        let fixture = Fixture::text_from(&server.url);
        let (_, outcome) = fixture.fetch(&[Name::Text], None);
        assert_eq!(fixture.files(), []);
        (outcome.expect_err("a page"), server.asked().len())
    };
    let (ok, tries) = error("200 OK");
    assert_eq!(tries, 1);
    insta::assert_snapshot!(ok, @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        http://SERVER/text: the file is not the data set: checksum not known: 54 bytes with SHA-256 a3852515669984c089ff3e9ff215d4e8c5a6ec36222957519c55953651cb6910, a web page rather than the file; expected 200000 bytes with SHA-256 9eede68c48f64a4472eff7cbc7dd91f9f79dc61bb1825f54a5cfc4032d1dfa52 (the text); nor is it right by its content: it has no line that says `WAR AND PEACE`, as an edition of Project Gutenberg has
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
    let (not_found, tries) = error("404 Not Found");
    assert_eq!(tries, 1);
    insta::assert_snapshot!(not_found, @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        http://SERVER/text: the server answered 404 Not Found
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
    let (overloaded, tries) = error("503 Service Unavailable");
    assert_eq!(tries, 3);
    insta::assert_snapshot!(overloaded, @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        http://SERVER/text: the server answered 503 Service Unavailable
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
}

#[test]
fn a_body_without_end_is_cut_at_the_size_limit() {
    let server = Server::start(|_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
        loop {
            stream.write_all(&[b'x'; 4096])?;
        }
    });
    let fixture = Fixture::text_from(&server.url);
    let (_, outcome) = fixture.fetch(&[Name::Text], None);
    insta::assert_snapshot!(outcome.expect_err("no end"), @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        http://SERVER/text: the server sends more than 300000 bytes, and no right file has more
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
    assert_eq!(fixture.files(), []);
}

#[test]
fn a_length_above_the_limit_is_refused_before_a_byte_is_read() {
    let server = Server::start(|_, stream| whole(stream, 9_000_000_000_000, b"x"));
    let fixture = Fixture::text_from(&server.url);
    let (_, outcome) = fixture.fetch(&[Name::Text], None);
    assert!(outcome.expect_err("too large").contains("the server sends more than 300000 bytes"));
    assert_eq!(fixture.files(), []);
}

#[test]
fn a_server_that_falls_silent_is_left_and_asked_again() {
    let server = Server::start(|asked, stream| match asked.from {
        None => {
            whole(stream, text().len(), &text()[..70_000])?;
            thread::sleep(Duration::from_secs(2));
            Ok(())
        }
        Some(_) => serve(asked, stream, &text()),
    });
    let fixture = Fixture::text_from(&server.url);
    let outcome = fixture.fetch(&[Name::Text], None);
    assert_fetched(&fixture, &outcome);
    assert_eq!(server.ranges(), [None, Some(70_000)]);
}

#[test]
fn a_redirect_is_followed_with_its_range() {
    let server = Server::start(|asked, stream| match asked.path.as_str() {
        "/text" => write!(stream, "HTTP/1.1 302 Found\r\nLocation: /moved\r\nContent-Length: 0\r\n\r\n"),
        _ => serve(asked, stream, &text()),
    });
    let fixture = Fixture::text_from(&server.url);
    fixture.put("warpeace_input.txt.part", &text()[..70_000]);
    let outcome = fixture.fetch(&[Name::Text], None);
    assert_fetched(&fixture, &outcome);
    let asked: Vec<_> = server.asked().into_iter().map(|asked| (asked.path, asked.from)).collect();
    assert_eq!(asked, [("/text".into(), Some(70_000)), ("/moved".into(), Some(70_000))]);
}

#[test]
fn redirects_in_a_circle_end() {
    let server = Server::start(|_, stream| {
        write!(stream, "HTTP/1.1 302 Found\r\nLocation: /text\r\nContent-Length: 0\r\n\r\n")
    });
    let fixture = Fixture::text_from(&server.url);
    let (_, outcome) = fixture.fetch(&[Name::Text], None);
    insta::assert_snapshot!(outcome.expect_err("a circle"), @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        http://SERVER/text: no connection: too many redirects
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
}

#[test]
fn the_second_home_helps_when_the_first_fails() {
    let first = Server::start(|_, stream| page(stream, "404 Not Found"));
    let edition = "War and Peace\n*** START OF THE PROJECT GUTENBERG EBOOK ***\nWell, Prince\n*** END OF THE EBOOK ***\n";
    let second = Server::honest(edition.as_bytes().to_vec());
    let homes = format!(
        r#"[{{"url": "{}/a", "answer": "file"}}, {{"url": "{}/b", "answer": "document", "note": "another edition"}}]"#,
        first.url, second.url
    );
    let fixture =
        Fixture::new(&homes, "").naming(&first.url, "http://FIRST").naming(&second.url, "http://SECOND");
    let (notes, outcome) = fixture.fetch(&[Name::Text], None);
    assert_eq!(outcome, Ok(()));
    insta::assert_snapshot!(notes, @r"
    text: A text (free)
      from http://FIRST/a
      failed: the server answered 404 Not Found
      from http://SECOND/b
    text: FOLDER/datasets/warpeace_input.txt is in place: another edition of the work, from Project Gutenberg; no checksum is known to compare, SHA-256 21ec57c4d4a287bacdf291a715a07e64557fe2cfdcfe656c9333efb9b5a027ea
      note: another edition
    ");
    assert_eq!(fixture.files(), [(TEXT.to_owned(), edition.len() as u64)]);
}

#[test]
fn a_server_that_is_not_there_is_said_at_once() {
    let fixture = Fixture::text_from("http://127.0.0.1:9");
    let (notes, outcome) = fixture.fetch(&[Name::Text], None);
    assert!(!notes.contains("trying again"), "{notes}");
    insta::assert_snapshot!(outcome.expect_err("no server"), @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        http://SERVER/text: no connection: io: Connection refused (os error 111)
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
}

const CHART: &str = r#"{"chart": {"result": [{"meta": {"gmtoffset": -18000}, "timestamp": [978445800, 978532200],
    "indicators": {"quote": [{"open": [1.5, 2], "high": [2, 2], "low": [1, 1], "close": [1.25, 2], "volume": [7, null]}],
    "adjclose": [{"adjclose": [1.25, 2]}]}}], "error": null}}"#;

const TABLE: &str = "Date,Open,High,Low,Close,Adj Close,Volume\n\
    2001-01-02,1.500000,2.000000,1.000000,1.250000,1.250000,7\n\
    2001-01-03,2.000000,2.000000,1.000000,2.000000,2.000000,null\n";

#[test]
fn yahoos_chart_comes_into_place_as_a_table() {
    let server = Server::honest(CHART.into());
    let homes = format!(r#"[{{"url": "{}/chart/%5EDJI?interval=1d", "answer": "yahoo_chart"}}]"#, server.url);
    let fixture = Fixture::new("", &homes).naming(&server.url, "http://SERVER");
    let (notes, outcome) = fixture.fetch(&[Name::Prices], None);
    assert_eq!(outcome, Ok(()));
    assert_eq!(String::from_utf8(fixture.read("^DJI.csv")).expect("UTF-8"), TABLE);
    assert_eq!(server.asked()[0].path, "/chart/%5EDJI?interval=1d");
    insta::assert_snapshot!(notes, @r"
    prices: Prices (free)
      from http://SERVER/chart/%5EDJI?interval=1d
    prices: FOLDER/datasets/^DJI.csv is in place: 2 rows with a close, 2001-01-02 to 2001-01-03; no checksum is known to compare, SHA-256 1b5a3712e55ac5706facb6573ea8b4b1b31c8336312ae1e492edfbf98c733918
    ");
}

#[test]
fn stooq_stands_in_for_yahoo() {
    let yahoo = Server::start(|_, stream| page(stream, "200 OK"));
    let stooq = Server::honest(
        b"Date,Open,High,Low,Close,Volume\r\n2001-01-02,1,2,1,1,7\r\n2001-01-03,1,2,1,2,8\r\n".into(),
    );
    let homes = format!(
        r#"[{{"url": "{}/y", "answer": "yahoo_chart"}}, {{"url": "{}/s", "answer": "stooq_csv", "note": "no adjusted close"}}]"#,
        yahoo.url, stooq.url
    );
    let fixture =
        Fixture::new("", &homes).naming(&yahoo.url, "http://YAHOO").naming(&stooq.url, "http://STOOQ");
    let (notes, outcome) = fixture.fetch(&[Name::Prices], None);
    assert_eq!(outcome, Ok(()));
    insta::assert_snapshot!(notes, @r"
    prices: Prices (free)
      from http://YAHOO/y
      failed: the answer is not the JSON of a chart (it begins `<!DOCTYPE html><html><body>Please log in</body></html>`): expected value at line 1 column 1
      from http://STOOQ/s
    prices: FOLDER/datasets/^DJI.csv is in place: 2 rows with a close, 2001-01-02 to 2001-01-03; no checksum is known to compare, SHA-256 1082138b3e5bbd8632cdb08f305687a88a6a3ff13ba07470aa84d2fa1029d1fc
      note: no adjusted close
    ");
    insta::assert_snapshot!(String::from_utf8_lossy(&fixture.read("^DJI.csv")), @r"
    Date,Open,High,Low,Close,Adj Close,Volume
    2001-01-02,1,2,1,1,1,7
    2001-01-03,1,2,1,2,2,8
    ");
}

#[test]
fn each_home_is_listed_when_all_fail() {
    let yahoo = Server::honest(
        br#"{"chart": {"result": null, "error": {"code": "Not Found", "description": "No data"}}}"#.into(),
    );
    let stooq = Server::honest(b"Exceeded the daily hits limit".into());
    let homes = format!(
        r#"[{{"url": "{}/y", "answer": "yahoo_chart"}}, {{"url": "{}/s", "answer": "stooq_csv"}}]"#,
        yahoo.url, stooq.url
    );
    let fixture =
        Fixture::new("", &homes).naming(&yahoo.url, "http://YAHOO").naming(&stooq.url, "http://STOOQ");
    let (_, outcome) = fixture.fetch(&[Name::Prices], None);
    insta::assert_snapshot!(outcome.expect_err("both fail"), @r"
    1 of 1 data sets could not be fetched
      prices (^DJI.csv):
        http://YAHOO/y: the endpoint answers with an error: Not Found: No data
        http://STOOQ/s: line 1 is `Exceeded the daily hits limit`, expected `Date,Open,High,Low,Close,Volume`
    remedy: run the command again, a broken download goes on where it stopped; or take the files from a folder or a server that has them, with `--mirror DIR_OR_URL`
    ");
    assert_eq!(fixture.files(), []);
}

#[test]
fn a_mirror_server_is_asked_for_the_encoded_file_name() {
    let server = Server::honest(TABLE.into());
    let fixture = Fixture::new("", "");
    let (notes, outcome) = fixture.fetch(&[Name::Prices], Some(&format!("{}/data/", server.url)));
    assert_eq!(outcome, Ok(()), "{notes}");
    assert_eq!(server.asked()[0].path, "/data/%5EDJI.csv");
    assert_eq!(fixture.read("^DJI.csv"), TABLE.as_bytes());
}

#[test]
fn a_table_pieced_together_is_fetched_once_more_in_one_piece() {
    let server = Server::honest(TABLE.into());
    let fixture = Fixture::new("", "");
    fixture.put("^DJI.csv.part", &TABLE.as_bytes()[..60]);
    let (notes, outcome) = fixture.fetch(&[Name::Prices], Some(&server.url));
    assert_eq!(outcome, Ok(()), "{notes}");
    assert_eq!(server.ranges(), [Some(60), None]);
    assert_eq!(fixture.read("^DJI.csv"), TABLE.as_bytes());
}
