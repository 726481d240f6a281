//! The one error type. Each variant's message names the thing first and then the remedy, so that the
//! command line can print it as it is.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::span::Location;

/// What the library's functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be opened, read, written or renamed.
    #[error("{}: cannot {doing}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was being done: `open`, `read`, `write`, ...
        doing: &'static str,
        /// The operating system's word.
        source: std::io::Error,
    },
    /// One record of an input, or an input as a whole, cannot be used as it is.
    #[error(transparent)]
    Input(#[from] InputProblem),
    /// A file of this library's own, a model or word vectors, that cannot be used.
    #[error("{}: {problem}", .path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: ModelProblem,
    },
    /// The data are readable but cannot answer what was asked: one class only, a subject nobody mentions.
    #[error("{0}")]
    Data(String),
    /// A parameter outside its range, or parameters that contradict each other.
    #[error("{0}")]
    Parameter(String),
    /// The linfa solver failed.
    #[error("linfa's solver failed")]
    Linfa(#[from] linfa::Error),
}

impl Error {
    /// An [`Error::Io`] for `path`.
    pub fn io(path: &Path, doing: &'static str, source: std::io::Error) -> Self {
        Error::Io {
            path: path.to_path_buf(),
            doing,
            source,
        }
    }

    /// An [`Error::Input`] at `location`.
    pub fn input(location: Location, problem: impl Into<String>) -> Self {
        Error::Input(InputProblem {
            location,
            problem: problem.into(),
        })
    }
}

/// What is wrong where in an input. With `--keep-going` these are collected instead of ending the work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{location}: {problem}")]
pub struct InputProblem {
    /// File and line.
    pub location: Location,
    /// What was found, what is allowed, what to do.
    pub problem: String,
}

/// What a file of this library's own holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A trained model.
    Model,
    /// A trained model of frames.
    Frames,
    /// Word vectors with their clusters and lexicon.
    WordVectors,
}

impl FileKind {
    /// What is in such a file.
    pub fn contents(self) -> &'static str {
        match self {
            FileKind::Model => "a model",
            FileKind::Frames => "a model of frames",
            FileKind::WordVectors => "word vectors",
        }
    }

    /// What makes one.
    fn command(self) -> &'static str {
        match self {
            FileKind::Model => "standpoint train DATA -o MODEL",
            FileKind::Frames => "standpoint train DATA --task frames -o MODEL",
            FileKind::WordVectors => "standpoint learn-vectors ARTICLES -o VECTORS",
        }
    }
}

impl std::fmt::Display for FileKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            FileKind::Model => "a Standpoint model",
            FileKind::Frames => "a Standpoint model of frames",
            FileKind::WordVectors => "a Standpoint file of word vectors",
        })
    }
}

/// Why such a file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelProblem {
    /// Not a safetensors file, or one that another program wrote, or one of ours that holds something else.
    #[error("not {kind} ({what}); make one with `{}`", kind.command())]
    Foreign {
        /// What was wanted.
        kind: FileKind,
        /// What was found.
        what: String,
    },
    /// A file that was cut or changed after it was written.
    #[error("damaged ({0}); copy or train it again")]
    Damaged(String),
    /// Written by a later version.
    #[error(
        "format {found}, but this version of standpoint reads up to {supported}; install a newer standpoint"
    )]
    Newer {
        /// The file's format version.
        found: u64,
        /// The greatest this library reads.
        supported: u64,
    },
}
