//! The types of columns whose values come from the input.
//!
//! A type is what all values of a column share: whole numbers, numbers, truth values, lists of strings, dates (`2016-03-02`), times
//! (`2016-03-02T10:00:00`) or instants (a time with `Z` or an offset). Where they share none, the column is text, as in CSV.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::scores::Kind;
use crate::score::ArticleScore;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Whole,
    Number,
    Truth,
    Names,
    Date,
    /// A time of no zone.
    Time,
    Instant,
}

impl Type {
    pub(super) fn of_kind(kind: Kind) -> Type {
        match kind {
            Kind::Text => Type::Text,
            Kind::Whole => Type::Whole,
            Kind::Number => Type::Number,
            Kind::Truth => Type::Truth,
            Kind::Names => Type::Names,
        }
    }

    fn of_text(text: &str) -> Type {
        match moment(text) {
            Some(Moment::Date(_)) => Type::Date,
            Some(Moment::Time(_)) => Type::Time,
            Some(Moment::Instant(_)) => Type::Instant,
            None => Type::Text,
        }
    }

    /// `None` for null, which every type has.
    fn of_value(value: &Value) -> Option<Type> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(_) => Type::Truth,
            Value::Number(number) if number.is_i64() => Type::Whole,
            Value::Number(number) if number.is_f64() => Type::Number,
            Value::String(text) => Type::of_text(text),
            Value::Array(items) if items.iter().all(Value::is_string) => Type::Names,
            _ => Type::Text,
        })
    }

    /// What the values of both share.
    fn with(self, other: Type) -> Type {
        match (self, other) {
            (a, b) if a == b => a,
            (Type::Whole | Type::Number, Type::Whole | Type::Number) => Type::Number,
            _ => Type::Text,
        }
    }
}

/// The types of an article's date and of the input's further columns, from all scores that a table will hold.
#[derive(Debug, Clone, Default)]
pub struct InputTypes {
    date: Option<Type>,
    extra: BTreeMap<String, Option<Type>>,
}

impl InputTypes {
    /// Takes note of one score's values.
    pub fn see(&mut self, score: &ArticleScore) {
        if let Some(date) = &score.date {
            widen(&mut self.date, Type::of_text(date));
        }
        for (name, value) in &score.extra {
            if !self.extra.contains_key(name) {
                self.extra.insert(name.clone(), None);
            }
            let (Some(seen), Some(found)) = (self.extra.get_mut(name), Type::of_value(value))
            else {
                continue;
            };
            widen(seen, found);
        }
    }

    pub(super) fn date(&self) -> Type {
        self.date.unwrap_or(Type::Text)
    }

    /// The further columns in order.
    pub(super) fn extra(&self) -> impl Iterator<Item = (&String, Type)> {
        let columns = self.extra.iter();
        columns.map(|(name, seen)| (name, seen.unwrap_or(Type::Text)))
    }
}

fn widen(seen: &mut Option<Type>, found: Type) {
    *seen = Some(seen.map_or(found, |seen| seen.with(found)));
}

/// A point of time as text names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00:00, of the clock wherever it was.
    Time(i64),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
}

/// `YYYY-MM-DD`, or that with `T` or a blank and `HH:MM:SS`, up to six decimals, and `Z`, `+HH:MM` or nothing; years from 1.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let (day, rest) = text.split_at_checked(10)?;
    let day = days(day)?;
    if rest.is_empty() {
        return Some(Moment::Date(day));
    }
    let (clock, zone) = rest.strip_prefix(['T', ' '])?.split_at_checked(8)?;
    let end = |c: char| c != '.' && !c.is_ascii_digit();
    let (decimals, zone) = zone.split_at(zone.find(end).unwrap_or(zone.len()));
    let micros = micros(clock, decimals)? + i64::from(day) * 86_400_000_000;
    Some(match zone {
        "" => Moment::Time(micros),
        "Z" => Moment::Instant(micros),
        offset => {
            let (sign, offset) = match offset.split_at_checked(1)? {
                ("+", offset) => (1, offset),
                ("-", offset) => (-1, offset),
                _ => return None,
            };
            let (hours, minutes) = offset.split_once(':')?;
            let minutes = number(hours, 2, 0..=23)? * 60 + number(minutes, 2, 0..=59)?;
            Moment::Instant(micros - sign * minutes * 60_000_000)
        }
    })
}

/// `n` digits within a range.
fn number(digits: &str, n: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
    let is_number = digits.len() == n && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|_| is_number)?;
    range.contains(&number).then_some(number)
}

/// `HH:MM:SS` and `.5` or nothing.
fn micros(clock: &str, decimals: &str) -> Option<i64> {
    let mut parts = clock.split(':');
    let mut part = |most| number(parts.next()?, 2, 0..=most);
    let seconds = part(23)? * 3600 + part(59)? * 60 + part(59)?;
    let micros = match decimals.strip_prefix('.') {
        None if decimals.is_empty() => 0,
        Some(digits) if (1..=6).contains(&digits.len()) => {
            number(&format!("{digits:0<6}"), 6, 0..=999_999)?
        }
        _ => return None,
    };
    Some(seconds * 1_000_000 + micros)
}

/// Days from 1970-01-01 to `YYYY-MM-DD` of the Gregorian calendar.
fn days(date: &str) -> Option<i32> {
    let mut parts = date.split('-');
    let year = number(parts.next()?, 4, 1..=9999)?;
    let month = number(parts.next()?, 2, 1..=12)?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let most = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let day = number(parts.next()?, 2, 1..=most)?;
    if parts.next().is_some() {
        return None;
    }
    // Years begin in March, so that a leap day is a year's last; 719,468 days lead from 0000-03-01 to 1970-01-01.
    let (year, month) = match month {
        ..=2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468;
    i32::try_from(days).ok()
}

#[cfg(test)]
mod tests {
    use arrow_array::temporal_conversions::{as_date, as_datetime};
    use arrow_array::types::{Date32Type, TimestampMicrosecondType};

    use super::*;

    #[test]
    fn every_day_is_the_calendars() {
        let (first, last) = (
            days("0001-01-01").expect("a date"),
            days("9999-12-31").expect("a date"),
        );
        assert_eq!(i64::from(last) - i64::from(first), 3_652_058);
        for day in first..=last {
            let date = as_date::<Date32Type>(day.into()).expect("a date");
            assert_eq!(days(&format!("{date:?}")), Some(day), "{date:?}");
        }
    }

    #[test]
    fn times_are_the_calendars() {
        for micros in [0, 1, -1, 1_700_000_000_250_000, -62_135_596_800_000_000] {
            let time = as_datetime::<TimestampMicrosecondType>(micros).expect("a time");
            let text = format!("{time:?}");
            assert_eq!(moment(&text), Some(Moment::Time(micros)), "{text}");
            let utc = Some(Moment::Instant(micros));
            assert_eq!(moment(&format!("{text}Z")), utc, "{text}");
        }
        let hour = 3_600_000_000;
        let rows = [
            ("1970-01-01 01:00:00+01:00", Some(Moment::Instant(0))),
            ("1970-01-01T00:00:00-00:30", Some(Moment::Instant(hour / 2))),
            ("1970-01-01", Some(Moment::Date(0))),
            (
                "1970-01-02T00:00:00.5",
                Some(Moment::Time(24 * hour + 500_000)),
            ),
            ("1970-02-29", None),
            ("2100-02-29", None),
            ("1970-1-1", None),
            ("0000-01-01", None),
            ("1970-01-01T24:00:00", None),
            ("1970-01-01T00:00:00.1234567", None),
            ("1970-01-01T00:00:00.", None),
            ("1970-01-01T00:00", None),
            ("1970-01-01T00:00:00 UTC", None),
            ("1970-01-01T00:00:00+0100", None),
            ("1970-01-0é", None),
            ("1 January 1970", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(moment(text), expected, "{text}");
        }
    }

    #[test]
    fn a_type_is_what_all_values_share() {
        use serde_json::json;
        let rows = [
            (json!([1, null, -2]), Type::Whole),
            (json!([1, 2.5]), Type::Number),
            (json!([true, null]), Type::Truth),
            (json!([true, 1]), Type::Text),
            (json!(["1", "2"]), Type::Text),
            (json!([18_446_744_073_709_551_615_u64, 1]), Type::Text),
            (json!([["law"], []]), Type::Names),
            (json!([["law", 1]]), Type::Text),
            (json!([{"a": 1}]), Type::Text),
            (json!(["2016-03-02", null]), Type::Date),
            (json!(["2016-03-02", "2016-03-02T10:00:00"]), Type::Text),
            (
                json!(["2016-03-02T10:00:00", "2016-03-02T10:00:00"]),
                Type::Time,
            ),
            (
                json!(["2016-03-02T10:00:00Z", "2016-03-02T10:00:00+02:00"]),
                Type::Instant,
            ),
        ];
        for (values, expected) in rows {
            let mut seen = None;
            for found in values
                .as_array()
                .expect("rows")
                .iter()
                .filter_map(Type::of_value)
            {
                widen(&mut seen, found);
            }
            assert_eq!(seen, Some(expected), "{values}");
        }
    }
}
