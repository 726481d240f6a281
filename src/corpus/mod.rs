//! The corpus: articles and labelled sentences, from files to typed records.
//!
//! In: paths as the user named them (files, folders, `-` for standard input) and [`ReadOptions`].
//! Out: [`LabelledSentence`]s for training and evaluation, [`Article`]s for scoring, and a
//! [`ReadReport`] that says what was read, what was skipped and what looks odd.
//!
//! A record travels upwards through these files: `source` finds the files and their [`Format`],
//! `input` opens one (unpacks gzip and Zstandard, counts bytes and lines), `table` cuts JSONL, CSV and TSV into
//! records, `columnar` (with the feature `arrow`) takes them from Parquet and Arrow files, `columns` finds our fields among the user's columns, and `labelled` and `article` give
//! them their types. Tables are read record by record, so that a file may be larger than memory. A text file or page
//! is one article: `encoding` makes text of its bytes, and `page` finds the article in HTML. `annotators` joins several people's rows of one sentence. `speakers` reads lists of who
//! belongs to which camp, `groups` lists of outlets, `sample` sentences that people labelled, `lexicon` words with their worth, and `date` the month of a date. `part` names a share of the input.
//!
//! A record that cannot be used is an error that names file and line. With
//! [`ReadOptions::keep_going`] it is counted and listed instead.

use std::collections::BTreeMap;

mod annotators;
mod article;
#[cfg(feature = "arrow")]
mod columnar;
mod columns;
mod date;
mod encoding;
mod foreign;
mod groups;
mod input;
mod labelled;
mod lexicon;
mod page;
mod part;
mod report;
mod sample;
mod source;
mod speakers;
mod table;

pub use annotators::{
    JoinLabels, JoinSummary, annotators, join_labels, sentence_ids, several_annotators,
};
pub(crate) use annotators::{single_spaced, text_and_subject};
pub use article::{Article, ArticleReader, Mark, NO_OUTLET, ParsedArticle, RawArticle};
#[cfg(feature = "arrow")]
pub use columnar::report_panic;
#[cfg(feature = "arrow")]
pub(crate) use columnar::table_metadata;
pub use date::{DateFormat, DateOrder, DateOrders, Month, ReadDate, read_month};
pub use groups::read_groups;
pub(crate) use input::Input;
pub use labelled::{
    LIST_MARK, LabelledCorpus, LabelledSentence, Target, read_labelled, read_labelled_texts,
};
pub use lexicon::read_lexicon;
pub use part::Part;
pub use report::{ReadNote, ReadReport, Skipped};
pub use sample::{SampleRow, read_sample};
pub use source::Format;
pub use speakers::{ListedSpeaker, read_speakers};

/// How to read inputs. The default reads every file as its extension says and stops at the first bad record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The format of standard input and of files named one by one, whatever their extension. Files
    /// found in folders always go by their extension.
    pub format: Option<Format>,
    /// Our column name -> the name it has in the file: `text` -> `body` for `--text-column body`.
    pub columns: BTreeMap<String, String>,
    /// The outlet of text files and pages, and of rows that name none.
    pub outlet: Option<String>,
    /// Collect bad records in the report and read on.
    pub keep_going: bool,
}
