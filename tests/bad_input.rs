//! What bad input gets: a named error, the right exit code, nothing on standard output, no file, no panic.

mod common;

use std::fmt::Write;
use std::fs;

use common::{Desk, articles_jsonl, labelled_jsonl, repository, sentences, train_small};
use serde_json::{Value, json};
use standpoint::classifier::Classifier;

const GOOD_ROW: &str = "{\"text\": \"Mara Voss won.\", \"label\": \"favor\"}\n";

#[test]
fn an_empty_file_is_named() {
    let desk = Desk::new();
    for name in ["empty.jsonl", "empty.csv", "empty.tsv"] {
        desk.file(name, "");
        let parts = [name, "no records", "the file is empty"];
        desk.refuses(&["train", name, "-o", "m"], &parts);
        desk.refuses(&["evaluate", name, "-o", "e.json"], &parts);
        desk.refuses(&["evaluate", name, "--folds", "3"], &parts);
        desk.refuses(
            &["score", name, "--subject", "Mara Voss", "-o", "s"],
            &parts,
        );
        desk.refuses(
            &["compare", name, "--subject", "Mara Voss", "-o", "c"],
            &parts,
        );
    }
    desk.file("header.csv", "text,label\n");
    desk.refuses(
        &["train", "header.csv", "-o", "m"],
        &["header.csv", "only a header"],
    );
    desk.file("empty.txt", "");
    desk.refuses(
        &["score", "empty.txt", "--subject", "Mara Voss", "-o", "s"],
        &["\"empty\"", "no text", "1 articles"],
    );
    desk.misused(&["explain", "--subject", "Mara Voss"], &[]);
    desk.refuses(
        &["explain", "", "--subject", "Mara Voss"],
        &["the text is empty", "give one sentence"],
    );
}

#[test]
fn a_byte_that_is_not_utf8_is_named_with_its_place() {
    let desk = Desk::new();
    let jsonl = [
        GOOD_ROW.as_bytes(),
        b"{\"text\": \"caf\xE9\", \"label\": \"favor\"}\n",
    ]
    .concat();
    desk.file("rows.jsonl", jsonl);
    desk.file("rows.csv", b"text,label\ncaf\xE9,favor\n");
    let parts = |place: &'static str, offset: &'static str| {
        [
            place,
            "byte 0xE9",
            offset,
            "not UTF-8",
            "iconv -f WINDOWS-1252 -t UTF-8",
        ]
    };
    let jsonl = parts("rows.jsonl:2:", "byte offset 13 ");
    let csv = parts("rows.csv:2:", "byte offset 3 ");
    desk.refuses(&["train", "rows.jsonl", "-o", "m"], &jsonl);
    desk.refuses(&["evaluate", "rows.jsonl"], &jsonl);
    desk.refuses(&["train", "rows.csv", "-o", "m"], &csv);
    for command in ["score", "compare"] {
        let run = |file, parts: &[&str]| {
            desk.refuses(
                &[command, file, "--subject", "Mara Voss", "-o", "out"],
                parts,
            )
        };
        run("rows.jsonl", &jsonl);
        run("rows.csv", &csv);
    }
    let before = desk.listing();
    let outcome = desk.run_with(
        &["explain", "-", "--subject", "Mara Voss"],
        b"Mara Voss caf\xE9".as_slice(),
    );
    outcome.assert_refused(1, &["standard input", "UTF-8"]);
    assert_eq!(desk.listing(), before);
}

#[test]
fn a_text_file_that_is_not_utf8_is_read_and_the_guess_reported() {
    let desk = Desk::new();
    desk.file("article.txt", b"Mara Voss\nsat in the caf\xE9.\n");
    let args = ["score", "article.txt", "--subject", "Mara Voss"];
    let outcome = desk.run(&args);
    outcome.assert_success();
    assert!(
        outcome.stderr.contains("windows-1252"),
        "{}",
        outcome.stderr
    );
    desk.file("picture.txt", b"\x89PNG\r\n\0\0\0\xFF");
    desk.refuses(
        &[
            "score",
            "picture.txt",
            "--subject",
            "Mara Voss",
            "-o",
            "out",
        ],
        &["picture.txt: neither UTF-8", "save it as text in UTF-8"],
    );
}

#[test]
fn a_missing_column_is_named_with_the_nearest_one() {
    let desk = Desk::new();
    desk.file("sentences.csv", "sentnce,label\nMara Voss won.,favor\n");
    desk.file("codes.csv", "text,lable\nMara Voss won.,favor\n");
    desk.file(
        "codes.jsonl",
        "{\"text\": \"Mara Voss won.\", \"stance\": \"favor\"}\n",
    );
    desk.file("bodies.csv", "id,body\n1,Mara Voss won.\n");
    desk.file("named.csv", "text,label\nMara Voss won.,favor\n");
    let rows = [
        (
            "codes.csv",
            ["codes.csv:1:", "\"label\"", "lable", "--label-column lable"],
        ),
        (
            "codes.jsonl",
            [
                "codes.jsonl:1:",
                "\"label\"",
                "stance",
                "--label-column stance",
            ],
        ),
    ];
    for (file, parts) in rows {
        desk.refuses(&["train", file, "-o", "m"], &parts);
        desk.refuses(&["evaluate", file, "-o", "e"], &parts);
    }
    desk.refuses(
        &["train", "sentences.csv", "-o", "m"],
        &["sentences.csv:1:", "\"text\"", "sentnce", "--text-column"],
    );
    let parts = ["bodies.csv:1:", "\"text\"", "--text-column body"];
    desk.refuses(
        &["score", "bodies.csv", "--subject", "Mara Voss", "-o", "s"],
        &parts,
    );
    desk.refuses(
        &["compare", "bodies.csv", "--subject", "Mara Voss", "-o", "c"],
        &parts,
    );
    desk.refuses(
        &["train", "named.csv", "--label-column", "lab", "-o", "m"],
        &["named.csv:1:", "\"lab\"", "label"],
    );
}

#[test]
fn a_csv_row_with_too_few_fields_is_named() {
    let desk = Desk::new();
    desk.file(
        "rows.csv",
        "text,label,article\nMara Voss won.,favor,a\nMara Voss lost.,against\n",
    );
    let parts = ["rows.csv:3:", "found 2 fields", "the header has 3"];
    desk.refuses(&["train", "rows.csv", "-o", "m"], &parts);
    desk.refuses(&["evaluate", "rows.csv"], &parts);
    desk.refuses(
        &["score", "rows.csv", "--subject", "Mara Voss", "-o", "s"],
        &parts,
    );
    desk.refuses(
        &["compare", "rows.csv", "--subject", "Mara Voss", "-o", "c"],
        &parts,
    );
    desk.file("many.csv", "text,label\nMara Voss won, again.,favor\n");
    desk.refuses(
        &["train", "many.csv", "-o", "m"],
        &[
            "many.csv:2:",
            "found 3 fields",
            "the header has 2",
            "double quotes",
        ],
    );
}

#[test]
fn broken_json_is_named_with_its_line() {
    let desk = Desk::new();
    desk.file(
        "rows.jsonl",
        format!("{GOOD_ROW}\n{GOOD_ROW}{{\"text\": \"Mara Voss\n"),
    );
    desk.file("array.jsonl", "[{\"text\": \"Mara Voss\"}]\n");
    let parts = ["rows.jsonl:4:", "broken JSON at column"];
    desk.refuses(&["train", "rows.jsonl", "-o", "m"], &parts);
    desk.refuses(&["evaluate", "rows.jsonl"], &parts);
    for command in ["score", "compare"] {
        let run = |file, parts: &[&str]| {
            desk.refuses(
                &[command, file, "--subject", "Mara Voss", "-o", "out"],
                parts,
            )
        };
        run("rows.jsonl", &parts);
        run(
            "array.jsonl",
            &[
                "array.jsonl:1:",
                "a JSON array",
                "every line must be a JSON object",
            ],
        );
    }
}

#[test]
fn an_unclosed_quote_is_found_where_it_opens() {
    let desk = Desk::new();
    let mut csv = String::from("text,label\nMara Voss won.,favor\n\"Mara Voss lost.,against\n");
    for _ in 0..20 {
        csv.push_str("Mara Voss waved.,neutral\n");
    }
    desk.file("rows.csv", csv);
    let parts = [
        "rows.csv:3:",
        "a quote is opened in field 1 \"text\"",
        "20 lines",
        "close it",
    ];
    desk.refuses(&["train", "rows.csv", "-o", "m"], &parts);
    desk.refuses(
        &["score", "rows.csv", "--subject", "Mara Voss", "-o", "s"],
        &parts,
    );
}

#[test]
fn labels_half_recognised_come_with_the_remedies() {
    let desk = Desk::new();
    let row = |label| format!("{{\"text\": \"Mara Voss won.\", \"label\": \"{label}\"}}\n");
    desk.file(
        "rows.jsonl",
        [row("favor"), row("against"), row("pros")].concat(),
    );
    let parts = [
        "rows.jsonl:3:",
        "\"pros\" has no polarity",
        "against, favor",
        "--polarity pros=",
        "--task classes",
    ];
    desk.refuses(&["train", "rows.jsonl", "-o", "m"], &parts);
    desk.refuses(&["evaluate", "rows.jsonl", "--folds", "2"], &parts);
    desk.refuses(
        &["evaluate", "rows.jsonl"],
        &[
            "rows.jsonl:3:",
            "\"pros\" is not one of the model's classes",
            "negative, neutral, positive",
        ],
    );
    desk.file("odd.jsonl", [row("red"), row("blue")].concat());
    desk.refuses(
        &["train", "odd.jsonl", "--task", "stance", "-o", "m"],
        &[
            "odd.jsonl:2:",
            "\"blue\" has no polarity",
            "--polarity blue=",
        ],
    );
}

#[test]
fn one_class_is_not_enough() {
    let desk = Desk::new();
    desk.file("rows.jsonl", GOOD_ROW.repeat(4));
    let parts = [
        "rows.jsonl",
        "every row has the label \"favor\"",
        "at least two classes",
    ];
    desk.refuses(&["train", "rows.jsonl", "-o", "m"], &parts);
    desk.refuses(&["evaluate", "rows.jsonl", "--folds", "2"], &parts);
}

#[test]
fn a_subject_that_nothing_mentions_is_an_error() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(6));
    let args = [
        "--subject",
        "Tam Birk",
        "--alias",
        "the ferryman",
        "-o",
        "out",
    ];
    let parts = [
        "none of the 6 articles read mentions \"Tam Birk\" or \"the ferryman\"",
        "check the spelling",
        "--alias",
    ];
    for command in ["score", "compare"] {
        desk.refuses(&[&[command, "news.jsonl"], &args[..]].concat(), &parts);
        desk.refuses(
            &[&[command, "news.jsonl", "--keep-going"], &args[..]].concat(),
            &parts,
        );
    }
    desk.refuses(
        &[
            "score",
            "news.jsonl",
            "--all-articles",
            "--subject",
            "Tam Birk",
            "-o",
            "out",
        ],
        &["mentions \"Tam Birk\""],
    );
    desk.refuses(
        &["explain", "Mara Voss won.", "--subject", "Tam Birk"],
        &["does not mention \"Tam Birk\"", "check the spelling"],
    );
    desk.succeeds(&[
        "score",
        "news.jsonl",
        "--subject",
        "Mara Voss",
        "-o",
        "s.jsonl",
    ]);
    desk.refuses(
        &["compare", "s.jsonl", "--subject", "Tam Birk", "-o", "out"],
        &[
            "s.jsonl has no scores for \"Tam Birk\"",
            "\"Mara Voss\"",
            "score again",
        ],
    );
    desk.misused(&["score", "news.jsonl", "-o", "out"], &["--subject NAME"]);
    desk.misused(&["compare", "news.jsonl", "-o", "out"], &["--subject NAME"]);
}

#[test]
fn a_mention_outside_the_sentence_is_named() {
    let rows = [
        (
            "9",
            "99",
            [
                "\"from\" 9 to \"to\" 99",
                "outside the sentence",
                "14 characters",
            ],
        ),
        (
            "9",
            "4",
            [
                "\"from\" 9 is not before \"to\" 4",
                "half-open",
                "14 characters",
            ],
        ),
        (
            "5",
            "5",
            [
                "\"from\" 5 is not before \"to\" 5",
                "half-open",
                "14 characters",
            ],
        ),
        (
            "-1",
            "4",
            ["\"from\" is -1", "a whole number", "14 characters"],
        ),
        (
            "1.5",
            "4",
            ["\"from\" is 1.5", "a whole number", "14 characters"],
        ),
        (
            "null",
            "4",
            [
                "\"to\" stands alone",
                "needs \"from\" and \"to\"",
                "14 characters",
            ],
        ),
        (
            "1e30",
            "2e30",
            ["\"from\"", "a whole number", "14 characters"],
        ),
        (
            "0",
            "18446744073709551615",
            ["outside the sentence", "half-open", "14 characters"],
        ),
    ];
    for (from, to, parts) in rows {
        let desk = Desk::new();
        let bad = format!(
            "{{\"text\": \"Mara Voss wón.\", \"label\": \"favor\", \"from\": {from}, \"to\": {to}}}\n"
        );
        desk.file("rows.jsonl", format!("{GOOD_ROW}{bad}"));
        let parts: Vec<&str> = if from == "0" {
            vec!["outside the sentence", "14 characters"]
        } else {
            parts.to_vec()
        };
        let parts = [&["rows.jsonl:2:"], &parts[..]].concat();
        desk.refuses(&["train", "rows.jsonl", "-o", "m"], &parts);
        desk.refuses(&["evaluate", "rows.jsonl"], &parts);
    }
}

#[test]
fn a_folder_with_no_article_is_named_with_what_lies_in_it() {
    let desk = Desk::new();
    desk.file("pages/notes.docx", "x");
    fs::create_dir(desk.path("bare")).expect("made");
    for command in ["score", "compare"] {
        let run = |folder, parts: &[&str]| {
            desk.refuses(
                &[command, folder, "--subject", "Mara Voss", "-o", "out"],
                parts,
            )
        };
        run(
            "pages",
            &[
                "pages: nothing to read",
                "notes.docx (a word processor's document, not text)",
                ".txt, .html, .htm, .jsonl",
            ],
        );
        run("bare", &["bare: nothing to read", "the folder is empty"]);
        run("absent", &["absent: cannot open"]);
    }
    desk.refuses(
        &["train", "pages", "-o", "m"],
        &["pages: nothing to read", ".jsonl"],
    );
    desk.file("pages/a.txt", "Mara Voss won.");
    desk.refuses(
        &["train", "pages", "-o", "m"],
        &[
            "pages: nothing to read",
            "an article, not labelled sentences",
        ],
    );
    let refuses = |file, parts: &[&str]| {
        desk.file(file, "<p>Mara Voss won.</p>");
        desk.refuses(&["score", file, "--subject", "Mara Voss", "-o", "s"], parts);
    };
    refuses("page.md", &["page.md", "extension", "--input-format"]);
    refuses("page.pdf", &["page.pdf: a PDF is not read", "pdftotext"]);
    refuses("table.xlsx", &["table.xlsx: a spreadsheet", "CSV UTF-8"]);
}

/// Without the feature the files are met with how to get it, coming in and going out.
#[cfg(not(feature = "arrow"))]
#[test]
fn parquet_and_arrow_say_how_to_get_them() {
    const REMEDY: &str = "cargo install --path . --features arrow";
    let desk = Desk::new();
    desk.file("news.jsonl", "{\"text\": \"Mara Voss won.\"}\n");
    for file in ["news.parquet", "news.arrow", "news.feather.gz"] {
        desk.file(file, "PAR1");
        let args = ["score", file, "--subject", "Mara Voss"];
        desk.refuses(&args, &[file, REMEDY]);
        desk.refuses(&["train", file, "-o", "m"], &[file, REMEDY]);
    }
    desk.file("hidden.csv", "PAR1");
    let args = ["score", "hidden.csv", "--subject", "Mara Voss"];
    desk.refuses(&args, &["hidden.csv: a Parquet file", REMEDY]);
    for more in [
        ["-o", "s.parquet"],
        ["-o", "s.feather"],
        ["--format", "arrow"],
    ] {
        let args = ["score", "news.jsonl", "--subject", "Mara Voss"];
        let asked = desk.run(&[&args[..], &more].concat());
        asked.assert_refused(2, &[REMEDY]);
    }
    let args = ["score", "news.jsonl", "--subject", "Mara Voss"];
    let asked = desk.run(&[&args[..], &["--input-format", "parquet"]].concat());
    asked.assert_refused(2, &[REMEDY]);
}

/// Every command that reads a model, with the model `bad`.
fn refuses_model(desk: &Desk, parts: &[&str]) {
    for args in [
        &["inspect", "bad"][..],
        &[
            "explain",
            "Mara Voss won.",
            "--subject",
            "Mara Voss",
            "--model",
            "bad",
        ],
        &["evaluate", "small.jsonl", "--model", "bad", "-o", "out"],
        &[
            "score",
            "news.jsonl",
            "--subject",
            "Mara Voss",
            "--model",
            "bad",
            "-o",
            "out",
        ],
        &[
            "compare",
            "news.jsonl",
            "--subject",
            "Mara Voss",
            "--model",
            "bad",
            "-o",
            "out",
        ],
    ] {
        desk.refuses(args, parts);
    }
}

fn desk_with_model() -> (Desk, Vec<u8>) {
    let desk = Desk::new();
    train_small(&desk, "good");
    desk.file("news.jsonl", articles_jsonl(6));
    let model = desk.bytes("good");
    (desk, model)
}

#[test]
fn a_model_cut_anywhere_is_refused() {
    let (desk, model) = desk_with_model();
    let header = 8 + u64::from_le_bytes(model[..8].try_into().expect("eight bytes")) as usize;
    desk.file("bad", &model[..model.len() / 2]);
    refuses_model(&desk, &["error: bad: damaged", "copy or train it again"]);
    for (cut, kind) in [
        (0, "not a Standpoint model"),
        (7, "not a Standpoint model"),
        (8, "not a Standpoint model"),
        (header / 2, "damaged"),
        (header - 1, "damaged"),
        (header, "damaged"),
        (header + 1, "damaged"),
        (model.len() - 1, "damaged"),
    ] {
        desk.file("bad", &model[..cut]);
        desk.refuses(&["inspect", "bad"], &["error: bad: ", kind]);
    }
    // In the library, because a process a cut would take minutes.
    let path = desk.path("bad");
    for cut in (0..header)
        .step_by(3)
        .chain((header..model.len()).step_by(4999))
    {
        desk.file("bad", &model[..cut]);
        assert!(Classifier::load(&path).is_err(), "cut at {cut}");
    }
    desk.file("bad", [&model[..], b"more"].concat());
    desk.refuses(&["inspect", "bad"], &["error: bad: damaged"]);
}

#[test]
fn a_model_with_a_flipped_byte_is_refused() {
    let (desk, model) = desk_with_model();
    let header = 8 + u64::from_le_bytes(model[..8].try_into().expect("eight bytes")) as usize;
    let flip = |at: usize, bits: u8| {
        let mut bytes = model.clone();
        bytes[at] ^= bits;
        desk.file("bad", bytes);
    };
    flip(model.len() / 2, 0x40);
    refuses_model(
        &desk,
        &[
            "error: bad: damaged",
            "its digest does not match its contents",
            "copy or train it again",
        ],
    );
    let in_header = (0..header).step_by(header / 40);
    for at in in_header.chain((header..model.len()).step_by(model.len() / 20)) {
        flip(at, 0x01);
        desk.refuses(&["inspect", "bad"], &["error: bad: "]);
    }
    let path = desk.path("bad");
    let everywhere = (0..header)
        .step_by(2)
        .chain((header..model.len()).step_by(4999));
    for (i, at) in everywhere.enumerate() {
        let bits = [0x01, 0x80, 0xFF][i % 3];
        flip(at, bits);
        assert!(
            Classifier::load(&path).is_err(),
            "byte {at} flipped by {bits:#x}"
        );
    }
}

#[test]
fn a_model_of_a_newer_format_is_told_from_a_damaged_one() {
    let (desk, model) = desk_with_model();
    let old = br#"\"format\":1,"#;
    let at = memchr_of(&model, old);
    let mut newer = model.clone();
    newer[at + old.len() - 2] = b'9';
    desk.file("bad", newer);
    refuses_model(
        &desk,
        &[
            "error: bad: format 9",
            "reads up to 1",
            "install a newer standpoint",
        ],
    );
}

fn memchr_of(bytes: &[u8], part: &[u8]) -> usize {
    bytes
        .windows(part.len())
        .position(|window| window == part)
        .expect("the header names its format")
}

#[test]
fn a_file_that_is_no_model_is_refused() {
    let (desk, _) = desk_with_model();
    let foreign = |header: &str, data: &[u8]| {
        [
            &(header.len() as u64).to_le_bytes(),
            header.as_bytes(),
            data,
        ]
        .concat()
    };
    let other = r#"{"__metadata__":{"format":"pt"},"weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
    let bare = r#"{"weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
    for (name, bytes) in [
        ("empty", Vec::new()),
        (
            "text",
            b"These are my notes on Mara Voss, taken on Tuesday.\n".to_vec(),
        ),
        ("zeros", vec![0; 4096]),
        ("another program's", foreign(other, &[0; 8])),
        ("without metadata", foreign(bare, &[0; 8])),
        ("labelled rows", desk.bytes("small.jsonl")),
    ] {
        desk.file("bad", bytes);
        let parts = [
            "error: bad: not a Standpoint model",
            "standpoint train DATA -o MODEL",
        ];
        if name == "another program's" {
            refuses_model(&desk, &[&parts[..], &["of another program"]].concat());
        } else {
            desk.refuses(&["inspect", "bad"], &parts);
        }
    }
    let empty_ours = r#"{"__metadata__":{"standpoint":"{}"}}"#;
    desk.file("bad", foreign(empty_ours, &[]));
    desk.refuses(&["inspect", "bad"], &["error: bad: damaged"]);
    desk.refuses(&["inspect", "absent"], &["absent: cannot read"]);
    desk.refuses(&["inspect", "."], &[".: cannot read"]);
}

#[test]
fn an_output_folder_that_does_not_exist_is_named() {
    let (desk, _) = desk_with_model();
    for args in [
        &["train", "small.jsonl", "-o", "no/such/out"][..],
        &[
            "evaluate",
            "small.jsonl",
            "--model",
            "good",
            "-o",
            "no/such/out",
        ],
        &[
            "evaluate",
            "small.jsonl",
            "--folds",
            "2",
            "-o",
            "no/such/out",
        ],
        &[
            "score",
            "news.jsonl",
            "--subject",
            "Mara Voss",
            "-o",
            "no/such/out",
        ],
        &[
            "compare",
            "news.jsonl",
            "--subject",
            "Mara Voss",
            "-o",
            "no/such/out",
        ],
    ] {
        desk.refuses(
            args,
            &[
                "no/such/out: the folder no/such does not exist",
                "make it first",
            ],
        );
    }
    fs::create_dir(desk.path("out")).expect("made");
    desk.refuses(
        &["train", "small.jsonl", "-o", "out"],
        &["out is a folder", "name a file in it"],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let (desk, _) = desk_with_model();
    let commands = [
        &["evaluate", "small.jsonl", "--model", "good"][..],
        &["score", "news.jsonl", "--subject", "Mara Voss"],
        &[
            "score",
            "news.jsonl",
            "--subject",
            "Mara Voss",
            "--format",
            "csv",
        ],
        &[
            "score",
            "news.jsonl",
            "--subject",
            "Mara Voss",
            "--format",
            "text",
        ],
        &["compare", "news.jsonl", "--subject", "Mara Voss"],
    ];
    for args in commands {
        desk.refuses(
            &[args, &["-o", "/dev/full"]].concat(),
            &["No space left on device"],
        );
    }
    desk.refuses(
        &["train", "small.jsonl", "-o", "/dev/full"],
        &["/dev/full: cannot write", "No space left on device"],
    );
    let others = [
        &["inspect"][..],
        &["explain", "Mara Voss won.", "--subject", "Mara Voss"],
        &["train", "small.jsonl", "-o", "m2"],
        &["--help"],
    ];
    for args in commands.into_iter().chain(others) {
        let full = fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("Linux has one");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_standpoint"))
            .args(args)
            .current_dir(desk.path("."))
            .stdout(full)
            .output()
            .expect("the binary starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{args:?}: {stderr}");
        if args != ["--help"] {
            assert!(
                stderr.contains("No space left on device"),
                "{args:?}: {stderr}"
            );
        }
    }
}

#[test]
fn an_existing_output_file_survives_a_failure() {
    let (desk, _) = desk_with_model();
    desk.file("bad.jsonl", format!("{GOOD_ROW}{{oops\n"));
    desk.file("out", "yesterday's work");
    for args in [
        &["train", "bad.jsonl", "-o", "out"][..],
        &["evaluate", "bad.jsonl", "-o", "out"],
        &["score", "bad.jsonl", "--subject", "Mara Voss", "-o", "out"],
        &["score", "news.jsonl", "--subject", "Tam Birk", "-o", "out"],
        &[
            "compare",
            "bad.jsonl",
            "--subject",
            "Mara Voss",
            "-o",
            "out",
        ],
    ] {
        desk.refuses(args, &[]);
        assert_eq!(desk.bytes("out"), b"yesterday's work", "{args:?}");
    }
}

#[test]
fn a_cut_score_file_is_refused() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(12));
    let scores = desk
        .succeeds(&["score", "news.jsonl", "--subject", "Mara Voss"])
        .stdout;
    let n_lines = scores.iter().filter(|&&byte| byte == b'\n').count();
    desk.file("cut.jsonl", &scores[..scores.len() / 2]);
    desk.refuses(
        &["compare", "cut.jsonl", "-o", "out"],
        &["cut.jsonl:", "was the file cut"],
    );
    let lines: Vec<&[u8]> = scores.split_inclusive(|&byte| byte == b'\n').collect();
    for kept in [1, 2, n_lines - 1] {
        desk.file("cut.jsonl", lines[..kept].concat());
        desk.refuses(
            &["compare", "cut.jsonl", "-o", "out"],
            &["cut.jsonl", "was the file cut"],
        );
    }
    desk.file("cut.jsonl", &lines[0][..lines[0].len() / 2]);
    desk.refuses(
        &["compare", "cut.jsonl", "-o", "out"],
        &["cut.jsonl:1:", "standpoint score"],
    );
    desk.file("odd.jsonl", [lines[0], b"caf\xE9\n"].concat());
    desk.refuses(
        &["compare", "odd.jsonl", "-o", "out"],
        &["odd.jsonl:2:", "UTF-8"],
    );
}

#[test]
fn scores_of_two_models_are_not_mixed() {
    let (desk, _) = desk_with_model();
    let score = |model: &[&str], out: &str| {
        let args = ["score", "news.jsonl", "--subject", "Mara Voss", "-o", out];
        desk.succeeds(&[&args[..], model].concat());
    };
    score(&[], "one.jsonl");
    score(&["--model", "good"], "two.jsonl");
    desk.refuses(
        &["compare", "one.jsonl", "two.jsonl", "-o", "out"],
        &[
            "two.jsonl was scored by another model",
            "one.jsonl",
            "score both with one model",
        ],
    );
    desk.refuses(
        &["compare", "one.jsonl", "--model", "good", "-o", "out"],
        &[
            "one.jsonl was scored by model",
            "leave --model out or score again",
        ],
    );
    desk.misused(
        &[
            "compare",
            "one.jsonl",
            "news.jsonl",
            "--subject",
            "Mara Voss",
            "-o",
            "out",
        ],
        &[
            "one.jsonl is a score file and news.jsonl is not",
            "not both",
        ],
    );
    desk.succeeds(&["compare", "two.jsonl", "--model", "good", "-o", "out"]);
}

#[test]
fn a_label_the_model_lacks_is_named() {
    let (desk, _) = desk_with_model();
    desk.file(
        "test.csv",
        "text,label\nMara Voss won.,favor\nMara Voss won.,glowing\n",
    );
    desk.refuses(
        &["evaluate", "test.csv", "--model", "good", "-o", "out"],
        &["test.csv:3:", "\"glowing\"", "against, favor, neutral"],
    );
}

#[test]
fn a_weight_or_label_of_the_wrong_kind_is_named() {
    for (field, parts) in [
        ("\"weight\": -1", ["\"weight\" is -1", "0 or greater"]),
        (
            "\"weight\": \"heavy\"",
            ["\"weight\" is \"heavy\"", "a finite number"],
        ),
        (
            "\"label\": [\"favor\", \"none\"]",
            ["a list of 2 labels", "--task frames"],
        ),
        ("\"label\": \"\"", ["empty", "\"label\""]),
        ("\"text\": \" \"", ["empty", "\"text\""]),
        ("\"text\": 5", ["\"text\"", "a number (5)"]),
    ] {
        let desk = Desk::new();
        let mut row: Value = json!({"text": "Mara Voss won.", "label": "favor"});
        let odd: Value = serde_json::from_str(&format!("{{{field}}}")).expect("JSON");
        for (name, value) in odd.as_object().expect("an object") {
            row[name] = value.clone();
        }
        desk.file("rows.jsonl", format!("{GOOD_ROW}{row}\n"));
        let parts = [&["rows.jsonl:2:"], &parts[..]].concat();
        desk.refuses(&["train", "rows.jsonl", "-o", "m"], &parts);
    }
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let (desk, _) = desk_with_model();
    let rows: [(&[&str], &[&str]); 12] = [
        (
            &["train", "small.jsonl", "-o", "m", "--threads", "0"],
            &["--threads is 0", "at least 1"],
        ),
        (
            &["train", "small.jsonl", "-o", "m", "--foldz", "3"],
            &["--foldz", "--folds"],
        ),
        (&["train", "small.jsonl"], &["--output"]),
        (&["train", "-o", "m"], &["DATA"]),
        (
            &["train", "small.jsonl", "-o", "m", "--folds", "1"],
            &["between 2 and 100"],
        ),
        (&["train", "small.jsonl", "-o", "m", "--l2=-3"], &["l2"]),
        (
            &["train", "small.jsonl", "-o", "m", "--polarity", "pros"],
            &["pros=1"],
        ),
        (
            &["train", "small.jsonl", "-o", "m", "--polarity", "pros=5"],
            &["-1, 0, 1"],
        ),
        (
            &["evaluate", "small.jsonl", "--folds", "3", "--model", "good"],
            &["--model"],
        ),
        (
            &["score", "news.jsonl", "--alias", "Voss", "-o", "s"],
            &["--subject"],
        ),
        (
            &["score", "news.jsonl", "--subject", " ", "-o", "s"],
            &["subject"],
        ),
        (&["portray"], &["portray"]),
    ];
    for (args, parts) in rows {
        desk.misused(args, parts);
    }
    // Once tried to start as many, for ten minutes.
    desk.misused(
        &["inspect", "good", "--threads", "100000000000"],
        &["--threads is 100000000000", "at most 1024"],
    );
    desk.misused(
        &["train", "small.jsonl", "-o", "m", "--input-format", "txt"],
        &["labelled sentences are not read as txt", "jsonl, csv, tsv"],
    );
    desk.misused(
        &[
            "score",
            "-",
            "--input-format",
            "docx",
            "--subject",
            "Mara Voss",
        ],
        &["docx", "txt, html, jsonl, csv, tsv"],
    );
    desk.refuses(
        &["score", "-", "--subject", "Mara Voss"],
        &["standard input", "--input-format"],
    );
}

#[test]
fn keep_going_turns_bad_records_into_a_count_and_a_list() {
    let desk = Desk::new();
    let mut rows = labelled_jsonl(&sentences());
    rows.push_str("{oops\n{\"text\": \"Mara Voss won.\"}\n");
    let _ = writeln!(
        rows,
        "{{\"text\": \"Mara Voss won.\", \"label\": \"favor\", \"from\": 3, \"to\": 99}}"
    );
    desk.file("rows.jsonl", rows);
    desk.refuses(&["train", "rows.jsonl", "-o", "m"], &["rows.jsonl:61:"]);
    let outcome = desk.succeeds(&["train", "rows.jsonl", "-o", "m", "--keep-going"]);
    for part in [
        "rows.jsonl:61:",
        "rows.jsonl:62:",
        "rows.jsonl:63:",
        "3 of 63 records could not be used",
    ] {
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    assert!(
        outcome.text().starts_with("60 sentences"),
        "{}",
        outcome.text()
    );
    let evaluation = desk.json(&[
        "evaluate",
        "rows.jsonl",
        "--model",
        "m",
        "--keep-going",
        "--format",
        "json",
    ]);
    assert_eq!(evaluation["n"], 60);

    desk.file("news.jsonl", format!("{{oops\n{}", articles_jsonl(12)));
    let news = ["news.jsonl", "--subject", "Mara Voss"];
    desk.refuses(&[&["score"], &news[..]].concat(), &["news.jsonl:1:"]);
    let outcome = desk.succeeds(&[&["score", "--keep-going"], &news[..]].concat());
    let (run, scores) = outcome.scores();
    assert_eq!(
        (&run["coverage"]["n_read"], &run["coverage"]["n_bad"]),
        (&json!(12), &json!(1))
    );
    assert_eq!(scores.len(), 12);
    assert!(
        outcome.stderr.contains("1 of 13 records could not be used"),
        "{}",
        outcome.stderr
    );
    let comparison =
        desk.json(&[&["compare", "--keep-going", "--format", "json"], &news[..]].concat());
    assert_eq!(comparison["n_read"], 12);
    assert!(
        comparison["notes"]
            .to_string()
            .contains("could not be used"),
        "{}",
        comparison["notes"]
    );

    desk.file("hopeless.jsonl", "{oops\n{oops\n");
    desk.refuses(
        &["train", "hopeless.jsonl", "-o", "m2", "--keep-going"],
        &["hopeless.jsonl:1:", "broken JSON"],
    );
}

#[test]
fn a_damaged_packed_file_is_named() {
    use std::io::Write;
    let desk = Desk::new();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder
        .write_all(articles_jsonl(40).as_bytes())
        .expect("packed");
    let packed = encoder.finish().expect("packed");
    desk.file("news.jsonl.gz", &packed[..packed.len() / 2]);
    desk.refuses(
        &[
            "score",
            "news.jsonl.gz",
            "--subject",
            "Mara Voss",
            "-o",
            "s",
        ],
        &["news.jsonl.gz", "gzip", "the file was cut"],
    );
    let training = repository("training-data/articles");
    desk.refuses(
        &[
            "compare",
            &training,
            "news.jsonl.gz",
            "--subject",
            "Dana Verrick",
            "-o",
            "c",
        ],
        &["news.jsonl.gz", "gzip", "the file was cut"],
    );
}

#[test]
fn keep_going_leaves_out_labels_and_subjects_that_cannot_be_used() {
    let (desk, _) = desk_with_model();
    let mut rows = labelled_jsonl(&sentences());
    for (label, subject) in [("glowing", "Mara Voss"), ("favor", "!!!")] {
        let row = json!({"text": "Mara Voss won.", "label": label, "subject": subject});
        let _ = writeln!(rows, "{row}");
    }
    desk.file("rows.jsonl", rows);
    let listed = |report: &Value| {
        assert_eq!(report["input"]["n_bad"], 2, "{report}");
        let bad = &report["input"]["bad"];
        let places: Vec<_> = [0, 1]
            .map(|i| (bad[i]["file"].clone(), bad[i]["line"].clone()))
            .into();
        let expected = [61, 62].map(|line| (json!("rows.jsonl"), json!(line)));
        assert_eq!(places, expected);
        let problem = |i: usize| bad[i]["problem"].as_str().expect("words");
        assert!(problem(0).contains("\"glowing\""), "{bad}");
        assert!(problem(1).contains("!!!"), "{bad}");
    };
    let keep_going = ["--keep-going", "--format", "json"];
    for args in [
        &["evaluate", "rows.jsonl", "--model", "good"][..],
        &["evaluate", "rows.jsonl", "--folds", "3"],
        &["train", "rows.jsonl", "-o", "m"],
    ] {
        desk.refuses(args, &["rows.jsonl:61:", "\"glowing\""]);
        let outcome = desk.succeeds(&[args, &keep_going[..]].concat());
        listed(&outcome.json());
        assert!(
            outcome.stderr.contains("2 more records could not be used"),
            "{}",
            outcome.stderr
        );
    }
    let mut rows = labelled_jsonl(&sentences());
    rows = rows.replace(
        "\"neutral\",\"subject\":\"Mara Voss\"",
        "\"neutral\",\"subject\":\"!!!\"",
    );
    desk.file("lost.jsonl", rows);
    desk.refuses(
        &["train", "lost.jsonl", "-o", "m2", "--keep-going"],
        &["class \"neutral\" has no row that can be used", "!!!"],
    );
    desk.file(
        "hopeless.csv",
        "text,label\nMara Voss won.,glowing\nMara Voss won.,dim\n",
    );
    desk.refuses(
        &[
            "evaluate",
            "hopeless.csv",
            "--model",
            "good",
            "--keep-going",
        ],
        &["hopeless.csv:2:", "\"glowing\""],
    );
}

#[test]
fn options_that_change_nothing_about_scores_are_refused() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(6));
    let score = |alias: &[&str], out: &str| {
        let args = ["score", "news.jsonl", "--subject", "Mara Voss", "-o", out];
        desk.succeeds(&[&args[..], alias].concat());
    };
    score(&[], "plain.jsonl");
    score(&["--alias", "the chair"], "alias.jsonl");
    desk.refuses(
        &["compare", "plain.jsonl", "alias.jsonl"],
        &[
            "plain.jsonl was scored for \"Mara Voss\" with no alias",
            "alias.jsonl with the alias \"the chair\"",
            "score both with the same --alias",
        ],
    );
    let subject = ["--subject", "Mara Voss", "--alias", "the chair"];
    desk.misused(
        &[&["compare", "plain.jsonl"], &subject[..]].concat(),
        &["--alias", "plain.jsonl holds scores", "score again"],
    );
    for option in ["--outlet-column", "--outlet", "--text-column"] {
        desk.misused(
            &["compare", "plain.jsonl", option, "source"],
            &[option, "plain.jsonl holds scores", "leave it out"],
        );
    }
    desk.misused(
        &["compare", "plain.jsonl", "--input-format", "jsonl"],
        &["--input-format", "plain.jsonl holds scores"],
    );
    // A folder is one of articles.
    desk.file("folder/s.jsonl", desk.bytes("plain.jsonl"));
    for command in ["compare", "score"] {
        desk.refuses(
            &[command, "folder", "--subject", "Mara Voss"],
            &["s.jsonl holds scores, not articles", "standpoint compare"],
        );
    }
    // A digest is shortened in messages; an edited one may be anything.
    let edited = String::from_utf8(desk.bytes("plain.jsonl")).expect("UTF-8");
    let at = edited.find("\"model\":\"").expect("a digest") + 9;
    desk.file(
        "edited.jsonl",
        format!("{}ééééééééé{}", &edited[..at], &edited[at + 9..]),
    );
    desk.refuses(
        &["compare", "plain.jsonl", "edited.jsonl"],
        &["edited.jsonl was scored by another model"],
    );
}

#[test]
fn control_characters_in_labels_do_not_reach_the_terminal() {
    let desk = Desk::new();
    let rows = labelled_jsonl(&sentences()).replace("\"neutral\"", "\"\\u001b[31mred\"");
    desk.file("rows.jsonl", rows);
    let refused = desk.refuses(&["train", "rows.jsonl", "-o", "m"], &["[31mred"]);
    assert!(!refused.stderr.contains('\u{1b}'), "{}", refused.stderr);
    let train = ["train", "rows.jsonl", "-o", "m", "--task", "classes"];
    for args in [
        &train[..],
        &["inspect", "m"],
        &["evaluate", "rows.jsonl", "--model", "m"],
        &["explain", "Mara Voss won.", "--model", "m"],
    ] {
        let outcome = desk.succeeds(args);
        assert!(outcome.text().contains("[31mred"), "{}", outcome.text());
        assert!(!outcome.text().contains('\u{1b}'), "{args:?}");
    }
}

#[test]
fn too_little_to_train_on_is_said_in_words() {
    let desk = Desk::new();
    desk.file(
        "two.csv",
        "text,label,article\nGood.,favor,a\nBad.,against,b\n",
    );
    desk.refuses(
        &["train", "two.csv", "-o", "m"],
        &[
            "no feature occurs in 2 sentences",
            "to train on; lower --min-df",
        ],
    );
    // Every neutral sentence is in one article: the fold that leaves it out has none to train on.
    let mut rows: Vec<_> = sentences();
    for row in &mut rows {
        if row.1 == "neutral" {
            row.2 = "one".into();
        }
    }
    desk.file("rows.jsonl", labelled_jsonl(&rows));
    desk.refuses(
        &["train", "rows.jsonl", "-o", "m", "--solver", "linfa"],
        &[
            "class \"neutral\" has no rows",
            "perhaps in one fold only",
            "--solver newton",
        ],
    );
}

#[test]
fn a_list_of_speakers_that_cannot_be_used_is_named_with_its_line() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(3));
    let rows: [(&str, &str, &[&str]); 18] = [
        (
            "a.csv",
            "speaker,camp\nIda Holt,\n",
            &["a.csv:2: row has no \"camp\"", "every row names"],
        ),
        (
            "b.csv",
            "speaker,camp\nA B,x\n ,x\n",
            &["b.csv:3: row has no \"speaker\""],
        ),
        (
            "c.csv",
            "speaker\nIda Holt\n",
            &[
                "c.csv:1: no column \"camp\"; found: speaker",
                "--camp-column COLUMN",
            ],
        ),
        (
            "d.csv",
            "Name;Side\nIda Holt;x\n",
            &["d.csv:1: no column \"speaker\"", "--speaker-column Name"],
        ),
        (
            "e.csv",
            "speaker,camp\n",
            &["e.csv: no records; only a header"],
        ),
        ("f.csv", "", &["f.csv: no records; the file is empty"]),
        (
            "g.csv",
            "speaker,camp\nIda Holt,x\n\nSen. Ida Holt,y\n",
            &[
                "g.csv:4: \"Sen. Ida Holt\" is in the camp \"y\" here",
                "\"x\" on line 2",
            ],
        ),
        (
            "h.csv",
            "speaker,camp\nIda Holt,x\nPaul Orr,X\n",
            &["h.csv:3: the camp \"X\" is written \"x\" on line 2"],
        ),
        (
            "i.csv",
            "speaker,camp\n??,x\n",
            &["i.csv:2: \"??\" is no name"],
        ),
        (
            "j.toml",
            "[camps]\nx = []\n",
            &["j.toml:2: the camp \"x\" has no speakers"],
        ),
        (
            "k.toml",
            "[camps]\nx = [\"Ida Holt\",\n  \" \"]\n",
            &["k.toml:3: an empty name in the camp \"x\""],
        ),
        (
            "l.toml",
            "[camps]\nx = [\"Ida Holt\"]\ny = [\"Paul Orr\",\n  \"Ida Holt\"]\n",
            &[
                "l.toml:4: \"Ida Holt\" is in the camp \"y\" here",
                "\"x\" on line 2",
            ],
        ),
        (
            "m.toml",
            "x = [\"Ida Holt\"]\n",
            &["m.toml:1: unknown field `x`", "[camps] critics = "],
        ),
        ("n.toml", "[camps]\n", &["n.toml: no camps"]),
        (
            "o.toml",
            "[camps]\nx = \"Ida Holt\"\n",
            &["o.toml:2: invalid type"],
        ),
        (
            "p.txt",
            "Ida Holt",
            &["p.txt: its extension does not tell the format of a table"],
        ),
        (
            "q.xlsx",
            "PK",
            &["q.xlsx: a spreadsheet is not read", "CSV"],
        ),
        (
            "r.csv",
            "speaker,camp\n\"Ida Holt,x\n",
            &["r.csv:2:", "never closed"],
        ),
    ];
    for (name, content, parts) in rows {
        desk.file(name, content);
        for command in ["score", "compare"] {
            let args = [
                command,
                "news.jsonl",
                "--subject",
                "Mara Voss",
                "--speakers",
                name,
            ];
            desk.refuses(&[&args[..], &["-o", "out.json"]].concat(), parts);
        }
    }
    let compare = ["compare", "news.jsonl", "--subject", "Mara Voss"];
    desk.file("folder/a.csv", "speaker,camp\n");
    for (list, part) in [
        ("none.csv", "none.csv: cannot open"),
        ("folder", "folder: a folder; name one file"),
        ("-", "-: standard input is not read here"),
    ] {
        desk.refuses(&[&compare[..], &["--speakers", list]].concat(), &[part]);
    }
    desk.misused(
        &[&compare[..], &["--camp-column", "x"]].concat(),
        &["--speakers"],
    );
    let columns = ["--speakers", "j.toml", "--camp-column", "x"];
    desk.misused(&[&compare[..], &columns].concat(), &["j.toml is TOML"]);
    let overwriting = ["--speakers", "a.csv", "-o", "a.csv"];
    desk.misused(
        &[&compare[..], &overwriting].concat(),
        &["a.csv is both input and output"],
    );
    desk.succeeds(
        &[
            &["score", "news.jsonl", "--subject", "Mara Voss"][..],
            &["-o", "s.jsonl"],
        ]
        .concat(),
    );
    desk.refuses(
        &["compare", "s.jsonl", "--speakers", "g.csv"],
        &["g.csv:4:"],
    );
}

#[test]
fn what_contradicts_a_plan_or_names_what_is_not_there_is_refused_by_name() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(9));
    desk.file(
        "plan.toml",
        "subject = \"Mara Voss\"\nmin-articles = 5\nlevel = 0.9\nseed = 7\n",
    );
    let plan = |more: &[&'static str]| -> Vec<&'static str> {
        [&["compare", "news.jsonl", "--plan", "plan.toml"], more].concat()
    };
    for (more, parts) in [
        (
            &["--subject", "Tom Reed"][..],
            &["--subject \"Tom Reed\"", "plan.toml", "\"Mara Voss\""][..],
        ),
        (&["--min-articles", "3"], &["--min-articles 3", "says 5"]),
        (&["--level", "0.95"], &["--level 0.95", "says 0.9"]),
        (&["--seed", "1"], &["--seed 1", "says 7"]),
    ] {
        desk.misused(&plan(more), parts);
    }
    desk.file("plan.toml", "subject = \"Mara Voss\"\nfamly = [\"Dawn\"]\n");
    desk.refuses(&plan(&[]), &["plan.toml:2", "famly", "family"]);
    desk.file(
        "plan.toml",
        "subject = \"Mara Voss\"\nfamily = [\"Dawn\", \"The Dwan\"]\n",
    );
    desk.refuses(&plan(&[]), &["not in the data", "\"The Dwan\""]);
    desk.file("plan.toml", "subject = \"Mara Voss\"\nmodel = \"abcdef\"\n");
    desk.refuses(&plan(&[]), &["for model abcdef"]);
    let compare = |more: &[&'static str]| -> Vec<&'static str> {
        [&["compare", "news.jsonl", "--subject", "Mara Voss"], more].concat()
    };
    desk.file("groups.csv", "outlet,group\nDawn,north\nDwan,south\n");
    desk.refuses(
        &compare(&["--group-by", "groups.csv"]),
        &["--group-by", "\"Dwan\"", "outlets are: \"Dawn\""],
    );
    desk.file("groups.csv", "outlet,group\nDawn,north\nDawn,south\n");
    desk.refuses(
        &compare(&["--group-by", "groups.csv"]),
        &["groups.csv:3", "\"Dawn\"", "groups.csv:2"],
    );
    desk.file("groups.csv", "outlet,side\nDawn,north\n");
    desk.refuses(&compare(&["--group-by", "groups.csv"]), &["group"]);
    desk.refuses(&compare(&["--group-by", "absent.csv"]), &["absent.csv"]);
    desk.misused(
        &compare(&["--by", "secton"]),
        &["secton", "story, genre, month"],
    );
    desk.misused(
        &compare(&["--level", "1.5"]),
        &["--level 1.5", "0.5 to 0.999"],
    );
    desk.misused(&compare(&["--effect", "0"]), &["--effect 0"]);
    desk.misused(&compare(&["--min-articles", "1"]), &["--min-articles 1"]);
    desk.misused(
        &compare(&["--contrast", "Mara Voss", "Nobody"]),
        &["\"Nobody\" is none of the subjects"],
    );
    desk.misused(&compare(&["--contrast", "Mara Voss", ""]), &["each side"]);
    desk.misused(&compare(&["--contrast", "Mara Voss"]), &["--contrast"]);
    desk.file("others.toml", "[[subject]]\nname = \"Mara Voss\"\n");
    desk.misused(
        &compare(&["--reference", "others.toml"]),
        &["\"Mara Voss\" is the subject and a reference"],
    );
}

#[test]
fn outlets_and_dates_written_in_several_ways_are_noted_by_name() {
    let desk = Desk::new();
    let row = |outlet: &str, date: &str, i: usize| {
        format!(
            "{{\"id\":\"a{i}\",\"outlet\":\"{outlet}\",\"date\":\"{date}\",\"text\":\"Mara Voss met the board on day {i}.\"}}\n"
        )
    };
    let dates = ["2021-03-02", "March 2, 2021", "03/02/2021", "tomorrow"];
    let rows: String = ["Dawn", "dawn", "Dusk", "Dusk Online"]
        .iter()
        .enumerate()
        .map(|(i, outlet)| row(outlet, dates[i % 4], i))
        .chain([row("Dusk", "2. 3. 2021", 9)])
        .collect();
    desk.file("news.jsonl", rows);
    let comparison = desk.json(&[
        "compare",
        "news.jsonl",
        "--subject",
        "Mara Voss",
        "--by",
        "month",
        "--format",
        "json",
    ]);
    let notes = comparison["notes"].as_array().expect("notes");
    for (code, part) in [
        ("outlets_same_but_for_case", "\"Dawn\" and \"dawn\""),
        ("outlets_alike", "\"Dusk\" and \"Dusk Online\""),
        ("dates_without_month", "Dusk Online 1"),
    ] {
        let note = notes.iter().find(|note| note["code"] == code);
        let text = note.unwrap_or_else(|| panic!("no {code} in {notes:?}"))["text"].to_string();
        assert!(text.replace("\\\"", "\"").contains(part), "{text}");
    }
}

#[test]
fn scores_that_no_model_gave_are_refused_with_their_line() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(4));
    desk.succeeds(&[
        "score",
        "news.jsonl",
        "--subject",
        "Mara Voss",
        "-o",
        "s.jsonl",
    ]);
    let whole = String::from_utf8(desk.bytes("s.jsonl")).expect("UTF-8");
    let lines: Vec<&str> = whole.lines().collect();
    let edited = |at: usize, edit: &dyn Fn(&mut serde_json::Value)| -> String {
        let mut lines: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
        let mut value = serde_json::from_str(&lines[at]).expect("JSON");
        edit(&mut value);
        lines[at] = value.to_string();
        lines.join("\n") + "\n"
    };
    type Edit<'e> = &'e dyn Fn(&mut serde_json::Value);
    let edits: [(usize, Edit<'_>, &str); 5] = [
        (
            1,
            &|v| v["net_stance"] = 5.into(),
            "e.jsonl:2: net_stance is 5",
        ),
        (
            2,
            &|v| v["sentences"][0]["probabilities"]["neutral"] = (-0.5).into(),
            "e.jsonl:3: a probability is -0.5",
        ),
        (2, &|v| v["n"] = 1000.into(), "e.jsonl:3: n is 1000"),
        (
            0,
            &|v| v["run"]["polarity"] = serde_json::json!([1]),
            "e.jsonl:1: polarity has 1 values for 3 classes",
        ),
        (
            0,
            &|v| v["run"]["classes"] = serde_json::json!([]),
            "e.jsonl:1: classes are []",
        ),
    ];
    for (at, edit, message) in edits {
        desk.file("e.jsonl", edited(at, edit));
        desk.refuses(&["compare", "e.jsonl"], &[message, "score again"]);
    }
    // A mention before its sentence hurts nothing.
    desk.file(
        "e.jsonl",
        edited(1, &|v| {
            v["sentences"][0]["mentions"][0]["span"] = serde_json::json!([0, 0])
        }),
    );
    desk.succeeds(&["compare", "e.jsonl", "--words", "--min-articles", "3"]);
}
