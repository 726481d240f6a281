//! The solver on generated matrices: `cargo bench --bench solver`.
//!
//! Rows of 23 entries in columns whose frequencies follow Zipf's law, three classes that lean on them; with and without a block of 200
//! columns that every row fills, as word vectors do.

use divan::{Bencher, black_box};
use linfa::ParamGuard;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use standpoint::logistic::LogisticParams;
use standpoint::matrix::DesignMatrix;

/// Rows, columns behind which the dense ones stand, dense columns.
type Shape = (usize, usize, usize);

const SHAPES: [Shape; 3] = [(2_000, 5_000, 0), (2_000, 5_000, 200), (20_000, 20_000, 0)];

fn main() {
    divan::main();
}

fn generated((n, sparse, dense): Shape) -> (DesignMatrix, Vec<usize>) {
    let mut chance = Pcg64::seed_from_u64(7);
    let mut targets = Vec::with_capacity(n);
    let rows: Vec<Vec<(u32, f32)>> = (0..n)
        .map(|_| {
            // d^u for even u is log-uniform: Zipf's law.
            let mut columns: Vec<u32> = (0..23)
                .map(|_| (sparse as f64).powf(chance.gen_range(0.0..1.0)) as u32 - 1)
                .collect();
            columns.sort_unstable();
            columns.dedup();
            let class = |column: u32| (column.wrapping_mul(2_654_435_761) >> 16) as usize % 3;
            let mut votes = [0.0_f64; 3];
            for &column in &columns {
                votes[class(column)] += chance.gen_range(0.0..1.0);
            }
            let best = (0..3).max_by(|&a, &b| votes[a].total_cmp(&votes[b]));
            targets.push(best.expect("three classes"));
            let words = columns.iter().map(|&column| (column, 0.2_f32));
            let vector = (0..dense).map(|j| ((sparse + j) as u32, chance.gen_range(-0.1..0.1)));
            words.chain(vector).collect()
        })
        .collect();
    let x = DesignMatrix::from_rows(sparse + dense, rows).expect("sorted rows");
    (x, targets)
}

#[divan::bench(args = SHAPES)]
fn product(bencher: Bencher, shape: Shape) {
    let (x, _) = generated(shape);
    let w = vec![0.5; x.n_features() * 3];
    let mut out = vec![0.0; x.n_samples() * 3];
    bencher.bench_local(|| x.dot_into(black_box(&w), 3, &mut out));
}

#[divan::bench(args = SHAPES)]
fn transposed_product(bencher: Bencher, shape: Shape) {
    let (x, _) = generated(shape);
    let columns = x.transpose();
    let rows = vec![0.5; x.n_samples() * 3];
    let mut out = vec![0.0; x.n_features() * 3];
    bencher.bench_local(|| columns.dot_into(black_box(&rows), 3, &mut out));
}

/// One Newton step: laying the matrix out, objective and gradient, a rough solution.
#[divan::bench(args = SHAPES, sample_count = 20)]
fn first_step(bencher: Bencher, shape: Shape) {
    let (x, y) = generated(shape);
    let params = LogisticParams::new(3).max_iter(1).check().expect("sound");
    bencher.bench_local(|| params.fit_rows(black_box(&x), &y, None).expect("fits"));
}

#[divan::bench(args = SHAPES, sample_count = 10)]
fn fit(bencher: Bencher, shape: Shape) {
    let (x, y) = generated(shape);
    let params = LogisticParams::new(3).check().expect("sound");
    bencher.bench_local(|| params.fit_rows(black_box(&x), &y, None).expect("fits"));
}
