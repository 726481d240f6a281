//! The month in which an article appeared, from a date as articles carry it.
//!
//! In: `2016-03-02`, `20160302101112`, `March 2, 2017`, `Thu, 02 Mar 2017 10:00:00 GMT`, `2. 3. 2017`, `03/02/2017` and their like,
//! with or without a time; English names of months, years of four digits. Out: a [`ReadDate`] and the [`DateFormat`] it was read by.
//! Nothing is guessed: where day and month could be either way round, both months come out, and [`DateOrders`] finds out from
//! the clear dates of the same outlet which one is meant. Dots mean day first.
//!
//! Why no crate: `dateparser`, `dtparse` and `interim` read `03/02/2017` in one order, preset or told, and do not say that it could be the
//! other; `jiff` and `speedate` read ISO 8601 and what they are given a format for.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

/// The most of a date that is read, in bytes; longer strings are something else.
const MOST: usize = 80;

/// A month of a year; as text `2016-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year, 1000 to 9999.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    /// The month after it.
    pub fn next(self) -> Month {
        match self.month {
            12 => Month {
                year: self.year + 1,
                month: 1,
            },
            month => Month {
                month: month + 1,
                ..self
            },
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadDate {
    /// The month is clear.
    Month(Month),
    /// Day and month could be either way round: `03/02/2017`.
    Ambiguous {
        /// The month if the month is written first.
        month_first: Month,
        /// The month if the day is written first.
        day_first: Month,
    },
    /// No date, a date without a month, an impossible one, or one of a form that is not known here.
    Unreadable,
}

impl ReadDate {
    /// The month, where it is clear or `order` makes it clear.
    pub fn month(self, order: Option<DateOrder>) -> Option<Month> {
        match (self, order) {
            (ReadDate::Month(month), _) => Some(month),
            (ReadDate::Ambiguous { month_first, .. }, Some(DateOrder::MonthFirst)) => {
                Some(month_first)
            }
            (ReadDate::Ambiguous { day_first, .. }, Some(DateOrder::DayFirst)) => Some(day_first),
            (ReadDate::Ambiguous { .. }, None) | (ReadDate::Unreadable, _) => None,
        }
    }
}

/// How dates are written, as far as the order of their parts goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DateFormat {
    /// `2016-03-02`, `20160302`, `2016/03/02`, `2016-03`.
    YearFirst,
    /// `March 2, 2016`, `2 Mar 2016`.
    MonthName,
    /// `03/22/2016`: can be nothing else.
    MonthFirst,
    /// `22/03/2016`: can be nothing else; `02.03.2016`.
    DayFirst,
    /// `03/02/2016`; also `03/03/2016`, whose month is clear.
    AmbiguousNumeric,
    /// None of these.
    Unreadable,
}

impl DateFormat {
    /// The word in files: `year_first`, `month_name`, `month_first`, `day_first`, `ambiguous_numeric`, `unreadable`.
    pub fn name(self) -> &'static str {
        match self {
            DateFormat::YearFirst => "year_first",
            DateFormat::MonthName => "month_name",
            DateFormat::MonthFirst => "month_first",
            DateFormat::DayFirst => "day_first",
            DateFormat::AmbiguousNumeric => "ambiguous_numeric",
            DateFormat::Unreadable => "unreadable",
        }
    }
}

/// What comes first in dates of numbers alone that end with the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// As in the United States.
    MonthFirst,
    /// As nearly everywhere else.
    DayFirst,
}

/// The formats of a collection's dates, most usefully of one outlet's, collected one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DateOrders {
    formats: BTreeMap<DateFormat, usize>,
}

impl DateOrders {
    /// Reads and counts `date`. What comes back may be kept and resolved by [`ReadDate::month`] once all dates have been seen.
    pub fn add(&mut self, date: &str) -> ReadDate {
        let (format, read) = read_date(date);
        *self.formats.entry(format).or_default() += 1;
        read
    }

    /// The formats that occur, and how often.
    pub fn formats(&self) -> &BTreeMap<DateFormat, usize> {
        &self.formats
    }

    /// How many ways of writing dates occur. Ambiguous dates are written as the clear ones that end with the year, where there are such;
    /// unreadable ones count for none.
    pub fn n_formats(&self) -> usize {
        let occurs = |format| usize::from(self.formats.contains_key(&format));
        let in_order = occurs(DateFormat::MonthFirst) + occurs(DateFormat::DayFirst);
        occurs(DateFormat::YearFirst)
            + occurs(DateFormat::MonthName)
            + in_order.max(occurs(DateFormat::AmbiguousNumeric))
    }

    /// The order of the clear dates, which the ambiguous ones will have too; `None` where there are no clear ones or they disagree.
    pub fn order(&self) -> Option<DateOrder> {
        let occurs = |format| self.formats.contains_key(&format);
        match (occurs(DateFormat::MonthFirst), occurs(DateFormat::DayFirst)) {
            (true, false) => Some(DateOrder::MonthFirst),
            (false, true) => Some(DateOrder::DayFirst),
            _ => None,
        }
    }

    /// The month of `read` as [`order`](DateOrders::order) has it.
    pub fn resolve(&self, read: ReadDate) -> Option<Month> {
        read.month(self.order())
    }
}

/// The month of `date`.
pub fn read_month(date: &str) -> ReadDate {
    read_date(date).1
}

/// The month of `date`, and how the date is written.
pub fn read_date(date: &str) -> (DateFormat, ReadDate) {
    let parts = (date.len() <= MOST).then(|| parts(date)).flatten();
    parts
        .and_then(|parts| date_of(&parts))
        .unwrap_or((DateFormat::Unreadable, ReadDate::Unreadable))
}

/// A number or the name of a month, and what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    value: Value,
    /// The character right after it; a space for all but `-`, `/` and `.`.
    after: char,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    /// One or two digits.
    Short(u8),
    /// Four digits.
    Year(i32),
    Month(u8),
}

/// The format and month of a date made of `parts`; `None` where it is none or cannot be.
fn date_of(parts: &[Part]) -> Option<(DateFormat, ReadDate)> {
    use Value::{Month as Name, Short, Year};
    let values: Vec<Value> = parts.iter().map(|part| part.value).collect();
    let (format, month) = match values[..] {
        [Year(year), Short(month)] => (DateFormat::YearFirst, valid(year, month, 1)?),
        [Year(year), Short(month), Short(day)] if parts[0].after == parts[1].after => {
            (DateFormat::YearFirst, valid(year, month, day)?)
        }
        [Name(month), Year(year)] => (DateFormat::MonthName, valid(year, month, 1)?),
        [Name(month), Short(day), Year(year)]
        | [Short(day), Name(month), Year(year)]
        | [Year(year), Name(month), Short(day)] => {
            (DateFormat::MonthName, valid(year, month, day)?)
        }
        [Short(day), Short(month), Year(year)] if parts[..2].iter().all(|p| p.after == '.') => {
            (DateFormat::DayFirst, valid(year, month, day)?)
        }
        [Short(a), Short(b), Year(year)] if parts[0].after == parts[1].after => {
            return either_order(a, b, year);
        }
        _ => return None,
    };
    Some((format, ReadDate::Month(month)))
}

/// Reads two numbers and a year as month and day or as day and month, whichever can be.
fn either_order(a: u8, b: u8, year: i32) -> Option<(DateFormat, ReadDate)> {
    Some(match (valid(year, a, b), valid(year, b, a)) {
        (Some(month_first), Some(day_first)) if month_first == day_first => {
            (DateFormat::AmbiguousNumeric, ReadDate::Month(month_first))
        }
        (Some(month_first), Some(day_first)) => (
            DateFormat::AmbiguousNumeric,
            ReadDate::Ambiguous {
                month_first,
                day_first,
            },
        ),
        (Some(month), None) => (DateFormat::MonthFirst, ReadDate::Month(month)),
        (None, Some(month)) => (DateFormat::DayFirst, ReadDate::Month(month)),
        (None, None) => return None,
    })
}

/// The month, if the calendar has the day.
fn valid(year: i32, month: u8, day: u8) -> Option<Month> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(leap),
        _ => return None,
    };
    ((1..=days).contains(&day) && (1000..=9999).contains(&year)).then_some(Month { year, month })
}

/// A run of digits or letters, or one other character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'d> {
    Digits(&'d str),
    Letters(&'d str),
    Mark(char),
}

fn pieces(date: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = date;
    while let Some(first) = rest.chars().next() {
        let run = |inside: fn(char) -> bool| rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let length = if first.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit());
            pieces.push(Piece::Digits(&rest[..length]));
            length
        } else if first.is_alphabetic() {
            let length = run(char::is_alphabetic);
            pieces.push(Piece::Letters(&rest[..length]));
            length
        } else {
            pieces.push(Piece::Mark(first));
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    pieces
}

/// The parts of a date, times and words like "Thursday" left out; `None` where something else stands among them.
fn parts(date: &str) -> Option<Vec<Part>> {
    let pieces = pieces(date);
    let mut parts = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        if let Some(length) = time(&pieces[at..]) {
            at += length;
            continue;
        }
        let after = match pieces.get(at + 1) {
            Some(&Piece::Mark(mark @ ('-' | '/' | '.'))) => mark,
            _ => ' ',
        };
        match pieces[at] {
            Piece::Digits(digits) => parts.extend(
                numbers(digits)?
                    .into_iter()
                    .map(|value| Part { value, after }),
            ),
            Piece::Letters(letters) => {
                let word = letters.to_lowercase();
                if let Some(month) = month_named(&word) {
                    parts.push(Part {
                        value: Value::Month(month),
                        after,
                    });
                } else if !WORDS.contains(&word.as_str()) {
                    return None;
                }
            }
            Piece::Mark(mark) if is_between_parts(mark) => {}
            Piece::Mark(_) => return None,
        }
        at += 1;
    }
    Some(parts)
}

/// How many of the first `pieces` are a time of day, with "am" or "pm" and its distance from UTC: `10:11:12.5 +0100`, `5 p.m.`,
/// `T101112Z`.
fn time(pieces: &[Piece]) -> Option<usize> {
    use Piece::{Digits, Letters, Mark};
    let short = |digits: &str| digits.len() <= 2;
    let mut length = match *pieces {
        [Digits(hour), Mark(':'), Digits(minute), ..] if short(hour) && short(minute) => {
            let mut length = 3;
            while let [Mark(':' | '.' | ','), Digits(_), ..] = pieces[length..] {
                length += 2;
            }
            length
        }
        [Letters("T" | "t"), Digits(digits), Mark(':'), ..] if short(digits) => return Some(1),
        [Letters("T" | "t"), Digits(digits), ..] if matches!(digits.len(), 4 | 6) => 2,
        [Digits(hour), Mark('.'), Digits(minute), ..]
            if short(hour) && minute.len() == 2 && half_of_day(&pieces[3..]).is_some() =>
        {
            3
        }
        [Digits(hour), ..] if short(hour) && half_of_day(&pieces[1..]).is_some() => 1,
        _ => return None,
    };
    length += half_of_day(&pieces[length..]).unwrap_or(0);
    if let [Mark(' '), Mark('+' | '-'), Digits(_), ..] = pieces[length..] {
        length += 1;
    }
    if let [Mark('+' | '-' | '−'), Digits(distance), ..] = pieces[length..]
        && matches!(distance.len(), 2 | 4)
    {
        length += 2;
        if let [Mark(':'), Digits(_), ..] = pieces[length..] {
            length += 2;
        }
    }
    Some(length)
}

/// How many of the first `pieces` are "am", "p.m." or the like.
fn half_of_day(pieces: &[Piece]) -> Option<usize> {
    use Piece::{Letters, Mark};
    let space = usize::from(matches!(pieces, [Mark(' ' | '\u{a0}' | '\u{202f}'), ..]));
    match pieces[space..] {
        [Letters(half), ..]
            if half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm") =>
        {
            Some(space + 1)
        }
        [
            Letters("a" | "p" | "A" | "P"),
            Mark('.'),
            Letters("m" | "M"),
            ..,
        ] => Some(space + 3),
        _ => None,
    }
}

/// What a run of digits says: a day or month, a year, or a date written together (`20160302`, with a time `20160302101112`).
fn numbers(digits: &str) -> Option<Vec<Value>> {
    let short = |range: std::ops::Range<usize>| Some(Value::Short(digits[range].parse().ok()?));
    let year = || Some(Value::Year(digits[..4].parse().ok()?));
    Some(match digits.len() {
        1 | 2 => vec![short(0..digits.len())?],
        4 => vec![year()?],
        8 | 14 => vec![year()?, short(4..6)?, short(6..8)?],
        _ => return None,
    })
}

/// English names of months in small letters.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The month that a word in small letters names, in full or in three letters ("Sept" too).
fn month_named(word: &str) -> Option<u8> {
    let at = MONTHS.iter().position(|month| {
        *month == word || month[..3] == *word || (word == "sept" && *month == "september")
    })?;
    u8::try_from(at + 1).ok()
}

/// Words that stand beside dates, in small letters.
const WORDS: [&str; 69] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "st",
    "nd",
    "rd",
    "th",
    "the",
    "of",
    "on",
    "at",
    "date",
    "published",
    "posted",
    "updated",
    "modified",
    "first",
    "last",
    "created",
    "originally",
    "z",
    "gmt",
    "utc",
    "est",
    "edt",
    "et",
    "cst",
    "cdt",
    "ct",
    "mst",
    "mdt",
    "mt",
    "pst",
    "pdt",
    "pt",
    "bst",
    "ist",
    "wet",
    "west",
    "cet",
    "cest",
    "eet",
    "eest",
    "msk",
    "jst",
    "kst",
    "hkt",
    "sgt",
    "aest",
    "aedt",
    "acst",
    "awst",
    "nzst",
    "nzdt",
    "sast",
];

/// Whether `mark` may stand between the parts of a date.
fn is_between_parts(mark: char) -> bool {
    mark.is_whitespace()
        || matches!(
            mark,
            '-' | '/' | '.' | ',' | ';' | ':' | '|' | '(' | ')' | '[' | ']' | '–' | '—' | '·' | '•'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn month(year: i32, month: u8) -> Month {
        Month { year, month }
    }

    #[test]
    fn dates_as_articles_carry_them() {
        use DateFormat::{AmbiguousNumeric, DayFirst, MonthFirst, MonthName, YearFirst};
        let rows = [
            ("2016-03-02", YearFirst, 3),
            ("2016-3-2", YearFirst, 3),
            ("2016-03", YearFirst, 3),
            ("2016-03-02T10:11:12Z", YearFirst, 3),
            ("2016-03-02T10:11:12.123456+01:00", YearFirst, 3),
            ("2016-03-02T10:11", YearFirst, 3),
            ("2016-03-02 10:11:12 -0500", YearFirst, 3),
            ("2016-03-02-05:00", YearFirst, 3),
            ("20160302", YearFirst, 3),
            ("20160302T101112Z", YearFirst, 3),
            ("20160302101112", YearFirst, 3),
            ("2016/03/02", YearFirst, 3),
            ("2016.03.02", YearFirst, 3),
            (" 2016-02-29\n", YearFirst, 2),
            ("March 2, 2016", MonthName, 3),
            ("Mar 2 2016", MonthName, 3),
            ("Mar. 2, 2016", MonthName, 3),
            ("2 March 2016", MonthName, 3),
            ("2 Mar. 2016", MonthName, 3),
            ("2nd of March 2016", MonthName, 3),
            ("SEPT. 22nd, 2016", MonthName, 9),
            ("02-Mar-2016", MonthName, 3),
            ("02mar2016", MonthName, 3),
            ("2016-Mar-02", MonthName, 3),
            ("March 2016", MonthName, 3),
            ("Wed, 02 Mar 2016 10:00:00 GMT", MonthName, 3),
            ("Wed, 02 Mar 2016 10:00:00 -0500", MonthName, 3),
            ("Wed Mar 02 10:00:00 +0000 2016", MonthName, 3),
            ("Wed Mar  2 10:00:00 EST 2016", MonthName, 3),
            ("Wednesday 2 March 2016 10.00 am GMT", MonthName, 3),
            ("Published March 2, 2016 at 5 p.m. ET", MonthName, 3),
            ("Updated 10:15 AM ET, Wed March 2, 2016", MonthName, 3),
            ("5pm on May 2, 2016 (EDT)", MonthName, 5),
            ("03/22/2016", MonthFirst, 3),
            ("3/22/2016 10:00 PM", MonthFirst, 3),
            ("22/03/2016", DayFirst, 3),
            ("22-03-2016", DayFirst, 3),
            ("02.03.2016", DayFirst, 3),
            ("2. 3. 2016", DayFirst, 3),
            ("22.03.2016, 18:04", DayFirst, 3),
            ("03/03/2016", AmbiguousNumeric, 3),
        ];
        for (date, format, expected) in rows {
            let read = ReadDate::Month(month(2016, expected));
            assert_eq!(read_date(date), (format, read), "{date}");
        }
    }

    #[test]
    fn day_and_month_that_could_be_either_way_round_are_not_guessed() {
        for date in [
            "03/02/2017",
            "3/2/2017",
            "03-02-2017",
            "03/02/2017 10:00",
            "03 02 2017",
        ] {
            let expected = ReadDate::Ambiguous {
                month_first: month(2017, 3),
                day_first: month(2017, 2),
            };
            assert_eq!(
                read_date(date),
                (DateFormat::AmbiguousNumeric, expected),
                "{date}"
            );
        }
    }

    #[test]
    fn what_is_no_date_or_an_impossible_one_is_unreadable() {
        for date in [
            "",
            "2017",
            "yesterday",
            "2 hours ago",
            "2017-13-40",
            "2017-02-29",
            "2017-00-10",
            "2017-03-00",
            "2017-03/02",
            "31/11/2017",
            "13/13/2017",
            "03.22.2017",
            "February 30, 2017",
            "March 2",
            "3/2/17",
            "2 Mar 17",
            "17-03-02",
            "1488450000",
            "2017-W09-4",
            "2017-061",
            "0017-03-02",
            "March 2, 2017 to April 3, 2017",
            "２０１７-03-02",
            "99999999999999999999",
            "The vote on March 2, 2017",
        ] {
            assert_eq!(
                read_date(date),
                (DateFormat::Unreadable, ReadDate::Unreadable),
                "{date}"
            );
        }
        assert_eq!(read_month(&"2017-03-02 ".repeat(20)), ReadDate::Unreadable);
    }

    #[test]
    fn clear_dates_tell_the_order_of_the_others() {
        let rows: [(&[&str], Option<DateOrder>, Option<Month>); 5] = [
            (
                &["03/22/2017", "2017-03-02"],
                Some(DateOrder::MonthFirst),
                Some(month(2017, 4)),
            ),
            (
                &["22/03/2017", "22/04/2017"],
                Some(DateOrder::DayFirst),
                Some(month(2017, 5)),
            ),
            (
                &["01.03.2017"],
                Some(DateOrder::DayFirst),
                Some(month(2017, 5)),
            ),
            (&["22/03/2017", "03/22/2017"], None, None),
            (&["March 2, 2017", "?"], None, None),
        ];
        for (dates, order, expected) in rows {
            let mut orders = DateOrders::default();
            let kept = orders.add("04/05/2017");
            for date in dates {
                orders.add(date);
            }
            assert_eq!(orders.order(), order, "{dates:?}");
            assert_eq!(orders.resolve(kept), expected, "{dates:?}");
            assert_eq!(orders.formats()[&DateFormat::AmbiguousNumeric], 1);
        }
        assert_eq!(DateOrders::default().resolve(ReadDate::Unreadable), None);
    }

    #[test]
    fn ambiguous_dates_are_no_format_of_their_own_beside_clear_ones() {
        let rows: [(&[&str], usize); 6] = [
            (&[], 0),
            (&["?"], 0),
            (&["04/05/2017"], 1),
            (&["04/05/2017", "04/25/2017", "?"], 1),
            (&["04/25/2017", "25/04/2017", "04/05/2017"], 2),
            (&["04/05/2017", "2017-05-04", "May 4, 2017", "20170504"], 3),
        ];
        for (dates, expected) in rows {
            let mut orders = DateOrders::default();
            for date in dates {
                orders.add(date);
            }
            assert_eq!(orders.n_formats(), expected, "{dates:?}");
        }
    }

    #[test]
    fn months_are_ordered_and_written_as_in_iso_8601() {
        assert_eq!(month(2016, 3).to_string(), "2016-03");
        assert!(month(2016, 12) < month(2017, 1));
        assert_eq!(
            serde_json::to_string(&month(2016, 3)).expect("a string"),
            "\"2016-03\""
        );
        let formats = [
            DateFormat::YearFirst,
            DateFormat::MonthName,
            DateFormat::MonthFirst,
            DateFormat::DayFirst,
            DateFormat::AmbiguousNumeric,
            DateFormat::Unreadable,
        ];
        for format in formats {
            assert_eq!(
                serde_json::to_value(format).expect("a string"),
                format.name()
            );
        }
    }

    proptest! {
        #[test]
        fn any_string_is_read(date in "\\PC{0,60}") {
            read_month(&date);
        }

        #[test]
        fn any_mix_of_a_date_s_parts_is_read(
            parts in proptest::collection::vec(
                proptest::sample::select(vec!["2017", "03", "2", "20170302", "March", "T", "Z", ":", "-", "/", ".", " ", "+", "am", "p.m.", "th", "00", "99", "é", ","]),
                0..12,
            )
        ) {
            let (format, read) = read_date(&parts.concat());
            prop_assert_eq!(format == DateFormat::Unreadable, read == ReadDate::Unreadable);
        }

        #[test]
        fn every_day_is_read_in_every_format(year in 1000_i32..10_000, in_year in 1_u8..13, day in 1_u8..29) {
            let expected = ReadDate::Month(month(year, in_year));
            for date in [
                format!("{year}-{in_year:02}-{day:02}"),
                format!("{year}{in_year:02}{day:02}"),
                format!("{day}.{in_year}.{year}"),
            ] {
                prop_assert_eq!(read_month(&date), expected, "{}", date);
            }
            let mut orders = DateOrders::default();
            orders.add("31/12/2000");
            let read = orders.add(&format!("{day}/{in_year}/{year}"));
            if day <= 12 || in_year == day {
                prop_assert_eq!(orders.resolve(read), Some(month(year, in_year)));
            }
        }
    }
}
