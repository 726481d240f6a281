//! `standpoint explain`

use std::io::Read;

use anyhow::Context;
use standpoint::Error;
use standpoint::features::Example;
use standpoint::report::{explanation_json, explanation_text, json};
use standpoint::span::Span;
use standpoint::text::MentionFinder;

use super::options::{ModelArgs, SubjectArgs};
use super::output::{Output, width};
use super::{Common, messages};

/// Show why a sentence gets its score
///
/// Takes one sentence apart: what each feature adds to each class, exactly, then how the sum becomes probabilities.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// One sentence; - is standard input
    text: String,
    #[command(flatten)]
    subject: SubjectArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// Features to show, strongest first
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,
    /// How the explanation is printed; `json` holds every feature
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  standpoint explain \"The council praised Verrick for her honesty.\" --subject \"Dana Verrick\"
  standpoint explain \"Critics accused Verrick of lying.\" --subject Verrick --top 30
  standpoint explain - --subject Verrick --format json < sentence.txt";

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    let mut text = args.text;
    if text == "-" {
        text.clear();
        std::io::stdin()
            .read_to_string(&mut text)
            .context("standard input")?;
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::Data("the text is empty; give one sentence".into()).into());
    }
    let classifier = args.model.load()?;
    let mentions: Vec<Span> = match args.subject.subject() {
        Some(subject) => {
            let found = MentionFinder::new(&subject)?.find(text);
            if found.is_empty() {
                return Err(Error::Data(format!(
                    "the text does not mention \"{}\"; check the spelling (capitals count), add --alias, or leave \
                     --subject out to score it target-blind",
                    subject.name
                ))
                .into());
            }
            found.iter().map(|mention| mention.span).collect()
        }
        None => {
            messages::note(common, "no --subject: scored target-blind");
            Vec::new()
        }
    };
    let explanation = classifier.explain(Example {
        text,
        mentions: &mentions,
    });
    let classes = classifier.classes();
    let report = match args.format {
        Format::Text => explanation_text(
            text,
            &mentions,
            classes,
            &explanation,
            args.top,
            width(None),
        ),
        Format::Json => json(&explanation_json(text, &mentions, classes, &explanation)),
    };
    Output::print(None, &report)
}
