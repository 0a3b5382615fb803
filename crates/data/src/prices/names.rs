//! What the columns of price tables are called, by their field, the usual names first. A name is compared without its case, marks
//! and blanks: `Adj. Close*`, `adj_close` and `<CLOSE>` are read as `adjclose` and `close`.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Date,
    Time,
    Open,
    High,
    Low,
    Close,
    AdjustedClose,
    Volume,
    Ticker,
}

/// Each field with its names. Where two of them stand in one table, the first of the list is taken.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Date,
        &[
            "date",
            "datetime",
            "timestamp",
            "tradedate",
            "tradingdate",
            "tradingday",
            "businessdate",
            "observationdate",
            "dateutc",
            "datetimeutc",
            "day",
            "gmttime",
            "localtime",
            "opentime",
            "closetime",
            "week",
            "month",
            "quarter",
            "year",
            "period",
            "datum",
            "fecha",
            "data",
            "日期",
            "日付",
            "unix",
            "unixtime",
            "unixtimestamp",
            "epoch",
            "unnamed0",
            "index",
        ],
    ),
    (Field::Time, &["time", "zeit", "hora", "heure"]),
    (
        Field::Open,
        &["open", "openingprice", "openprice", "eröffnung", "erster", "apertura", "ouverture", "ouv", "o"],
    ),
    (Field::High, &["high", "highprice", "hoch", "maximo", "máximo", "haut", "h"]),
    (Field::Low, &["low", "lowprice", "tief", "minimo", "mínimo", "bas", "l"]),
    (
        Field::Close,
        &[
            "close",
            "closelast",
            "closeprice",
            "closingprice",
            "last",
            "lastprice",
            "price",
            "settle",
            "settlement",
            "schlusskurs",
            "schluss",
            "kurs",
            "cierre",
            "ultimo",
            "último",
            "dernier",
            "clôture",
            "cloture",
            "chiusura",
            "c",
            "value",
            "rate",
        ],
    ),
    (Field::AdjustedClose, &["adjclose", "adjustedclose", "closeadj", "closeadjusted", "adjcloseprice"]),
    (Field::Volume, &["volume", "vol", "tickvol", "totalvolume", "volumen", "stück", "umsatz", "qty", "v"]),
    (
        Field::Ticker,
        &["ticker", "symbol", "name", "tickersymbol", "instrument", "security", "stock", "pair", "coin"],
    ),
];

impl Field {
    /// The field that a name stands for.
    pub(super) fn of(name: &str) -> Option<Self> {
        let plain = plain(name);
        let known = NAMES.iter().find(|(_, names)| names.contains(&plain.as_str()));
        known.map(|(field, _)| *field).or((plain.starts_with("volume")).then_some(Self::Volume))
    }

    /// The field whose usual name this is. Whoever asks for `Settle` means that column and no other close.
    pub(super) fn usual(name: &str) -> Option<Self> {
        let plain = plain(name);
        NAMES.iter().find(|(_, names)| names[0] == plain).map(|(field, _)| *field)
    }

    /// The position of the column that has the best of the field's names. A close may be an adjusted one, or a time a date, where
    /// there is no other.
    pub(super) fn position<'a>(self, names: impl Iterator<Item = &'a str>) -> Option<usize> {
        let others = match self {
            Self::Close => NAMES.iter().find(|(field, _)| *field == Self::AdjustedClose),
            Self::Date => NAMES.iter().find(|(field, _)| *field == Self::Time),
            _ => None,
        };
        let own = NAMES.iter().find(|(field, _)| *field == self);
        let known: Vec<&str> = own.into_iter().chain(others).flat_map(|(_, names)| *names).copied().collect();
        let rank = |name: &str| {
            let plain = plain(name);
            let rank = known.iter().position(|known| *known == plain);
            rank.or((self == Self::Volume && plain.starts_with("volume")).then_some(known.len()))
        };
        let ranked = names.enumerate().filter_map(|(position, name)| Some((rank(name)?, position)));
        ranked.min().map(|(_, position)| position)
    }
}

/// A name without case, marks and blanks, and without the number that Alpha Vantage sets before it.
fn plain(name: &str) -> String {
    let name = name.trim();
    let numbered =
        name.split_once(". ").filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()));
    let name = numbered.map_or(name, |(_, name)| name);
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_spelling() {
        for (name, field) in [
            ("DATE", Field::Date),
            ("<DATE>", Field::Date),
            ("Close/Last", Field::Close),
            ("4. close", Field::Close),
            ("Adj Close**", Field::AdjustedClose),
            ("adj_close", Field::AdjustedClose),
            ("Vol.", Field::Volume),
            ("Volume BTC", Field::Volume),
            ("Symbol", Field::Ticker),
        ] {
            assert_eq!(Field::of(name), Some(field), "{name}");
        }
        assert_eq!(Field::of("Change %"), None);
    }

    #[test]
    fn the_usual_name_comes_first() {
        let at = |field: Field, names: &[&str]| field.position(names.iter().copied());
        assert_eq!(at(Field::Date, &["unix", "date", "symbol"]), Some(1));
        assert_eq!(at(Field::Date, &["time", "open"]), Some(0));
        assert_eq!(at(Field::Close, &["Adj Close", "Price"]), Some(1));
        assert_eq!(at(Field::Close, &["Adj Close"]), Some(0));
        assert_eq!(at(Field::Close, &["Open"]), None);
    }
}
