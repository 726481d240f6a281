//! One fit on a matrix that another program wrote, timed alone: for comparison with other solvers on the same numbers.
//!
//! `cargo run --release --example fit -- FOLDER [--l2 X] [--tol X] [--repeat N]`
//!
//! FOLDER holds a sparse matrix by rows as `scipy.sparse.csr_matrix` has it, in five files of `numpy.save`: `indptr.npy` (int64), `indices.npy`
//! (int32, ascending within a row), `data.npy` (float32), `y.npy` (int64: the class of each row, from 0) and `shape.npy` (int64: rows, columns).
//! Prints a line of JSON: seconds of each fit, objective, gradient norm, iterations. Reading is not timed.

use std::path::Path;
use std::time::Instant;

use linfa::ParamGuard;
use standpoint::Error;
use standpoint::logistic::LogisticParams;
use standpoint::matrix::DesignMatrix;

/// The numbers of a one-dimensional `.npy` file of version 1 or 2, `N` bytes each, little-endian; `kind` is what its header must say.
fn npy<const N: usize>(folder: &Path, name: &str, kind: &str) -> Result<Vec<[u8; N]>, Error> {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|source| Error::io(&path, "read", source))?;
    let wrong = |problem: &str| Error::Data(format!("{}: {problem}", path.display()));
    let start = match bytes.get(..12) {
        Some([0x93, b'N', b'U', b'M', b'P', b'Y', 1, _, a, b, ..]) => {
            10 + usize::from(u16::from_le_bytes([*a, *b]))
        }
        Some([0x93, b'N', b'U', b'M', b'P', b'Y', 2, _, a, b, c, d]) => {
            12 + u32::from_le_bytes([*a, *b, *c, *d]) as usize
        }
        _ => return Err(wrong("is no .npy file of version 1 or 2")),
    };
    let header = bytes
        .get(10..start)
        .ok_or_else(|| wrong("ends in its header"))?;
    if !String::from_utf8_lossy(header).contains(kind) {
        return Err(wrong(&format!("must hold numbers of type {kind}")));
    }
    Ok(bytes[start..].as_chunks::<N>().0.to_vec())
}

fn read(folder: &Path) -> Result<(DesignMatrix, Vec<usize>), Error> {
    let whole = |name: &str| -> Result<Vec<usize>, Error> {
        let numbers = npy::<8>(folder, name, "'<i8'")?;
        let number = |bytes| usize::try_from(i64::from_le_bytes(bytes));
        let found: Result<Vec<usize>, _> = numbers.into_iter().map(number).collect();
        found.map_err(|_| Error::Data(format!("{name} has a negative number")))
    };
    let (indptr, shape, y) = (whole("indptr.npy")?, whole("shape.npy")?, whole("y.npy")?);
    let indices = npy::<4>(folder, "indices.npy", "'<i4'")?;
    let data = npy::<4>(folder, "data.npy", "'<f4'")?;
    let fits = shape.len() == 2
        && indptr.len() == shape[0] + 1
        && y.len() == shape[0]
        && indptr.is_sorted()
        && indptr.last() == Some(&indices.len())
        && indices.len() == data.len();
    if !fits {
        return Err(Error::Data(
            "the five arrays do not make one matrix with a class a row".into(),
        ));
    }
    let entry = |at: usize| {
        (
            u32::from_le_bytes(indices[at]),
            f32::from_le_bytes(data[at]),
        )
    };
    let rows = indptr.windows(2);
    let rows = rows.map(|ends| (ends[0]..ends[1]).map(entry).collect::<Vec<_>>());
    Ok((DesignMatrix::from_rows(shape[1], rows)?, y))
}

fn main() -> Result<(), Error> {
    let (mut folder, mut l2, mut tol, mut repeat) = (None, 1.0, 1e-8, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || -> Result<f64, Error> {
            let given = arguments.next().unwrap_or_default();
            given
                .parse()
                .map_err(|_| Error::Parameter(format!("{argument}: \"{given}\" is no number")))
        };
        match argument.as_str() {
            "--l2" => l2 = number()?,
            "--tol" => tol = number()?,
            "--repeat" => repeat = number()? as usize,
            _ => folder = Some(argument),
        }
    }
    let folder = folder.ok_or_else(|| Error::Parameter("which folder?".into()))?;
    let (x, y) = read(Path::new(&folder))?;
    let n_classes = y.iter().max().map_or(0, |&last| last + 1);
    let params = LogisticParams::new(n_classes).l2(l2).tol(tol).check()?;
    let mut seconds = Vec::new();
    let mut last = None;
    for _ in 0..repeat.max(1) {
        let start = Instant::now();
        last = Some(params.fit_rows(&x, &y, None)?);
        seconds.push(start.elapsed().as_secs_f64());
    }
    let model = last.expect("fitted at least once");
    let convergence = model.convergence();
    println!(
        "{}",
        serde_json::json!({
            "seconds": seconds,
            "objective": convergence.objective,
            "gradient_norm": convergence.gradient_norm,
            "iterations": convergence.iterations,
            "reached": convergence.reached,
        })
    );
    Ok(())
}
