//! Scores that several commands go through: files made by `standpoint score`, or made now from articles.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use standpoint::score::{ArticleScore, Coverage, Run, ScoreFile, is_score_file, read_score_file};
use standpoint::text::Subject;
use standpoint::{Error, Result};

use super::options::{ArticleArgs, ModelArgs, SubjectArgs};

/// Scores read at a time.
const BATCH: usize = 256;

/// What a command was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    Articles,
    Scores,
}

/// Whether `inputs` are score files or articles; not both.
pub fn given(inputs: &[PathBuf], reading: &ArticleArgs) -> Result<Given> {
    let mut are_scores: Vec<bool> = inputs.iter().map(|path| is_score_file(path)).collect();
    // Articles on standard input need --input-format, so without it scores are meant, if nothing else is there.
    let is_stdin = |path: &Path| path.as_os_str() == "-" && !reading.has_format();
    let mut others = inputs.iter().zip(&are_scores);
    if others.all(|(path, &is_scores)| is_scores || is_stdin(path)) {
        are_scores.fill(true);
    }
    match (
        are_scores.iter().position(|&is| is),
        are_scores.iter().position(|&is| !is),
    ) {
        (Some(_), None) => Ok(Given::Scores),
        (Some(scores), Some(articles)) => Err(Error::Parameter(format!(
            "{} is a score file and {} is not; give score files or articles, not both",
            inputs[scores].display(),
            inputs[articles].display()
        ))),
        (None, _) => Ok(Given::Articles),
    }
}

/// Score files of one model and one way of counting, being read.
pub struct ScoreFiles {
    paths: Vec<PathBuf>,
    files: Vec<ScoreFile>,
}

impl ScoreFiles {
    /// Opens `inputs`, each once. They must be of one model, of that of `model` if it names one, and count the same sentences.
    pub fn open(inputs: &[PathBuf], model: &ModelArgs) -> Result<ScoreFiles> {
        // A file named twice is read once, as with articles.
        let mut seen = BTreeSet::new();
        let paths: Vec<PathBuf> = inputs
            .iter()
            .filter(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_path_buf())))
            .cloned()
            .collect();
        let files: Vec<ScoreFile> = paths
            .iter()
            .map(|path| read_score_file(path))
            .collect::<Result<_>>()?;
        let opened = ScoreFiles { paths, files };
        opened.check_alike()?;
        opened.check_model(model)?;
        Ok(opened)
    }

    fn check_alike(&self) -> Result<()> {
        let first = self.run();
        let mut files = self.paths.iter().zip(&self.files);
        if let Some((path, _)) = files.find(|(_, file)| !file.run().sentences.has_subject()) {
            return Err(Error::Data(format!(
                "{} holds scores of every sentence (--all-sentences), which are of no subject's portrayal; score again with --subject NAME",
                path.display()
            )));
        }
        for (path, file) in self.paths.iter().zip(&self.files) {
            if file.run().model != first.model {
                return Err(Error::Data(format!(
                    "{} was scored by another model ({}) than {} ({}); score both with one model",
                    path.display(),
                    short(&file.run().model),
                    self.first_name(),
                    short(&first.model)
                )));
            }
            if file.run().sentences != first.sentences {
                return Err(Error::Data(format!(
                    "{} and {} were scored with different --mentions, --keep-furniture or --plain; score both alike",
                    self.first_name(),
                    path.display(),
                )));
            }
            if file.run().frames != first.frames {
                return Err(Error::Data(format!(
                    "{} and {} were scored with different models of frames; score both alike",
                    self.first_name(),
                    path.display(),
                )));
            }
        }
        Ok(())
    }

    fn check_model(&self, model: &ModelArgs) -> Result<()> {
        let Some(path) = &model.model else {
            return Ok(());
        };
        let digest = model.load()?.digest().to_string();
        if digest == self.run().model {
            return Ok(());
        }
        Err(Error::Data(format!(
            "{} was scored by model {}, but {} is {}; leave --model out or score again",
            self.first_name(),
            short(&self.run().model),
            path.display(),
            short(&digest)
        )))
    }

    /// What made the first file.
    pub fn run(&self) -> &Run {
        self.files[0].run()
    }

    /// The first file's name.
    pub fn first_name(&self) -> String {
        self.paths[0].display().to_string()
    }

    /// What made each file.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.files.iter().map(ScoreFile::run)
    }

    /// The subject called `wanted`, for whom all files were scored with the same other names.
    pub fn subject(&self, wanted: &str) -> Result<Subject> {
        let mut first: Option<(&Path, &Subject)> = None;
        for (path, file) in self.paths.iter().zip(&self.files) {
            let subjects = &file.run().subjects;
            let Some(here) = subjects.iter().find(|subject| subject.name == wanted) else {
                return Err(Error::Data(format!(
                    "{} has no scores for \"{wanted}\"; it was scored for {}; score again with --subject \"{wanted}\"",
                    path.display(),
                    quoted(subjects)
                )));
            };
            let (first_path, first) = *first.get_or_insert((path, here));
            if aliases(first) != aliases(here) {
                return Err(Error::Data(format!(
                    "{} was scored for \"{wanted}\" with {}, {} with {}; score both with the same --alias",
                    first_path.display(),
                    described(&aliases(first)),
                    path.display(),
                    described(&aliases(here))
                )));
            }
        }
        Ok(first.expect("there is a score file").1.clone())
    }

    /// The subject that was asked for, or the only one there is; of several the `labelled` one, where labels say whose portrayal.
    pub fn one_subject(&self, asked: Option<&str>, labelled: Option<&str>) -> Result<Subject> {
        if let Some(name) = asked {
            return self.subject(name);
        }
        match self.run().subjects.as_slice() {
            [only] => self.subject(&only.name.clone()),
            several if labelled.is_some_and(|name| several.iter().any(|s| s.name == name)) => {
                self.subject(labelled.unwrap_or_default())
            }
            several => Err(Error::Parameter(format!(
                "the scores are of several subjects ({}); choose one with --subject",
                quoted(several)
            ))),
        }
    }

    /// Scores were made once; what articles are searched for and how they are read can no longer be changed.
    pub fn refuse_article_options(
        &self,
        subject: &SubjectArgs,
        reading: &ArticleArgs,
    ) -> Result<()> {
        let file = self.first_name();
        if !subject.alias.is_empty() {
            return Err(Error::Parameter(format!(
                "--alias changes what articles are searched for, and {file} holds scores; give --alias to `standpoint score` and score again"
            )));
        }
        match reading.given() {
            None => Ok(()),
            Some(option) => Err(Error::Parameter(format!(
                "{option} says how articles are read, and {file} holds scores; leave it out, or give it to `standpoint score` and score again"
            ))),
        }
    }

    /// Sends all scores to `sink`, a bounded number at a time, and says what was read.
    pub fn each(
        self,
        mut sink: impl FnMut(&mut [ArticleScore]) -> Result<()> + Send,
    ) -> Result<Coverage> {
        let mut coverage = Coverage::default();
        for file in self.files {
            coverage.merge(&file.run().coverage);
            let mut scores = file;
            loop {
                let mut batch: Vec<ArticleScore> =
                    scores.by_ref().take(BATCH).collect::<Result<_>>()?;
                if batch.is_empty() {
                    break;
                }
                sink(&mut batch)?;
            }
        }
        Ok(coverage)
    }
}

/// Names of subjects in quotation marks.
pub fn quoted(subjects: &[Subject]) -> String {
    let names: Vec<String> = subjects.iter().map(|s| format!("\"{}\"", s.name)).collect();
    names.join(", ")
}

/// A subject's other names.
pub fn aliases(subject: &Subject) -> BTreeSet<&str> {
    subject.aliases.iter().map(String::as_str).collect()
}

/// A subject's other names in words.
pub fn described(aliases: &BTreeSet<&str>) -> String {
    if aliases.is_empty() {
        return "no alias".to_string();
    }
    let quoted: Vec<String> = aliases.iter().map(|alias| format!("\"{alias}\"")).collect();
    format!("the alias {}", quoted.join(", "))
}

/// The beginning of a digest. A file that was edited may hold anything in its place.
pub fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
