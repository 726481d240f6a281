//! The model file: one safetensors file, whose only metadata key `standpoint` holds sorted JSON.
//!
//! Tensors: `coef` [n_columns, K] f32, the columns of the vocabulary first, then those of pools, `intercept` [K] f64, the same two for the target-blind baseline, `idf` [n_features] f32,
//! the vocabulary (`key` u64, `family` and `place` u8 and `text_id` u32 a feature, `text` bytes with `text_offset` u32, and `slot` u32, the table
//! from key to column as it is used), `seen` and `seen_articles` u64 (sorted hashes of the training texts and of the ids of their articles; the second
//! is missing in files written before it was kept), `known_word` u32 (words of the training sentences that the table of words lacks; missing likewise), and, in models that know words beyond their training sentences, `word_key` u64, `word_polarity` i8,
//! `word_cluster` u16, `word_vector` i8 and `word_scale` f32, a row a word. JSON: format, versions, task, classes, polarity, construct,
//! featurizer, calibration of the model and of the baseline, training record, and a digest over all of it. Any safetensors reader opens it; a damaged, newer or foreign file is refused by name.

use std::path::Path;

use safetensors::tensor::Dtype;
use serde::{Deserialize, Serialize};

use crate::classes::Classes;
use crate::classifier::familiarity::KnownWords;
use crate::classifier::model::{Classifier, LinearWeights, TrainingRecord};
use crate::classifier::seen::SeenTexts;
use crate::error::{Error, FileKind, ModelProblem, Result};
use crate::features::{
    Features, Featurizer, FeaturizerParams, HASH_VERSION, TableHeader, Vocabulary, WordTable,
};
use crate::logistic::Calibration;
use crate::output::OutputFile;
use crate::tensor_file::{self, Opened, Tensor, damaged, le_bytes};

/// The version of the file format this library writes, and the greatest it reads.
pub const FORMAT_VERSION: u64 = 1;

/// The built-in model, as it stands in its file: unpacking it took half of the time of a start.
static BUILT_IN: &[u8] = include_bytes!("../../models/news-en.safetensors");

/// The JSON of the file, without the digest.
#[derive(Serialize, Deserialize)]
struct Header {
    blind_calibration: Calibration,
    calibration: Calibration,
    classes: Classes,
    featurizer: FeaturizerParams,
    format: u64,
    hash: u64,
    library: String,
    link: String,
    task: String,
    training: TrainingRecord,
    /// What is known of words beyond the training sentences.
    #[serde(default)]
    words: TableHeader,
}

fn header(classifier: &Classifier) -> serde_json::Value {
    let header = Header {
        blind_calibration: classifier.blind_calibration.clone(),
        calibration: classifier.calibration.clone(),
        classes: classifier.classes.clone(),
        featurizer: classifier.featurizer.params().clone(),
        format: FORMAT_VERSION,
        hash: HASH_VERSION,
        library: env!("CARGO_PKG_VERSION").to_string(),
        link: "softmax".to_string(),
        task: if classifier.classes.polarity().is_some() {
            "stance"
        } else {
            "classes"
        }
        .to_string(),
        training: classifier.record.clone(),
        words: classifier.featurizer.words().about().clone(),
    };
    // A JSON value sorts its keys.
    serde_json::to_value(header).expect("the header is plain data")
}

/// The tensors of a featurizer: vocabulary, idf, and what it knows of words. Not sorted.
pub(super) fn featurizer_tensors(featurizer: &Featurizer) -> Vec<Tensor> {
    let (family, place, text_id, text, offsets) = featurizer.features().parts();
    let n = featurizer.n_features();
    let slots = featurizer.vocabulary().slots();
    let mut tensors = vec![
        ("family", Dtype::U8, vec![n], family.to_vec()),
        ("idf", Dtype::F32, vec![n], singles(featurizer.idf())),
        (
            "key",
            Dtype::U64,
            vec![n],
            longs(&featurizer.vocabulary().keys()),
        ),
        ("place", Dtype::U8, vec![n], place.to_vec()),
        ("slot", Dtype::U32, vec![slots.len()], words(&slots)),
        (
            "text",
            Dtype::U8,
            vec![text.len()],
            text.as_bytes().to_vec(),
        ),
        ("text_id", Dtype::U32, vec![n], words(text_id)),
        (
            "text_offset",
            Dtype::U32,
            vec![offsets.len()],
            words(offsets),
        ),
    ];
    let table = featurizer.words();
    if !table.is_empty() {
        let (key, polarity, clusters, vectors, scale) = table.parts();
        let n = table.len();
        let bytes = |values: &[i8]| le_bytes(values, i8::to_le_bytes);
        tensors.extend([
            (
                "word_cluster",
                Dtype::U16,
                vec![n, 2],
                le_bytes(clusters, u16::to_le_bytes),
            ),
            ("word_key", Dtype::U64, vec![n], longs(key)),
            (
                "word_polarity",
                Dtype::I8,
                vec![n, polarity.len() / n],
                bytes(polarity),
            ),
            ("word_scale", Dtype::F32, vec![n], singles(scale)),
            (
                "word_vector",
                Dtype::I8,
                vec![n, table.dimensions()],
                bytes(vectors),
            ),
        ]);
    }
    tensors
}

pub(super) fn singles(values: &[f32]) -> Vec<u8> {
    le_bytes(values, f32::to_le_bytes)
}

pub(super) fn doubles(values: &[f64]) -> Vec<u8> {
    le_bytes(values, f64::to_le_bytes)
}

pub(super) fn words(values: &[u32]) -> Vec<u8> {
    le_bytes(values, u32::to_le_bytes)
}

pub(super) fn longs(values: &[u64]) -> Vec<u8> {
    le_bytes(values, u64::to_le_bytes)
}

fn tensors(classifier: &Classifier) -> Vec<Tensor> {
    let k = classifier.classes.len();
    let seen = classifier.seen.hashes();
    let known = classifier.known_words.parts();
    let seen_articles = classifier.seen_articles.as_ref().map(SeenTexts::hashes);
    let blind = &classifier.target_blind;
    let mut tensors = featurizer_tensors(&classifier.featurizer);
    tensors.extend([
        (
            "blind_coef",
            Dtype::F32,
            vec![blind.coef.len() / k, k],
            singles(&blind.coef),
        ),
        (
            "blind_intercept",
            Dtype::F64,
            vec![k],
            doubles(&blind.intercept),
        ),
        (
            "coef",
            Dtype::F32,
            vec![classifier.weights.coef.len() / k, k],
            singles(&classifier.weights.coef),
        ),
        (
            "intercept",
            Dtype::F64,
            vec![k],
            doubles(&classifier.weights.intercept),
        ),
        ("known_word", Dtype::U32, vec![known.len()], words(known)),
        ("seen", Dtype::U64, vec![seen.len()], longs(seen)),
    ]);
    if let Some(hashes) = seen_articles {
        let shape = vec![hashes.len()];
        tensors.push(("seen_articles", Dtype::U64, shape, longs(hashes)));
    }
    tensors.sort_by_key(|&(name, ..)| name);
    tensors
}

/// The digest of a model: SHA-256 over its JSON and its tensors.
pub(crate) fn digest(classifier: &Classifier) -> String {
    tensor_file::digest(&header(classifier), &tensors(classifier))
}

/// Writes `classifier` to `path`.
pub(crate) fn save(classifier: &Classifier, path: &Path) -> Result<()> {
    OutputFile::write_all_to(path, &to_bytes(classifier))
}

fn to_bytes(classifier: &Classifier) -> Vec<u8> {
    tensor_file::to_bytes(header(classifier), &classifier.digest, &tensors(classifier))
}

/// Reads `path`.
pub(crate) fn load(path: &Path) -> Result<Classifier> {
    let bytes = std::fs::read(path).map_err(|source| Error::io(path, "read", source))?;
    from_bytes(&bytes, true).map_err(|problem| Error::Model {
        path: path.to_path_buf(),
        problem,
    })
}

/// Reads the model inside the program; its bytes are the program's own and not digested again.
pub(crate) fn read_built_in() -> Result<Classifier> {
    from_bytes(BUILT_IN, false).map_err(|problem| Error::Model {
        path: "built-in model".into(),
        problem,
    })
}

/// Unpacks a file that was packed with the built-in model as its dictionary.
pub(super) fn unpack_beside_built_in(packed: &[u8]) -> Result<Vec<u8>, ModelProblem> {
    use std::io::Read;
    let unpack = || {
        let mut decoder = zstd::Decoder::with_dictionary(packed, BUILT_IN)?;
        decoder.window_log_max(WINDOW_LOG)?;
        let mut bytes = Vec::new();
        decoder.read_to_end(&mut bytes).map(|_| bytes)
    };
    unpack().map_err(|e| damaged(&e.to_string()))
}

/// 16 MB: the dictionary lies within reach.
const WINDOW_LOG: u32 = 24;

/// The featurizer of an opened file.
pub(super) fn read_featurizer(
    file: &Opened<'_>,
    params: FeaturizerParams,
    words: TableHeader,
) -> Result<Featurizer, ModelProblem> {
    let table = match words.lexicons.is_empty() {
        true => Some(WordTable::default()),
        false => WordTable::from_parts(
            words,
            file.u64s("word_key")?,
            file.i8s("word_polarity")?,
            file.u16s("word_cluster")?,
            file.i8s("word_vector")?,
            file.f32s("word_scale")?,
        ),
    }
    .ok_or_else(|| damaged("the parts of its table of words do not fit each other"))?;
    let features = Features::from_parts(
        file.u8s("family")?,
        file.u8s("place")?,
        file.u32s("text_id")?,
        file.text("text")?,
        file.u32s("text_offset")?,
    );
    let vocabulary = Vocabulary::from_parts(&file.u64s("key")?, &file.u32s("slot")?);
    features
        .zip(vocabulary)
        .zip(file.f32s("idf").ok())
        .and_then(|((features, vocabulary), idf)| {
            Featurizer::from_parts(params, table, vocabulary, idf, features)
        })
        .ok_or_else(|| damaged("the parts of its vocabulary do not fit each other"))
}

fn from_bytes(bytes: &[u8], check_digest: bool) -> Result<Classifier, ModelProblem> {
    let file = tensor_file::open(bytes, FileKind::Model, FORMAT_VERSION, check_digest)?;
    let header =
        Header::deserialize(&file.header).map_err(|e| damaged(&format!("its description: {e}")))?;
    if header.hash != HASH_VERSION {
        return Err(damaged("its features are hashed in another way"));
    }
    let seen = SeenTexts::from_hashes(file.u64s("seen")?)
        .ok_or_else(|| damaged("its list of training texts is not sorted"))?;
    let seen_articles = match file.u64s("seen_articles") {
        Err(_) => None,
        Ok(hashes) => Some(
            SeenTexts::from_hashes(hashes)
                .ok_or_else(|| damaged("its list of training articles is not sorted"))?,
        ),
    };
    let known_words = match file.u32s("known_word") {
        Err(_) => KnownWords::default(),
        Ok(words) => KnownWords::from_parts(words)
            .ok_or_else(|| damaged("its list of known words is not sorted"))?,
    };
    let featurizer = read_featurizer(&file, header.featurizer, header.words)?;
    let classifier = Classifier {
        weights: LinearWeights {
            coef: file.f32s("coef")?,
            intercept: file.f64s("intercept")?,
        },
        target_blind: LinearWeights {
            coef: file.f32s("blind_coef")?,
            intercept: file.f64s("blind_intercept")?,
        },
        featurizer,
        classes: header.classes,
        calibration: header.calibration,
        blind_calibration: header.blind_calibration,
        seen,
        known_words,
        seen_articles,
        record: header.training,
        digest: file.digest,
    };
    let k = classifier.classes.len();
    let sizes_fit = k >= 2
        && classifier.weights.intercept.len() == k
        && classifier.target_blind.intercept.len() == k
        && classifier.calibration.biases.len() == k
        && classifier.blind_calibration.biases.len() == k
        && classifier.weights.coef.len() == k * classifier.featurizer.n_columns()
        && classifier.target_blind.coef.len() == k * classifier.featurizer.n_target_blind();
    sizes_fit
        .then_some(classifier)
        .ok_or_else(|| damaged("the sizes of its parts do not fit each other"))
}
