//! Elements of a picture. Numbers are rounded, text is cleaned and escaped, whatever comes in.

use svg::node::element::{
    Description, Element, Group, Line, Path, Rectangle, SVG, Style as Sheet, Title,
};
use svg::node::{Node, Text as Words};

use super::font::{self, Style, clean};
use super::{Shape, Tone};

/// The room a plot has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    pub width: f64,
    pub narrow: bool,
}

impl Layout {
    pub const NARROW: Layout = Layout {
        width: 340.0,
        narrow: true,
    };
    pub const WIDE: Layout = Layout {
        width: 760.0,
        narrow: false,
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Two decimals; 0 for what is not a number, which no caller should pass.
pub(super) fn rounded(value: f64) -> f64 {
    if value.is_finite() {
        // Adding zero turns -0 into 0.
        (value * 100.0).round() / 100.0 + 0.0
    } else {
        0.0
    }
}

impl Tone {
    pub(super) fn class(self) -> String {
        format!("tone-{}", self.ink())
    }

    /// The name of its colour.
    pub(super) fn ink(self) -> String {
        match self {
            Tone::Against => "against".to_string(),
            Tone::Neutral => "neutral".to_string(),
            Tone::Favor => "favor".to_string(),
            Tone::Plain => "plain".to_string(),
            Tone::Soft => "soft".to_string(),
            Tone::Series(index) => format!("series-{}", index % 7),
        }
    }
}

/// The elements drawn so far, later ones over earlier ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Canvas {
    nodes: Vec<Box<dyn Node>>,
}

impl Canvas {
    fn add(&mut self, node: impl Into<Box<dyn Node>>) {
        self.nodes.push(node.into());
    }

    /// One line of text; nothing for empty text.
    pub fn text(&mut self, at: (f64, f64), anchor: Anchor, style: Style, text: &str) {
        self.inked_text(at, anchor, style, "", text);
    }

    /// One line of text with further classes.
    pub fn inked_text(
        &mut self,
        (x, y): (f64, f64),
        anchor: Anchor,
        style: Style,
        class: &str,
        text: &str,
    ) {
        let text = clean(text);
        if text.is_empty() {
            return;
        }
        let class = format!("{} {class}", style.class());
        let mut node = Element::new("text");
        node.assign("class", class.trim_end());
        match anchor {
            Anchor::Start => {}
            Anchor::Middle => node.assign("text-anchor", "middle"),
            Anchor::End => node.assign("text-anchor", "end"),
        }
        if style == Style::Message {
            // The font has no italics in the picture: the letters are slanted instead.
            node.assign(
                "transform",
                format!("translate({} {}) skewX(-11)", rounded(x), rounded(y)),
            );
        } else {
            node.assign("x", rounded(x));
            node.assign("y", rounded(y));
        }
        node.append(Words::new(text));
        self.add(node);
    }

    /// Text that reads upward, starting at `x`, `y`.
    pub fn upright_text(&mut self, (x, y): (f64, f64), style: Style, text: &str) {
        let text = clean(text);
        if text.is_empty() {
            return;
        }
        let mut node = Element::new("text");
        node.assign("class", style.class());
        node.assign(
            "transform",
            format!("translate({} {}) rotate(-90)", rounded(x), rounded(y)),
        );
        node.append(Words::new(text));
        self.add(node);
    }

    /// Lines of text from `y` down; the lower edge.
    pub fn paragraph(
        &mut self,
        (x, y): (f64, f64),
        limit: f64,
        style: Style,
        text: &str,
        max_lines: usize,
    ) -> f64 {
        let text = clean(text);
        if text.is_empty() {
            return y;
        }
        let mut y = y;
        for line in font::wrapped(style, &text, limit, max_lines) {
            self.text((x, y + style.size()), Anchor::Start, style, &line);
            y += style.leading();
        }
        y
    }

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        self.add(
            Line::new()
                .set("x1", rounded(from.0))
                .set("y1", rounded(from.1))
                .set("x2", rounded(to.0))
                .set("y2", rounded(to.1))
                .set("class", class),
        );
    }

    pub fn rectangle(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), class: &str) {
        self.add(
            Rectangle::new()
                .set("x", rounded(x))
                .set("y", rounded(y))
                .set("width", rounded(width.max(0.0)))
                .set("height", rounded(height.max(0.0)))
                .set("class", class),
        );
    }

    /// A line through `points`, or the area within them.
    pub fn outline(&mut self, points: &[(f64, f64)], closed: bool, class: &str) {
        let mut path = String::new();
        for (index, (x, y)) in points.iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            path.push_str(&format!("{command}{} {}", rounded(*x), rounded(*y)));
        }
        if closed {
            path.push('Z');
        }
        self.add(Path::new().set("d", path).set("class", class));
    }

    /// A mark of `radius` at a place.
    pub fn mark(
        &mut self,
        shape: Shape,
        (x, y): (f64, f64),
        radius: f64,
        tone: Tone,
        hollow: bool,
    ) {
        let fill = if hollow || shape == Shape::Ring {
            "c-hollow"
        } else {
            "c-fill"
        };
        let class = format!("c-mark {} {fill}", tone.class());
        let polygon = |corners: &[(f64, f64)]| -> Vec<(f64, f64)> {
            corners
                .iter()
                .map(|(dx, dy)| (x + dx * radius, y + dy * radius))
                .collect()
        };
        match shape {
            Shape::Dot | Shape::Ring => self.add(
                svg::node::element::Circle::new()
                    .set("cx", rounded(x))
                    .set("cy", rounded(y))
                    .set("r", rounded(radius))
                    .set("class", class),
            ),
            Shape::Square => {
                let s = 0.88;
                self.outline(
                    &polygon(&[(-s, -s), (s, -s), (s, s), (-s, s)]),
                    true,
                    &class,
                );
            }
            Shape::Diamond => {
                let s = 1.22;
                self.outline(
                    &polygon(&[(0.0, -s), (s, 0.0), (0.0, s), (-s, 0.0)]),
                    true,
                    &class,
                );
            }
            Shape::Triangle => {
                self.outline(
                    &polygon(&[(0.0, -1.15), (1.1, 0.8), (-1.1, 0.8)]),
                    true,
                    &class,
                );
            }
            Shape::Cross => {
                let class = format!("c-mark {} c-cross", tone.class());
                let [a, b, c, d] = [(-0.9, -0.9), (0.9, 0.9), (-0.9, 0.9), (0.9, -0.9)];
                let mut group = Canvas::default();
                group.outline(&polygon(&[a, b]), false, &class);
                group.outline(&polygon(&[c, d]), false, &class);
                self.nodes.extend(group.nodes);
            }
        }
    }

    /// What `draw` draws, with words shown on pointing at it.
    pub fn titled(&mut self, title: &str, draw: impl FnOnce(&mut Canvas)) {
        let mut inner = Canvas::default();
        draw(&mut inner);
        let mut group = Group::new();
        let title = clean(title);
        if !title.is_empty() {
            group = group.add(Title::new(title));
        }
        for node in inner.nodes {
            group.append(node);
        }
        self.add(group);
    }

    /// Another canvas, moved to a place.
    pub fn place(&mut self, (x, y): (f64, f64), other: Canvas) {
        let mut group = Group::new().set(
            "transform",
            format!("translate({} {})", rounded(x), rounded(y)),
        );
        for node in other.nodes {
            group.append(node);
        }
        self.add(group);
    }

    /// The `<svg>` element for a page.
    pub fn document(self, id: &str, class: &str, size: (f64, f64), words: (&str, &str)) -> String {
        self.root(id, class, size, words, None).to_string()
    }

    /// The file of its own.
    pub fn standalone(
        self,
        id: &str,
        class: &str,
        size: (f64, f64),
        words: (&str, &str),
        css: &str,
    ) -> String {
        let root = self
            .root(id, class, size, words, Some(css))
            .set("width", rounded(size.0))
            .set("height", rounded(size.1));
        format!("{root}\n")
    }

    fn root(
        self,
        id: &str,
        class: &str,
        (width, height): (f64, f64),
        (title, description): (&str, &str),
        css: Option<&str>,
    ) -> SVG {
        let mut root = SVG::new()
            .set("viewBox", (0.0, 0.0, rounded(width), rounded(height)))
            .set("id", id)
            .set("class", class)
            .set("role", "img")
            .set("aria-labelledby", format!("{id}-title {id}-desc"))
            .add(Title::new(clean(title)).set("id", format!("{id}-title")))
            .add(
                Description::new()
                    .set("id", format!("{id}-desc"))
                    .add(Words::new(clean(description))),
            );
        if let Some(css) = css {
            root = root.add(Sheet::new(css)).add(
                Rectangle::new()
                    .set("width", rounded(width))
                    .set("height", rounded(height))
                    .set("class", "c-paper"),
            );
        }
        for node in self.nodes {
            root.append(node);
        }
        root
    }
}
