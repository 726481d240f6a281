//! What the integration tests share: a folder to work in, the binary run in it, and invented data.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A temporary folder in which the binary runs, so that messages name files as the test does.
pub struct Desk {
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    pub command: String,
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Desk {
    pub fn new() -> Desk {
        Desk {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, its folders included.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folders made");
        fs::write(path, content).expect("file written");
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Every file and folder, hidden ones included.
    pub fn listing(&self) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        let mut folders = vec![self.folder.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("readable") {
                let path = entry.expect("readable").path();
                if path.is_dir() {
                    folders.push(path.clone());
                }
                found.insert(path);
            }
        }
        found
    }

    pub fn command(&self) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_standpoint"));
        command.current_dir(self.folder.path());
        // Whatever colours the tester likes.
        command.env_remove("CLICOLOR_FORCE");
        command
    }

    /// Runs the binary with `args`.
    pub fn run(&self, args: &[&str]) -> Outcome {
        self.run_with(args, Vec::new())
    }

    /// The same with something on standard input.
    pub fn run_with(&self, args: &[&str], stdin: impl Into<Vec<u8>>) -> Outcome {
        let output = self
            .command()
            .args(args)
            .write_stdin(stdin)
            .output()
            .expect("the binary starts");
        Outcome {
            command: args.join(" "),
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }

    /// Runs the binary and expects success.
    pub fn succeeds(&self, args: &[&str]) -> Outcome {
        let outcome = self.run(args);
        outcome.assert_success();
        outcome
    }

    /// Runs the binary and expects JSON.
    pub fn json(&self, args: &[&str]) -> Value {
        self.succeeds(args).json()
    }

    /// Runs the binary and expects it to fail properly: exit code 1, nothing on standard output, no file made or changed, no panic,
    /// every one of `parts` in the message, and the message said once.
    pub fn refuses(&self, args: &[&str], parts: &[&str]) -> Outcome {
        self.refuses_with(1, args, parts)
    }

    /// The same for wrong usage: exit code 2.
    pub fn misused(&self, args: &[&str], parts: &[&str]) -> Outcome {
        self.refuses_with(2, args, parts)
    }

    fn refuses_with(&self, code: i32, args: &[&str], parts: &[&str]) -> Outcome {
        let before = self.listing();
        let outcome = self.run(args);
        outcome.assert_refused(code, parts);
        assert_eq!(
            self.listing(),
            before,
            "{}: files came or went",
            outcome.command
        );
        outcome
    }
}

impl Outcome {
    pub fn assert_success(&self) {
        assert_eq!(self.code, Some(0), "{}:\n{}", self.command, self.stderr);
        self.assert_no_panic();
    }

    pub fn assert_no_panic(&self) {
        assert!(
            !self.stderr.contains("panicked"),
            "{}:\n{}",
            self.command,
            self.stderr
        );
    }

    pub fn assert_refused(&self, code: i32, parts: &[&str]) {
        let Outcome {
            command, stderr, ..
        } = self;
        self.assert_no_panic();
        assert_eq!(self.code, Some(code), "{command}:\n{stderr}");
        assert!(self.stdout.is_empty(), "{command}: wrote {}", self.text());
        for part in parts {
            assert!(
                stderr.contains(part),
                "{command}: no \"{part}\" in\n{stderr}"
            );
        }
        let error = stderr
            .lines()
            .find_map(|line| line.strip_prefix("error: "))
            .unwrap_or_else(|| panic!("{command}: no error in\n{stderr}"));
        let (beginning, end) = error.split_at(
            (0..=error.len() / 2)
                .rev()
                .find(|&at| error.is_char_boundary(at))
                .expect("0 is one"),
        );
        let beginning = beginning.trim_end_matches([' ', ':']);
        assert!(
            beginning.is_empty() || !end.contains(beginning),
            "{command}: the message is said twice: {error}"
        );
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.stdout.clone()).expect("output is UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|e| panic!("{}: {e} in\n{}", self.command, self.text()))
    }

    /// The lines of a score file: its run and its scores.
    pub fn scores(&self) -> (Value, Vec<Value>) {
        scores_of(&self.text())
    }
}

pub fn scores_of(text: &str) -> (Value, Vec<Value>) {
    let mut lines = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")));
    let first: Value = lines.next().expect("a first line");
    (first["run"].clone(), lines.collect())
}

/// A path in the repository.
pub fn repository(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(path)
        .display()
        .to_string()
}

/// The characters of `text` from `span[0]` to `span[1]`.
pub fn characters(text: &str, span: &Value) -> String {
    let at = |i: usize| span[i].as_u64().expect("an offset") as usize;
    assert!(at(1) <= text.chars().count(), "{span} ends outside");
    text.chars().skip(at(0)).take(at(1) - at(0)).collect()
}

/// One labelled sentence: text, label, article.
pub type Labelled = (String, &'static str, String);

/// Sixty sentences about Mara Voss in three classes, five an article, with enough words in common to learn from.
pub fn sentences() -> Vec<Labelled> {
    const PLACES: [&str; 4] = [
        "in the harbor",
        "at the school",
        "on the hill",
        "by the mill",
    ];
    const KINDS: [(&str, [&str; 5]); 3] = [
        (
            "against",
            [
                "Neighbours blame Mara Voss for the shameful delay",
                "Mara Voss broke another promise and lied about it",
                "It was a reckless failure, and Mara Voss knew it",
                "Mara Voss wasted the money and blamed the clerks",
                "Nobody trusts Mara Voss after the shameful vote",
            ],
        ),
        (
            "favor",
            [
                "Neighbours thank Mara Voss for the splendid work",
                "Mara Voss kept every promise and told the truth",
                "It was a careful success, and Mara Voss earned it",
                "Mara Voss saved the money and thanked the clerks",
                "Everybody trusts Mara Voss after the honest vote",
            ],
        ),
        (
            "neutral",
            [
                "Mara Voss arrived on Tuesday for the meeting",
                "The meeting with Mara Voss lasted two hours",
                "Mara Voss chairs the committee, which met again",
                "A clerk read the agenda while Mara Voss listened",
                "Mara Voss will attend the meeting on Friday",
            ],
        ),
    ];
    let mut rows = Vec::new();
    for (p, place) in PLACES.iter().enumerate() {
        for (label, texts) in KINDS {
            for (i, text) in texts.iter().enumerate() {
                rows.push((format!("{text} {place}."), label, format!("a{p}-{i}")));
            }
        }
    }
    rows
}

/// JSON lines of `rows` with the subject by name.
pub fn labelled_jsonl(rows: &[Labelled]) -> String {
    let mut text = String::new();
    for (sentence, label, article) in rows {
        let row =
            json!({"text": sentence, "label": label, "article": article, "subject": "Mara Voss"});
        let _ = writeln!(text, "{row}");
    }
    text
}

/// `n` articles of three outlets on Mara Voss, as JSON lines; some of the text is not ASCII.
pub fn articles_jsonl(n: usize) -> String {
    const OUTLETS: [&str; 3] = ["Dawn", "Dusk", "Noon"];
    let rows = sentences();
    let mut text = String::new();
    for i in 0..n {
        let pick = |k: usize| rows[(i * 7 + k * 11) % rows.len()].0.as_str();
        let body = format!(
            "{}\n\nThe café was full 🎉 that day. “{}” said Ünal Őz. {}\n\nIt rained — nobody minded. {}\n",
            pick(0),
            pick(1).trim_end_matches('.'),
            pick(2),
            pick(3)
        );
        let row = json!({
            "id": format!("n{i}"), "outlet": OUTLETS[i % 3], "title": format!("The day of No. {i}"),
            "date": format!("2020-05-{:02}", i % 28 + 1), "story": format!("s{}", i % 4), "genre": "news",
            "section": format!("B{}", i % 2), "words": i, "text": body,
        });
        let _ = writeln!(text, "{row}");
    }
    text
}

/// Trains `name` on [`sentences`].
pub fn train_small(desk: &Desk, name: &str) {
    desk.file("small.jsonl", labelled_jsonl(&sentences()));
    desk.succeeds(&[
        "train",
        "small.jsonl",
        "-o",
        name,
        "--vectors",
        "none",
        "-q",
    ]);
}
