//! The model file: one safetensors file, whose only metadata key `standpoint` holds sorted JSON.
//!
//! Tensors: `coef` [n_features, K] f32, `intercept` [K] f64, the same two for the target-blind baseline, `idf` [n_features] f32,
//! the vocabulary (`key` u64, `family` and `place` u8 and `text_id` u32 a feature, `text` bytes with `text_offset` u32, and `slot` u32, the table
//! from key to column as it is used), `seen` and `seen_articles` u64 (sorted hashes of the training texts and of the ids of their articles; the second
//! is missing in files written before it was kept). JSON: format, versions, task, classes, polarity, construct,
//! featurizer, calibration of the model and of the baseline, training record, and a digest over all of it. Any safetensors reader opens it; a damaged, newer or foreign file is refused by name.

use std::collections::HashMap;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::classes::Classes;
use crate::classifier::model::{Classifier, LinearWeights, TrainingRecord};
use crate::classifier::prepare::hex;
use crate::classifier::seen::SeenTexts;
use crate::error::{Error, ModelProblem, Result};
use crate::features::{Features, Featurizer, FeaturizerParams, HASH_VERSION, Vocabulary};
use crate::logistic::Calibration;
use crate::output::OutputFile;

/// The version of the file format this library writes, and the greatest it reads.
pub const FORMAT_VERSION: u64 = 1;

/// The one metadata key.
const KEY: &str = "standpoint";

static BUILT_IN: &[u8] = include_bytes!("../../models/news-en.safetensors");

/// The JSON under [`KEY`], without the digest.
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
}

/// What can be told of a file before it is trusted.
#[derive(Deserialize)]
struct Envelope {
    format: u64,
    digest: String,
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
    };
    // A JSON value sorts its keys.
    serde_json::to_value(header).expect("the header is plain data")
}

/// Name, type, shape and little-endian bytes of each tensor, sorted by name.
type Tensor = (&'static str, Dtype, Vec<usize>, Vec<u8>);

fn tensors(classifier: &Classifier) -> Vec<Tensor> {
    let k = classifier.classes.len();
    let featurizer = &classifier.featurizer;
    let (family, place, text_id, text, offsets) = featurizer.features().parts();
    let n = featurizer.n_features();
    let weights = |coef: &[f32]| -> Vec<u8> { coef.iter().flat_map(|w| w.to_le_bytes()).collect() };
    let doubles =
        |values: &[f64]| -> Vec<u8> { values.iter().flat_map(|v| v.to_le_bytes()).collect() };
    let words =
        |values: &[u32]| -> Vec<u8> { values.iter().flat_map(|v| v.to_le_bytes()).collect() };
    let keys =
        |values: &[u64]| -> Vec<u8> { values.iter().flat_map(|v| v.to_le_bytes()).collect() };
    let seen = classifier.seen.hashes();
    let seen_articles = classifier.seen_articles.as_ref().map(SeenTexts::hashes);
    let slots = featurizer.vocabulary().slots();
    let blind = &classifier.target_blind;
    let mut tensors = vec![
        (
            "blind_coef",
            Dtype::F32,
            vec![blind.coef.len() / k, k],
            weights(&blind.coef),
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
            vec![n, k],
            weights(&classifier.weights.coef),
        ),
        ("family", Dtype::U8, vec![n], family.to_vec()),
        ("idf", Dtype::F32, vec![n], weights(featurizer.idf())),
        (
            "intercept",
            Dtype::F64,
            vec![k],
            doubles(&classifier.weights.intercept),
        ),
        (
            "key",
            Dtype::U64,
            vec![n],
            keys(featurizer.vocabulary().keys()),
        ),
        ("place", Dtype::U8, vec![n], place.to_vec()),
        ("seen", Dtype::U64, vec![seen.len()], keys(seen)),
        ("slot", Dtype::U32, vec![slots.len()], words(slots)),
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
    if let Some(hashes) = seen_articles {
        let after_seen = 1 + tensors
            .iter()
            .position(|(name, ..)| *name == "seen")
            .expect("every model has it");
        let shape = vec![hashes.len()];
        tensors.insert(
            after_seen,
            ("seen_articles", Dtype::U64, shape, keys(hashes)),
        );
    }
    tensors
}

fn digest_of<'t>(
    header: &serde_json::Value,
    tensors: impl Iterator<Item = (&'t str, Dtype, &'t [usize], &'t [u8])>,
) -> String {
    let mut digest = Sha256::new();
    digest.update(header.to_string().as_bytes());
    for (name, dtype, shape, bytes) in tensors {
        digest.update(format!("\u{0}{name}\u{0}{dtype:?}\u{0}{shape:?}\u{0}").as_bytes());
        digest.update(bytes);
    }
    hex(&digest.finalize())
}

/// The digest of a model: SHA-256 over its JSON and its tensors.
pub(crate) fn digest(classifier: &Classifier) -> String {
    let tensors = tensors(classifier);
    digest_of(
        &header(classifier),
        tensors
            .iter()
            .map(|(name, dtype, shape, bytes)| (*name, *dtype, &shape[..], &bytes[..])),
    )
}

/// Writes `classifier` to `path`.
pub(crate) fn save(classifier: &Classifier, path: &Path) -> Result<()> {
    OutputFile::write_all_to(path, &to_bytes(classifier))
}

fn to_bytes(classifier: &Classifier) -> Vec<u8> {
    let mut header = header(classifier);
    header["digest"] = serde_json::Value::String(classifier.digest.clone());
    let tensors = tensors(classifier);
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        let view = TensorView::new(*dtype, shape.clone(), bytes).expect("shapes fit their bytes");
        (*name, view)
    });
    let metadata = HashMap::from([(KEY.to_string(), header.to_string())]);
    safetensors::serialize(views, Some(metadata)).expect("tensors are well formed")
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

fn from_bytes(bytes: &[u8], check_digest: bool) -> Result<Classifier, ModelProblem> {
    let damaged = |what: &str| ModelProblem::Damaged(what.to_string());
    // A cut file still names us in its header, so it is told from a foreign one.
    let ours = bytes.get(8..).is_some_and(|rest| {
        let beginning = &rest[..rest.len().min(4096)];
        memchr::memmem::find(beginning, b"\"standpoint\":").is_some()
    });
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|e| {
        if ours {
            damaged(&e.to_string())
        } else {
            ModelProblem::Foreign(format!("not a safetensors file: {e}"))
        }
    })?;
    let json = metadata
        .metadata()
        .as_ref()
        .and_then(|metadata| metadata.get(KEY))
        .ok_or_else(|| {
            ModelProblem::Foreign("a safetensors file of another program".to_string())
        })?;
    let mut value: serde_json::Value =
        serde_json::from_str(json).map_err(|e| damaged(&format!("its description: {e}")))?;
    let envelope: Envelope =
        Envelope::deserialize(&value).map_err(|e| damaged(&format!("its description: {e}")))?;
    if envelope.format > FORMAT_VERSION {
        return Err(ModelProblem::Newer {
            found: envelope.format,
            supported: FORMAT_VERSION,
        });
    }
    let tensors = SafeTensors::deserialize(bytes).map_err(|e| damaged(&e.to_string()))?;
    // The digest is over the values. A changed last digit may leave a number what it was, but not the text.
    let as_written = value.to_string();
    if check_digest && as_written != *json {
        return Err(damaged("its description is not as it was written"));
    }
    value
        .as_object_mut()
        .expect("an envelope was read from it")
        .remove("digest");
    if check_digest {
        let mut sorted: Vec<(&str, TensorView<'_>)> = tensors.iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(b.0));
        let found = digest_of(
            &value,
            sorted
                .iter()
                .map(|(name, view)| (*name, view.dtype(), view.shape(), view.data())),
        );
        if found != envelope.digest {
            return Err(damaged("its digest does not match its contents"));
        }
    }
    let header: Header =
        serde_json::from_value(value).map_err(|e| damaged(&format!("its description: {e}")))?;
    if header.hash != HASH_VERSION {
        return Err(damaged("its features are hashed in another way"));
    }
    let tensor = |name: &str, dtype: Dtype| {
        tensors
            .tensor(name)
            .ok()
            .filter(|view| view.dtype() == dtype)
            .ok_or_else(|| damaged(&format!("tensor {name} is missing")))
    };
    let floats = |name: &str| {
        Ok(numbers(
            tensor(name, Dtype::F32)?.data(),
            f32::from_le_bytes,
        ))
    };
    let doubles = |name: &str| {
        Ok(numbers(
            tensor(name, Dtype::F64)?.data(),
            f64::from_le_bytes,
        ))
    };
    let words = |name: &str| {
        Ok(numbers(
            tensor(name, Dtype::U32)?.data(),
            u32::from_le_bytes,
        ))
    };
    let text = std::str::from_utf8(tensor("text", Dtype::U8)?.data())
        .map_err(|_| damaged("its vocabulary is not UTF-8"))?
        .to_string();
    let keys = numbers(tensor("key", Dtype::U64)?.data(), u64::from_le_bytes);
    let seen = numbers(tensor("seen", Dtype::U64)?.data(), u64::from_le_bytes);
    let seen = SeenTexts::from_hashes(seen)
        .ok_or_else(|| damaged("its list of training texts is not sorted"))?;
    let seen_articles = match tensor("seen_articles", Dtype::U64) {
        Err(_) => None,
        Ok(view) => Some(
            SeenTexts::from_hashes(numbers(view.data(), u64::from_le_bytes))
                .ok_or_else(|| damaged("its list of training articles is not sorted"))?,
        ),
    };
    let features = Features::from_parts(
        tensor("family", Dtype::U8)?.data().to_vec(),
        tensor("place", Dtype::U8)?.data().to_vec(),
        words("text_id")?,
        text,
        words("text_offset")?,
    );
    let vocabulary = Vocabulary::from_parts(keys, words("slot")?);
    let featurizer = features
        .zip(vocabulary)
        .zip(floats("idf").ok())
        .and_then(|((features, vocabulary), idf)| {
            Featurizer::from_parts(header.featurizer, vocabulary, idf, features)
        })
        .ok_or_else(|| damaged("the parts of its vocabulary do not fit each other"))?;
    let classifier = Classifier {
        weights: LinearWeights {
            coef: floats("coef")?,
            intercept: doubles("intercept")?,
        },
        target_blind: LinearWeights {
            coef: floats("blind_coef")?,
            intercept: doubles("blind_intercept")?,
        },
        featurizer,
        classes: header.classes,
        calibration: header.calibration,
        blind_calibration: header.blind_calibration,
        seen,
        seen_articles,
        record: header.training,
        digest: envelope.digest,
    };
    let k = classifier.classes.len();
    let sizes_fit = k >= 2
        && classifier.weights.intercept.len() == k
        && classifier.target_blind.intercept.len() == k
        && classifier.calibration.biases.len() == k
        && classifier.blind_calibration.biases.len() == k
        && classifier.weights.coef.len() == k * classifier.featurizer.n_features()
        && classifier.target_blind.coef.len() == k * classifier.featurizer.n_target_blind();
    sizes_fit
        .then_some(classifier)
        .ok_or_else(|| damaged("the sizes of its parts do not fit each other"))
}

/// Little-endian numbers of `N` bytes each.
fn numbers<T, const N: usize>(bytes: &[u8], read: fn([u8; N]) -> T) -> Vec<T> {
    bytes
        .chunks_exact(N)
        .map(|chunk| read(chunk.try_into().expect("chunks have N bytes")))
        .collect()
}
