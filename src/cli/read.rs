//! `standpoint read`

use std::io::Write;
use std::path::PathBuf;

use standpoint::corpus::ArticleReader;
use standpoint::report::{kwic_text, reading_text};
use standpoint::score::read_article;
use standpoint::text::{MentionFinder, Subject};

use super::options::{ArticleArgs, MentionKindArgs, PlainArgs, SubjectsArgs};
use super::output::{Output, refuse_overwriting, to_stdout, width};
use super::{Common, messages};

/// Show how articles are read: furniture, sentences, mentions, voices
///
/// Prints every sentence with whose words it is, and what on the page is not prose, so that you can check what scores rest on. Needs no
/// model. With a subject its mentions stand in [brackets], pronouns with whose they are, as in [she: Dana Verrick], and what the subject says itself is `self`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Articles: .txt, .html, .jsonl, .csv or .tsv, plain, .gz or .zst; folders; - is standard input
    #[arg(required = true)]
    articles: Vec<PathBuf>,
    #[command(flatten)]
    subjects: SubjectsArgs,
    #[command(flatten)]
    mentions: MentionKindArgs,
    #[command(flatten)]
    plain: PlainArgs,
    /// Print mentions in context, aligned, instead of whole articles
    #[arg(long)]
    kwic: bool,
    /// `text`, or `jsonl` with spans in characters (the default for a file named .jsonl)
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// A file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    reading: ArticleArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

const EXAMPLES: &str = "\
Examples:
  standpoint read articles/ --subject \"Dana Verrick\" | less
  standpoint read page.txt
  standpoint read articles/ --subject \"Dana Verrick\" --kwic
  standpoint read articles/ --subject \"Dana Verrick\" --mentions pronoun --kwic
  standpoint read news.jsonl --format jsonl -o reading.jsonl";

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    refuse_overwriting(args.output.as_deref(), &args.articles)?;
    let subjects: Vec<(Subject, MentionFinder)> = args
        .subjects
        .subjects()?
        .into_iter()
        .map(|subject| {
            let finder = MentionFinder::new(&subject)?;
            Ok((subject, finder))
        })
        .collect::<standpoint::Result<_>>()?;
    let wanted = args.mentions.wanted();
    let path = args.output.as_deref();
    let mut articles = ArticleReader::open(&args.articles, &args.reading.read_options(common))?;
    let mut output = Output::open(path)?;
    let jsonl = args.format.map_or_else(
        || super::output::extension_is(path, "jsonl"),
        |format| format == Format::Jsonl,
    );
    let paint = common.paint(path);
    for article in articles.by_ref() {
        let reading = read_article(&article?, &subjects, wanted, args.plain.plain);
        let text = if jsonl {
            let mut line = serde_json::to_string(&reading).expect("readings are plain data");
            line.push('\n');
            line
        } else if args.kwic {
            kwic_text(&reading, width(path))
        } else {
            reading_text(&reading, paint, width(path))
        };
        output.write_all(text.as_bytes()).map_err(to_stdout)?;
    }
    output.finish()?;
    messages::read_report(common, articles.report());
    Ok(())
}
