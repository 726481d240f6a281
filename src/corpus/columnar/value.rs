//! Cells of columns as JSON.

use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::{as_date, as_datetime, as_time};
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTimestampType, Date32Type, Date64Type, Decimal32Type, Decimal64Type,
    Decimal128Type, Decimal256Type, DecimalType, Float16Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use serde_json::{Map, Number, Value};

/// How deep lists and structures may stand in each other; below it the JSON is read again without trouble.
const MOST_LEVELS: usize = 32;

/// What [`is_read`] allows, for messages.
pub(super) const READ: &str =
    "strings, numbers, truth values, dates, times, and lists, structures and dictionaries of them";

/// Whether values of this type have a JSON form.
pub(super) fn is_read(data_type: &DataType) -> bool {
    is_read_below(data_type, MOST_LEVELS)
}

fn is_read_below(data_type: &DataType, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return false;
    };
    match data_type {
        DataType::Dictionary(_, values) => {
            !values.is_nested()
                && !matches!(values.as_ref(), DataType::Dictionary(..))
                && is_read_below(values, below)
        }
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            is_read_below(item.data_type(), below)
        }
        DataType::Struct(fields) => fields
            .iter()
            .all(|field| is_read_below(field.data_type(), below)),
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Timestamp(..)
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => true,
        other => other.is_integer() || other.is_floating(),
    }
}

/// The cells of one column.
pub(super) struct Cells {
    array: ArrayRef,
    /// For each row the value's place in `array`, where the column is a dictionary.
    keys: Option<Vec<Option<usize>>>,
}

impl Cells {
    pub(super) fn of(array: ArrayRef) -> Cells {
        let Some(dictionary) = array.as_any_dictionary_opt() else {
            return Cells { array, keys: None };
        };
        let is_set = |row| dictionary.keys().is_valid(row);
        let keys = match dictionary.values().len() {
            0 => vec![None; array.len()],
            _ => dictionary
                .normalized_keys()
                .into_iter()
                .enumerate()
                .map(|(row, key)| is_set(row).then_some(key))
                .collect(),
        };
        Cells {
            keys: Some(keys),
            array: dictionary.values().clone(),
        }
    }

    /// The value in `row`; null where there is none. Errors say what it is instead.
    pub(super) fn value(&self, row: usize) -> Result<Value, String> {
        let place = match &self.keys {
            None => Some(row),
            Some(keys) => keys[row],
        };
        match place {
            Some(place) if !self.array.is_null(place) => value(&self.array, place),
            _ => Ok(Value::Null),
        }
    }
}

/// Every value of a list.
fn list(items: ArrayRef) -> Result<Value, String> {
    let n = items.len();
    let cells = Cells::of(items);
    let values: Result<Vec<Value>, String> = (0..n).map(|row| cells.value(row)).collect();
    values.map(Value::Array)
}

fn value(array: &dyn Array, row: usize) -> Result<Value, String> {
    let text = |text: &str| Ok(Value::String(text.to_string()));
    match array.data_type() {
        DataType::Boolean => Ok(Value::Bool(array.as_boolean().value(row))),
        DataType::Utf8 => text(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => text(array.as_string::<i64>().value(row)),
        DataType::Utf8View => text(array.as_string_view().value(row)),
        DataType::Int8 => Ok(whole::<Int8Type>(array, row)),
        DataType::Int16 => Ok(whole::<Int16Type>(array, row)),
        DataType::Int32 => Ok(whole::<Int32Type>(array, row)),
        DataType::Int64 => Ok(whole::<Int64Type>(array, row)),
        DataType::UInt8 => Ok(whole::<UInt8Type>(array, row)),
        DataType::UInt16 => Ok(whole::<UInt16Type>(array, row)),
        DataType::UInt32 => Ok(whole::<UInt32Type>(array, row)),
        DataType::UInt64 => Ok(whole::<UInt64Type>(array, row)),
        // Of a narrow number the digits it is written with, not those of its neighbour among wider ones.
        DataType::Float16 => written(&array.as_primitive::<Float16Type>().value(row).to_string()),
        DataType::Float32 => written(&array.as_primitive::<Float32Type>().value(row).to_string()),
        DataType::Float64 => float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal32(..) => decimal::<Decimal32Type>(array, row),
        DataType::Decimal64(..) => decimal::<Decimal64Type>(array, row),
        DataType::Decimal128(..) => decimal::<Decimal128Type>(array, row),
        DataType::Decimal256(..) => decimal::<Decimal256Type>(array, row),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            date::<Date32Type>(days.into())
        }
        DataType::Date64 => date::<Date64Type>(array.as_primitive::<Date64Type>().value(row)),
        DataType::Time32(TimeUnit::Second) => time_of_day::<Time32SecondType>(array, row),
        DataType::Time32(_) => time_of_day::<Time32MillisecondType>(array, row),
        DataType::Time64(TimeUnit::Microsecond) => time_of_day::<Time64MicrosecondType>(array, row),
        DataType::Time64(_) => time_of_day::<Time64NanosecondType>(array, row),
        DataType::Timestamp(unit, zone) => {
            let zone = zone.as_deref();
            match unit {
                TimeUnit::Second => time::<TimestampSecondType>(array, row, zone),
                TimeUnit::Millisecond => time::<TimestampMillisecondType>(array, row, zone),
                TimeUnit::Microsecond => time::<TimestampMicrosecondType>(array, row, zone),
                TimeUnit::Nanosecond => time::<TimestampNanosecondType>(array, row, zone),
            }
        }
        DataType::List(_) => list(array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => list(array.as_list::<i64>().value(row)),
        DataType::FixedSizeList(..) => list(array.as_fixed_size_list().value(row)),
        DataType::Struct(fields) => {
            let mut map = Map::new();
            for (field, column) in fields.iter().zip(array.as_struct().columns()) {
                // One row of it: the keys of a whole dictionary are not worked out again for each.
                let value = Cells::of(column.slice(row, 1)).value(0)?;
                map.insert(field.name().clone(), value);
            }
            Ok(Value::Object(map))
        }
        DataType::Null => Ok(Value::Null),
        other => Err(format!("a value of type {other}")),
    }
}

fn whole<T: ArrowPrimitiveType<Native: Into<Number>>>(array: &dyn Array, row: usize) -> Value {
    Value::Number(array.as_primitive::<T>().value(row).into())
}

fn decimal<T: DecimalType>(array: &dyn Array, row: usize) -> Result<Value, String> {
    written(&array.as_primitive::<T>().value_as_string(row))
}

fn written(digits: &str) -> Result<Value, String> {
    let number = digits.parse();
    float(number.map_err(|_| format!("the number {digits}, which is not read"))?)
}

/// NaN is how many programs write that there is no number.
fn float(number: f64) -> Result<Value, String> {
    match Number::from_f64(number) {
        Some(number) => Ok(Value::Number(number)),
        None if number.is_nan() => Ok(Value::Null),
        None => Err(format!("the number {number}; allowed: finite numbers")),
    }
}

const NO_DATE: &str = "a date beyond the calendar";

fn date<T: ArrowPrimitiveType>(value: i64) -> Result<Value, String> {
    // The debug form of chrono's dates and times is ISO 8601.
    let date = as_date::<T>(value).ok_or(NO_DATE)?;
    Ok(Value::String(format!("{date:?}")))
}

fn time_of_day<T: ArrowPrimitiveType<Native: Into<i64>>>(
    array: &dyn Array,
    row: usize,
) -> Result<Value, String> {
    let time = as_time::<T>(array.as_primitive::<T>().value(row).into());
    let time = time.ok_or("a time beyond the day")?;
    Ok(Value::String(format!("{time:?}")))
}

/// Local time where the column has no zone, else with the offset it names, or in UTC where it names a place.
fn time<T: ArrowTimestampType>(
    array: &dyn Array,
    row: usize,
    zone: Option<&str>,
) -> Result<Value, String> {
    let value = array.as_primitive::<T>().value(row);
    let offset = zone.and_then(|zone| Some((zone, seconds_of(zone)?)));
    let shift = offset.map_or(0, |(_, seconds)| seconds * per_second(T::UNIT));
    let local = value.checked_add(shift).and_then(as_datetime::<T>);
    let local = local.ok_or(NO_DATE)?;
    let zone = match (zone, offset) {
        (None, _) => "",
        (Some(_), Some((offset, _))) => offset,
        (Some(_), None) => "Z",
    };
    Ok(Value::String(format!("{local:?}{zone}")))
}

/// The offset from UTC that a zone such as `+02:00` names.
fn seconds_of(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |digits: &str| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|_| is_number)
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}
