//! Where results go: standard output, or the file of `-o`, which appears whole or not at all.

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::path::{Path, PathBuf};

use clap::{ColorChoice, ValueEnum};
use standpoint::Error;
use standpoint::output::OutputFile;
use standpoint::report::{Paint, Width};

/// A place for results.
pub enum Output {
    Stdout(BufWriter<Stdout>),
    File(OutputFile),
}

impl Output {
    /// The named file, or standard output.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Output> {
        Ok(match path {
            Some(path) => Output::File(OutputFile::create(path)?),
            None => Output::Stdout(BufWriter::new(io::stdout())),
        })
    }

    /// Completes the output.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Output::Stdout(mut stdout) => stdout.flush().map_err(to_stdout)?,
            Output::File(file) => file.finish()?,
        }
        Ok(())
    }

    /// Writes `bytes` as the whole of a file.
    pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
        let mut file = OutputFile::create(path)?;
        file.write_all(bytes).map_err(to_stdout)?;
        Ok(file.finish()?)
    }

    /// Writes `text` as the whole output.
    pub fn print(path: Option<&Path>, text: &str) -> anyhow::Result<()> {
        let mut output = Output::open(path)?;
        output.write_all(text.as_bytes()).map_err(to_stdout)?;
        output.finish()
    }
}

/// Says where writing failed, and keeps the cause.
pub fn to_stdout(error: io::Error) -> anyhow::Error {
    anyhow::Error::new(error).context("cannot write the results")
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Stdout(stdout) => stdout.write(bytes),
            Output::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Stdout(stdout) => stdout.flush(),
            Output::File(file) => file.flush(),
        }
    }
}

/// Whether a person looks at standard output.
pub fn is_terminal(path: Option<&Path>) -> bool {
    path.is_none() && io::stdout().is_terminal()
}

/// The terminal's width, between 60 and 160 columns; 100 elsewhere.
pub fn width(path: Option<&Path>) -> Width {
    if !is_terminal(path) {
        return Width::default();
    }
    terminal_size::terminal_size()
        .map_or_else(Width::default, |(width, _)| Width(width.0.clamp(60, 160)))
}

/// When output has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum When {
    #[default]
    Auto,
    Always,
    Never,
}

impl When {
    /// What `--color` says among the arguments of the command line, before they are parsed: help is coloured while they are.
    pub fn asked(arguments: impl IntoIterator<Item = OsString>) -> When {
        let arguments: Vec<OsString> = arguments
            .into_iter()
            .take_while(|argument| argument != "--")
            .collect();
        let values = arguments.iter().enumerate().filter_map(|(i, argument)| {
            let argument = argument.to_str()?;
            match argument.strip_prefix("--color")? {
                "" => arguments.get(i + 1)?.to_str(),
                value => value.strip_prefix('='),
            }
        });
        values
            .filter_map(|value| When::from_str(value, false).ok())
            .next_back()
            .unwrap_or_default()
    }

    /// The same for the colours of help and of wrong usage.
    pub fn for_help(self) -> ColorChoice {
        match self {
            // Clap looks at the stream it writes to, and at the same variables.
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        }
    }

    /// Whether what goes to `path`, or to standard output, is coloured. Under `auto`: never where NO_COLOR is set (no-color.org), always where
    /// CLICOLOR_FORCE is (bixense.com/clicolors), else on a terminal that knows colours.
    pub fn paint(self, path: Option<&Path>) -> Paint {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let coloured = match self {
            When::Always => true,
            When::Never => false,
            When::Auto if path.is_some() || set("NO_COLOR").is_some() => false,
            When::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            When::Auto => {
                is_terminal(path)
                    && set("TERM").is_none_or(|value| value != "dumb")
                    && set("CLICOLOR").is_none_or(|value| value != "0")
            }
        };
        match coloured {
            true => Paint::Colour,
            false => Paint::Plain,
        }
    }
}

/// Whether the named file has this extension.
pub fn extension_is(path: Option<&Path>, extension: &str) -> bool {
    path.and_then(Path::extension)
        .is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

/// Whether a page can be written: it is a file, and not the one the other results go to.
pub fn check_page(page: Option<&Path>, output: Option<&Path>) -> Result<(), Error> {
    let Some(page) = page else {
        return Ok(());
    };
    if page == Path::new("-") {
        return Err(Error::Parameter(
            "--html takes a file; the other results go to standard output".into(),
        ));
    }
    let place = |path: &Path| {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    match output {
        Some(output)
            if output == page || (place(page).is_some() && place(page) == place(output)) =>
        {
            Err(Error::Parameter(
                "--html and --output name the same file; the page and the other results are two"
                    .into(),
            ))
        }
        _ => Ok(()),
    }
}

/// Whether the named file can be written, asked before the work: its folder exists, and it is none of the inputs.
pub fn refuse_overwriting(output: Option<&Path>, inputs: &[PathBuf]) -> Result<(), Error> {
    if let Some(path) = output {
        OutputFile::check(path)?;
    }
    let Some(target) = output.and_then(|path| path.canonicalize().ok()) else {
        return Ok(());
    };
    match inputs
        .iter()
        .find(|input| input.is_file() && input.canonicalize().is_ok_and(|input| input == target))
    {
        None => Ok(()),
        Some(input) => Err(Error::Parameter(format!(
            "{} is both input and output; name another file with -o",
            input.display()
        ))),
    }
}
