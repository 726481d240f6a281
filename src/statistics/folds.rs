//! Cross-validation folds that never share a group (an article).

use rand::seq::SliceRandom;

use crate::statistics::stream;

/// The fold of each row, 0 to k-1, from the group of each row (dense ids from 0).
///
/// Groups are shuffled by `seed`, then each goes to the fold with the fewest rows so far, so that folds are of about one
/// size though groups are not. Fewer groups than folds: as many folds as groups. Fewer than two groups: `None`.
pub fn grouped_folds(groups: &[usize], k: usize, seed: u64) -> Option<Vec<usize>> {
    let n_groups = groups.iter().max().map_or(0, |&last| last + 1);
    let k = k.min(n_groups);
    if k < 2 {
        return None;
    }
    let mut size = vec![0_usize; n_groups];
    for &group in groups {
        size[group] += 1;
    }
    let mut order: Vec<usize> = (0..n_groups).collect();
    order.shuffle(&mut stream(seed, 0));
    let mut fold_of_group = vec![0; n_groups];
    let mut fold_size = vec![0_usize; k];
    for group in order {
        let smallest = (0..k).min_by_key(|&fold| fold_size[fold]).expect("k >= 2");
        fold_of_group[group] = smallest;
        fold_size[smallest] += size[group];
    }
    Some(groups.iter().map(|&group| fold_of_group[group]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_stays_in_one_fold_and_folds_are_even() {
        let groups: Vec<usize> = (0..300).map(|i| i * i % 97 % 40).collect();
        let n_groups = groups.iter().max().unwrap() + 1;
        let mut dense = vec![usize::MAX; n_groups];
        let mut next = 0;
        let groups: Vec<usize> = groups
            .iter()
            .map(|&g| {
                if dense[g] == usize::MAX {
                    dense[g] = next;
                    next += 1;
                }
                dense[g]
            })
            .collect();
        let folds = grouped_folds(&groups, 5, 7).expect("enough groups");
        for (i, &group) in groups.iter().enumerate() {
            let first = groups.iter().position(|&g| g == group).unwrap();
            assert_eq!(folds[i], folds[first]);
        }
        for fold in 0..5 {
            let n = folds.iter().filter(|&&f| f == fold).count();
            assert!((50..=70).contains(&n), "{n} rows in fold {fold}");
        }
        assert_eq!(folds, grouped_folds(&groups, 5, 7).unwrap());
        assert_ne!(folds, grouped_folds(&groups, 5, 8).unwrap());
    }

    #[test]
    fn too_few_groups_make_fewer_folds_or_none() {
        assert_eq!(
            grouped_folds(&[0, 0, 1], 5, 1).map(|f| *f.iter().max().unwrap()),
            Some(1)
        );
        assert_eq!(grouped_folds(&[0, 0, 0], 5, 1), None);
        assert_eq!(grouped_folds(&[], 5, 1), None);
    }
}
