//! The files this library makes for itself: one safetensors file, whose only metadata key `standpoint` holds sorted JSON with a
//! digest over all of it.
//!
//! Models and word vectors share this frame: what is written ([`to_bytes`]), and why a file is refused ([`open`]) before its parts are
//! looked at. What the tensors and the JSON mean is the business of those who write them.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::{FileKind, ModelProblem};

/// The one metadata key.
const KEY: &str = "standpoint";

/// Name, type, shape and little-endian bytes of each tensor, sorted by name.
pub(crate) type Tensor = (&'static str, Dtype, Vec<usize>, Vec<u8>);

/// A file whose frame is sound.
pub(crate) struct Opened<'b> {
    /// The JSON, without the digest.
    pub header: Value,
    /// SHA-256 over the JSON and the tensors.
    pub digest: String,
    tensors: SafeTensors<'b>,
}

/// What can be told of a file before it is trusted.
#[derive(Deserialize)]
struct Envelope {
    format: u64,
    digest: String,
}

/// SHA-256 over a header and its tensors.
pub(crate) fn digest(header: &Value, tensors: &[Tensor]) -> String {
    digest_of(
        header,
        tensors
            .iter()
            .map(|(name, dtype, shape, bytes)| (*name, *dtype, &shape[..], &bytes[..])),
    )
}

fn digest_of<'t>(
    header: &Value,
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

/// Bytes as small hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file that holds `header`, its `digest` and `tensors`.
pub(crate) fn to_bytes(mut header: Value, digest: &str, tensors: &[Tensor]) -> Vec<u8> {
    header["digest"] = Value::String(digest.to_string());
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        let view = TensorView::new(*dtype, shape.clone(), bytes).expect("shapes fit their bytes");
        (*name, view)
    });
    let metadata = HashMap::from([(KEY.to_string(), header.to_string())]);
    safetensors::serialize(views, Some(metadata)).expect("tensors are well formed")
}

/// What a file of ours says it is; `None` for other files and for headers that cannot be read.
pub(crate) fn kind_of(bytes: &[u8]) -> Option<FileKind> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).ok()?;
    let json = metadata.metadata().as_ref()?.get(KEY)?;
    serde_json::from_str(json).ok().and_then(|v| kind_in(&v))
}

/// The kind that a header names; models name none.
fn kind_in(header: &Value) -> Option<FileKind> {
    match header.get("kind") {
        None => Some(FileKind::Model),
        Some(kind) => serde_json::from_value(kind.clone()).ok(),
    }
}

/// Reads the frame of a file that should be of `kind` in format `newest` or older. With `check_digest` it is refused unless every
/// byte is as it was written.
pub(crate) fn open(
    bytes: &[u8],
    kind: FileKind,
    newest: u64,
    check_digest: bool,
) -> Result<Opened<'_>, ModelProblem> {
    let foreign = |what: String| ModelProblem::Foreign { kind, what };
    // A cut file still names us in its header, so it is told from a foreign one.
    let ours = bytes.get(8..).is_some_and(|rest| {
        let beginning = &rest[..rest.len().min(4096)];
        memchr::memmem::find(beginning, b"\"standpoint\":").is_some()
    });
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|e| {
        if ours {
            damaged(&e.to_string())
        } else {
            foreign(format!("not a safetensors file: {e}"))
        }
    })?;
    let json = metadata
        .metadata()
        .as_ref()
        .and_then(|metadata| metadata.get(KEY))
        .ok_or_else(|| foreign("a safetensors file of another program".to_string()))?;
    let mut header: Value =
        serde_json::from_str(json).map_err(|e| damaged(&format!("its description: {e}")))?;
    let envelope: Envelope =
        Envelope::deserialize(&header).map_err(|e| damaged(&format!("its description: {e}")))?;
    match kind_in(&header) {
        Some(found) if found == kind => {}
        Some(found) => return Err(foreign(format!("it holds {}", found.contents()))),
        None => return Err(damaged("its description names no known kind")),
    }
    if envelope.format > newest {
        return Err(ModelProblem::Newer {
            found: envelope.format,
            supported: newest,
        });
    }
    let tensors = SafeTensors::deserialize(bytes).map_err(|e| damaged(&e.to_string()))?;
    // The digest is over the values. A changed last digit may leave a number what it was, but not the text.
    if check_digest {
        let as_written = header.to_string();
        if as_written != *json {
            return Err(damaged("its description is not as it was written"));
        }
    }
    header
        .as_object_mut()
        .expect("an envelope was read from it")
        .remove("digest");
    if check_digest {
        let mut sorted: Vec<(&str, TensorView<'_>)> = tensors.iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(b.0));
        let found = digest_of(
            &header,
            sorted
                .iter()
                .map(|(name, view)| (*name, view.dtype(), view.shape(), view.data())),
        );
        if found != envelope.digest {
            return Err(damaged("its digest does not match its contents"));
        }
    }
    Ok(Opened {
        header,
        digest: envelope.digest,
        tensors,
    })
}

impl<'b> Opened<'b> {
    /// The bytes of a tensor.
    pub fn bytes(&self, name: &str, dtype: Dtype) -> Result<&'b [u8], ModelProblem> {
        self.tensors
            .tensor(name)
            .ok()
            .filter(|view| view.dtype() == dtype)
            .map(|view| view.data())
            .ok_or_else(|| damaged(&format!("tensor {name} is missing")))
    }

    /// A tensor of bytes.
    pub fn u8s(&self, name: &str) -> Result<Vec<u8>, ModelProblem> {
        Ok(self.bytes(name, Dtype::U8)?.to_vec())
    }

    /// A tensor of small integers with a sign.
    pub fn i8s(&self, name: &str) -> Result<Vec<i8>, ModelProblem> {
        let bytes = self.bytes(name, Dtype::I8)?.iter();
        Ok(bytes.map(|&byte| byte.cast_signed()).collect())
    }

    /// A tensor of 16-bit integers.
    pub fn u16s(&self, name: &str) -> Result<Vec<u16>, ModelProblem> {
        Ok(numbers(self.bytes(name, Dtype::U16)?, u16::from_le_bytes))
    }

    /// A tensor of 32-bit integers.
    pub fn u32s(&self, name: &str) -> Result<Vec<u32>, ModelProblem> {
        Ok(numbers(self.bytes(name, Dtype::U32)?, u32::from_le_bytes))
    }

    /// A tensor of 64-bit integers.
    pub fn u64s(&self, name: &str) -> Result<Vec<u64>, ModelProblem> {
        Ok(numbers(self.bytes(name, Dtype::U64)?, u64::from_le_bytes))
    }

    /// A tensor of single precision.
    pub fn f32s(&self, name: &str) -> Result<Vec<f32>, ModelProblem> {
        Ok(numbers(self.bytes(name, Dtype::F32)?, f32::from_le_bytes))
    }

    /// A tensor of double precision.
    pub fn f64s(&self, name: &str) -> Result<Vec<f64>, ModelProblem> {
        Ok(numbers(self.bytes(name, Dtype::F64)?, f64::from_le_bytes))
    }

    /// A tensor that holds text.
    pub fn text(&self, name: &str) -> Result<String, ModelProblem> {
        String::from_utf8(self.u8s(name)?).map_err(|_| damaged("its vocabulary is not UTF-8"))
    }
}

/// Why a file of ours cannot be used.
pub(crate) fn damaged(what: &str) -> ModelProblem {
    ModelProblem::Damaged(what.to_string())
}

/// Little-endian numbers of `N` bytes each.
fn numbers<T, const N: usize>(bytes: &[u8], read: fn([u8; N]) -> T) -> Vec<T> {
    bytes
        .chunks_exact(N)
        .map(|chunk| read(chunk.try_into().expect("chunks have N bytes")))
        .collect()
}

/// The little-endian bytes of numbers of `N` bytes each.
pub(crate) fn le_bytes<T: Copy, const N: usize>(values: &[T], write: fn(T) -> [u8; N]) -> Vec<u8> {
    values.iter().flat_map(|&value| write(value)).collect()
}
