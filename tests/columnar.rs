//! Parquet and Arrow files with the real binary: the same articles give the same scores whatever file they come in, and a table of scores
//! holds what the CSV table has.
#![cfg(feature = "arrow")]

mod common;

use std::fs::File;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringDictionaryBuilder, TimestampMillisecondBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, DictionaryArray, Float32Array,
    Float64Array, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray,
    StructArray, Time32SecondArray, TimestampMicrosecondArray, TimestampSecondArray, UInt64Array,
};
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{DataType, Field, TimeUnit};
use common::{Desk, articles_jsonl};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

const VOSS: [&str; 2] = ["--subject", "Mara Voss"];

/// A table of the columns in `rows` of JSON: `words` is a whole number, the others are any kind of string.
fn batch_of(rows: &[Value]) -> RecordBatch {
    let names = rows[0].as_object().expect("an object").keys();
    let columns = names.map(|name| {
        let cells = rows.iter().map(|row| row[name].as_str());
        let column: ArrayRef = match name.as_str() {
            "words" => Arc::new(Int64Array::from_iter(
                rows.iter().map(|row| row[name].as_i64()),
            )),
            "outlet" => Arc::new(cells.collect::<DictionaryArray<Int32Type>>()),
            "text" => Arc::new(cells.collect::<LargeStringArray>()),
            "id" => Arc::new(cells.collect::<StringViewArray>()),
            _ => Arc::new(cells.collect::<StringArray>()),
        };
        (name, column, true)
    });
    RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length")
}

/// Writes `batches` as NAME.parquet and NAME.arrow.
fn write(desk: &Desk, name: &str, batches: &[RecordBatch]) {
    let schema = batches[0].schema();
    let file =
        |extension: &str| File::create(desk.path(&format!("{name}.{extension}"))).expect("a file");
    let mut parquet = ArrowWriter::try_new(file("parquet"), schema.clone(), None).expect("begun");
    let mut arrow = FileWriter::try_new(file("arrow"), &schema).expect("begun");
    for batch in batches {
        parquet.write(batch).expect("written");
        parquet.flush().expect("a row group");
        arrow.write(batch).expect("written");
    }
    parquet.close().expect("whole");
    arrow.finish().expect("whole");
}

/// Forty articles as JSON lines, Parquet and Arrow, the tables in groups of fifteen rows.
fn news() -> Desk {
    let desk = Desk::new();
    let lines = articles_jsonl(40);
    let rows: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let batches: Vec<RecordBatch> = rows.chunks(15).map(batch_of).collect();
    write(&desk, "news", &batches);
    desk.file("news.jsonl", lines);
    desk
}

fn scores(desk: &Desk, input: &str, more: &[&str]) -> String {
    desk.succeeds(&[&["score", input, "-q"], &VOSS[..], more].concat())
        .text()
}

#[test]
fn the_same_articles_get_the_same_scores_from_any_file() {
    let desk = news();
    let expected = scores(&desk, "news.jsonl", &[]);
    assert!(expected.lines().count() > 30);
    for input in ["news.parquet", "news.arrow"] {
        assert_eq!(scores(&desk, input, &[]), expected, "{input}");
    }
    let args = [
        &["score", "-", "--input-format", "parquet", "-q"],
        &VOSS[..],
    ]
    .concat();
    let piped = desk.run_with(&args, desk.bytes("news.parquet"));
    assert_eq!(piped.text(), expected, "standard input");
    let packed = zstd::encode_all(desk.bytes("news.arrow").as_slice(), 3).expect("packed");
    desk.file("in/news.feather.zst", packed);
    assert_eq!(scores(&desk, "in", &[]), expected, "packed, in a folder");
    let shards = ["1/2", "2/2"].map(|part| scores(&desk, "news.parquet", &["--shard", part]));
    let n: usize = shards.iter().map(|part| part.lines().count()).sum();
    assert_eq!(n, expected.lines().count() + 1, "parts");
}

/// The metadata and the rows of a table of scores, its cells as CSV has them.
fn read_table(desk: &Desk, name: &str) -> (String, Vec<Vec<String>>) {
    let file = File::open(desk.path(name)).expect("a file");
    let (run, batches): (_, Vec<RecordBatch>) = if name.ends_with("parquet") {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
        let metadata = builder.metadata().file_metadata().key_value_metadata();
        let run = metadata
            .and_then(|all| all.iter().find(|entry| entry.key == "standpoint"))
            .and_then(|entry| entry.value.clone());
        let batches = builder
            .build()
            .expect("rows")
            .map(|batch| batch.expect("rows"));
        (run, batches.collect())
    } else {
        let reader = FileReader::try_new(file, None).expect("Arrow");
        let run = reader.schema().metadata().get("standpoint").cloned();
        (run, reader.map(|batch| batch.expect("rows")).collect())
    };
    let schema = batches[0].schema();
    let mut rows = vec![
        schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect(),
    ];
    for batch in &batches {
        for row in 0..batch.num_rows() {
            rows.push(
                batch
                    .columns()
                    .iter()
                    .map(|column| cell(column, row))
                    .collect(),
            );
        }
    }
    (run.expect("the run"), rows)
}

fn cell(column: &ArrayRef, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_string(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value(row);
            format!("{:?}", Date32Type::to_naive_date_opt(days).expect("a date"))
        }
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::List(_) => {
            let names = column.as_list::<i32>().value(row);
            let names: Vec<&str> = names.as_string::<i32>().iter().flatten().collect();
            names.join("|")
        }
        other => panic!("a column of {other}"),
    }
}

#[test]
fn a_table_of_scores_holds_what_the_csv_table_has() {
    let desk = news();
    for level in ["sentence", "article"] {
        let more = ["--level", level, "--frames"];
        let csv = scores(
            &desk,
            "news.parquet",
            &[&more[..], &["--format", "csv"]].concat(),
        );
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(csv.as_bytes());
        let expected: Vec<Vec<String>> = reader
            .records()
            .map(|row| row.expect("CSV").iter().map(str::to_string).collect())
            .collect();
        let lines = scores(&desk, "news.parquet", &["--frames"]);
        for output in ["s.parquet", "s.arrow", "s.feather"] {
            scores(&desk, "news.jsonl", &[&more[..], &["-o", output]].concat());
            let (run, rows) = read_table(&desk, output);
            assert_eq!(rows, expected, "{output} by {level}");
            assert_eq!(run, lines.lines().next().expect("a first line"), "{output}");
            let refused = [&["compare", output], &VOSS[..]].concat();
            desk.refuses(&refused, &[output, "is a table of scores, not of articles"]);
        }
        let piped = desk.succeeds(
            &[
                &["score", "news.jsonl", "--format", "parquet", "-q"],
                &VOSS[..],
                &more,
            ]
            .concat(),
        );
        scores(
            &desk,
            "news.jsonl",
            &[&more[..], &["-o", "s.parquet"]].concat(),
        );
        assert!(piped.stdout == desk.bytes("s.parquet"), "the same bytes");
    }
}

/// A list of words of a dictionary, and an empty one.
fn tags() -> ArrayRef {
    let mut tags = ListBuilder::new(StringDictionaryBuilder::<Int32Type>::new());
    tags.append_value([Some("law"), None]);
    tags.append_value(std::iter::empty::<Option<&str>>());
    Arc::new(tags.finish())
}

/// A list of times, and an empty one.
fn asked() -> ArrayRef {
    let mut asked = ListBuilder::new(TimestampMillisecondBuilder::new());
    asked.append_value([Some(0), Some(1000)]);
    asked.append_value([]);
    Arc::new(asked.finish())
}

#[test]
fn columns_of_every_kind_become_json() {
    let desk = Desk::new();
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "body",
            Arc::new(StringArray::from(vec!["Mara Voss won.", "Mara Voss lost."])),
        ),
        (
            "outlet",
            Arc::new(StringArray::from(vec![Some("Dawn"), None])),
        ),
        ("id", Arc::new(Int64Array::from(vec![7, 8]))),
        (
            "date",
            Arc::new(Date32Array::from(vec![Some(19_000), None])),
        ),
        (
            "seen",
            Arc::new(TimestampMicrosecondArray::from(vec![
                1_700_000_000_250_000,
                0,
            ])),
        ),
        (
            "there",
            Arc::new(TimestampSecondArray::from(vec![0, 3600]).with_timezone("+02:00")),
        ),
        (
            "utc",
            Arc::new(TimestampSecondArray::from(vec![0, 3600]).with_timezone("UTC")),
        ),
        ("worth", Arc::new(Float32Array::from(vec![0.1, f32::NAN]))),
        ("paid", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        (
            "read",
            Arc::new(Time32SecondArray::from(vec![Some(3600), None])),
        ),
        ("tags", tags()),
        ("asked", asked()),
        (
            "place",
            Arc::new(StructArray::from(vec![
                (
                    Arc::new(Field::new("town", DataType::Utf8, true)),
                    Arc::new(StringArray::from(vec![Some("Ostby"), None])) as ArrayRef,
                ),
                (
                    Arc::new(Field::new("people", DataType::UInt64, false)),
                    Arc::new(UInt64Array::from(vec![u64::MAX, 2])) as ArrayRef,
                ),
            ])),
        ),
        ("__index_level_0__", Arc::new(Int64Array::from(vec![0, 1]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    write(&desk, "kinds", &[batch]);
    for input in ["kinds.parquet", "kinds.arrow"] {
        let args = [&["score", input, "--text-column", "body", "-q"], &VOSS[..]].concat();
        let (_, scores) = desk.succeeds(&args).scores();
        let named =
            |score: &Value| [&score["article"], &score["outlet"], &score["date"]].map(Value::clone);
        assert_eq!(
            named(&scores[0]),
            [json!("7"), json!("Dawn"), json!("2022-01-08")]
        );
        assert_eq!(
            named(&scores[1]),
            [json!("8"), json!("(no outlet)"), Value::Null]
        );
        assert_eq!(
            scores[0]["extra"],
            json!({"seen": "2023-11-14T22:13:20.250", "there": "1970-01-01T02:00:00+02:00", "utc": "1970-01-01T00:00:00Z",
                "worth": 0.1, "paid": true, "read": "01:00:00", "tags": ["law", null], "asked": ["1970-01-01T00:00:00", "1970-01-01T00:00:01"],
                "place": {"town": "Ostby", "people": 18_446_744_073_709_551_615_u64}})
        );
        assert_eq!(
            scores[1]["extra"],
            json!({"seen": "1970-01-01T00:00:00", "there": "1970-01-01T03:00:00+02:00", "utc": "1970-01-01T01:00:00Z",
                "tags": [], "asked": [], "place": {"town": null, "people": 2}})
        );
    }
}

#[test]
fn the_inputs_columns_are_written_with_the_type_of_their_values() {
    let desk = Desk::new();
    desk.file(
        "news.jsonl",
        concat!(
            r#"{"text": "Mara Voss won.", "date": "2021-03-04", "rank": 1, "worth": 1, "paid": true, "tags": ["law"], "at": "2021-03-04T10:00:00Z", "mixed": 1}"#,
            "\n",
            r#"{"text": "Mara Voss lost.", "rank": null, "worth": 0.5, "tags": [], "at": "2021-03-04T12:00:00+02:00", "mixed": "one"}"#,
            "\n",
        ),
    );
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let expected = [
        ("date", DataType::Date32, ["2021-03-04", ""]),
        ("rank", DataType::Int64, ["1", ""]),
        ("worth", DataType::Float64, ["1", "0.5"]),
        ("paid", DataType::Boolean, ["true", ""]),
        (
            "tags",
            DataType::new_list(DataType::Utf8, true),
            ["law", ""],
        ),
        ("mixed", DataType::Utf8, ["1", "one"]),
        ("start", DataType::Int64, ["0", "0"]),
        ("speaker", DataType::Utf8, ["", ""]),
        ("net_stance", DataType::Float64, ["", ""]),
    ];
    for output in ["s.parquet", "s.arrow"] {
        scores(&desk, "news.jsonl", &["-o", output]);
        let batch = first_batch(&desk, output);
        for (name, data_type, cells) in &expected {
            let column = batch.column_by_name(name).expect("the column");
            assert_eq!(column.data_type(), data_type, "{output}: {name}");
            if *name != "net_stance" {
                assert_eq!(
                    [cell(column, 0), cell(column, 1)],
                    *cells,
                    "{output}: {name}"
                );
            }
        }
        let at = batch.column_by_name("at").expect("the column");
        assert_eq!(at.data_type(), &instant);
        let at = at.as_primitive::<TimestampMicrosecondType>();
        assert_eq!(at.values()[..], [1_614_852_000_000_000; 2]);
    }
}

fn first_batch(desk: &Desk, name: &str) -> RecordBatch {
    let file = File::open(desk.path(name)).expect("a file");
    let batch = match name.ends_with("parquet") {
        true => {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
            builder.build().expect("rows").next()
        }
        false => FileReader::try_new(file, None).expect("Arrow").next(),
    };
    batch.expect("rows").expect("rows")
}

#[test]
fn what_cannot_be_read_is_named() {
    let desk = news();
    let refuses = |input: &str, parts: &[&str]| {
        desk.refuses(&[&["score", input], &VOSS[..]].concat(), parts);
    };
    let texts = || Arc::new(StringArray::from(vec!["Mara Voss won."])) as ArrayRef;
    let of = |column: &'static str, array: ArrayRef| {
        RecordBatch::try_from_iter([("text", texts()), (column, array)]).expect("two columns")
    };
    let bytes = BinaryArray::from_vec(vec![b"\xFF"]);
    write(&desk, "bytes", &[of("scan", Arc::new(bytes))]);
    write(
        &desk,
        "infinite",
        &[of(
            "worth",
            Arc::new(Float64Array::from(vec![f64::INFINITY])),
        )],
    );
    let body = RecordBatch::try_from_iter([("body", texts())]).expect("a column");
    write(&desk, "body", std::slice::from_ref(&body));
    write(
        &desk,
        "none",
        &[RecordBatch::new_empty(of("id", texts()).schema())],
    );
    for kind in ["parquet", "arrow"] {
        let name = |stem: &str| format!("{stem}.{kind}");
        refuses(
            &name("bytes"),
            &[&name("bytes"), "column \"scan\" is of type Binary"],
        );
        refuses(
            &name("infinite"),
            &[&format!(
                "{}:1: column \"worth\" holds the number inf",
                name("infinite")
            )],
        );
        refuses(&name("body"), &["no column \"text\"", "--text-column body"]);
        refuses(&name("none"), &[&name("none"), "no records"]);
        let whole = desk.bytes(&name("news"));
        for cut in [0, 4, 100, whole.len() / 2, whole.len() - 1] {
            desk.file(&name("cut"), &whole[..cut]);
            refuses(&name("cut"), &[&name("cut"), "damaged, or not"]);
        }
        desk.file("hidden.csv", &whole);
        refuses(
            "hidden.csv",
            &["hidden.csv", "is not read", "--input-format"],
        );
    }
    let kept = [
        &["score", "infinite.parquet", "news.parquet", "--keep-going"],
        &VOSS[..],
    ]
    .concat();
    let kept = desk.succeeds(&kept);
    assert!(
        kept.stderr.contains("infinite.parquet:1"),
        "{}",
        kept.stderr
    );
}

/// The footer of a table of a million structures in each other, which read by recursion would take all of the stack.
#[test]
fn a_schema_without_bottom_is_refused() {
    const GROUP: &[u8] = b"\x35\x00\x18\x01a\x15\x02\x00";
    let desk = Desk::new();
    let mut footer = b"\x15\x02\x19\xFC\xC0\x84\x3D".to_vec();
    for _ in 0..1_000_000 {
        footer.extend(GROUP);
    }
    footer.extend(b"\x16\x00\x19\x0C\x00");
    let length = (footer.len() as u32).to_le_bytes();
    let bytes = [b"PAR1", &footer[..], &length, b"PAR1"].concat();
    desk.file("deep.parquet", bytes);
    let args = [&["score", "deep.parquet"], &VOSS[..]].concat();
    desk.refuses(&args, &["deep.parquet", "1000000 columns; at most 20000"]);
}

#[test]
fn damaged_bytes_end_in_a_message() {
    let desk = news();
    for kind in ["parquet", "arrow"] {
        let whole = desk.bytes(&format!("news.{kind}"));
        let name = format!("damaged.{kind}");
        for at in (8..whole.len()).step_by(whole.len() / 23) {
            let mut bytes = whole.clone();
            let end = (at + 5).min(bytes.len());
            bytes[at..end].fill(0xA7);
            desk.file(&name, &bytes);
            let outcome = desk.run(&[&["score", &name, "-q"], &VOSS[..]].concat());
            outcome.assert_no_panic();
            assert!(
                matches!(outcome.code, Some(0 | 1)),
                "{kind} at {at}: {}",
                outcome.stderr
            );
        }
    }
}
