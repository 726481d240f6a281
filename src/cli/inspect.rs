//! `standpoint inspect`

use std::path::PathBuf;

use standpoint::report::{inspection_json, inspection_text, json};

use super::options::load_model;
use super::output::{Output, width};

/// Show what is in a model: classes, families of features, strongest features, training record
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A model file; the built-in model unless given
    model: Option<PathBuf>,
    /// Strongest features to show a class
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,
    /// How it is printed
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
  standpoint inspect
  standpoint inspect my-model.safetensors --top 40";

pub fn run(args: Args) -> anyhow::Result<()> {
    let classifier = load_model(args.model.as_deref())?;
    let report = match args.format {
        Format::Text => inspection_text(&classifier, args.top, width(None)),
        Format::Json => json(&inspection_json(&classifier, args.top)),
    };
    Output::print(None, &report)
}
