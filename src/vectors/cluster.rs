//! Word clusters: spherical k-means.
//!
//! In: unit vectors. Out: the cluster of each. Every vector goes to the centre with the greatest cosine, every centre to
//! the direction of its vectors' sum, until nothing moves or [`MOST_ROUNDS`] are over (Dhillon & Modha 2001). It begins at words
//! drawn by the seed; a centre that loses all its words begins again at the word that fits its own centre least.

use ndarray::{Array2, ArrayView2};
use rand::seq::SliceRandom;
use rayon::prelude::*;

use crate::statistics::stream;

/// Rounds after which words are left where they are.
pub(crate) const MOST_ROUNDS: usize = 20;

/// Words compared with all centres at once.
const BLOCK: usize = 256;

/// The cluster, 0 to k − 1, of each row of `unit` (n, d). Zero rows, which have no direction, go to some cluster too. `step` is called
/// [`MOST_ROUNDS`] times.
pub(crate) fn spherical_k_means(
    unit: &Array2<f32>,
    k: u16,
    seed: u64,
    step: &(dyn Fn() + Sync),
) -> Vec<u16> {
    let n = unit.nrows();
    let k = usize::from(k);
    assert!(k > 0 && k <= n, "the caller checks the number of clusters");
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(&mut stream(seed, k as u64));
    let mut centres = Array2::from_shape_fn((k, unit.ncols()), |(c, j)| unit[[order[c], j]]);
    let mut clusters = vec![0; n];
    for round in 0..MOST_ROUNDS {
        let mut nearest = nearest_centres(unit, &centres);
        refill_empty(&mut nearest, k);
        let moved = nearest
            .iter()
            .zip(&clusters)
            .any(|(new, &old)| new.0 != old);
        clusters = nearest.into_iter().map(|(cluster, _)| cluster).collect();
        step();
        if !moved && round > 0 {
            (round + 1..MOST_ROUNDS).for_each(|_| step());
            break;
        }
        centres = directions(unit, &clusters, k);
    }
    clusters
}

/// The centre with the greatest cosine, and that cosine; of equal ones the first.
fn nearest_centres(unit: &Array2<f32>, centres: &Array2<f32>) -> Vec<(u16, f32)> {
    let d = unit.ncols();
    let values = unit.as_slice().expect("in C order");
    values
        .par_chunks(BLOCK * d)
        .flat_map_iter(|block| {
            let block =
                ArrayView2::from_shape((block.len() / d, d), block).expect("blocks are whole rows");
            let cosines = block.dot(&centres.t());
            cosines
                .outer_iter()
                .map(|row| {
                    let mut best = (0, f32::NEG_INFINITY);
                    for (c, &cosine) in row.iter().enumerate() {
                        if cosine > best.1 {
                            best = (c as u16, cosine);
                        }
                    }
                    best
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Gives each empty cluster the word that fits its own centre least among clusters of two or more.
fn refill_empty(nearest: &mut [(u16, f32)], k: usize) {
    let mut sizes = vec![0_usize; k];
    for &(cluster, _) in nearest.iter() {
        sizes[usize::from(cluster)] += 1;
    }
    let empty: Vec<usize> = (0..k).filter(|&c| sizes[c] == 0).collect();
    if empty.is_empty() {
        return;
    }
    let mut worst: Vec<usize> = (0..nearest.len()).collect();
    worst.sort_by(|&a, &b| nearest[a].1.total_cmp(&nearest[b].1).then(a.cmp(&b)));
    let mut worst = worst.into_iter();
    for cluster in empty {
        let word = worst
            .by_ref()
            .find(|&word| sizes[usize::from(nearest[word].0)] > 1)
            .expect("there are at least as many words as clusters");
        sizes[usize::from(nearest[word].0)] -= 1;
        nearest[word] = (cluster as u16, 1.0);
        sizes[cluster] = 1;
    }
}

/// The direction of each cluster's sum, shape (k, d); each is summed in the order of its words.
fn directions(unit: &Array2<f32>, clusters: &[u16], k: usize) -> Array2<f32> {
    let d = unit.ncols();
    let mut members = vec![Vec::new(); k];
    for (word, &cluster) in clusters.iter().enumerate() {
        members[usize::from(cluster)].push(word);
    }
    let rows: Vec<Vec<f32>> = members
        .par_iter()
        .map(|words| {
            let mut sum = vec![0.0_f64; d];
            for &word in words {
                for (sum, &x) in sum.iter_mut().zip(unit.row(word)) {
                    *sum += f64::from(x);
                }
            }
            let norm = sum.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-12);
            sum.iter().map(|x| (x / norm) as f32).collect()
        })
        .collect();
    Array2::from_shape_vec((k, d), rows.concat()).expect("a row a cluster")
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn words_around_three_directions_fall_into_three_clusters() {
        let mut chance = stream(5, 0);
        let unit = Array2::from_shape_fn((90, 3), |(i, j)| {
            let noise: f32 = chance.gen_range(-0.1..0.1);
            if i % 3 == j { 1.0 } else { noise }
        });
        // From any beginning; a bad one leaves two directions in one cluster, which is k-means' known limit.
        let clusters = spherical_k_means(&unit, 3, 2, &|| {});
        for i in 3..90 {
            assert_eq!(clusters[i], clusters[i % 3], "word {i}");
        }
        assert_ne!(clusters[0], clusters[1]);
        assert_ne!(clusters[1], clusters[2]);
    }

    #[test]
    fn no_cluster_stays_empty_even_when_all_words_are_alike() {
        let unit = Array2::from_elem((7, 2), 0.5_f32.sqrt());
        let mut clusters = spherical_k_means(&unit, 7, 1, &|| {});
        clusters.sort_unstable();
        assert_eq!(clusters, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn every_round_is_a_step() {
        let steps = std::sync::atomic::AtomicUsize::new(0);
        let unit = Array2::from_shape_fn((20, 2), |(i, _)| i as f32);
        spherical_k_means(&unit, 2, 1, &|| {
            steps.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        assert_eq!(steps.into_inner(), MOST_ROUNDS);
    }
}
