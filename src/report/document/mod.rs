//! A report as blocks: one description of a result that prints as text for terminals (`text`), GitHub markdown (`markdown`) and LaTeX (`latex`),
//! and that other outputs can walk.
//!
//! Blocks hold plain text as it came, words from outside included; each printer makes it safe for its own format.

mod latex;
mod markdown;
mod text;

/// A report: what is printed, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// From top to bottom.
    pub blocks: Vec<Block>,
    /// Columns that text takes at most, however wide the terminal.
    pub most_columns: Option<u16>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// What the whole report is about.
    Title(String),
    /// What the blocks up to the next heading are about.
    Heading(String),
    /// Prose.
    Paragraph(String),
    /// Sentences that begin on a line of their own each.
    Lines(Vec<String>),
    /// Points, one after the other.
    List(List),
    /// Named figures, one a line.
    Figures(Figures),
    /// Rows under headers.
    Table(Table),
    /// Sentences of articles, with their scores.
    Quotes(Quotes),
}

/// Points under a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What the points are.
    pub title: Option<String>,
    /// The points.
    pub items: Vec<String>,
    /// What begins each point in text.
    pub mark: Mark,
    /// What was left out, after the last point.
    pub more: Option<String>,
}

/// How points begin in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A dash.
    Dash,
    /// Nothing; the lines after the first are indented by so many columns.
    Hanging(usize),
}

/// Names and values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// What they measure.
    pub title: Option<String>,
    /// What stands between a name and its value in text, before the spaces that align values.
    pub after_name: &'static str,
    /// Name and value; a value may have several lines.
    pub rows: Vec<(String, String)>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// Whether text needs the caption: it does not where the lines above say as much.
    pub caption_in_text: bool,
    /// One a column.
    pub headers: Vec<String>,
    /// The columns of words; all others are set to the right.
    pub left: Vec<usize>,
    /// From top to bottom, each with a cell a column.
    pub rows: Vec<Row>,
    /// What was left out, after the last row.
    pub more: Option<String>,
    /// How to read it, under the table.
    pub notes: Vec<String>,
    /// Whether notes follow the rows in text without an empty line.
    pub close: bool,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// One a column.
    pub cells: Vec<String>,
    /// Whether the row is a part of the last one above that is not.
    pub nested: bool,
}

/// Sentences of one outlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotes {
    /// Whose.
    pub outlet: String,
    /// In order.
    pub quotes: Vec<Quote>,
}

/// A sentence of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Its net stance, or a dash.
    pub score: String,
    /// Its words.
    pub text: String,
    /// Where it stands, and whose words it has.
    pub place: String,
}

impl Document {
    /// One document after the other.
    pub fn joined(documents: impl IntoIterator<Item = Document>) -> Document {
        let mut joined = Document::default();
        for document in documents {
            joined.blocks.extend(document.blocks);
            joined.most_columns = joined.most_columns.or(document.most_columns);
        }
        joined
    }
}

impl From<Vec<Block>> for Document {
    fn from(blocks: Vec<Block>) -> Document {
        Document {
            blocks,
            most_columns: None,
        }
    }
}

impl Block {
    /// A paragraph.
    pub fn paragraph(text: impl Into<String>) -> Block {
        Block::Paragraph(text.into())
    }

    /// A heading.
    pub fn heading(text: impl Into<String>) -> Block {
        Block::Heading(text.into())
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Block {
        Block::Table(table)
    }
}

impl From<List> for Block {
    fn from(list: List) -> Block {
        Block::List(list)
    }
}

impl List {
    /// Points with dashes under `title`.
    pub fn titled(title: impl Into<String>, items: Vec<String>) -> List {
        List {
            title: Some(title.into()),
            items,
            mark: Mark::Dash,
            more: None,
        }
    }
}

impl Table {
    /// A table with its caption above the rows; the columns in `left` hold words.
    pub fn new<H: Into<String>, R: Into<Row>>(
        caption: impl Into<String>,
        headers: impl IntoIterator<Item = H>,
        left: &[usize],
        rows: impl IntoIterator<Item = R>,
    ) -> Table {
        Table {
            caption: caption.into(),
            caption_in_text: true,
            headers: headers.into_iter().map(Into::into).collect(),
            left: left.to_vec(),
            rows: rows.into_iter().map(Into::into).collect(),
            more: None,
            notes: Vec::new(),
            close: false,
        }
    }

    /// Tables that are one in truth, cut because its columns do not fit side by side: text prints the caption once, and the note is under the last.
    pub fn parts(tables: Vec<Table>, note: Option<String>) -> Vec<Block> {
        let n = tables.len();
        let parts = tables.into_iter().enumerate().map(|(index, mut table)| {
            if n > 1 && index > 0 {
                table.caption = format!("{} ({} of {n})", table.caption, index + 1);
                table.caption_in_text = false;
            }
            if index + 1 == n {
                table.notes.extend(note.clone());
            }
            Block::Table(table)
        });
        parts.collect()
    }

    /// The same, its caption left out of text.
    pub fn quiet(self) -> Table {
        Table {
            caption_in_text: false,
            ..self
        }
    }

    /// The same, with no empty line before its notes in text.
    pub fn close(self) -> Table {
        Table {
            close: true,
            ..self
        }
    }

    /// The same with a note under it.
    pub fn note(mut self, note: impl Into<String>) -> Table {
        self.notes.push(note.into());
        self
    }

    /// The same with what was left out.
    pub fn more(self, more: Option<String>) -> Table {
        Table { more, ..self }
    }
}

impl From<Vec<String>> for Row {
    fn from(cells: Vec<String>) -> Row {
        Row {
            cells,
            nested: false,
        }
    }
}

impl Row {
    /// A part of the row above.
    pub fn nested(cells: Vec<String>) -> Row {
        Row {
            cells,
            nested: true,
        }
    }
}
