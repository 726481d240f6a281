//! Pages and figures: files that need nothing else, safe whatever the articles hold, the same bytes each time. How pages behave in a browser is
//! tested in `tests/browser`.

mod common;

use common::Desk;

const ARTICLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/training-data/articles");

/// Every value of `attribute` in `html`.
fn values<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
    let start = format!(" {attribute}=\"");
    html.split(&start)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or(""))
        .collect()
}

fn compared(desk: &Desk, more: &[&str]) -> (String, String) {
    let mut args = vec![
        "compare",
        ARTICLES,
        "--subject",
        "Dana Verrick",
        "--html",
        "report.html",
    ];
    args.extend(more);
    let outcome = desk.succeeds(&args);
    let page = String::from_utf8(desk.bytes("report.html")).expect("UTF-8");
    (page, String::from_utf8(outcome.stdout).expect("UTF-8"))
}

#[test]
fn a_report_is_one_file_with_every_section_and_the_same_bytes() {
    let desk = Desk::new();
    let (page, text) = compared(&desk, &["--frames", "--threads", "1"]);
    for section in [
        "summary",
        "outlets",
        "shares",
        "voices",
        "frames",
        "robustness",
        "evidence",
        "methods",
        "coverage",
    ] {
        assert!(page.contains(&format!(" id=\"{section}\"")), "{section}");
    }
    // Nothing is fetched: no address but those in the page, no import, no source.
    assert!(!page.contains("src=") && !page.contains("@import") && !page.contains("url("));
    assert!(
        values(&page, "href")
            .iter()
            .all(|link| link.starts_with('#'))
    );
    assert!(page.contains("default-src 'none'") && page.contains("'sha256-"));
    assert!(page.contains("<mark>Verrick</mark>"));
    let (again, same_text) = compared(&desk, &["--frames", "--threads", "2"]);
    assert_eq!(page, again);
    assert_eq!(text, same_text);
    let plain = desk.succeeds(&["compare", ARTICLES, "--subject", "Dana Verrick", "--frames"]);
    assert_eq!(
        text.as_bytes(),
        plain.stdout,
        "a page changes no other output"
    );
}

#[test]
fn every_figure_leads_to_sentences_that_are_there() {
    let desk = Desk::new();
    let (page, _) = compared(&desk, &[]);
    let links = values(&page, "data-f");
    assert!(links.len() > 30, "{}", links.len());
    for link in &links {
        let holds = |sentence: &str| {
            link.split(' ').all(|part| {
                let (name, value) = part.split_once('=').expect("name and value");
                match name {
                    "frame" => values(sentence, "data-frames")
                        .iter()
                        .any(|frames| frames.split(' ').any(|frame| frame == value)),
                    name => values(sentence, &format!("data-{name}")).contains(&value),
                }
            })
        };
        let mut sentences = page
            .split("<article")
            .skip(1)
            .map(|s| s.split('>').next().unwrap_or(""));
        assert!(sentences.any(holds), "{link}");
    }
    for target in values(&page, "href") {
        let id = target.trim_start_matches('#');
        assert!(page.contains(&format!("id=\"{id}\"")), "{target}");
    }
}

#[test]
fn who_may_not_republish_sentences_leaves_them_out() {
    let desk = Desk::new();
    let sentence = "peddling a tale";
    let (page, text) = compared(&desk, &["--evidence", "spans"]);
    assert!(!page.contains(sentence) && !text.contains(sentence));
    assert!(page.contains(", characters ") && text.contains("characters "));
    let (page, text) = compared(&desk, &["--evidence", "none"]);
    assert!(!page.contains(sentence) && !text.contains(sentence));
    assert!(!page.contains("<article") && !text.contains("Evidence"));
    let (page, _) = compared(&desk, &["--evidence", "1"]);
    let (more, _) = compared(&desk, &[]);
    let n = |page: &str| page.matches("<article").count();
    assert!(0 < n(&page) && n(&page) < n(&more));
    let outcome = desk.run(&[
        "compare",
        ARTICLES,
        "--subject",
        "Dana Verrick",
        "--evidence",
        "some",
    ]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("spans, none"), "{}", outcome.stderr);
}

#[test]
fn scores_make_the_same_report_as_articles() {
    let desk = Desk::new();
    let (page, _) = compared(&desk, &[]);
    desk.succeeds(&[
        "score",
        ARTICLES,
        "--subject",
        "Dana Verrick",
        "-o",
        "scores.jsonl",
    ]);
    desk.succeeds(&["compare", "scores.jsonl", "--html", "again.html"]);
    assert_eq!(desk.bytes("again.html"), page.as_bytes());
}

#[test]
fn figures_are_svg_and_png_in_either_theme() {
    let desk = Desk::new();
    let run = |theme: &str, folder: &str| {
        desk.succeeds(&[
            "compare",
            ARTICLES,
            "--subject",
            "Dana Verrick",
            "--figures",
            folder,
            "--theme",
            theme,
        ]);
        let svg =
            String::from_utf8(desk.bytes(&format!("{folder}/net-stance.svg"))).expect("UTF-8");
        let png = desk.bytes(&format!("{folder}/net-stance.png"));
        assert!(
            svg.contains("<svg") && svg.contains("The Beacon Standard") && !svg.contains("<script")
        );
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        (svg, png)
    };
    let (light, light_png) = run("light", "new/light");
    assert_eq!(run("light", "again"), (light.clone(), light_png));
    assert_ne!(run("dark", "dark").0, light);
    desk.file("taken", "x");
    let outcome = desk.run(&[
        "compare",
        ARTICLES,
        "--subject",
        "Dana Verrick",
        "--figures",
        "taken",
    ]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("taken is no folder"),
        "{}",
        outcome.stderr
    );
}

/// Text that would run or break the page if it were taken for markup.
const HOSTILE: &str = "\"><img src=x onerror=alert(1)><script>alert(2)</script></style>\u{202e}";

#[test]
fn nothing_from_outside_becomes_markup() {
    let desk = Desk::new();
    let urls = [
        "javascript:alert(1)",
        "https://a.example/\"onclick=\"x",
        "data:text/html,x",
        " https://b.example/x",
    ];
    let lines: Vec<String> = (0..12)
        .map(|i| {
            serde_json::json!({
                "id": format!("{i}{HOSTILE}"),
                "outlet": format!("{}{HOSTILE}", ["A", "B"][i % 2]),
                "title": format!("Ann Lee {HOSTILE}"),
                "date": format!("2026-0{}-01", i % 3 + 1),
                "url": urls[i % 4],
                "text": format!("Ann Lee lied {HOSTILE} to us. \"Ann Lee is a hero,\" said Bo {HOSTILE} Ray."),
            })
            .to_string()
        })
        .collect();
    desk.file("news.jsonl", lines.join("\n"));
    let is_safe = |page: &str| {
        assert_eq!(page.matches("<script").count(), 1);
        assert!(!page.contains("<img") && !page.contains('\u{202e}'));
        assert!(values(page, "onerror").is_empty() && values(page, "onclick").is_empty());
        for link in values(page, "href") {
            assert!(link.starts_with('#') || link.starts_with("http"), "{link}");
        }
    };
    desk.succeeds(&[
        "compare",
        "news.jsonl",
        "--subject",
        "Ann Lee",
        "--html",
        "report.html",
        "--figures",
        "figures",
    ]);
    let page = String::from_utf8(desk.bytes("report.html")).expect("UTF-8");
    is_safe(&page);
    assert!(page.contains("href=\"https://b.example/x#:~:text="));
    let svg = String::from_utf8(desk.bytes("figures/net-stance.svg")).expect("UTF-8");
    assert!(!svg.contains("<img") && !svg.contains("<script") && !svg.contains('\u{202e}'));
    desk.succeeds(&[
        "score",
        "news.jsonl",
        "--subject",
        "Ann Lee",
        "--html",
        "page.html",
        "-o",
        "s.jsonl",
    ]);
    is_safe(&String::from_utf8(desk.bytes("page.html")).expect("UTF-8"));
}

#[test]
fn an_article_is_shown_whole_with_its_sentences_shaded() {
    let desk = Desk::new();
    desk.file(
        "a.txt",
        "Ann Lee lied to the council.\n\nRain fell. \"Ann Lee is honest and brave,\" said Bo Ray.\n\nSubscribe to our newsletter",
    );
    let plain = desk.succeeds(&["score", "a.txt", "--subject", "Ann Lee", "--outlet", "A"]);
    let outcome = desk.succeeds(&[
        "score",
        "a.txt",
        "--subject",
        "Ann Lee",
        "--outlet",
        "A",
        "--html",
        "a.html",
    ]);
    assert_eq!(plain.stdout, outcome.stdout, "a page changes no score");
    let page = String::from_utf8(desk.bytes("a.html")).expect("UTF-8");
    assert!(page.contains("Rain fell."), "the whole text");
    assert_eq!(
        page.matches("<span class=\"s ").count(),
        2 + 3,
        "two sentences and the key"
    );
    assert!(page.contains("class=\"v\""), "voices");
    assert!(page.contains("Why this score"));
    desk.misused(
        &["score", "a.txt", "--subject", "Ann Lee", "--html", "a.txt"],
        &["both input and output"],
    );
    let many: Vec<String> = (0..60)
        .map(|i| format!("{{\"id\":\"{i}\",\"outlet\":\"A\",\"text\":\"Ann Lee spoke.\"}}"))
        .collect();
    desk.file("many.jsonl", many.join("\n"));
    let outcome = desk.run(&[
        "score",
        "many.jsonl",
        "--subject",
        "Ann Lee",
        "--html",
        "m.html",
    ]);
    assert!(outcome.stderr.contains("at most 50"), "{}", outcome.stderr);
    assert!(!desk.path("m.html").exists());
}

#[test]
fn several_subjects_share_a_page() {
    let desk = Desk::new();
    desk.file(
        "people.toml",
        "[[subject]]\nname = \"Dana Verrick\"\n[[subject]]\nname = \"Russell Haverty\"\n",
    );
    desk.succeeds(&[
        "compare",
        ARTICLES,
        "--subjects",
        "people.toml",
        "--contrast",
        "Dana Verrick",
        "Russell Haverty",
        "--html",
        "report.html",
        "--figures",
        "figures",
    ]);
    let page = String::from_utf8(desk.bytes("report.html")).expect("UTF-8");
    for id in ["outlets", "s2-outlets", "contrasts", "f-subject"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let ids = values(&page, "id");
    let once: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), once.len(), "no id stands twice");
    assert!(desk.path("figures/2-net-stance.svg").exists());
    assert!(desk.path("figures/contrast-1.png").exists());
}

#[test]
fn a_page_replaces_no_input_and_no_link() {
    let desk = Desk::new();
    desk.file(
        "news.jsonl",
        "{\"id\":\"1\",\"outlet\":\"A\",\"text\":\"Ann Lee spoke.\"}\n",
    );
    desk.file("speakers.csv", "speaker,camp\nAnn Lee,hers\n");
    let compare = ["compare", "news.jsonl", "--subject", "Ann Lee"];
    for (more, part) in [
        (
            vec!["--speakers", "speakers.csv", "--html", "speakers.csv"],
            "both input and output",
        ),
        (vec!["--html", "./news.jsonl"], "both input and output"),
        (vec!["--html", "./p.html", "-o", "p.html"], "the same file"),
        (vec!["--html", "-"], "takes a file"),
    ] {
        desk.misused(&[&compare[..], &more].concat(), &[part]);
    }
    #[cfg(unix)]
    {
        desk.file("real.html", "old");
        std::os::unix::fs::symlink(desk.path("real.html"), desk.path("link.html")).expect("a link");
        desk.succeeds(&[&compare[..], &["--html", "link.html"]].concat());
        assert!(desk.path("link.html").is_symlink());
        assert!(desk.bytes("real.html").starts_with(b"<!DOCTYPE html>"));
    }
}

#[test]
fn a_number_of_sentences_beyond_all_is_no_problem() {
    let desk = Desk::new();
    let (page, _) = compared(&desk, &["--evidence", "100000000"]);
    assert!(page.contains("All 125 sentences"));
}
