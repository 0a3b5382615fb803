//! What the price servers answer, turned into the price table: Yahoo's JSON and stooq's CSV.

use std::fmt::Write as _;

use serde::Deserialize;
use thiserror::Error;
use time::OffsetDateTime;

use super::table::{HEADER, TableError, shorten};

const STOOQ_HEADER: &str = "Date,Open,High,Low,Close,Volume";

/// Why Yahoo's answer cannot be turned into a table.
#[derive(Debug, Error)]
pub enum ChartError {
    /// Not the JSON of the chart endpoint.
    #[error("the answer is not the JSON of a chart (it begins `{start}`)")]
    Json {
        /// Its first characters.
        start: String,
        /// Where it goes wrong.
        source: serde_json::Error,
    },
    /// The endpoint says that it cannot answer.
    #[error("the endpoint answers with an error: {code}: {description}")]
    Refused {
        /// Its code.
        code: String,
        /// Its words.
        description: String,
    },
    /// A part of the chart is not there.
    #[error("the chart has no {0}")]
    Missing(&'static str),
    /// A column of another length than the dates.
    #[error("the chart has {found} values in `{column}` for {expected} days")]
    Length {
        /// The column.
        column: &'static str,
        /// Its length.
        found: usize,
        /// The number of days.
        expected: usize,
    },
    /// A time stamp that is no date.
    #[error("the chart's time stamp {0} is not a date")]
    Stamp(i64),
}

#[derive(Deserialize)]
struct Envelope {
    chart: Chart,
}

#[derive(Deserialize)]
struct Chart {
    result: Option<Vec<Series>>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
    description: String,
}

#[derive(Deserialize)]
struct Series {
    meta: Meta,
    #[serde(default)]
    timestamp: Vec<i64>,
    indicators: Indicators,
}

#[derive(Deserialize)]
struct Meta {
    /// Seconds from UTC to the exchange's clock, which decides the date of a day's opening.
    #[serde(default)]
    gmtoffset: i64,
}

#[derive(Deserialize)]
struct Indicators {
    quote: Vec<Quote>,
    #[serde(default)]
    adjclose: Vec<Adjusted>,
}

#[derive(Deserialize)]
struct Quote {
    #[serde(default)]
    open: Vec<Option<f64>>,
    #[serde(default)]
    high: Vec<Option<f64>>,
    #[serde(default)]
    low: Vec<Option<f64>>,
    #[serde(default)]
    close: Vec<Option<f64>>,
    #[serde(default)]
    volume: Vec<Option<f64>>,
}

#[derive(Deserialize)]
struct Adjusted {
    adjclose: Vec<Option<f64>>,
}

/// Turns the answer of Yahoo's chart endpoint into Yahoo's own table: six decimals, `null` where there is no value.
///
/// # Errors
/// When the answer is not a chart, is the endpoint's own error, or its columns do not fit together.
pub fn from_yahoo_chart(json: &[u8]) -> Result<String, ChartError> {
    let envelope: Envelope = serde_json::from_slice(json)
        .map_err(|source| ChartError::Json { start: shorten(&String::from_utf8_lossy(json)), source })?;
    if let Some(Refusal { code, description }) = envelope.chart.error {
        return Err(ChartError::Refused { code, description });
    }
    let result = envelope.chart.result.unwrap_or_default();
    let series = result.into_iter().next().ok_or(ChartError::Missing("result"))?;
    let days = &series.timestamp;
    let quote = series.indicators.quote.into_iter().next().ok_or(ChartError::Missing("quote"))?;
    let adjusted = match series.indicators.adjclose.into_iter().next() {
        Some(adjusted) => adjusted.adjclose,
        None => quote.close.clone(),
    };
    let prices = [
        ("open", quote.open),
        ("high", quote.high),
        ("low", quote.low),
        ("close", quote.close),
        ("adjclose", adjusted),
    ];
    let volume = [("volume", quote.volume)];
    for (column, values) in prices.iter().chain(&volume) {
        if values.len() != days.len() {
            return Err(ChartError::Length { column, found: values.len(), expected: days.len() });
        }
    }
    let mut table = format!("{HEADER}\n");
    for (row, &stamp) in days.iter().enumerate() {
        let date = stamp
            .checked_add(series.meta.gmtoffset)
            .and_then(|local| OffsetDateTime::from_unix_timestamp(local).ok())
            .ok_or(ChartError::Stamp(stamp))?
            .date();
        table.push_str(&date.to_string());
        for (_, values) in &prices {
            push_cell(&mut table, values[row], 6);
        }
        push_cell(&mut table, volume[0].1[row], 0);
        table.push('\n');
    }
    Ok(table)
}

fn push_cell(table: &mut String, value: Option<f64>, decimals: usize) {
    // Writing to a string cannot fail.
    let _ = match value {
        Some(value) => write!(table, ",{value:.decimals$}"),
        None => write!(table, ",null"),
    };
}

/// Turns stooq's table into Yahoo's: the close stands for the adjusted close, an absent volume is `null`.
///
/// # Errors
/// When the first line is not stooq's header (it answers a refusal in plain words), or a row has too few cells.
pub fn from_stooq_csv(text: &str) -> Result<String, TableError> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let header = lines.next().unwrap_or_default();
    if header != STOOQ_HEADER {
        return Err(TableError::Header { found: shorten(header), expected: STOOQ_HEADER });
    }
    let mut table = format!("{HEADER}\n");
    for (index, row) in lines.enumerate() {
        let cells: Vec<&str> = row.split(',').collect();
        let (date, open, high, low, close, volume) = match cells[..] {
            [date, open, high, low, close] | [date, open, high, low, close, ""] => {
                (date, open, high, low, close, "null")
            }
            [date, open, high, low, close, volume] => (date, open, high, low, close, volume),
            _ => return Err(TableError::Cells { line: index + 2, found: cells.len(), expected: 6 }),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{date},{open},{high},{low},{close},{close},{volume}");
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report;

    const CHART: &str = r#"{"chart": {"result": [{"meta": {"currency": "USD", "symbol": "^DJI", "gmtoffset": -18000},
        "timestamp": [978445800, 978532200, 1514557800],
        "indicators": {"quote": [{
            "open": [10790.919921875, null, 24849.630859375], "high": [10797.01953125, null, 24871.66015625],
            "low": [10585.3603515625, null, 24719.220703125], "close": [10646.150390625, null, 24719.220703125],
            "volume": [253300000, null, 264900000]}],
        "adjclose": [{"adjclose": [10646.150390625, null, 24719.220703125]}]}}], "error": null}}"#;

    #[test]
    fn a_chart_becomes_the_table_that_yahoo_writes() {
        insta::assert_snapshot!(from_yahoo_chart(CHART.as_bytes()).expect("a chart"), @r"
        Date,Open,High,Low,Close,Adj Close,Volume
        2001-01-02,10790.919922,10797.019531,10585.360352,10646.150391,10646.150391,253300000
        2001-01-03,null,null,null,null,null,null
        2017-12-29,24849.630859,24871.660156,24719.220703,24719.220703,24719.220703,264900000
        ");
    }

    #[test]
    fn answers_that_are_no_chart_are_told_apart() {
        let error = |json: &str| report::chain(&from_yahoo_chart(json.as_bytes()).expect_err("not a chart"));
        insta::assert_snapshot!(error("Too Many Requests"), @"the answer is not the JSON of a chart (it begins `Too Many Requests`): expected value at line 1 column 1");
        insta::assert_snapshot!(
            error(r#"{"chart": {"result": null, "error": {"code": "Not Found", "description": "No data found"}}}"#),
            @"the endpoint answers with an error: Not Found: No data found"
        );
        insta::assert_snapshot!(error(r#"{"chart": {"result": [], "error": null}}"#), @"the chart has no result");
        insta::assert_snapshot!(error(&CHART.replace("[253300000, null, 264900000]", "[253300000]")), @"the chart has 1 values in `volume` for 3 days");
        insta::assert_snapshot!(error(&CHART.replace("1514557800", "9223372036854775807")), @"the chart's time stamp 9223372036854775807 is not a date");
    }

    #[test]
    fn stooq_gets_its_adjusted_close() {
        let text =
            "Date,Open,High,Low,Close,Volume\r\n2001-01-02,1,2,0.5,1.5,300\r\n2001-01-03,1,2,0.5,1.5,\r\n";
        insta::assert_snapshot!(from_stooq_csv(text).expect("stooq's table"), @r"
        Date,Open,High,Low,Close,Adj Close,Volume
        2001-01-02,1,2,0.5,1.5,1.5,300
        2001-01-03,1,2,0.5,1.5,1.5,null
        ");
        insta::assert_snapshot!(from_stooq_csv("Exceeded the daily hits limit").expect_err("a refusal"), @"line 1 is `Exceeded the daily hits limit`, expected `Date,Open,High,Low,Close,Volume`");
    }
}
