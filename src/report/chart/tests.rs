//! Charts of made-up data, and what must hold for all of them.

use resvg::usvg::roxmltree::{Document, Node};

use super::font::bare_width;
use super::*;

const SIZES: [Size; 2] = [Size::Narrow, Size::Wide];
const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

/// Numbers that look random but never change.
struct Dice(u64);

impl Dice {
    /// From 0 to 1.
    fn roll(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as f64 / (1_u64 << 31) as f64
    }
}

const PAPERS: [&str; 5] = [
    "Harbor Post",
    "Daily Lantern",
    "The Meridian",
    "Northfield Courier",
    "Kestrel Wire",
];

fn many_papers() -> Vec<String> {
    let firsts = [
        "Upper Valley",
        "Saint Aldwyn",
        "Port Corriander",
        "Lake",
        "Greater Millbrook and District",
    ];
    let seconds = [
        "Gazette",
        "Morning Chronicle",
        "Herald-Observer",
        "Wire",
        "Independent Weekly Review",
    ];
    let mut names: Vec<String> = firsts
        .iter()
        .flat_map(|first| {
            seconds
                .iter()
                .map(move |second| format!("{first} {second}"))
        })
        .collect();
    names.extend((1..=10).map(|i| format!("Station {i}")));
    names.extend(
        [
            "הארץ הצפוני 24",
            "صحيفة المرفأ",
            "港口日报",
            "東の灯台新聞",
            "Ångström Ťydeník",
        ]
        .map(String::from),
    );
    names
}

fn estimate(dice: &mut Dice) -> Estimate {
    let value = dice.roll() * 0.6 - 0.4;
    let half = 0.03 + dice.roll() * 0.1;
    Estimate::with_interval(value, Some((value - half, value + half)))
}

fn chart(name: &str, title: &str, plot: Plot) -> Chart {
    Chart {
        name: name.to_string(),
        title: title.to_string(),
        caption: "Mean stance of sentences about the mayor toward her, in 412 articles from March to June; bars are 95 % \
                  intervals over articles. A model's scores: signs and order hold, sizes shrink. Source: own count."
            .to_string(),
        alt: format!("{title}, as a picture."),
        plot,
    }
}

fn stance_axis<'a>(estimates: impl IntoIterator<Item = &'a Estimate>) -> Axis {
    Axis::around(estimates, "against", "in favor")
}

fn dot_rows(names: &[String], series: usize, seed: u64) -> DotPlot {
    let mut dice = Dice(seed);
    let mut rows: Vec<Row> = names
        .iter()
        .map(|name| Row {
            label: name.clone(),
            note: format!("n {}", 3 + (dice.roll() * 90.0) as usize),
            marks: (0..series)
                .map(|series| Mark {
                    series,
                    estimate: estimate(&mut dice),
                    strong: dice.roll() < 0.4,
                })
                .collect(),
            message: None,
        })
        .collect();
    rows[2].marks = Vec::new();
    rows[2].message = Some("too few articles".to_string());
    rows[3].marks[0].estimate = Estimate::point(-0.18);
    let mut axis = stance_axis(
        rows.iter()
            .flat_map(|row| row.marks.iter().map(|mark| &mark.estimate)),
    );
    axis.line = Some((-0.11, "mean of all outlets".to_string()));
    let all = [
        ("model", Shape::Dot, Tone::Plain),
        ("corrected", Shape::Diamond, Tone::Series(0)),
        ("own voice", Shape::Square, Tone::Series(2)),
    ];
    let series = all[..series]
        .iter()
        .map(|(label, shape, tone)| Series {
            label: label.to_string(),
            shape: *shape,
            tone: *tone,
        })
        .collect();
    DotPlot { rows, series, axis }
}

fn bars(diverging: bool, scale: Scale) -> Bars {
    let mut dice = Dice(11);
    let mut rows: Vec<BarRow> = PAPERS
        .iter()
        .map(|name| {
            let against = 0.1 + dice.roll() * 0.4;
            let favor = 0.05 + dice.roll() * 0.3;
            let shares = [against, 1.0 - against - favor, favor];
            let n = (20.0 + dice.roll() * 300.0).round();
            let factor = if scale == Scale::Count { n } else { 1.0 };
            BarRow {
                label: name.to_string(),
                note: format!("n {n}"),
                parts: shares
                    .map(|share| {
                        if scale == Scale::Count {
                            (share * factor).round()
                        } else {
                            share
                        }
                    })
                    .to_vec(),
                message: None,
            }
        })
        .collect();
    rows[3].message = Some("too few".to_string());
    let parts = [
        ("against", Tone::Against),
        ("neutral", Tone::Neutral),
        ("in favor", Tone::Favor),
    ]
    .map(|(label, tone)| Part {
        label: label.to_string(),
        tone,
    })
    .to_vec();
    Bars {
        rows,
        parts,
        scale,
        diverging,
    }
}

fn heat(columns: &[&str], names: &[String]) -> HeatMap {
    let mut dice = Dice(3);
    let rows = names
        .iter()
        .map(|name| HeatRow {
            label: name.clone(),
            note: "n 40".to_string(),
            cells: columns
                .iter()
                .map(|_| Some(dice.roll().powi(2) * 0.7).filter(|share| *share > 0.004))
                .collect(),
        })
        .collect();
    HeatMap {
        rows,
        columns: columns.iter().map(|c| c.to_string()).collect(),
    }
}

fn time(names: &[String], months: usize) -> TimePlot {
    let mut dice = Dice(5);
    let periods = (0..months)
        .map(|i| format!("{}-{:02}", 2022 + i / 12, i % 12 + 1))
        .collect();
    let context: Vec<Option<f64>> = (0..months)
        .map(|i| Some(-0.1 + 0.08 * (i as f64 / 3.0).sin()))
        .collect();
    let panels: Vec<Panel> = names
        .iter()
        .map(|name| Panel {
            label: name.clone(),
            note: "n 77".to_string(),
            points: (0..months)
                .map(|_| {
                    let n = (dice.roll() * 12.0) as usize;
                    let estimate = estimate(&mut dice);
                    (n > 2).then(|| {
                        (
                            if n < 5 {
                                Estimate::point(estimate.value.unwrap())
                            } else {
                                estimate
                            },
                            n,
                        )
                    })
                })
                .collect(),
            context: context.clone(),
        })
        .collect();
    let axis = stance_axis(
        panels
            .iter()
            .flat_map(|p| p.points.iter().flatten().map(|(e, _)| e)),
    );
    TimePlot {
        periods,
        panels,
        axis,
        context: "all outlets".to_string(),
    }
}

fn sides(panels: usize) -> TwoSided {
    let less = [
        "according to critics",
        "budget",
        "residents",
        "ferry",
        "scandal",
        "he",
    ];
    let more = [
        "accountability",
        "overspending",
        "the so-called harbor plan",
        "taxpayers",
        "lawsuit",
        "memo",
    ];
    let list = |words: [&str; 6]| {
        words
            .iter()
            .enumerate()
            .map(|(i, word)| Bar {
                label: word.to_string(),
                value: 7.5 / (1.0 + 0.35 * i as f64),
                note: format!("{} : {}", 80 / (i + 1), 9 - i),
                strong: i < 3,
            })
            .collect::<Vec<_>>()
    };
    let panels = PAPERS[..panels]
        .iter()
        .map(|name| SidePanel {
            title: name.to_string(),
            left_title: "less than others".to_string(),
            right_title: "more than others".to_string(),
            left: list(less),
            right: list(more)[..5].to_vec(),
        })
        .collect();
    TwoSided { panels }
}

fn samples() -> Vec<Chart> {
    let few: Vec<String> = PAPERS.map(String::from).to_vec();
    let many = many_papers();
    let frames = [
        "economy",
        "law and order",
        "politics",
        "public opinion",
        "morality",
    ];
    let all_frames = [
        "economy",
        "capacity and resources",
        "morality",
        "fairness",
        "law and order",
        "crime and punishment",
        "security",
        "health",
        "quality of life",
        "culture",
        "public opinion",
        "politics",
        "policy",
        "other",
    ];
    vec![
        chart(
            "net-stance",
            "How five papers write about the mayor",
            Plot::Dots(dot_rows(&few, 1, 1)),
        ),
        chart(
            "three-series",
            "Own voice, model and corrected figures, side by side",
            Plot::Dots(dot_rows(&few, 3, 2)),
        ),
        chart(
            "forty-outlets",
            "Forty outlets, and a title that is so long that it cannot possibly stand on a single line of the picture",
            Plot::Dots(dot_rows(&many, 1, 4)),
        ),
        chart(
            "shares",
            "Shares of sentences by class",
            Plot::Bars(bars(false, Scale::Percent)),
        ),
        chart(
            "counts",
            "Sentences by class",
            Plot::Bars(bars(false, Scale::Count)),
        ),
        chart(
            "quoted",
            "Who is quoted",
            Plot::Bars(bars(true, Scale::Count)),
        ),
        chart(
            "quoted-shares",
            "Who is quoted, in shares",
            Plot::Bars(bars(true, Scale::Percent)),
        ),
        chart(
            "frames",
            "Frames by outlet",
            Plot::Heat(heat(&frames, &few)),
        ),
        chart(
            "all-frames",
            "All frames by outlet",
            Plot::Heat(heat(&all_frames, &many[15..])),
        ),
        chart("months", "Stance by month", Plot::Time(time(&few, 18))),
        chart(
            "one-year",
            "One paper's year",
            Plot::Time(time(&few[..1], 12)),
        ),
        chart(
            "months-many",
            "Stance by month, forty outlets",
            Plot::Time(time(&many, 30)),
        ),
        chart(
            "words",
            "Words that set a paper apart",
            Plot::TwoSided(sides(3)),
        ),
        chart("words-one", "Words of one paper", Plot::TwoSided(sides(1))),
    ]
}

/// Every plot without anything in it.
fn nothing() -> Vec<Chart> {
    let axis = stance_axis(&[]);
    vec![
        chart(
            "none",
            "None",
            Plot::Dots(DotPlot {
                rows: vec![],
                series: vec![],
                axis: axis.clone(),
            }),
        ),
        chart(
            "none",
            "None",
            Plot::Bars(Bars {
                rows: vec![],
                ..bars(true, Scale::Count)
            }),
        ),
        chart(
            "none",
            "None",
            Plot::Heat(heat(&[], &["Lantern".to_string()])),
        ),
        chart(
            "none",
            "None",
            Plot::Time(TimePlot {
                periods: vec![],
                panels: vec![],
                axis,
                context: String::new(),
            }),
        ),
        chart("none", "None", Plot::TwoSided(TwoSided::default())),
    ]
}

fn with_class<'a>(document: &'a Document<'a>, class: &str) -> Vec<Node<'a, 'a>> {
    document
        .descendants()
        .filter(|node| {
            node.attribute("class")
                .is_some_and(|c| c.split(' ').any(|c| c == class))
        })
        .collect()
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name)
        .map_or(0.0, |value| value.parse().unwrap())
}

/// The place an element is moved to by its own and its ancestors' `translate`.
fn origin(node: Node<'_, '_>) -> (f64, f64) {
    let (mut x, mut y) = (0.0, 0.0);
    for node in node.ancestors() {
        if let Some(rest) = node
            .attribute("transform")
            .and_then(|t| t.strip_prefix("translate("))
        {
            let numbers: Vec<f64> = rest
                .split([' ', ')'])
                .take(2)
                .map(|number| number.parse().unwrap())
                .collect();
            x += numbers[0];
            y += numbers[1];
        }
    }
    (x, y)
}

/// Left, top, right and lower edge of a text as the built-in font sets it.
fn extent(node: Node<'_, '_>) -> (f64, f64, f64, f64) {
    let class = node.attribute("class").unwrap();
    let style = Style::ALL
        .into_iter()
        .find(|style| class.split(' ').any(|c| c == style.class()))
        .unwrap_or_else(|| panic!("no style in {class}"));
    let long = bare_width(style, node.text().unwrap());
    let (mut x, mut y) = origin(node);
    (x, y) = (x + number(node, "x"), y + number(node, "y"));
    let (up, down) = (0.8 * style.size(), 0.25 * style.size());
    if node
        .attribute("transform")
        .is_some_and(|t| t.contains("rotate(-90)"))
    {
        return (x - up, y - long, x + down, y);
    }
    let left = match node.attribute("text-anchor") {
        Some("end") => x - long,
        Some("middle") => x - long / 2.0,
        _ => x,
    };
    (left, y - up, left + long, y + down)
}

#[test]
fn no_text_leaves_the_picture() {
    for chart in samples().iter().chain(&nothing()) {
        let inline = SIZES.map(|size| chart.inline(size));
        let files = THEMES.map(|theme| chart.svg(theme));
        for svg in inline.iter().chain(&files) {
            let document = Document::parse(svg).unwrap();
            let view: Vec<f64> = document
                .root_element()
                .attribute("viewBox")
                .unwrap()
                .split(' ')
                .map(|n| n.parse().unwrap())
                .collect();
            for text in document
                .descendants()
                .filter(|node| node.has_tag_name("text"))
            {
                let (left, top, right, bottom) = extent(text);
                let words = text.text().unwrap();
                assert!(
                    left >= -0.1 && right <= view[2] + 0.1,
                    "{} {words:?} {left} {right}",
                    chart.name
                );
                assert!(
                    top >= -0.1 && bottom <= view[3] + 0.1,
                    "{} {words:?} {top} {bottom}",
                    chart.name
                );
            }
        }
    }
}

#[test]
fn texts_do_not_overlap() {
    for chart in samples() {
        for size in SIZES {
            let svg = chart.inline(size);
            let document = Document::parse(&svg).unwrap();
            let boxes: Vec<_> = document
                .descendants()
                .filter(|node| node.has_tag_name("text"))
                .map(|node| (extent(node), node.text().unwrap().to_string()))
                .collect();
            for (i, (a, one)) in boxes.iter().enumerate() {
                for (b, other) in &boxes[..i] {
                    let apart = a.0 >= b.2 || b.0 >= a.2 || a.1 + 2.0 >= b.3 || b.1 + 2.0 >= a.3;
                    assert!(apart, "{} {size:?}: {one:?} over {other:?}", chart.name);
                }
            }
        }
    }
}

#[test]
fn each_estimate_is_a_mark_and_each_interval_a_line() {
    let plot = dot_rows(&PAPERS.map(String::from), 3, 2);
    let marks = plot.rows.iter().map(|row| row.marks.len()).sum::<usize>();
    for size in SIZES {
        let svg = chart("x", "X", Plot::Dots(plot.clone())).inline(size);
        let document = Document::parse(&svg).unwrap();
        // The key has three more.
        assert_eq!(with_class(&document, "c-mark").len(), marks + 3);
        let lines = with_class(&document, "c-whisker").len()
            + with_class(&document, "c-strong-whisker").len();
        assert_eq!(lines, marks - 1);
        assert_eq!(with_class(&document, "c-hollow").len(), 1);
        let message = with_class(&document, "c-message");
        assert_eq!(message[0].text(), Some("too few articles"));
    }
}

#[test]
fn lines_over_time_have_gaps() {
    let mut plot = time(&["Lantern".to_string()], 6);
    let point = Some((Estimate::with_interval(0.1, Some((0.0, 0.2))), 8));
    plot.panels[0].points = vec![point, point, None, point, None, point];
    plot.panels[0].context.clear();
    let svg = chart("x", "X", Plot::Time(plot)).inline(Size::Wide);
    let document = Document::parse(&svg).unwrap();
    assert_eq!(with_class(&document, "c-mark").len(), 4);
    assert_eq!(with_class(&document, "c-line").len(), 3);
    assert_eq!(with_class(&document, "c-band").len(), 1);
    assert_eq!(with_class(&document, "c-whisker").len(), 2);
}

#[test]
fn parts_of_a_bar_add_up() {
    let plot = bars(false, Scale::Percent);
    let svg = chart("x", "X", Plot::Bars(plot)).inline(Size::Wide);
    let document = Document::parse(&svg).unwrap();
    let rows = PAPERS.len() - 1;
    let pieces: Vec<f64> = document
        .descendants()
        .filter(|node| node.has_tag_name("rect"))
        .map(|node| number(node, "width") + 1.0)
        .collect();
    assert_eq!(pieces.len(), 3 * rows);
    let first: f64 = pieces[..3].iter().sum();
    for row in pieces.chunks(3) {
        assert!((row.iter().sum::<f64>() - first).abs() < 0.05);
    }
}

#[test]
fn bars_of_against_end_at_zero_and_bars_of_favor_begin_there() {
    let svg = chart("x", "X", Plot::Bars(bars(true, Scale::Count))).inline(Size::Wide);
    let document = Document::parse(&svg).unwrap();
    let zero = number(with_class(&document, "c-zero")[0], "x1");
    let bars = |class| {
        with_class(&document, class)
            .into_iter()
            .filter(|n| n.has_tag_name("rect"))
            .collect::<Vec<_>>()
    };
    for bar in bars("tone-against") {
        let end = number(bar, "x") + number(bar, "width");
        assert!(end <= zero && end > zero - 1.1, "{end} {zero}");
    }
    for bar in bars("tone-favor") {
        assert_eq!(number(bar, "x"), zero);
    }
}

#[test]
fn somebody_elses_text_stays_text() {
    let hostile =
        "</text><script>alert(1)</script>\" onload='x' & ]]> \u{202e}gnp\u{0}\u{ffff} <b>";
    for mut chart in samples() {
        chart.name = "a\"><script>".to_string();
        chart.title = hostile.to_string();
        chart.caption = hostile.to_string();
        chart.alt = hostile.to_string();
        let words = || hostile.to_string();
        match &mut chart.plot {
            Plot::Dots(plot) => {
                plot.rows[0].label = words();
                plot.rows[0].note = words();
                plot.rows[1].message = Some(words());
                plot.series[0].label = words();
                plot.axis.left = words();
                plot.axis.right = words();
                plot.axis.line = Some((0.0, words()));
            }
            Plot::Bars(plot) => {
                plot.rows[0].label = words();
                plot.rows[0].note = words();
                plot.parts[0].label = words();
            }
            Plot::Heat(plot) => {
                plot.rows[0].label = words();
                plot.columns[0] = words();
            }
            Plot::Time(plot) => {
                plot.panels[0].label = words();
                plot.panels[0].note = words();
                plot.periods[0] = words();
                plot.context = words();
            }
            Plot::TwoSided(plot) => {
                plot.panels[0].title = words();
                plot.panels[0].left_title = words();
                plot.panels[0].left[0].label = words();
                plot.panels[0].left[0].note = words();
            }
        }
        for svg in SIZES
            .map(|size| chart.inline(size))
            .iter()
            .chain(&THEMES.map(|theme| chart.svg(theme)))
        {
            let document =
                Document::parse(svg).unwrap_or_else(|error| panic!("{} {error}", chart.name));
            for node in document.descendants().filter(Node::is_element) {
                let known = [
                    "svg", "g", "title", "desc", "style", "text", "rect", "line", "path", "circle",
                ];
                assert!(known.contains(&node.tag_name().name()), "{node:?}");
                assert!(
                    node.attributes()
                        .all(|attribute| !attribute.name().starts_with("on"))
                );
            }
            assert!(
                !svg.contains('\u{202e}') && !svg.contains('\u{0}') && !svg.contains('\u{ffff}')
            );
            let title = document
                .descendants()
                .find(|node| node.has_tag_name("title"))
                .unwrap();
            assert!(
                title
                    .text()
                    .unwrap()
                    .contains("</text><script>alert(1)</script>\" onload='x' & ]]>")
            );
        }
    }
}

#[test]
fn labels_and_numbers_are_elements_of_their_own() {
    let mut plot = dot_rows(&PAPERS.map(String::from), 1, 1);
    plot.rows[0].label = "הארץ הצפוני".to_string();
    plot.rows[0].note = "n 12".to_string();
    let svg = chart("x", "X", Plot::Dots(plot)).inline(Size::Narrow);
    let document = Document::parse(&svg).unwrap();
    let texts: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .filter_map(|node| node.text())
        .collect();
    assert!(
        texts.contains(&"הארץ הצפוני") && texts.contains(&"n 12"),
        "{texts:?}"
    );
}

#[test]
fn what_is_not_a_number_is_not_drawn() {
    let mad = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308];
    let wild = |i: usize| Estimate {
        value: Some(mad[i % 5]),
        low: Some(mad[(i + 1) % 5]),
        high: Some(mad[(i + 2) % 5]),
    };
    for mut chart in samples() {
        match &mut chart.plot {
            Plot::Dots(plot) => {
                for (i, mark) in plot
                    .rows
                    .iter_mut()
                    .flat_map(|row| &mut row.marks)
                    .enumerate()
                {
                    (mark.estimate, mark.series) = (wild(i), i);
                }
                (plot.axis.low, plot.axis.high) = (f64::NAN, f64::INFINITY);
                plot.axis.line = Some((f64::NAN, "line".to_string()));
            }
            Plot::Bars(plot) => plot.rows[0].parts = vec![f64::NAN, f64::INFINITY, -3.0, 7.0],
            Plot::Heat(plot) => plot.rows[0].cells = mad.map(Some).repeat(20),
            Plot::Time(plot) => {
                plot.panels[0].points = (0..50).map(|i| Some((wild(i), i))).collect();
                plot.panels[0].context = mad.map(Some).repeat(9);
                plot.axis.low = f64::NEG_INFINITY;
            }
            Plot::TwoSided(plot) => {
                for (bar, value) in plot.panels[0].left.iter_mut().zip(mad) {
                    bar.value = value;
                }
            }
        }
        for svg in SIZES.map(|size| chart.inline(size)) {
            for bad in ["NaN", "inf", "e+", "\"-0\""] {
                assert!(!svg.contains(bad), "{} holds {bad}", chart.name);
            }
            for node in Document::parse(&svg).unwrap().descendants() {
                for name in ["x", "y", "x1", "x2", "cx", "cy", "width", "height"] {
                    assert!(number(node, name).abs() < 1e4, "{} {node:?}", chart.name);
                }
            }
        }
    }
}

#[test]
fn charts_without_data_say_so() {
    for chart in nothing() {
        for svg in SIZES
            .map(|size| chart.inline(size))
            .iter()
            .chain(&[chart.svg(Theme::Light)])
        {
            assert!(svg.contains("nothing to show"), "{:?}", chart.plot);
        }
    }
}

#[test]
fn rows_beyond_the_most_are_counted() {
    let names: Vec<String> = (0..200).map(|i| format!("Station {i}")).collect();
    let svg = chart("x", "X", Plot::Dots(dot_rows(&names, 1, 1))).inline(Size::Wide);
    assert!(svg.contains("and 140 more that are not drawn"));
    assert!(!svg.contains("Station 60"));
}

#[test]
fn inline_charts_bring_classes_and_unique_ids_only() {
    let mut ids = Vec::new();
    for chart in samples() {
        for size in SIZES {
            let svg = chart.inline(size);
            assert!(
                !svg.contains("<style") && !svg.contains(" style=") && !svg.contains('#'),
                "{}",
                chart.name
            );
            let document = Document::parse(&svg).unwrap();
            let root = document.root_element();
            assert_eq!(root.attribute("role"), Some("img"));
            assert!(root.attribute("width").is_none());
            let own: Vec<&str> = document
                .descendants()
                .filter_map(|node| node.attribute("id"))
                .collect();
            for labelled in root.attribute("aria-labelledby").unwrap().split(' ') {
                assert!(own.contains(&labelled));
            }
            ids.extend(own.into_iter().map(String::from));
        }
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn every_class_has_a_rule() {
    let css = page_css();
    for chart in samples() {
        for size in SIZES {
            let svg = chart.inline(size);
            for node in Document::parse(&svg).unwrap().descendants() {
                for class in node
                    .attribute("class")
                    .unwrap_or_default()
                    .split(' ')
                    .filter(|c| !c.is_empty())
                {
                    let rule = format!(".{class}{{");
                    assert!(class == "c-mark" || css.contains(&rule), "{class}");
                }
            }
        }
    }
}

#[test]
fn the_same_chart_is_the_same_bytes_and_small() {
    for (one, other) in samples().iter().zip(samples()) {
        for size in SIZES {
            let svg = one.inline(size);
            assert_eq!(svg, other.inline(size));
            assert!(svg.len() < 400_000, "{} {}", one.name, svg.len());
            for part in svg.split(['"', ' ', 'L', 'M']) {
                let decimals = part.split_once('.').map_or("", |(_, decimals)| decimals);
                let number = part.parse::<f64>().is_ok();
                assert!(!number || decimals.len() <= 2, "{part}");
            }
        }
    }
    let chart = &samples()[0];
    assert!(chart.inline(Size::Wide).len() < 8_000);
    let png = chart.png(Theme::Light).unwrap();
    assert_eq!(png, chart.png(Theme::Light).unwrap());
    assert!(png.len() < 150_000, "{}", png.len());
}

#[test]
fn png_has_two_pixels_a_unit_and_the_paper_of_its_theme() {
    for (theme, paper) in [
        (Theme::Light, [255, 255, 255]),
        (Theme::Dark, [0x16, 0x18, 0x1c]),
    ] {
        let chart = &samples()[3];
        let svg = chart.svg(theme);
        let document = Document::parse(&svg).unwrap();
        let pixels = resvg::tiny_skia::Pixmap::decode_png(&chart.png(theme).unwrap()).unwrap();
        assert_eq!(
            f64::from(pixels.width()),
            2.0 * number(document.root_element(), "width")
        );
        assert_eq!(
            f64::from(pixels.height()),
            2.0 * number(document.root_element(), "height")
        );
        let corner = pixels.pixel(1, 1).unwrap();
        assert_eq!([corner.red(), corner.green(), corner.blue()], paper);
        let colours: std::collections::BTreeSet<[u8; 3]> = pixels
            .pixels()
            .iter()
            .map(|p| [p.red(), p.green(), p.blue()])
            .collect();
        assert!(colours.len() > 50, "text and bars are there");
    }
}

/// Writes every picture for a person to look at: `cargo test --lib pictures_to_look_at -- --ignored`.
#[test]
#[ignore = "writes pictures into the folder charts among temporary files"]
fn pictures_to_look_at() {
    let folder = std::env::temp_dir().join("charts");
    std::fs::create_dir_all(&folder).unwrap();
    let mut page = String::new();
    for chart in samples().iter().chain(&nothing()[..1]) {
        for theme in THEMES {
            let start = std::time::Instant::now();
            let stem = format!("{}-{}", chart.name, theme.word());
            std::fs::write(
                folder.join(format!("{stem}.png")),
                chart.png(theme).unwrap(),
            )
            .unwrap();
            std::fs::write(folder.join(format!("{stem}.svg")), chart.svg(theme)).unwrap();
            println!("{stem}: {:.3} s", start.elapsed().as_secs_f64());
        }
        page.push_str(&format!(
            "<h2>{}</h2>{}{}",
            chart.title,
            chart.inline(Size::Narrow),
            chart.inline(Size::Wide)
        ));
    }
    for theme in THEMES {
        let html = format!(
            "<!doctype html><html data-theme={}><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
             <style>body{{margin:10px;background:var(--chart-paper);color:var(--chart-text);font-family:sans-serif}}\
             h2{{font-size:16px}}{}</style>{page}",
            theme.word(),
            page_css()
        );
        std::fs::write(folder.join(format!("page-{}.html", theme.word())), html).unwrap();
    }
}
