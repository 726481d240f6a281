//! Charts: labels and figures in, pictures out.
//!
//! A [`Chart`] is a plot with a title, a caption and words for those who cannot see it. It comes out in two ways: inline
//! for a page, styled by the page through the classes of [`page_css`], and standing alone as SVG or PNG for an article.
//! Nothing here knows outlets or a comparison; every label is somebody else's text and treated as such.
//!
//! One file a plot: `dots`, `bars`, `heat`, `time`, `sides`. Under them: `axis` (scales and ticks), `heads` (the labels
//! of rows), `canvas` (elements), `ink` (colours, classes), `font` (widths of text), `raster` (PNG).

mod axis;
mod bars;
mod canvas;
mod dots;
mod font;
mod heads;
mod heat;
mod ink;
mod raster;
mod sides;
#[cfg(test)]
mod tests;
mod time;

use canvas::{Anchor, Canvas, Layout};
use font::Style;

use crate::error::Result;
use crate::statistics::Estimate;

pub use ink::page_css;

/// Rows, panels and columns beyond these are counted in words instead of drawn.
const MAX_ROWS: usize = 60;
const MAX_COLUMNS: usize = 24;

/// What a colour means. Against and in favor are orange and blue, which stay apart for colour-blind readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Against the subject.
    Against,
    /// Neither against nor in favor.
    Neutral,
    /// In favor of the subject.
    Favor,
    /// No meaning; the colour of ink.
    Plain,
    /// No meaning, behind the others.
    Soft,
    /// The i-th of things without an order; there are seven.
    Series(u8),
}

/// How a mark is drawn, so that series differ without colour too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A disc.
    Dot,
    /// A square.
    Square,
    /// A circle with a hole.
    Ring,
    /// A square on its tip.
    Diamond,
    /// A triangle.
    Triangle,
    /// A diagonal cross.
    Cross,
}

/// One of several figures a row shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name in the key.
    pub label: String,
    /// Its mark.
    pub shape: Shape,
    /// Its colour.
    pub tone: Tone,
}

/// A figure with its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Index into [`DotPlot::series`].
    pub series: usize,
    /// Without an interval it is a hollow mark; without a value nothing is drawn.
    pub estimate: Estimate,
    /// Drawn heavier than the others.
    pub strong: bool,
}

/// A row of a dot plot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// What the row is about.
    pub label: String,
    /// A short remark beside the label, such as "n 12".
    pub note: String,
    /// The figures.
    pub marks: Vec<Mark>,
    /// Why there are none, in place of marks: "too few".
    pub message: Option<String>,
}

/// The scale of a plot and what its ends mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Lower end; zero is always on the scale.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What the lower end means, such as "against"; may be empty.
    pub left: String,
    /// What the upper end means, such as "in favor"; may be empty.
    pub right: String,
    /// A dashed line across all rows, with its name.
    pub line: Option<(f64, String)>,
    /// Whether numbers carry a plus sign.
    pub signed: bool,
}

/// Figures with intervals, a row a label, on one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct DotPlot {
    /// From top to bottom.
    pub rows: Vec<Row>,
    /// What marks refer to; a key is drawn from two up.
    pub series: Vec<Series>,
    /// The scale.
    pub axis: Axis,
}

/// A row of bars.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BarRow {
    /// What the row is about.
    pub label: String,
    /// A short remark beside the label.
    pub note: String,
    /// A number for each of [`Bars::parts`], at least 0.
    pub parts: Vec<f64>,
    /// Why there are none.
    pub message: Option<String>,
}

/// What a piece of every bar stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name.
    pub label: String,
    /// Its colour.
    pub tone: Tone,
}

/// What the numbers of bars are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Shares of one, written as percentages.
    Percent,
    /// Counts.
    Count,
}

/// Bars made of parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// From top to bottom.
    pub rows: Vec<BarRow>,
    /// The parts of each bar, from left to right.
    pub parts: Vec<Part>,
    /// What the numbers are.
    pub scale: Scale,
    /// Parts toned [`Tone::Against`] go to the left of zero, [`Tone::Favor`] to the right, all others to a column of
    /// their own at the side, in the same scale. Otherwise parts are stacked from the left.
    pub diverging: bool,
}

/// A row of a heat map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatRow {
    /// What the row is about.
    pub label: String,
    /// A short remark beside the label.
    pub note: String,
    /// A share from 0 to 1 for each column, or nothing.
    pub cells: Vec<Option<f64>>,
}

/// Shares in a table, the darker the larger, with the number in each cell.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// From top to bottom.
    pub rows: Vec<HeatRow>,
    /// Headings.
    pub columns: Vec<String>,
}

/// One small plot of a [`TimePlot`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// What it is about.
    pub label: String,
    /// A short remark beside the label.
    pub note: String,
    /// A figure and its n for each period, or nothing: the line has a gap there.
    pub points: Vec<Option<(Estimate, usize)>>,
    /// The same for all together, drawn in grey; may be empty.
    pub context: Vec<Option<f64>>,
}

/// Figures over time: small plots on one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct TimePlot {
    /// Names of consecutive periods, those without data included.
    pub periods: Vec<String>,
    /// One a label.
    pub panels: Vec<Panel>,
    /// The scale of all; `left` is the lower end.
    pub axis: Axis,
    /// What the grey line is, such as "all outlets".
    pub context: String,
}

/// A word or phrase with its weight.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// The word.
    pub label: String,
    /// The length of the bar; its sign is not looked at.
    pub value: f64,
    /// A short remark after the word.
    pub note: String,
    /// Drawn in full colour.
    pub strong: bool,
}

/// Two lists of words, back to back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SidePanel {
    /// What it is about.
    pub title: String,
    /// What the left side means.
    pub left_title: String,
    /// What the right side means.
    pub right_title: String,
    /// From top to bottom.
    pub left: Vec<Bar>,
    /// From top to bottom.
    pub right: Vec<Bar>,
}

/// Mirrored bars with words beside them, on one scale.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TwoSided {
    /// One a label.
    pub panels: Vec<SidePanel>,
}

/// What a chart shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Plot {
    /// Figures with intervals.
    Dots(DotPlot),
    /// Bars made of parts.
    Bars(Bars),
    /// Shares in a table.
    Heat(HeatMap),
    /// Figures over time.
    Time(TimePlot),
    /// Mirrored bars.
    TwoSided(TwoSided),
}

/// A plot with the words around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// File stem and id: lower-case letters, digits and hyphens; anything else becomes a hyphen in ids.
    pub name: String,
    /// The heading.
    pub title: String,
    /// What and whose the figures are; drawn under the plot when it stands alone.
    pub caption: String,
    /// What the picture shows, for those who cannot see it.
    pub alt: String,
    /// The plot.
    pub plot: Plot,
}

/// The width an inline chart is laid out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 340 units, for phones: labels stand above the marks.
    Narrow,
    /// 760 units: labels stand beside the marks.
    Wide,
}

/// Dark ink on light paper or the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// On white.
    Light,
    /// On near black.
    Dark,
}

/// Space around a chart that stands alone.
const MARGIN: f64 = 20.0;

impl Chart {
    /// The plot as an `<svg>` element for a page: classes only, no title or caption in the picture (the page sets them),
    /// but named and described by `alt` for readers of screens. The root has the classes `chart` and `chart-narrow` or
    /// `chart-wide`; ids are unique by chart name and size.
    pub fn inline(&self, size: Size) -> String {
        let (layout, word) = match size {
            Size::Narrow => (Layout::NARROW, "narrow"),
            Size::Wide => (Layout::WIDE, "wide"),
        };
        let mut canvas = Canvas::default();
        let bottom = self.plot.draw(&mut canvas, layout);
        canvas.document(
            &format!("{}-{word}", self.id()),
            &format!("chart chart-{word}"),
            (layout.width, bottom),
            (&self.title, &self.alt),
        )
    }

    /// The chart as a file of its own: title above, caption below, colours inside.
    pub fn svg(&self, theme: Theme) -> String {
        let layout = Layout::WIDE;
        let mut page = Canvas::default();
        let mut y = MARGIN;
        y = page.paragraph((MARGIN, y), layout.width, Style::Title, &self.title, 3);
        let mut plot = Canvas::default();
        let top = y + 10.0;
        y = top + self.plot.draw(&mut plot, layout);
        page.place((MARGIN, top), plot);
        y = page.paragraph(
            (MARGIN, y + 10.0),
            layout.width,
            Style::Caption,
            &self.caption,
            12,
        );
        let (width, height) = (layout.width + 2.0 * MARGIN, (y + MARGIN - 4.0).ceil());
        let (id, class) = (format!("{}-{}", self.id(), theme.word()), theme.class());
        page.standalone(
            &id,
            class,
            (width, height),
            (&self.title, &self.alt),
            &ink::file_css(theme),
        )
    }

    /// The picture of [`Chart::svg`], two pixels a unit. Names in scripts the built-in font lacks are set in the system's
    /// fonts.
    ///
    /// # Errors
    /// [`crate::Error::Data`] if the picture would be too large.
    pub fn png(&self, theme: Theme) -> Result<Vec<u8>> {
        raster::png(&self.svg(theme), &self.name)
    }

    fn id(&self) -> String {
        let id: String = self
            .name
            .chars()
            .take(64)
            .map(|c| match c.to_ascii_lowercase() {
                c if c.is_ascii_alphanumeric() => c,
                _ => '-',
            })
            .collect();
        format!("chart-{id}")
    }
}

impl Plot {
    /// Draws into `canvas` from 0 down; the lower edge.
    fn draw(&self, canvas: &mut Canvas, layout: Layout) -> f64 {
        let empty = match self {
            Plot::Dots(plot) => plot.rows.is_empty(),
            Plot::Bars(plot) => plot.rows.is_empty() || plot.parts.is_empty(),
            Plot::Heat(plot) => plot.rows.is_empty() || plot.columns.is_empty(),
            Plot::Time(plot) => plot.panels.is_empty() || plot.periods.is_empty(),
            Plot::TwoSided(plot) => plot
                .panels
                .iter()
                .all(|panel| panel.left.is_empty() && panel.right.is_empty()),
        };
        if empty {
            canvas.text(
                (0.0, 24.0),
                Anchor::Start,
                Style::Message,
                "nothing to show",
            );
            return 36.0;
        }
        match self {
            Plot::Dots(plot) => plot.draw(canvas, layout),
            Plot::Bars(plot) => plot.draw(canvas, layout),
            Plot::Heat(plot) => plot.draw(canvas, layout),
            Plot::Time(plot) => plot.draw(canvas, layout),
            Plot::TwoSided(plot) => plot.draw(canvas, layout),
        }
    }
}
