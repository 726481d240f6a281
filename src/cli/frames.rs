//! Models of frames: what `train`, `evaluate` and `inspect` do with `--task frames` and with such models.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use standpoint::classifier::{
    FrameClassifier, FrameData, FrameParams, HeldOutFrames, cross_validate_frames, frames_of,
    prepare_frames, train_frames,
};
use standpoint::corpus::{LabelledCorpus, LabelledSentence};
use standpoint::error::InputProblem;
use standpoint::evaluate::{FrameEvaluation, FramePredictions, evaluate_frames};
use standpoint::report::{
    frame_evaluation_csv, frame_evaluation_document, frame_inspection_text, json as to_json,
};
use standpoint::wording::count;
use standpoint::{Error, Result};

use super::options::{LabelledArgs, ResultFormat, TrainingArgs};
use super::output::{Output, width};
use super::{Common, messages};

/// The level of all intervals.
const LEVEL: f64 = 0.95;

/// What a training of frames was asked for.
pub struct TrainFrames<'a> {
    pub output: &'a Path,
    pub folds: usize,
    pub about: Option<&'a str>,
    pub as_json: bool,
    pub training: &'a TrainingArgs,
    pub labelled: &'a LabelledArgs,
}

/// `train --task frames`
pub fn train(
    asked: &TrainFrames<'_>,
    corpus: LabelledCorpus,
    common: &Common,
) -> anyhow::Result<()> {
    let files: Vec<String> = corpus
        .report
        .files
        .iter()
        .map(|f| super::train::base_name(f))
        .collect();
    let names = frames_of(&corpus.rows);
    let data = usable(corpus.rows, &names, asked.labelled, common)?;
    note_texts_as_labels(&data)?;
    let params = params(&data, asked.training, asked.folds, common)?;
    let bar = messages::progress(common, asked.folds as u64 + 1, "training");
    let trained = train_frames(&data, &params, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let evaluation = trained
        .held_out
        .as_ref()
        .map(|held_out| held_out_figures(held_out, &data, common));
    let macro_f1 = evaluation
        .as_ref()
        .and_then(|evaluation| evaluation.macro_f1.value);
    let classifier =
        trained
            .classifier
            .with_record(files, asked.about.map(str::to_string), macro_f1);
    classifier.save(asked.output)?;
    if let Some(held_out) = trained
        .held_out
        .as_ref()
        .filter(|held_out| held_out.not_converged > 0)
    {
        messages::warning(&format!(
            "{} of the folds' fits did not converge; figures may be off",
            held_out.not_converged
        ));
    }
    let record = classifier.record();
    let report = match asked.as_json {
        true => to_json(&json!({
            "n": record.n,
            "n_articles": record.n_articles,
            "frames": record.frame_counts,
            "thresholds": classifier.names().iter().zip(classifier.thresholds()).collect::<std::collections::BTreeMap<_, _>>(),
            "n_features": classifier.n_features(),
            "l2": record.l2,
            "about": record.about,
            "cross_validation": evaluation,
            "model": classifier.digest(),
        })),
        false => {
            let mut text = format!(
                "{} of {} with {}; {}\n",
                count(record.n, "sentence"),
                count(record.n_articles, "article"),
                count(classifier.names().len(), "frame"),
                count(classifier.n_features(), "feature")
            );
            match &evaluation {
                Some(evaluation) => {
                    text.push_str(&format!(
                        "\nOn articles held out, {} folds:\n\n",
                        record.folds
                    ));
                    let document = frame_evaluation_document(evaluation);
                    text.push_str(&document.text(width(None), common.paint(None)));
                }
                None => text.push_str(
                    "\nNot cross-validated and not calibrated: that takes at least two articles.\n",
                ),
            }
            text.push_str(&format!("\nModel written to {}\n", asked.output.display()));
            text
        }
    };
    Output::print(None, &report)
}

/// Labels that hardly ever come back are texts, or the wrong column.
fn note_texts_as_labels(data: &FrameData) -> Result<()> {
    let n = data.names.len();
    if n > 30 && n * 4 > data.frames.len() {
        return Err(Error::Data(format!(
            "{n} different labels in {} sentences; these look like texts, for example \"{}\": is it the right --label-column? Labels of one \
             sentence are separated by | or ;",
            data.frames.len(),
            data.names[0].chars().take(40).collect::<String>()
        )));
    }
    Ok(())
}

fn params(
    data: &FrameData,
    training: &TrainingArgs,
    folds: usize,
    common: &Common,
) -> Result<FrameParams> {
    let params = training.params(&data.data, folds, common)?;
    Ok(FrameParams {
        featurizer: standpoint::features::FeaturizerParams {
            min_df: params.featurizer.min_df,
            families: training
                .chosen_families()
                .unwrap_or_else(standpoint::classifier::frame_families),
        },
        words: Arc::clone(&params.words),
        l2: training.l2().unwrap_or(FrameParams::L2),
        max_iter: params.max_iter,
        folds,
        seed: params.seed,
    })
}

/// Rows prepared for frames `names`; with `--keep-going` those that cannot be used are listed instead of ending the work.
fn usable(
    rows: Vec<LabelledSentence>,
    names: &[String],
    labelled: &LabelledArgs,
    common: &Common,
) -> Result<FrameData> {
    let subject = labelled.subject.subject();
    let (data, problems): (FrameData, Vec<InputProblem>) =
        prepare_frames(rows, names, subject.as_ref())?;
    if !common.keep_going {
        return match problems.into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(data),
        };
    }
    messages::left_out(common, &problems);
    Ok(data)
}

fn held_out_figures(
    held_out: &HeldOutFrames,
    data: &FrameData,
    common: &Common,
) -> FrameEvaluation {
    evaluate_frames(
        FramePredictions {
            names: &data.names,
            truth: &data.frames,
            probabilities: &held_out.probabilities,
            decisions: &held_out.decisions,
            groups: &data.data.groups(),
        },
        LEVEL,
        common.seed(),
    )
}

/// What an evaluation of frames was asked for.
pub struct EvaluateFrames<'a> {
    /// The model; none to train inside folds.
    pub model: Option<&'a FrameClassifier>,
    pub folds: usize,
    pub format: Option<ResultFormat>,
    pub output: Option<&'a PathBuf>,
    pub training: &'a TrainingArgs,
    pub labelled: &'a LabelledArgs,
}

/// `evaluate` with a model of frames, or `--task frames --folds K`
pub fn evaluate(
    asked: &EvaluateFrames<'_>,
    corpus: LabelledCorpus,
    common: &Common,
) -> anyhow::Result<()> {
    let evaluation = match asked.model {
        Some(model) => {
            let data = usable(corpus.rows, model.names(), asked.labelled, common)?;
            tested(model, &data, common)
        }
        None => {
            let names = frames_of(&corpus.rows);
            let data = usable(corpus.rows, &names, asked.labelled, common)?;
            note_texts_as_labels(&data)?;
            let params = params(&data, asked.training, asked.folds, common)?;
            let bar = messages::progress(common, asked.folds as u64, "folds");
            let held_out = cross_validate_frames(&data, &params, &|| bar.inc(1))?;
            bar.finish_and_clear();
            let held_out = held_out.ok_or_else(|| {
                Error::Data(
                    "cross-validation needs rows of at least two articles (column article)".into(),
                )
            })?;
            let mut evaluation = held_out_figures(&held_out, &data, common);
            evaluation.notes.push(format!(
                "Cross-validated: {} folds that share no article, thresholds chosen on the other folds.",
                held_out.folds
            ));
            evaluation
        }
    };
    let path = asked.output.map(PathBuf::as_path);
    let text = match ResultFormat::choose(asked.format, path) {
        format @ (ResultFormat::Text | ResultFormat::Md | ResultFormat::Latex) => {
            format.printed(&frame_evaluation_document(&evaluation), path, common)
        }
        ResultFormat::Json => to_json(&evaluation),
        ResultFormat::Csv => frame_evaluation_csv(&evaluation),
    };
    Output::print(path, &text)
}

fn tested(model: &FrameClassifier, data: &FrameData, common: &Common) -> FrameEvaluation {
    let probabilities: Vec<Vec<f64>> = data
        .data
        .rows
        .iter()
        .map(|row| model.predict(row.example()))
        .collect();
    let decisions: Vec<Vec<bool>> = probabilities.iter().map(|p| model.decide(p)).collect();
    let evaluation = evaluate_frames(
        FramePredictions {
            names: &data.names,
            truth: &data.frames,
            probabilities: &probabilities,
            decisions: &decisions,
            groups: &data.data.groups(),
        },
        LEVEL,
        common.seed(),
    );
    FrameEvaluation {
        n_seen_in_training: Some(
            data.data
                .rows
                .iter()
                .filter(|row| model.has_seen(&row.text))
                .count(),
        ),
        about: model.record().about.clone(),
        ..evaluation
    }
}

/// `inspect` on a model of frames.
pub fn inspect(model: &FrameClassifier, top: usize, as_json: bool) -> String {
    match as_json {
        false => frame_inspection_text(model, top, width(None)),
        true => to_json(&json!({
            "digest": model.digest(),
            "frames": model.names(),
            "thresholds": model.thresholds(),
            "record": model.record(),
            "n_features": model.n_features(),
            "strongest": model.names().iter().enumerate().map(|(k, name)| (name.clone(), model.strongest(k, top))).collect::<std::collections::BTreeMap<_, _>>(),
        })),
    }
}
