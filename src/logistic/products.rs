//! The products a fit is made of, on a copy of the design matrix laid out for them.
//!
//! A step of a solver goes through all rows and back: logits Z = X·W + b, then something small for each row, R from Z, then Xᵀ·R. Both ways
//! are memory-bound, so the copy is made to be read:
//! - columns are renumbered by falling frequency, so that the coefficients which most entries ask for lie together in the cache;
//! - the coefficients of a column lie side by side, their number filled up to 1, 2, 4 or 8 with zeros, so that an entry is one load,
//!   one multiplication and one addition of a whole register;
//! - stretches of neighbouring columns that a row fills (word vectors) are kept as plain numbers without columns ([`Stretches`]) and are read
//!   once for both ways; those of a [`DenseBlock`](crate::matrix::DenseBlock) stay where they are, one copy for all folds;
//! - everything else is kept by rows and once more by columns: each number of Xᵀ·R is then one sum, and threads need not share.
//!
//! Every sum has a fixed order, by rows, by columns, or by blocks of rows added in the order of the blocks: results do not depend on the number
//! of threads. All products exist in double and in single precision ([`Real`]); the values themselves are single.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Range, Sub};
use std::sync::Arc;

use ndarray::{Array1, Array2};
use rayon::prelude::*;

use crate::matrix::{DenseBlock, DesignMatrix};

/// A number to compute with: double precision for what a fit is judged by, single for the way there.
pub(super) trait Real:
    Copy
    + Send
    + Sync
    + Default
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Div<Output = Self>
    + Mul<Output = Self>
    + AddAssign
    + Sum
    + 'static
{
    fn of(x: f64) -> Self;
    fn of_single(x: f32) -> Self;
    fn double(self) -> f64;
    /// Its absolute value.
    fn size(self) -> Self;
}

impl Real for f64 {
    fn of(x: f64) -> f64 {
        x
    }
    fn of_single(x: f32) -> f64 {
        f64::from(x)
    }
    fn double(self) -> f64 {
        self
    }
    fn size(self) -> f64 {
        self.abs()
    }
}

impl Real for f32 {
    fn of(x: f64) -> f32 {
        x as f32
    }
    fn of_single(x: f32) -> f32 {
        x
    }
    fn double(self) -> f64 {
        f64::from(self)
    }
    fn size(self) -> f32 {
        self.abs()
    }
}

/// Below this many multiplications starting threads costs more than it saves (about 0.1 ms of work).
const WORTH_THREADS: usize = 200_000;
/// Pieces a product is cut into for the threads; several a thread, so that uneven ones even out.
const PIECES: usize = 32;
/// Entries of a column that are added before their sum joins that of the others: keeps sums of a million numbers sharp in single precision.
const SUMMED_ALONE: usize = 1024;

/// A design matrix for products with arrays of `stride` numbers a row or column, of which the first `n_outputs` count and the others stay zero.
pub(super) struct Products {
    n_samples: usize,
    n_outputs: usize,
    stride: usize,
    /// The column of the design matrix behind each of ours.
    order: Vec<u32>,
    /// What is not in stretches, by rows and by columns.
    rows: Compressed,
    columns: Compressed,
    /// Where to cut the columns so that pieces have equally many entries.
    cuts: Vec<usize>,
    stretches: Stretches,
}

/// Line i is `indices[indptr[i]..indptr[i + 1]]` and the same of `values`.
struct Compressed {
    indptr: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f32>,
}

impl Default for Compressed {
    fn default() -> Self {
        Compressed {
            indptr: vec![0],
            indices: Vec::new(),
            values: Vec::new(),
        }
    }
}

impl Compressed {
    /// Adds entries to the last line, each column at its `place`.
    fn push(&mut self, (columns, values): (&[u32], &[f32]), place: &[u32]) {
        self.indices
            .extend(columns.iter().map(|&j| place[j as usize]));
        self.values.extend_from_slice(values);
    }

    fn end_line(&mut self) {
        self.indptr.push(self.indices.len());
    }

    fn line(&self, i: usize) -> (&[u32], &[f32]) {
        let stored = self.indptr[i]..self.indptr[i + 1];
        (&self.indices[stored.clone()], &self.values[stored])
    }

    fn len(&self) -> usize {
        self.indptr.len() - 1
    }

    /// The same by columns, of which there are `n`. Counting sort; the rows of each column ascend.
    fn transpose(&self, n: usize) -> Compressed {
        let mut indptr = vec![0; n + 1];
        for &j in &self.indices {
            indptr[j as usize + 1] += 1;
        }
        for j in 0..n {
            indptr[j + 1] += indptr[j];
        }
        let mut free = indptr.clone();
        let mut indices = vec![0; self.indices.len()];
        let mut values = vec![0.0; self.values.len()];
        for i in 0..self.len() {
            let (columns, row_values) = self.line(i);
            for (&j, &x) in columns.iter().zip(row_values) {
                let place = &mut free[j as usize];
                indices[*place] = u32::try_from(i).expect("row numbers fit into 32 bits");
                values[*place] = x;
                *place += 1;
            }
        }
        Compressed {
            indptr,
            indices,
            values,
        }
    }

    /// Σ x·w over line `i`, w being the numbers at place `at(column)`; `SQUARE` takes x² for x.
    #[inline]
    fn sum<T: Real, const S: usize, const SQUARE: bool>(
        &self,
        i: usize,
        w: &[[T; S]],
        at: impl Fn(u32) -> usize,
    ) -> [T; S] {
        let (indices, values) = self.line(i);
        let add = |sum: &mut [T; S], j: u32, x: f32| {
            let x = T::of_single(x);
            let x = if SQUARE { x * x } else { x };
            for (sum, &w) in sum.iter_mut().zip(&w[at(j)]) {
                *sum += x * w;
            }
        };
        let plus = |a: [T; S], b: [T; S]| std::array::from_fn(|lane| a[lane] + b[lane]);
        let alone = |indices: &[u32], values: &[f32]| {
            // Two sums side by side: an addition need not wait for the one before.
            let (mut even, mut odd) = ([T::default(); S], [T::default(); S]);
            let (index_pairs, last_index) = indices.as_chunks::<2>();
            let (value_pairs, last_value) = values.as_chunks::<2>();
            for (j, x) in index_pairs.iter().zip(value_pairs) {
                add(&mut even, j[0], x[0]);
                add(&mut odd, j[1], x[1]);
            }
            for (&j, &x) in last_index.iter().zip(last_value) {
                add(&mut even, j, x);
            }
            plus(even, odd)
        };
        let mut total = [T::default(); S];
        for (indices, values) in (indices.chunks(SUMMED_ALONE)).zip(values.chunks(SUMMED_ALONE)) {
            total = plus(total, alone(indices, values));
        }
        total
    }
}

/// Runs of neighbouring columns that a row fills, as plain numbers. Columns that are in a stretch of any row come last, in their own order.
struct Stretches {
    /// The first column that may be in a stretch.
    first: usize,
    /// Number of such columns.
    n_columns: usize,
    /// Row i has `parts[offsets[i]..offsets[i + 1]]`.
    offsets: Vec<usize>,
    parts: Vec<Stretch>,
    /// How many numbers the parts have.
    n_values: usize,
    /// Where the numbers are.
    block: Arc<DenseBlock>,
}

/// One stretch: `len` columns from `start` (0 for [`Stretches::first`]); its values begin at `at`.
#[derive(Clone, Copy)]
struct Stretch {
    start: u32,
    len: u32,
    at: usize,
}

impl Stretches {
    /// Columns that make a stretch worth its while.
    const MIN_LEN: u32 = 24;
    /// Columns without a value that do not end a stretch.
    const GAP: u32 = 2;

    /// The stretches among ascending columns, as ranges of places in `columns`.
    fn among(columns: &[u32]) -> impl Iterator<Item = Range<usize>> {
        let mut next = 0;
        std::iter::from_fn(move || {
            while next < columns.len() {
                let start = next;
                next += 1;
                while next < columns.len() && columns[next] - columns[next - 1] <= Self::GAP + 1 {
                    next += 1;
                }
                if columns[next - 1] - columns[start] + 1 >= Self::MIN_LEN {
                    return Some(start..next);
                }
            }
            None
        })
    }

    /// What the rows `picked` of `block` fill, `first` being its first column.
    fn of_block(block: &Arc<DenseBlock>, picked: &[usize], first: usize) -> Stretches {
        let n_columns = block.n_columns();
        let mut stretches = Stretches {
            first,
            n_columns,
            offsets: vec![0],
            parts: Vec::new(),
            n_values: 0,
            block: block.clone(),
        };
        for &row in picked {
            let at = row * n_columns;
            for run in Self::runs(&block.values()[at..at + n_columns]) {
                stretches.n_values += run.len();
                stretches.parts.push(Stretch {
                    start: run.start as u32,
                    len: run.len() as u32,
                    at: at + run.start,
                });
            }
            stretches.offsets.push(stretches.parts.len());
        }
        stretches
    }

    /// Where `row` is filled; a few zeros do not end a run.
    fn runs(row: &[f32]) -> impl Iterator<Item = Range<usize>> {
        let filled = |from: usize| (row[from..].iter().position(|&x| x != 0.0)).map(|at| from + at);
        let mut next = filled(0);
        std::iter::from_fn(move || {
            let start = next?;
            let mut end = start + 1;
            loop {
                next = filled(end);
                match next {
                    Some(at) if at - end <= Self::GAP as usize => end = at + 1,
                    _ => return Some(start..end),
                }
            }
        })
    }

    fn row(&self, i: usize) -> &[Stretch] {
        &self.parts[self.offsets[i]..self.offsets[i + 1]]
    }

    fn values(&self, part: &Stretch) -> &[f32] {
        &self.block.values()[part.at..part.at + part.len as usize]
    }
}

impl Products {
    pub fn new(x: &DesignMatrix, n_outputs: usize) -> Products {
        match x.block() {
            Some((block, picked)) => {
                let order = Self::by_frequency(x, &vec![false; x.n_sparse()]);
                let stretches = Stretches::of_block(block, picked, order.len());
                let mut rows = Compressed::default();
                let place = Self::places(&order);
                for i in 0..x.n_samples() {
                    rows.push(x.row(i), &place);
                    rows.end_line();
                }
                Self::of(x, n_outputs, order, rows, stretches)
            }
            None => Self::with_stretches(x, n_outputs),
        }
    }

    /// Looks for stretches among the columns that are stored sparsely.
    fn with_stretches(x: &DesignMatrix, n_outputs: usize) -> Products {
        let (n, d) = (x.n_samples(), x.n_features());
        let mut in_stretch = vec![false; d];
        for i in 0..n {
            let columns = x.row(i).0;
            for stretch in Stretches::among(columns) {
                let (first, last) = (columns[stretch.start], columns[stretch.end - 1]);
                in_stretch[first as usize..=last as usize].fill(true);
            }
        }
        let mut order = Self::by_frequency(x, &in_stretch);
        let first = order.len();
        order.extend((0..d as u32).filter(|&j| in_stretch[j as usize]));
        let place = Self::places(&order);

        let mut rows = Compressed::default();
        let (mut parts, mut offsets, mut filled) = (Vec::new(), vec![0], Vec::new());
        for i in 0..n {
            let (columns, values) = x.row(i);
            let mut done = 0;
            if first < d {
                for stretch in Stretches::among(columns) {
                    let before = done..stretch.start;
                    rows.push((&columns[before.clone()], &values[before]), &place);
                    done = stretch.end;
                    let (start, last) = (columns[stretch.start], columns[stretch.end - 1]);
                    let at = filled.len();
                    let len = last - start + 1;
                    filled.resize(at + len as usize, 0.0);
                    for (&j, &x) in columns[stretch.clone()].iter().zip(&values[stretch]) {
                        filled[at + (j - start) as usize] = x;
                    }
                    parts.push(Stretch {
                        start: place[start as usize] - first as u32,
                        len,
                        at,
                    });
                }
            }
            rows.push((&columns[done..], &values[done..]), &place);
            rows.end_line();
            offsets.push(parts.len());
        }
        let stretches = Stretches {
            first,
            n_columns: d - first,
            offsets,
            parts,
            n_values: filled.len(),
            block: Arc::new(DenseBlock::new(1, filled).expect("the matrix is finite")),
        };
        Self::of(x, n_outputs, order, rows, stretches)
    }

    /// The sparse columns that are in no stretch, the most frequent first.
    fn by_frequency(x: &DesignMatrix, in_stretch: &[bool]) -> Vec<u32> {
        let mut frequency = vec![0_u32; x.n_sparse()];
        for i in 0..x.n_samples() {
            for &column in x.row(i).0 {
                frequency[column as usize] += 1;
            }
        }
        let columns = 0..x.n_sparse() as u32;
        let mut order: Vec<u32> = columns.filter(|&j| !in_stretch[j as usize]).collect();
        order.sort_by_key(|&j| std::cmp::Reverse(frequency[j as usize]));
        order
    }

    /// The way back from `order`.
    fn places(order: &[u32]) -> Vec<u32> {
        let mut place = vec![0_u32; order.len()];
        for (ours, &theirs) in order.iter().enumerate() {
            place[theirs as usize] = ours as u32;
        }
        place
    }

    fn of(
        x: &DesignMatrix,
        n_outputs: usize,
        mut order: Vec<u32>,
        rows: Compressed,
        stretches: Stretches,
    ) -> Products {
        let d = x.n_features();
        // The columns of a block keep their order.
        order.extend(order.len() as u32..d as u32);
        let columns = rows.transpose(d);
        let piece = columns.indices.len() / PIECES + 1;
        let mut cuts: Vec<usize> = (0..=PIECES)
            .map(|i| columns.indptr.partition_point(|&at| at < i * piece))
            .map(|column| column.min(d))
            .collect();
        cuts[PIECES] = d;
        Products {
            n_samples: x.n_samples(),
            n_outputs,
            stride: match n_outputs {
                1 | 2 => n_outputs,
                3 | 4 => 4,
                more => more.next_multiple_of(8),
            },
            order,
            rows,
            columns,
            cuts,
            stretches,
        }
    }

    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    pub fn n_features(&self) -> usize {
        self.order.len()
    }

    pub fn n_outputs(&self) -> usize {
        self.n_outputs
    }

    /// Numbers kept a row and a column.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Our number of each of `columns`, which are not in stretches.
    pub fn numbers_of(&self, columns: impl Iterator<Item = Option<u32>>) -> Vec<Option<usize>> {
        let place = Self::places(&self.order);
        columns
            .map(|column| column.map(|column| place[column as usize] as usize))
            .collect()
    }

    /// The coefficients of all columns in our order, from shape (n_outputs, n_features).
    pub fn pack(&self, coef: &Array2<f64>) -> Vec<f64> {
        let mut packed = vec![0.0; self.n_features() * self.stride];
        for (own, &column) in packed.chunks_exact_mut(self.stride).zip(&self.order) {
            for (own, &w) in own.iter_mut().zip(coef.column(column as usize)) {
                *own = w;
            }
        }
        packed
    }

    /// The way back, to shape (n_features, n_outputs), and the intercepts behind them.
    pub fn unpack(&self, theta: &[f64]) -> (Array2<f64>, Array1<f64>) {
        let k = self.n_outputs;
        let mut coef = Array2::zeros((self.n_features(), k));
        let mut own = theta.chunks_exact(self.stride);
        for (&column, own) in self.order.iter().zip(&mut own) {
            for (w, &own) in coef.row_mut(column as usize).iter_mut().zip(own) {
                *w = own;
            }
        }
        let intercepts = own.next().expect("intercepts stand behind");
        (coef, Array1::from(intercepts[..k].to_vec()))
    }

    /// Z = X·W + b with `w` = W and b behind it; then `rows` = R, row by row by `weigh(i, z_i, r_i)`; then `out` = Xᵀ·R with the
    /// column sums of R behind it. Shapes (n_features + 1, stride) and (n_samples, stride).
    pub fn there_and_back<T: Real>(
        &self,
        w: &[T],
        z: &mut [T],
        rows: &mut [T],
        out: &mut [T],
        weigh: impl Fn(usize, &[T], &mut [T]) + Sync,
    ) {
        assert_eq!(
            (w.len(), out.len()),
            (self.n_parameters(), self.n_parameters())
        );
        assert_eq!((z.len(), rows.len()), (self.n_rows(), self.n_rows()));
        let transposed = self.transposed_blocks(w);
        let rows_a_piece = self.rows_a_piece();
        let numbers = rows_a_piece * self.stride;
        let work = z.chunks_mut(numbers).zip(rows.chunks_mut(numbers));
        let one = |(piece, (z, rows)): (usize, (&mut [T], &mut [T]))| {
            let first = piece * rows_a_piece;
            self.logits_piece(first, w, &transposed, z);
            let mut sums = self.block_sums();
            let each = z.chunks_exact(self.stride);
            for (i, (z, r)) in (first..).zip(each.zip(rows.chunks_exact_mut(self.stride))) {
                weigh(i, z, r);
                self.add_block_row::<T, false>(i, r, &mut sums);
            }
            sums
        };
        let sums = self.each(work.enumerate(), one);
        self.back_by_columns::<T, false>(rows, out);
        self.add_blocks(&sums, out);
    }

    /// Z = X·W + b, as in [`Products::there_and_back`].
    pub fn there<T: Real>(&self, w: &[T], z: &mut [T]) {
        assert_eq!((w.len(), z.len()), (self.n_parameters(), self.n_rows()));
        let transposed = self.transposed_blocks(w);
        let rows_a_piece = self.rows_a_piece();
        let work = z.chunks_mut(rows_a_piece * self.stride);
        self.each(work.enumerate(), |(piece, z): (usize, &mut [T])| {
            self.logits_piece(piece * rows_a_piece, w, &transposed, z);
        });
    }

    /// `out` = (X∘X)ᵀ·R with the column sums of R behind it: what a Hessian's diagonal needs.
    pub fn back_squared<T: Real>(&self, rows: &[T], out: &mut [T]) {
        assert_eq!(
            (rows.len(), out.len()),
            (self.n_rows(), self.n_parameters())
        );
        let rows_a_piece = self.rows_a_piece();
        let work = rows.chunks(rows_a_piece * self.stride);
        let sums = self.each(work.enumerate(), |(piece, rows): (usize, &[T])| {
            let mut sums = self.block_sums();
            for (i, r) in (piece * rows_a_piece..).zip(rows.chunks_exact(self.stride)) {
                self.add_block_row::<T, true>(i, r, &mut sums);
            }
            sums
        });
        self.back_by_columns::<T, true>(rows, out);
        self.add_blocks(&sums, out);
    }

    /// Length of arrays of shape (n_features + 1, stride).
    pub fn n_parameters(&self) -> usize {
        (self.n_features() + 1) * self.stride
    }

    /// Length of arrays of shape (n_samples, stride).
    pub fn n_rows(&self) -> usize {
        self.n_samples * self.stride
    }

    fn rows_a_piece(&self) -> usize {
        self.n_samples.div_ceil(PIECES).max(1)
    }

    /// Does all of `work`, on threads where that is worth while; results in the order of the work.
    fn each<W: Send, R: Send>(
        &self,
        work: impl Iterator<Item = W>,
        one: impl Fn(W) -> R + Sync + Send,
    ) -> Vec<R> {
        let entries = self.rows.indices.len() + self.stretches.n_values / 4;
        in_order(entries * self.stride >= WORTH_THREADS, work, one)
    }

    /// The coefficients of the columns in stretches, one output after the other.
    fn transposed_blocks<T: Real>(&self, w: &[T]) -> Vec<T> {
        let (first, n) = (self.stretches.first, self.stretches.n_columns);
        let own = &w[first * self.stride..][..n * self.stride];
        let mut transposed = Vec::with_capacity(n * self.n_outputs);
        for output in 0..self.n_outputs {
            transposed.extend(own.iter().skip(output).step_by(self.stride));
        }
        transposed
    }

    /// Logits of the rows from `first` on.
    fn logits_piece<T: Real>(&self, first: usize, w: &[T], blocks: &[T], z: &mut [T]) {
        match self.stride {
            1 => self.logits_of::<T, 1>(first, w, z),
            2 => self.logits_of::<T, 2>(first, w, z),
            4 => self.logits_of::<T, 4>(first, w, z),
            _ => self.logits_of::<T, 8>(first, w, z),
        }
        let n = self.stretches.n_columns;
        if n == 0 {
            return;
        }
        for (i, z) in (first..).zip(z.chunks_exact_mut(self.stride)) {
            for part in self.stretches.row(i) {
                let values = self.stretches.values(part);
                let of =
                    |output: usize| &blocks[output * n + part.start as usize..][..values.len()];
                for (output, z) in z[..self.n_outputs].iter_mut().enumerate() {
                    *z += dot_single(values, of(output));
                }
            }
        }
    }

    fn logits_of<T: Real, const S: usize>(&self, first: usize, w: &[T], z: &mut [T]) {
        let (w, _) = w.as_chunks::<S>();
        let (z, _) = z.as_chunks_mut::<S>();
        let groups = self.stride / S;
        let intercepts = &w[self.n_features() * groups..];
        let add = |z: &mut [T; S], sum: [T; S], b: &[T; S]| {
            for ((z, sum), &b) in z.iter_mut().zip(sum).zip(b) {
                *z = sum + b;
            }
        };
        if groups == 1 {
            for (i, z) in (first..).zip(z) {
                add(
                    z,
                    self.rows.sum::<T, S, false>(i, w, |j| j as usize),
                    &intercepts[0],
                );
            }
            return;
        }
        for (i, z) in (first..).zip(z.chunks_exact_mut(groups)) {
            for (group, z) in z.iter_mut().enumerate() {
                let at = |j: u32| j as usize * groups + group;
                add(
                    z,
                    self.rows.sum::<T, S, false>(i, w, at),
                    &intercepts[group],
                );
            }
        }
    }

    /// Sums of Xᵀ·R over the columns in stretches, one output after the other; empty where there are none.
    fn block_sums<T: Real>(&self) -> Vec<T> {
        vec![T::default(); self.stretches.n_columns * self.n_outputs]
    }

    /// Adds the stretches of row `i` times `r`.
    fn add_block_row<T: Real, const SQUARE: bool>(&self, i: usize, r: &[T], sums: &mut [T]) {
        let n = self.stretches.n_columns;
        if n == 0 {
            return;
        }
        for part in self.stretches.row(i) {
            let values = self.stretches.values(part);
            for (&r, sums) in r.iter().zip(sums.chunks_exact_mut(n)) {
                let sums = &mut sums[part.start as usize..][..values.len()];
                for (sum, &x) in sums.iter_mut().zip(values) {
                    let x = T::of_single(x);
                    *sum += if SQUARE { x * x * r } else { x * r };
                }
            }
        }
    }

    /// Adds block sums to `out`, piece after piece.
    fn add_blocks<T: Real>(&self, pieces: &[Vec<T>], out: &mut [T]) {
        let n = self.stretches.n_columns;
        if n == 0 {
            return;
        }
        let out = &mut out[self.stretches.first * self.stride..];
        for sums in pieces {
            for (output, sums) in sums.chunks_exact(n).enumerate() {
                for (out, &sum) in out.iter_mut().skip(output).step_by(self.stride).zip(sums) {
                    *out += sum;
                }
            }
        }
    }

    /// `out` = Xᵀ·R over what is not in stretches, with the column sums of R behind it.
    fn back_by_columns<T: Real, const SQUARE: bool>(&self, rows: &[T], out: &mut [T]) {
        let mut work = Vec::with_capacity(PIECES);
        let (mut rest, sums) = out.split_at_mut(self.n_features() * self.stride);
        for cut in self.cuts.windows(2) {
            let (piece, behind) = rest.split_at_mut((cut[1] - cut[0]) * self.stride);
            work.push((cut[0], piece));
            rest = behind;
        }
        self.each(work.into_iter(), |(first, out)| match self.stride {
            1 => self.back_of::<T, 1, SQUARE>(first, rows, out),
            2 => self.back_of::<T, 2, SQUARE>(first, rows, out),
            4 => self.back_of::<T, 4, SQUARE>(first, rows, out),
            _ => self.back_of::<T, 8, SQUARE>(first, rows, out),
        });
        sums.fill(T::default());
        let mut alone = vec![T::default(); self.stride];
        for rows in rows.chunks(SUMMED_ALONE * self.stride) {
            alone.fill(T::default());
            for row in rows.chunks_exact(self.stride) {
                for (sum, &r) in alone.iter_mut().zip(row) {
                    *sum += r;
                }
            }
            for (sum, &alone) in sums.iter_mut().zip(&alone) {
                *sum += alone;
            }
        }
    }

    fn back_of<T: Real, const S: usize, const SQUARE: bool>(
        &self,
        first: usize,
        rows: &[T],
        out: &mut [T],
    ) {
        let (rows, _) = rows.as_chunks::<S>();
        let (out, _) = out.as_chunks_mut::<S>();
        let groups = self.stride / S;
        if groups == 1 {
            for (column, out) in (first..).zip(out) {
                *out = self
                    .columns
                    .sum::<T, S, SQUARE>(column, rows, |i| i as usize);
            }
            return;
        }
        for (column, out) in (first..).zip(out.chunks_exact_mut(groups)) {
            for (group, out) in out.iter_mut().enumerate() {
                let at = |i: u32| i as usize * groups + group;
                *out = self.columns.sum::<T, S, SQUARE>(column, rows, at);
            }
        }
    }
}

/// Does all of `work`, on threads if asked to; results in the order of the work.
pub(super) fn in_order<W: Send, R: Send>(
    threads: bool,
    work: impl Iterator<Item = W>,
    one: impl Fn(W) -> R + Sync + Send,
) -> Vec<R> {
    if threads {
        work.collect::<Vec<W>>().into_par_iter().map(one).collect()
    } else {
        work.map(one).collect()
    }
}

/// Σ x·w in sixteen partial sums: a fixed order that the compiler can vectorise, with little waiting of one addition for another. (Adding the
/// sixteen two by two at the end makes LLVM compute in halves of a register, which is slower.)
fn dot_single<T: Real>(x: &[f32], w: &[T]) -> T {
    let (x_parts, x_rest) = x.as_chunks::<16>();
    let (w_parts, w_rest) = w.as_chunks::<16>();
    let mut sums = [T::default(); 16];
    for (x, w) in x_parts.iter().zip(w_parts) {
        for lane in 0..16 {
            sums[lane] += T::of_single(x[lane]) * w[lane];
        }
    }
    let rest: T = (x_rest.iter().zip(w_rest))
        .map(|(&x, &w)| T::of_single(x) * w)
        .sum();
    sums.into_iter().sum::<T>() + rest
}

/// Σ a·b in double precision over parts of single sums: a fixed order that the compiler can vectorise.
pub(super) fn dot<T: Real>(a: &[T], b: &[T]) -> f64 {
    let parts = a.chunks(SUMMED_ALONE).zip(b.chunks(SUMMED_ALONE));
    let sum_of = |(a, b): (&[T], &[T])| {
        let (a_parts, a_rest) = a.as_chunks::<8>();
        let (b_parts, b_rest) = b.as_chunks::<8>();
        let mut sums = [T::default(); 8];
        for (a, b) in a_parts.iter().zip(b_parts) {
            for lane in 0..8 {
                sums[lane] += a[lane] * b[lane];
            }
        }
        let rest: T = a_rest.iter().zip(b_rest).map(|(&a, &b)| a * b).sum();
        (sums.into_iter().sum::<T>() + rest).double()
    };
    parts.map(sum_of).sum()
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_pcg::Pcg64;

    use super::*;

    /// Columns without entries between the two kinds.
    const GAP: usize = 5;

    /// Sparse columns, and behind them three blocks of neighbouring ones that a row fills or leaves out, now and then with a zero.
    fn mixed(seed: u64, n: usize, sparse: usize) -> DesignMatrix {
        let mut chance = Pcg64::seed_from_u64(seed);
        let rows: Vec<Vec<(u32, f32)>> = (0..n)
            .map(|_| {
                let mut row: Vec<(u32, f32)> = Vec::new();
                for j in 0..sparse {
                    if chance.gen_bool(3.0 / (j + 4) as f64) {
                        row.push((j as u32, chance.gen_range(-1.0..1.0)));
                    }
                }
                for block in 0..3 {
                    if chance.gen_bool(0.6) {
                        for j in (0..40)
                            .filter(|_| chance.gen_bool(0.97))
                            .collect::<Vec<_>>()
                        {
                            let column = sparse + GAP + block * 40 + j;
                            row.push((column as u32, chance.gen_range(-1.0..1.0)));
                        }
                    }
                }
                row
            })
            .collect();
        DesignMatrix::from_rows(sparse + GAP + 120, rows).expect("sorted rows")
    }

    /// Z, R = cos(Z) and Xᵀ·R with its column sums, in the order of the design matrix.
    fn products_of<T: Real>(
        products: &Products,
        w: &Array2<f64>,
        b: &Array1<f64>,
    ) -> (Array2<f64>, Array2<f64>, Array1<f64>) {
        let k = products.n_outputs();
        let mut theta = products.pack(w);
        theta.extend(b);
        theta.resize(products.n_parameters(), 0.0);
        let theta: Vec<T> = theta.into_iter().map(T::of).collect();
        let mut z = vec![T::of(f64::NAN); products.n_rows()];
        let mut rows = vec![T::default(); products.n_rows()];
        let mut out = vec![T::of(f64::NAN); products.n_parameters()];
        products.there_and_back(&theta, &mut z, &mut rows, &mut out, |_, z, r| {
            for (r, z) in r[..k].iter_mut().zip(z) {
                *r = T::of(z.double().cos());
            }
        });
        let mut there = vec![T::of(f64::NAN); products.n_rows()];
        products.there(&theta, &mut there);
        assert!(there == z);
        let z = Array2::from_shape_fn((products.n_samples(), k), |(i, c)| {
            z[i * products.stride() + c].double()
        });
        let out: Vec<f64> = out.into_iter().map(T::double).collect();
        let (coef, intercept) = products.unpack(&out);
        (z, coef, intercept)
    }

    fn assert_close(found: &Array2<f64>, expected: &Array2<f64>, within: f64) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < within, "{found} {expected}");
        }
    }

    #[test]
    fn products_agree_with_dense_ones_at_every_width_in_both_precisions() {
        // The last matrix is large enough for threads.
        for (n, sparse) in [(1, 0), (9, 3), (60, 30), (2500, 300)] {
            let x = mixed(n as u64, n, sparse);
            let dense = x.to_dense();
            for k in [1, 2, 3, 4, 5, 9] {
                let products = Products::new(&x, k);
                assert!(n < 9 || products.stretches.n_columns > 110);
                let w = Array2::from_shape_fn((k, sparse + GAP + 120), |(c, j)| {
                    ((j * k + c) as f64).sin()
                });
                let b = Array1::from_shape_fn(k, |c| c as f64 * 0.1 - 0.2);
                let z = dense.dot(&w.t()) + &b;
                let r = z.mapv(f64::cos);
                let back = dense.t().dot(&r);
                let (found_z, found, sums) = products_of::<f64>(&products, &w, &b);
                assert_close(&found_z, &z, 1e-10);
                assert_close(&found, &back, 1e-9);
                for (found, expected) in sums.iter().zip(r.columns()) {
                    assert!((found - expected.sum()).abs() < 1e-9);
                }
                let (found_z, found, _) = products_of::<f32>(&products, &w, &b);
                assert_close(&found_z, &z, 1e-4);
                assert_close(&found, &back, 1e-5 * (n as f64 + 10.0));

                let rows: Vec<f64> = (0..products.n_rows())
                    .map(|at| {
                        if at % products.stride() < k {
                            (at as f64).sin()
                        } else {
                            0.0
                        }
                    })
                    .collect();
                let mut out = vec![f64::NAN; products.n_parameters()];
                products.back_squared(&rows, &mut out);
                let rows = Array2::from_shape_fn((n, k), |(i, c)| rows[i * products.stride() + c]);
                let squares = dense.mapv(|x| x * x).t().dot(&rows);
                assert_close(&products.unpack(&out).0, &squares, 1e-10);
            }
        }
    }

    #[test]
    fn frequent_columns_come_first_and_stretches_last() {
        let x = mixed(5, 300, 20);
        let products = Products::new(&x, 3);
        let count = |j: u32| (0..300).filter(|&i| x.row(i).0.contains(&j)).count();
        let counts: Vec<usize> = products.order[..20].iter().map(|&j| count(j)).collect();
        assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
        assert_eq!(products.order[20..], (20..145).collect::<Vec<u32>>());
        let w = Array2::from_shape_fn((3, 145), |(c, j)| (j * 3 + c) as f64);
        let mut theta = products.pack(&w);
        theta.extend([1.0, 2.0, 3.0, 0.0]);
        let (coef, intercept) = products.unpack(&theta);
        assert_eq!(
            (coef.t(), intercept),
            (w.view(), ndarray::array![1.0, 2.0, 3.0])
        );
    }

    #[test]
    fn products_are_the_same_bits_with_any_number_of_threads() {
        let x = mixed(3, 2500, 300);
        let products = Products::new(&x, 3);
        let w = Array2::from_shape_fn((3, 425), |(c, j)| ((j * 3 + c) as f64).sin());
        let product = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("a thread pool")
                .install(|| products_of::<f32>(&products, &w, &Array1::zeros(3)))
        };
        assert_eq!(product(1), product(3));
    }
}
