//! Markdown, LaTeX and colours with the real binary, on outlets whose names are full of signs that these formats read as commands.

mod common;

use common::{Desk, repository};
use serde_json::json;

/// Names that markdown, HTML and LaTeX would read as more than words.
const OUTLETS: [&str; 5] = [
    "a|b",
    "_x_ *y* `z`",
    "<script>alert(1)</script>",
    "100%_&#$\\ {q}~^",
    "[Żółw] -1 \u{202e}\u{1b}[31m",
];

/// Twelve articles an outlet, some good and some bad.
fn hostile(desk: &Desk) {
    let said = [
        "Dana Verrick did a brilliant job and won praise.",
        "Dana Verrick lied and failed the city.",
        "\"Dana Verrick is a | disgrace, 100% _bad_ & <b>\\corrupt</b>,\" said Ida Holt.",
    ];
    let mut lines = String::new();
    for (o, outlet) in OUTLETS.iter().enumerate() {
        for i in 0..12 {
            let text = format!(
                "{} {} It was visit {i} to pier {o}{i} in {} weeks.",
                said[(i + o) % 3],
                said[(i * 2 + 1) % 3],
                o * 31 + i * 7
            );
            let article = json!({
                "id": format!("{o}-{i}"),
                "outlet": outlet,
                "title": "Dana Verrick & co",
                "date": format!("2024-0{}-11", 1 + i % 3),
                "text": text,
            });
            lines.push_str(&format!("{article}\n"));
        }
    }
    desk.file("articles.jsonl", lines);
}

const COMPARE: [&str; 10] = [
    "compare",
    "articles.jsonl",
    "--subject",
    "Dana Verrick",
    "--words",
    "--pairs",
    "--robustness",
    "--methods",
    "--by",
    "month",
];

fn in_format(format: &str) -> (Desk, String) {
    let desk = Desk::new();
    hostile(&desk);
    let args = [&COMPARE[..], &["--format", format, "-q"]].concat();
    let text = desk.succeeds(&args).text();
    (desk, text)
}

/// The cells of a row of a markdown table.
fn cells(row: &str) -> usize {
    let plain = row.replace("\\\\", "").replace("\\|", "");
    plain.matches('|').count() - 1
}

#[test]
fn markdown_is_tables_with_a_cell_a_column() {
    let (_desk, text) = in_format("md");
    let lines: Vec<&str> = text.lines().collect();
    let mut tables = 0;
    for (i, line) in lines.iter().enumerate() {
        if !line.starts_with('|') {
            continue;
        }
        assert!(line.ends_with(" |"), "{line}");
        if i > 0 && lines[i - 1].starts_with('|') {
            assert_eq!(cells(line), cells(lines[i - 1]), "{line}");
        } else {
            tables += 1;
            assert!(lines[i + 1].starts_with("| ---"), "{line}");
            assert!(lines[i - 1].is_empty() && lines[i - 2].starts_with("## "));
        }
    }
    assert!(tables > 8, "{tables} tables");
    for (sign, escaped) in [
        ("| a|b |", "| a\\|b |"),
        ("| _x_", "| \\_x\\_ \\*y\\* \\`z\\` |"),
        ("<script>", "&lt;script&gt;alert(1)"),
        ("\u{1b}", "\u{fffd}"),
    ] {
        assert!(!text.contains(sign), "{sign} in\n{text}");
        assert!(text.contains(escaped), "no {escaped} in\n{text}");
    }
    // The evidence is a list under the outlets' names.
    let heading = lines.iter().position(|line| *line == "### a\\|b");
    let evidence = lines[heading.expect("evidence of the outlet") + 2];
    assert!(
        evidence.starts_with("- -0.") || evidence.starts_with("- +0."),
        "{evidence}"
    );
}

#[test]
fn latex_is_balanced_and_every_sign_is_escaped() {
    let (_desk, text) = in_format("latex");
    assert!(
        text.starts_with("% Needs \\usepackage{array,booktabs"),
        "{text}"
    );
    let body: String = text
        .lines()
        .filter(|line| !line.starts_with('%'))
        .map(|line| format!("{line}\n"))
        .collect();
    let plain = body
        .replace("\\\\", "")
        .replace("\\{", "")
        .replace("\\}", "");
    let mut depth = 0;
    for c in plain.chars() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        assert!(depth >= 0);
    }
    assert_eq!(depth, 0);
    for environment in ["table", "tabular", "longtable", "itemize", "minipage"] {
        let n = |word: &str| body.matches(&format!("\\{word}{{{environment}}}")).count();
        assert_eq!(n("begin"), n("end"), "{environment}");
    }
    for rule in ["\\toprule", "\\midrule", "\\bottomrule"] {
        assert!(body.contains(rule));
    }
    let labels: Vec<&str> = body
        .split("\\label{")
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    let differ: std::collections::BTreeSet<&&str> = labels.iter().collect();
    assert!(
        labels.len() > 8 && differ.len() == labels.len(),
        "{labels:?}"
    );
    let name = "100\\%\\_\\&\\#\\$\\textbackslash{} \\{q\\}\\textasciitilde{}\\textasciicircum{}";
    assert!(body.contains(name), "{body}");
    assert!(body.contains("\\textless{}script\\textgreater{}"));
    assert!(body.contains("[$-$0."), "signs of numbers are minus signs");
    assert!(!body.contains('\u{1b}') && !body.contains('\u{202e}'));
    // Neither a line break nor a rule takes a name for its argument.
    assert!(!body.contains("\\\\\n[") && !body.contains("rule\n["));
}

#[test]
fn the_file_name_tells_the_format() {
    let desk = Desk::new();
    hostile(&desk);
    for (name, begins) in [
        ("c.md", "# Dana Verrick: "),
        ("c.tex", "% Needs "),
        ("c.txt", "Dana "),
    ] {
        desk.succeeds(&[&COMPARE[..4], &["-o", name, "-q"]].concat());
        let text = String::from_utf8(desk.bytes(name)).expect("UTF-8");
        assert!(text.starts_with(begins), "{name}: {text}");
    }
}

#[test]
fn evaluations_have_the_formats_and_check_refuses_them() {
    let desk = Desk::new();
    let data = repository("training-data/stance-test.jsonl");
    let md = desk
        .succeeds(&["evaluate", &data, "--format", "md", "-q"])
        .text();
    assert!(
        md.contains("## Confusion (rows: label, columns: prediction)\n\n|  | negative"),
        "{md}"
    );
    let tex = desk
        .succeeds(&["evaluate", &data, "--format", "latex", "-q"])
        .text();
    assert!(
        tex.contains("\\label{tab:confusion-rows-label-columns-prediction}"),
        "{tex}"
    );
    let parts = ["check prints no markdown", "text, json or csv"];
    desk.misused(&["check", &data, "--format", "latex"], &parts);
}

fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |plain, part| {
        plain + part.split_once('m').expect("a colour ends with m").1
    })
}

#[test]
fn colours_come_when_asked_for_and_change_no_word() {
    let desk = Desk::new();
    hostile(&desk);
    let run = |more: &[&str], variable: Option<(&str, &str)>| -> String {
        let mut command = desk.command();
        command.args(COMPARE).arg("-q").args(more);
        for name in ["NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.envs(variable);
        let output = command.output().expect("the binary starts");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let plain = run(&[], None);
    assert!(!plain.contains('\u{1b}'), "a pipe has no colours");
    let coloured = run(&["--color", "always"], None);
    assert!(coloured.contains("\u{1b}[1m"), "{coloured}");
    assert_eq!(without_colours(&coloured), plain);
    assert_eq!(run(&[], Some(("CLICOLOR_FORCE", "1"))), coloured);
    assert_eq!(run(&[], Some(("NO_COLOR", "1"))), plain);
    assert_eq!(run(&["--color=always"], Some(("NO_COLOR", "1"))), coloured);
    assert_eq!(
        run(&["--color", "never"], Some(("CLICOLOR_FORCE", "1"))),
        plain
    );
    // CSV holds names as they came.
    for format in ["md", "latex", "json"] {
        let text = run(&["--color", "always", "--format", format], None);
        assert!(!text.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn help_is_coloured_as_asked() {
    let desk = Desk::new();
    let help = |args: &[&str]| {
        let output = desk.command().args(args).output().expect("starts");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let coloured = help(&["compare", "--color", "always", "--help"]);
    assert!(coloured.contains('\u{1b}'), "{coloured}");
    assert_eq!(
        without_colours(&coloured),
        help(&["compare", "--color=never", "--help"])
    );
}
