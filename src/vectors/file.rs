//! The file of word vectors: a frame as models have it (see [`crate::tensor_file`]), `kind` `word-vectors`.
//!
//! Tensors, n words in the order of their bytes: `vector` [n, d] i8 and `scale` [n] f32 (the vector is scale · units), `count` [n] u32, the
//! words (`text` bytes with `text_offset` [n + 1] u32), `cluster_coarse` and `cluster_fine` [n] u16, `polarity` [n] f32 (0 is none).
//! JSON: format, kind, library version, digest, and the record of the learning.

use std::path::Path;

use safetensors::tensor::Dtype;
use serde::{Deserialize, Serialize};

use crate::error::{Error, FileKind, ModelProblem, Result};
use crate::output::OutputFile;
use crate::tensor_file::{self, Tensor, damaged, le_bytes};
use crate::vectors::{LearningRecord, WordVectors};

/// The version of the file format this library writes, and the greatest it reads.
pub const VECTORS_FORMAT_VERSION: u64 = 1;

/// The JSON of the file, without the digest.
#[derive(Serialize, Deserialize)]
struct Header {
    format: u64,
    kind: FileKind,
    learning: LearningRecord,
    library: String,
}

fn header(vectors: &WordVectors) -> serde_json::Value {
    let header = Header {
        format: VECTORS_FORMAT_VERSION,
        kind: FileKind::WordVectors,
        learning: vectors.record.clone(),
        library: env!("CARGO_PKG_VERSION").to_string(),
    };
    // A JSON value sorts its keys.
    serde_json::to_value(header).expect("the header is plain data")
}

fn tensors(vectors: &WordVectors) -> Vec<Tensor> {
    let n = vectors.len();
    let [coarse, fine] = &vectors.clusters;
    vec![
        (
            "cluster_coarse",
            Dtype::U16,
            vec![n],
            le_bytes(coarse, u16::to_le_bytes),
        ),
        (
            "cluster_fine",
            Dtype::U16,
            vec![n],
            le_bytes(fine, u16::to_le_bytes),
        ),
        (
            "count",
            Dtype::U32,
            vec![n],
            le_bytes(&vectors.counts, u32::to_le_bytes),
        ),
        (
            "polarity",
            Dtype::F32,
            vec![n],
            le_bytes(&vectors.polarity, f32::to_le_bytes),
        ),
        (
            "scale",
            Dtype::F32,
            vec![n],
            le_bytes(&vectors.scale, f32::to_le_bytes),
        ),
        (
            "text",
            Dtype::U8,
            vec![vectors.text.len()],
            vectors.text.as_bytes().to_vec(),
        ),
        (
            "text_offset",
            Dtype::U32,
            vec![n + 1],
            le_bytes(&vectors.offsets, u32::to_le_bytes),
        ),
        (
            "vector",
            Dtype::I8,
            vec![n, vectors.dimensions()],
            le_bytes(&vectors.vectors, i8::to_le_bytes),
        ),
    ]
}

/// SHA-256 over the JSON and the tensors.
pub(super) fn digest(vectors: &WordVectors) -> String {
    tensor_file::digest(&header(vectors), &tensors(vectors))
}

pub(super) fn write(vectors: &WordVectors, path: &Path) -> Result<()> {
    let bytes = tensor_file::to_bytes(header(vectors), &vectors.digest, &tensors(vectors));
    OutputFile::write_all_to(path, &bytes)
}

pub(super) fn read(path: &Path) -> Result<WordVectors> {
    let bytes = std::fs::read(path).map_err(|source| Error::io(path, "read", source))?;
    from_bytes(&bytes).map_err(|problem| Error::Model {
        path: path.to_path_buf(),
        problem,
    })
}

/// Whether `path` is a file of word vectors, sound or damaged. Other files, and what cannot be read, are not.
pub fn is_vector_file(path: &Path) -> bool {
    std::fs::read(path)
        .is_ok_and(|bytes| tensor_file::kind_of(&bytes) == Some(FileKind::WordVectors))
}

fn from_bytes(bytes: &[u8]) -> Result<WordVectors, ModelProblem> {
    let file = tensor_file::open(bytes, FileKind::WordVectors, VECTORS_FORMAT_VERSION, true)?;
    let header =
        Header::deserialize(&file.header).map_err(|e| damaged(&format!("its description: {e}")))?;
    let vectors = WordVectors {
        text: file.text("text")?,
        offsets: file.u32s("text_offset")?,
        counts: file.u32s("count")?,
        vectors: file.i8s("vector")?,
        scale: file.f32s("scale")?,
        clusters: [file.u16s("cluster_coarse")?, file.u16s("cluster_fine")?],
        polarity: file.f32s("polarity")?,
        record: header.learning,
        digest: file.digest,
    };
    if parts_fit(&vectors) {
        Ok(vectors)
    } else {
        Err(damaged("its parts do not fit each other"))
    }
}

/// Whether every word has every part, and lookups cannot go astray.
fn parts_fit(vectors: &WordVectors) -> bool {
    let WordVectors {
        text,
        offsets,
        counts,
        vectors: units,
        scale,
        clusters,
        polarity,
        record,
        ..
    } = vectors;
    let n = scale.len();
    let words: Option<Vec<&str>> = offsets
        .windows(2)
        .map(|ends| text.get(ends[0] as usize..ends[1] as usize))
        .collect();
    offsets.len() == n + 1
        && words.is_some_and(|words| words.is_sorted_by(|a, b| a < b))
        && offsets.first() == Some(&0)
        && offsets
            .last()
            .is_some_and(|&end| end as usize == text.len())
        && counts.len() == n
        && polarity.len() == n
        && record.params.dimensions > 0
        && units.len() == n * record.params.dimensions
        && scale.iter().chain(polarity).all(|x| x.is_finite())
        && clusters
            .iter()
            .zip(record.n_clusters)
            .all(|(of, size)| of.len() == n && of.iter().all(|&cluster| cluster < size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::{Clustering, Document, LearnParams, TokenCorpus, learn};

    fn learnt() -> WordVectors {
        let mut corpus = TokenCorpus::default();
        for text in [
            "The café burned.",
            "The mill burned, the café not.",
            "A mill.",
        ] {
            corpus.add(Document::new([text])).expect("small");
        }
        let params = LearnParams {
            dimensions: 3,
            min_count: 1,
            ..Default::default()
        };
        learn(&corpus, &params, &|_| {}).expect("enough words")
    }

    fn bytes(vectors: &WordVectors) -> Vec<u8> {
        tensor_file::to_bytes(header(vectors), &vectors.digest, &tensors(vectors))
    }

    #[test]
    fn what_is_written_is_read_back() {
        let vectors = learnt().with_files(vec!["a.jsonl".to_string()]);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("v");
        vectors.write(&path).expect("room");
        assert!(is_vector_file(&path));
        let read = WordVectors::read(&path).expect("sound");
        assert_eq!(read, vectors);
        let café = read.index("café").expect("a word");
        assert_eq!(read.word(café), "café");
        assert_eq!(read.count(café), 2);
        assert!(read.cluster(café, Clustering::Coarse) < read.n_clusters(Clustering::Coarse));
    }

    #[test]
    fn a_damaged_foreign_or_newer_file_is_refused_by_name() {
        let good = bytes(&learnt());
        let problem = |bytes: &[u8]| from_bytes(bytes).unwrap_err().to_string();
        for at in (8..good.len()).step_by(7) {
            let mut bad = good.clone();
            bad[at] ^= 0x21;
            assert!(from_bytes(&bad).is_err(), "byte {at}");
            assert!(from_bytes(&good[..at]).is_err(), "cut at {at}");
        }
        let last = good.len() - 1;
        assert!(problem(&good[..last]).contains("damaged"));
        assert!(problem(b"A text about mills.").contains("learn-vectors ARTICLES -o VECTORS"));
        let at = memchr::memmem::find(&good, br#"\"format\":1,"#).expect("a format");
        let mut newer = good.clone();
        newer[at + 11] = b'7';
        assert!(problem(&newer).contains("format 7"), "{}", problem(&newer));
    }

    #[test]
    fn a_model_is_no_vectors_and_vectors_are_no_model() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("v");
        learnt().write(&path).expect("room");
        let model = crate::classifier::Classifier::load(&path);
        let problem = model.expect_err("no model").to_string();
        assert!(
            problem.contains("not a Standpoint model (it holds word vectors)"),
            "{problem}"
        );
        let model = crate::classifier::Classifier::built_in().expect("built in");
        model.save(&path).expect("room");
        assert!(!is_vector_file(&path));
        let problem = WordVectors::read(&path).unwrap_err().to_string();
        assert!(
            problem.contains("file of word vectors (it holds a model)"),
            "{problem}"
        );
    }

    #[test]
    fn parts_that_do_not_fit_are_refused_though_the_digest_is_right() {
        let good = learnt();
        let spoil: [fn(&mut WordVectors); 5] = [
            |v| v.polarity.truncate(1),
            |v| v.offsets[1] = 1000,
            |v| v.clusters[0][0] = 60_000,
            |v| v.scale[0] = f32::NAN,
            |v| v.record.params.dimensions = 2,
        ];
        for (i, spoil) in spoil.iter().enumerate() {
            let mut bad = good.clone();
            spoil(&mut bad);
            let mut tensors = tensors(&bad);
            for (_, dtype, shape, bytes) in &mut tensors {
                // As a program with a wrong idea of the parts would write it.
                *shape = vec![bytes.len() * 8 / dtype.bitsize()];
            }
            let digest = tensor_file::digest(&header(&bad), &tensors);
            let bytes = tensor_file::to_bytes(header(&bad), &digest, &tensors);
            let problem = from_bytes(&bytes).unwrap_err().to_string();
            assert!(problem.contains("do not fit"), "{i}: {problem}");
        }
    }
}
