//! Columns in the making.

use arrow_array::ArrayRef;
use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, ListBuilder,
    StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_schema::{DataType, TimeUnit};
use serde_json::Value;

use super::super::scores::{Cell, text_of};
use super::types::{Moment, Type, moment};

const UTC: &str = "UTC";

/// How a type is stored.
pub(super) fn data_type(of: Type) -> DataType {
    match of {
        Type::Text => DataType::Utf8,
        Type::Whole => DataType::Int64,
        Type::Number => DataType::Float64,
        Type::Truth => DataType::Boolean,
        Type::Names => DataType::new_list(DataType::Utf8, true),
        Type::Date => DataType::Date32,
        Type::Time => DataType::Timestamp(TimeUnit::Microsecond, None),
        Type::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
    }
}

/// A column in the making.
pub(super) enum Builder {
    Text(StringBuilder),
    Whole(Int64Builder),
    Number(Float64Builder),
    Truth(BooleanBuilder),
    Names(ListBuilder<StringBuilder>),
    Date(Date32Builder),
    /// Times and instants.
    Time(TimestampMicrosecondBuilder),
}

impl Builder {
    pub(super) fn new(of: Type) -> Builder {
        match of {
            Type::Text => Builder::Text(StringBuilder::new()),
            Type::Whole => Builder::Whole(Int64Builder::new()),
            Type::Number => Builder::Number(Float64Builder::new()),
            Type::Truth => Builder::Truth(BooleanBuilder::new()),
            Type::Names => Builder::Names(ListBuilder::new(StringBuilder::new())),
            Type::Date => Builder::Date(Date32Builder::new()),
            Type::Time => Builder::Time(TimestampMicrosecondBuilder::new()),
            Type::Instant => Builder::Time(TimestampMicrosecondBuilder::new().with_timezone(UTC)),
        }
    }

    /// Adds a cell; one that is not of the column's type is null.
    pub(super) fn push(&mut self, cell: Cell<'_>) {
        match self {
            Builder::Text(column) => match cell {
                Cell::Text(text) => column.append_option(text),
                Cell::Value(value) => column.append_option(text_of(value)),
                _ => column.append_null(),
            },
            Builder::Whole(column) => column.append_option(match cell {
                Cell::Whole(n) => i64::try_from(n).ok(),
                Cell::Value(value) => value.as_i64(),
                _ => None,
            }),
            Builder::Number(column) => column.append_option(match cell {
                Cell::Number(number) => number,
                Cell::Value(value) => value.as_f64(),
                _ => None,
            }),
            Builder::Truth(column) => column.append_option(match cell {
                Cell::Truth(truth) => Some(truth),
                Cell::Value(value) => value.as_bool(),
                _ => None,
            }),
            Builder::Names(column) => match cell {
                Cell::Names(names) => column.append_value(names.into_iter().map(Some)),
                Cell::Value(Value::Array(items)) => {
                    column.append_value(items.iter().map(Value::as_str));
                }
                _ => column.append_null(),
            },
            Builder::Date(column) => column.append_option(match moment_of(&cell) {
                Some(Moment::Date(days)) => Some(days),
                _ => None,
            }),
            Builder::Time(column) => column.append_option(match moment_of(&cell) {
                Some(Moment::Time(micros) | Moment::Instant(micros)) => Some(micros),
                _ => None,
            }),
        }
    }

    /// The column, and begins the next.
    pub(super) fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(column) => ArrayBuilder::finish(column),
            Builder::Whole(column) => ArrayBuilder::finish(column),
            Builder::Number(column) => ArrayBuilder::finish(column),
            Builder::Truth(column) => ArrayBuilder::finish(column),
            Builder::Names(column) => ArrayBuilder::finish(column),
            Builder::Date(column) => ArrayBuilder::finish(column),
            Builder::Time(column) => ArrayBuilder::finish(column),
        }
    }
}

fn moment_of(cell: &Cell<'_>) -> Option<Moment> {
    match cell {
        Cell::Text(text) => moment((*text)?),
        Cell::Value(value) => moment(value.as_str()?),
        _ => None,
    }
}
