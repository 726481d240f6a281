//! Commands: each parses its arguments, calls the library, prints a report. The only room that knows arguments, standard output, exit
//! codes and progress bars.
//!
//! Exit codes: 0 fine (a closed pipe too), 1 failed, 2 wrong usage.

mod check;
mod compare;
mod evaluate;
mod explain;
mod frames;
mod inspect;
mod learn_curve;
mod learn_vectors;
mod messages;
mod options;
mod output;
mod plan;
mod read;
mod score;
mod scored;
mod suggest;
mod train;
mod validate;

use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use standpoint::Error;
use standpoint::report::Paint;

use output::When;

/// Measures how news outlets portray a subject.
///
/// Standpoint scores the stance of sentences toward a person, organisation or policy and compares outlets, with intervals that say
/// what they cover. A model for English news is built in; you can train your own on labelled sentences.
#[derive(Debug, Parser)]
#[command(name = "standpoint", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  standpoint compare articles/ --subject \"Dana Verrick\"       one folder an outlet, one text file an article
  standpoint score news.jsonl --subject \"Dana Verrick\" -o scores.jsonl
  standpoint train labelled.csv -o my-model.safetensors
  standpoint evaluate test.csv --model my-model.safetensors

`standpoint COMMAND --help` explains a command, with examples.";

/// Options of every command.
#[derive(Debug, Clone, clap::Args)]
struct Common {
    /// Seed of folds, resampling and permutations, 1 unless given; the same seed gives the same bytes
    #[arg(long, global = true, value_name = "N", help_heading = "Everywhere")]
    seed: Option<u64>,
    /// Threads to use; all cores unless given. The results are the same
    #[arg(long, global = true, value_name = "N", help_heading = "Everywhere")]
    threads: Option<usize>,
    /// Print results and errors only
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    quiet: bool,
    /// Count and list records that cannot be used instead of stopping at the first
    #[arg(long, global = true, help_heading = "Everywhere")]
    keep_going: bool,
    /// Colours: `auto` on a terminal unless NO_COLOR is set
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Everywhere"
    )]
    color: When,
}

impl Common {
    /// The seed that holds.
    fn seed(&self) -> u64 {
        self.seed.unwrap_or(1)
    }

    /// How what goes to `path`, or to standard output, is painted.
    fn paint(&self, path: Option<&Path>) -> Paint {
        self.color.paint(path)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Train(train::Args),
    Suggest(Box<suggest::Args>),
    LearnCurve(learn_curve::Args),
    Evaluate(evaluate::Args),
    Read(read::Args),
    Score(score::Args),
    Compare(compare::Args),
    Validate(validate::Args),
    Explain(explain::Args),
    Inspect(inspect::Args),
    LearnVectors(learn_vectors::Args),
}

/// Runs the command line and says how it ended.
pub fn main() -> ExitCode {
    #[cfg(feature = "arrow")]
    outlive_decoders();
    let colours = When::asked(std::env::args_os()).for_help();
    let command = Cli::command().color(colours);
    let parsed = command
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            return match error.print() {
                Ok(()) => ExitCode::from(code),
                Err(e) if e.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(code),
                Err(_) => ExitCode::FAILURE,
            };
        }
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let wrong_usage = matches!(error.downcast_ref(), Some(Error::Parameter(_)));
            messages::error(&format!("{error:#}"));
            ExitCode::from(if wrong_usage { 2 } else { 1 })
        }
    }
}

/// Makes a panic of a decoder of Parquet or Arrow the message that the file is damaged, although panics abort this program.
#[cfg(feature = "arrow")]
fn outlive_decoders() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let payload = panic.payload();
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let said = text.or_else(|| payload.downcast_ref().copied());
        standpoint::corpus::report_panic(said.unwrap_or("it does not say why"));
        usual(panic);
    }));
}

/// Far above any machine's cores; starting tens of thousands of threads hangs for minutes.
const MOST_THREADS: usize = 1024;

fn run(cli: Cli) -> anyhow::Result<()> {
    if let Some(threads) = cli.common.threads {
        if threads == 0 {
            return Err(Error::Parameter("--threads is 0; at least 1 does the work".into()).into());
        }
        if threads > MOST_THREADS {
            return Err(Error::Parameter(format!(
                "--threads is {threads}; at most {MOST_THREADS} can be started"
            ))
            .into());
        }
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global()?;
    }
    match cli.command {
        Command::Check(args) => check::run(args, &cli.common),
        Command::Train(args) => train::run(args, &cli.common),
        Command::Suggest(args) => suggest::run(*args, &cli.common),
        Command::LearnCurve(args) => learn_curve::run(args, &cli.common),
        Command::Evaluate(args) => evaluate::run(args, &cli.common),
        Command::Read(args) => read::run(args, &cli.common),
        Command::Score(args) => score::run(args, &cli.common),
        Command::Compare(args) => compare::run(args, &cli.common),
        Command::Validate(args) => validate::run(args, &cli.common),
        Command::Explain(args) => explain::run(args, &cli.common),
        Command::Inspect(args) => inspect::run(args),
        Command::LearnVectors(args) => learn_vectors::run(args, &cli.common),
    }
}

/// Whether the reader of our output went away (`| head`): nobody is left to tell.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}
