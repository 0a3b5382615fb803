//! Events on days that are known beforehand, such as the meetings of a central bank: a table of dates and kinds.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use time::Date;

use super::body::{Body, Cells};
use super::column::listed;
use super::names::Field;
use super::parse::Fault;
use super::read::{at, read_whole};
use super::{ColumnFault, FileFault, LineFault, PriceError, PriceTable, Reading, dates, encoding, layout};

/// The most kinds of events that are read.
pub const MAX_KINDS: usize = 64;

/// What a column of kinds may be called.
const KIND: [&str; 5] = ["kind", "event", "type", "name", "what"];

/// Days of events, by their kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, Vec<String>>", into = "BTreeMap<String, Vec<String>>")]
pub struct Events {
    /// Each kind with its days, in order.
    days: BTreeMap<String, Vec<Date>>,
}

/// A day that is none, in events that were kept.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no day of an event, such as 2017-12-29")]
pub struct NoDay(String);

/// An event of a kind that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no event `{kind}` was learnt from; {}", if known.is_empty() { "the model knows none".to_owned() } else { format!("the model knows {known}") })]
pub struct UnknownEvent {
    /// Its kind.
    kind: String,
    /// Those that are.
    known: String,
}

impl Events {
    /// Reads a table with a column of dates, in any form that price tables may have, and one of kinds: that called `Kind`, `Event`, `Type` or
    /// `Name`, or the only other one.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is no such table, a row lacks its date or kind, a date cannot be read, or there are more than
    /// [`MAX_KINDS`] kinds; the message names the file and the line.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, PriceError> {
        let path = path.as_ref();
        let bytes = read_whole(path).map_err(|fault| PriceError::File { path: path.to_owned(), fault })?;
        parse(&bytes).map_err(|fault| at(path, fault))
    }

    /// The kinds, in order.
    pub fn kinds(&self) -> impl ExactSizeIterator<Item = &str> {
        self.days.keys().map(String::as_str)
    }

    /// The days of each kind, in the order of the kinds.
    pub(super) fn days(&self) -> impl Iterator<Item = &[Date]> {
        self.days.values().map(Vec::as_slice)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The day of the last event.
    pub fn last(&self) -> Option<Date> {
        self.days.values().filter_map(|days| days.last()).max().copied()
    }

    /// What there is to say where the events end before prices do whose days to come are forecast; `None` where they do not.
    pub fn doubt(&self, table: &PriceTable) -> Option<String> {
        let end = table.dates()[table.len() - 1].date;
        let last = self.last().filter(|last| *last < end)?;
        Some(format!(
            "the events end on {last}, before the prices: the days to come are taken for days without any"
        ))
    }

    /// Events of the same kinds on the days of others.
    ///
    /// # Errors
    ///
    /// When one of those is of a kind that is not among these.
    pub fn renewed(&self, mut others: Self) -> Result<Self, UnknownEvent> {
        if let Some(kind) = others.days.keys().find(|kind| !self.days.contains_key(*kind)) {
            return Err(UnknownEvent { kind: kind.clone(), known: listed(self.kinds()) });
        }
        let days = self.days.keys().map(|kind| (kind.clone(), others.days.remove(kind).unwrap_or_default()));
        Ok(Self { days: days.collect() })
    }

    fn of(found: Vec<(String, Date)>) -> Self {
        let mut days: BTreeMap<String, Vec<Date>> = BTreeMap::new();
        for (kind, date) in found {
            days.entry(kind).or_default().push(date);
        }
        for days in days.values_mut() {
            days.sort_unstable();
            days.dedup();
        }
        Self { days }
    }
}

fn parse(bytes: &[u8]) -> Result<Events, Fault> {
    let text = encoding::decode(bytes)?;
    if text.trim().is_empty() {
        return Err(FileFault::Empty.into());
    }
    let mut notes = Vec::new();
    let layout = layout::layout(&text, &Reading::default(), &mut notes)?;
    let names = || layout.names.iter().map(String::as_str);
    let missing = |wanted: &str| {
        FileFault::Column(ColumnFault::Missing { wanted: wanted.to_owned(), columns: listed(names()) })
    };
    let date = Field::Date.position(names()).ok_or_else(|| missing("Date"))?;
    let named = names().position(|name| KIND.iter().any(|kind| name.eq_ignore_ascii_case(kind)));
    let only = (layout.names.len() == 2).then_some(1 - date.min(1));
    let kind = named.filter(|kind| *kind != date).or(only).ok_or_else(|| missing("Kind"))?;

    let body = Body::new(&layout)?;
    let positions = vec![date.min(kind), date.max(kind)];
    let frame = body.frame(positions.clone())?;
    let cells = Cells::new(&frame, positions)?;
    let lines: Vec<usize> = (body.line..).take(cells.height()).collect();
    let dates = dates::read(cells.column(date), &lines, None, &mut notes)?;
    let mut found = Vec::with_capacity(dates.len());
    for ((date, kind), line) in dates.into_iter().zip(cells.column(kind)).zip(lines) {
        match (date, kind.map(str::trim).filter(|kind| !kind.is_empty())) {
            (Some(date), Some(kind)) => found.push((kind.to_owned(), date.date)),
            (None, Some(_)) => return Err((line, LineFault::NoDate).into()),
            (Some(_), None) => return Err((line, LineFault::NoKind).into()),
            (None, None) => {}
        }
    }
    let events = Events::of(found);
    match events.days.len() {
        0 => Err(FileFault::NoEvents.into()),
        kinds if kinds > MAX_KINDS => Err(FileFault::TooManyKinds(kinds).into()),
        _ => Ok(events),
    }
}

impl TryFrom<BTreeMap<String, Vec<String>>> for Events {
    type Error = NoDay;

    fn try_from(kept: BTreeMap<String, Vec<String>>) -> Result<Self, NoDay> {
        let day = |text: &String| dates::iso(text.as_bytes()).ok_or_else(|| NoDay(text.clone()));
        let mut days = BTreeMap::new();
        for (kind, texts) in kept {
            let mut of_kind: Vec<Date> = texts.iter().map(day).collect::<Result<_, _>>()?;
            of_kind.sort_unstable();
            of_kind.dedup();
            days.insert(kind, of_kind);
        }
        Ok(Self { days })
    }
}

impl From<Events> for BTreeMap<String, Vec<String>> {
    fn from(events: Events) -> Self {
        let texts = |days: Vec<Date>| days.iter().map(Date::to_string).collect();
        events.days.into_iter().map(|(kind, days)| (kind, texts(days))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Result<Events, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.csv");
        std::fs::write(&file, text).unwrap();
        let place = file.display().to_string();
        Events::read(&file).map_err(|error| error.to_string().replace(&place, "<file>"))
    }

    #[test]
    fn dates_and_kinds_are_read_in_any_form_and_kept() {
        let table = "Date;Remark;Kind\n20.03.2020;a;meeting\n01.02.2020;b;meeting\n20.03.2020;c;expiry\n20.03.2020;d;meeting\n";
        let found = events(table).unwrap();
        assert_eq!(
            found,
            events("day,what\n2020-02-01,meeting\n\n2020-03-20,expiry\n2020-03-20,meeting").unwrap()
        );
        let kept = serde_json::to_string(&found).unwrap();
        assert_eq!(kept, r#"{"expiry":["2020-03-20"],"meeting":["2020-02-01","2020-03-20"]}"#);
        assert_eq!(serde_json::from_str::<Events>(&kept).unwrap(), found);
        assert_eq!(found.last().unwrap().to_string(), "2020-03-20");
        let error = serde_json::from_str::<Events>(r#"{"a":["2020-02-30"]}"#).unwrap_err();
        assert!(error.to_string().contains("`2020-02-30` is no day of an event"), "{error}");
    }

    #[test]
    fn later_events_are_of_the_kinds_that_are_known() {
        let known = events("Date,Kind\n2020-02-01,meeting\n2020-03-20,expiry").unwrap();
        let later = known.renewed(events("Date,Kind\n2021-02-01,meeting").unwrap()).unwrap();
        assert_eq!(later.kinds().collect::<Vec<_>>(), ["expiry", "meeting"]);
        assert_eq!(later.last().unwrap().to_string(), "2021-02-01");
        let error = known.renewed(events("Date,Kind\n2021-02-01,strike").unwrap()).unwrap_err();
        insta::assert_snapshot!(error, @"no event `strike` was learnt from; the model knows `expiry`, `meeting`");
    }

    #[test]
    fn what_is_no_table_of_events_is_refused() {
        insta::assert_snapshot!(events("").unwrap_err(), @"`<file>`: the file is empty; expected a header such as `Date,Open,High,Low,Close,Adj Close,Volume`");
        insta::assert_snapshot!(events("Date,Kind\n").unwrap_err(), @"`<file>`: holds a header but no rows; expected a row for each day, or hour, week or month");
        insta::assert_snapshot!(events("Date,Kind\n2020-02-01,\n").unwrap_err(), @"`<file>`, line 2: the event has no kind; write one in its column");
        insta::assert_snapshot!(events("Date,Kind\n2020-02-01,a\n,a\n").unwrap_err(), @"`<file>`, line 3: no date; write one, or remove the line");
        insta::assert_snapshot!(events("Date,Kind\n2020-02-31,a\n").unwrap_err(), @"`<file>`, line 2: `2020-02-31` is no date that is understood; write dates as year-month-day, such as 2017-12-29");
        insta::assert_snapshot!(events("Date,A,B\n2020-02-01,a,b\n").unwrap_err(), @"`<file>`: no column `Kind`; the columns are `Date`, `A`, `B`");
        let many: String = (0..65).map(|kind| format!("2020-02-01,{kind}\n")).collect();
        insta::assert_snapshot!(events(&format!("Date,Kind\n{many}")).unwrap_err(), @"`<file>`: holds 65 kinds of events, more than the 64 that are read; keep those that matter");
    }
}
