//! Whole fits: both solvers against each other, against scikit-learn, and at the edges.

use std::sync::Arc;

use linfa::ParamGuard;
use linfa::dataset::DatasetBase;
use linfa::traits::{Fit, Predict, PredictInplace};
use ndarray::{Array1, Array2, array};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use super::*;
use crate::error::Error;
use crate::matrix::{DenseBlock, DesignMatrix};

/// Sparse random rows and classes that lean on them.
pub(super) fn planted(
    seed: u64,
    n: usize,
    d: usize,
    n_classes: usize,
) -> (DesignMatrix, Vec<usize>) {
    let mut chance = Pcg64::seed_from_u64(seed);
    let mut targets = Vec::with_capacity(n);
    let rows: Vec<Vec<(u32, f32)>> = (0..n)
        .map(|_| {
            let mut row: Vec<(u32, f32)> = Vec::new();
            for j in 0..d as u32 {
                if chance.gen_bool(0.4) {
                    row.push((j, chance.gen_range(-1.0..1.5)));
                }
            }
            let score = |class: usize| {
                let sum = row
                    .iter()
                    .map(|&(j, x)| x * ((j as usize * n_classes + class) as f32 * 2.3).sin());
                sum.sum::<f32>() * 2.0
            };
            let scores: Vec<f32> = (0..n_classes)
                .map(|class| score(class) + chance.gen_range(-1.5..1.5) - 0.3 * class as f32)
                .collect();
            let best = (0..n_classes).max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
            targets.push(best.expect("at least one class"));
            row
        })
        .collect();
    (
        DesignMatrix::from_rows(d, rows).expect("sorted rows"),
        targets,
    )
}

fn params(n_classes: usize) -> LogisticParams {
    LogisticParams::new(n_classes)
}

fn fit(params: LogisticParams, x: &DesignMatrix, targets: &[usize]) -> LogisticModel {
    let valid = params.check().expect("sound parameters");
    valid.fit_rows(x, targets, None).expect("sound data")
}

fn max_difference(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    (a - b).iter().fold(0.0, |max, d| max.max(d.abs()))
}

fn assert_sound(name: &str, model: &LogisticModel, x: &DesignMatrix) {
    assert!(model.coef().iter().all(|w| w.is_finite()), "{name}");
    assert!(model.intercept().iter().all(|b| b.is_finite()), "{name}");
    for row in model.predict_proba(x).outer_iter() {
        assert!(row.iter().all(|p| (0.0..=1.0).contains(p)), "{name} {row}");
        assert!((row.sum() - 1.0).abs() < 1e-12, "{name} {row}");
    }
    assert!(
        model.convergence().reached,
        "{name} {:?}",
        model.convergence()
    );
}

#[test]
fn newton_and_linfa_reach_the_same_optimum() {
    for (seed, n, d, n_classes, l2) in [
        (1, 200, 12, 2, 1.0),
        (2, 300, 40, 3, 0.3),
        (3, 250, 8, 5, 2.0),
        (4, 400, 60, 2, 0.05),
        (5, 120, 150, 3, 0.1),
        (6, 500, 20, 9, 1.0),
    ] {
        let (x, targets) = planted(seed, n, d, n_classes);
        let newton = fit(params(n_classes).l2(l2), &x, &targets);
        let linfa = fit(params(n_classes).l2(l2).solver(Solver::Linfa), &x, &targets);
        assert_sound("newton", &newton, &x);
        assert_sound("linfa", &linfa, &x);
        let apart = max_difference(&newton.predict_proba(&x), &linfa.predict_proba(&x));
        assert!(apart < 1e-5, "seed {seed}: {apart}");
        let (a, b) = (
            newton.convergence().objective,
            linfa.convergence().objective,
        );
        assert!((a - b).abs() < 1e-7 * a, "seed {seed}: {a} {b}");
    }
}

/// A fit of [`scikit_learn_data`] by scikit-learn.
struct Reference {
    n_classes: usize,
    class_weight: ClassWeight,
    sample_weights: bool,
    /// Shape (n_outputs, 5).
    coef: &'static [f64],
    /// With three classes shifted to sum to zero.
    intercept: &'static [f64],
    /// Of rows 0, 1 and 17.
    probabilities: &'static [f64],
}

/// 60 rows, 5 columns: multiples of 1/32, so that `f32` holds them exactly.
///
/// In Python, with `a = np.arange(60)`, `i, j = a[:, None], np.arange(5)[None, :]`:
/// `X = (((7*i + 11*j + 3*i*j) % 37) - 18) / 32; X[(i + 2*j) % 3 == 0] = 0; t = (3*a**3 + a) % 11;
/// y = (t >= 6) + (t >= 9)` for three classes, `y = (t >= 6)` for two, and `sample_weight = 0.5 + 0.25*(a %
/// 5)`.
fn scikit_learn_data(n_classes: usize) -> (DesignMatrix, Vec<usize>, Vec<f32>) {
    let rows = (0..60).map(|i| {
        (0..5)
            .filter(|j| (i + 2 * j) % 3 != 0)
            .map(|j| {
                (
                    j as u32,
                    (((7 * i + 11 * j + 3 * i * j) % 37) as f32 - 18.0) / 32.0,
                )
            })
            .collect::<Vec<_>>()
    });
    let targets = (0..60).map(|a: usize| {
        let t = (3 * a.pow(3) + a) % 11;
        (usize::from(t >= 6) + usize::from(t >= 9)).min(n_classes - 1)
    });
    let weights = (0..60).map(|a| 0.5 + 0.25 * (a % 5) as f32);
    let x = DesignMatrix::from_rows(5, rows).expect("sorted rows");
    (x, targets.collect(), weights.collect())
}

/// scikit-learn 1.9.1, SciPy 1.17.1, NumPy 2.4.6: `LogisticRegression(C=2.0, tol=1e-12, max_iter=100000,
/// solver='newton-cg', class_weight=...)`; `newton-cholesky` agrees to 3e-10.
const SCIKIT_LEARN: &[Reference] = &[
    Reference {
        n_classes: 3,
        class_weight: ClassWeight::None,
        sample_weights: false,
        coef: &[
            -0.45508649,
            0.38023258,
            0.16024564,
            -0.40625636,
            -1.35029428,
            0.54034722,
            0.51946804,
            0.00446127,
            0.32493936,
            0.54467032,
            -0.08526074,
            -0.89970062,
            -0.16470691,
            0.08131700,
            0.80562396,
        ],
        intercept: &[0.76567903, 0.26575649, -1.03143552],
        probabilities: &[
            0.71367734, 0.21468751, 0.07163515, 0.68592540, 0.23717692, 0.07689768, 0.45376621,
            0.45200202, 0.09423177,
        ],
    },
    Reference {
        n_classes: 2,
        class_weight: ClassWeight::None,
        sample_weights: false,
        coef: &[0.68832827, -0.23893795, -0.15221747, 0.54585885, 1.72865364],
        intercept: &[-0.23841181],
        probabilities: &[
            0.68984527, 0.31015473, 0.65886463, 0.34113537, 0.46374189, 0.53625811,
        ],
    },
    Reference {
        n_classes: 3,
        class_weight: ClassWeight::Balanced,
        sample_weights: false,
        coef: &[
            -0.29095190,
            0.62074076,
            0.27299729,
            -0.44856713,
            -1.53022210,
            0.46352734,
            0.82279657,
            0.12214364,
            0.25553665,
            0.27372631,
            -0.17257543,
            -1.44353733,
            -0.39514093,
            0.19303048,
            1.25649579,
        ],
        intercept: &[0.11367281, 0.04286867, -0.15654148],
        probabilities: &[
            0.52809083, 0.24846462, 0.22344455, 0.49091965, 0.28542052, 0.22365983, 0.27966822,
            0.45745739, 0.26287439,
        ],
    },
    Reference {
        n_classes: 2,
        class_weight: ClassWeight::Balanced,
        sample_weights: false,
        coef: &[0.65899009, -0.24749073, -0.17092402, 0.55240897, 1.75130662],
        intercept: &[-0.04490758],
        probabilities: &[
            0.64888601, 0.35111399, 0.61439286, 0.38560714, 0.41254969, 0.58745031,
        ],
    },
    Reference {
        n_classes: 3,
        class_weight: ClassWeight::None,
        sample_weights: true,
        coef: &[
            -0.20295252,
            0.41758773,
            0.01284011,
            -0.38859597,
            -1.35492128,
            0.30238321,
            0.47188760,
            0.60415934,
            0.30803547,
            0.63642792,
            -0.09943069,
            -0.88947533,
            -0.61699945,
            0.08056050,
            0.71849336,
        ],
        intercept: &[0.71999486, 0.25262229, -0.97261715],
        probabilities: &[
            0.69095593, 0.23234283, 0.07670124, 0.57168351, 0.36177546, 0.06654103, 0.40651878,
            0.49647852, 0.09700270,
        ],
    },
    Reference {
        n_classes: 2,
        class_weight: ClassWeight::None,
        sample_weights: true,
        coef: &[0.32846702, -0.29397676, 0.23959822, 0.54762681, 1.78505856],
        intercept: &[-0.18434669],
        probabilities: &[
            0.66900835, 0.33099165, 0.56774353, 0.43225647, 0.42220821, 0.57779179,
        ],
    },
    Reference {
        n_classes: 3,
        class_weight: ClassWeight::Balanced,
        sample_weights: true,
        coef: &[
            -0.08308867,
            0.65117120,
            0.19771844,
            -0.42779702,
            -1.53502278,
            0.33960549,
            0.74111639,
            0.74876770,
            0.26283398,
            0.39073565,
            -0.25651682,
            -1.39228759,
            -0.94648614,
            0.16496304,
            1.14428713,
        ],
        intercept: &[0.11630232, 0.04616694, -0.16246926],
        probabilities: &[
            0.52262311, 0.26400060, 0.21337629, 0.42725880, 0.40553412, 0.16720708, 0.26120928,
            0.48005259, 0.25873814,
        ],
    },
    Reference {
        n_classes: 2,
        class_weight: ClassWeight::Balanced,
        sample_weights: true,
        coef: &[0.31404608, -0.30773409, 0.22886440, 0.55186243, 1.80110308],
        intercept: &[-0.03977909],
        probabilities: &[
            0.63714256, 0.36285744, 0.53236031, 0.46763969, 0.38623375, 0.61376625,
        ],
    },
];

#[test]
fn scikit_learn_finds_the_same_coefficients() {
    for reference in SCIKIT_LEARN {
        let (x, targets, weights) = scikit_learn_data(reference.n_classes);
        let mut solvers = vec![Solver::Newton];
        if reference.class_weight == ClassWeight::None && !reference.sample_weights {
            solvers.push(Solver::Linfa);
        }
        for solver in solvers {
            let params = params(reference.n_classes)
                .l2(0.5)
                .tol(1e-9)
                .class_weight(reference.class_weight)
                .solver(solver);
            let mut data = DatasetBase::new(x.clone(), Array1::from(targets.clone()));
            if reference.sample_weights {
                data = data.with_weights(Array1::from(weights.clone()));
            }
            let model = params.fit(&data).expect("sound data");
            let p = model.predict_proba(&x.select_rows(&[0, 1, 17]));
            assert_sound("scikit-learn", &model, &x);
            for (found, expected) in model
                .coef()
                .iter()
                .zip(reference.coef)
                .chain(model.intercept().iter().zip(reference.intercept))
                .chain(p.iter().zip(reference.probabilities))
            {
                assert!(
                    (found - expected).abs() < 1e-6,
                    "{solver:?} {found} {expected}"
                );
            }
        }
    }
}

#[test]
fn the_default_tolerance_leaves_probabilities_within_1e6() {
    for n_classes in [2, 3, 6] {
        let (x, targets) = planted(11, 600, 80, n_classes);
        for l2 in [0.01, 0.1, 1.0, 10.0, 100.0] {
            let usual = fit(params(n_classes).l2(l2), &x, &targets);
            let exact = fit(params(n_classes).l2(l2).tol(1e-13), &x, &targets);
            let apart = max_difference(&usual.predict_proba(&x), &exact.predict_proba(&x));
            assert!(apart < 1e-6, "{n_classes} {l2}: {apart}");
        }
    }
}

#[test]
fn a_weight_of_two_is_the_row_twice_and_zero_is_no_row() {
    for n_classes in [2, 3] {
        let (x, targets) = planted(21, 80, 10, n_classes);
        let weights: Vec<f32> = (0..80).map(|i| (i % 3) as f32).collect();
        let repeated: Vec<usize> = (0..80)
            .flat_map(|i| std::iter::repeat_n(i, i % 3))
            .collect();
        let repeated_targets: Vec<usize> = repeated.iter().map(|&i| targets[i]).collect();
        for class_weight in [ClassWeight::None, ClassWeight::Balanced] {
            let valid = params(n_classes)
                .class_weight(class_weight)
                .tol(1e-10)
                .check_unwrap();
            let weighted = valid
                .fit_rows(&x, &targets, Some(&weights))
                .expect("sound data");
            let twice = valid
                .fit_rows(&x.select_rows(&repeated), &repeated_targets, None)
                .expect("sound data");
            assert!(max_difference(&weighted.predict_proba(&x), &twice.predict_proba(&x)) < 1e-8);
        }
    }
}

#[test]
fn two_classes_expand_into_opposite_halves() {
    let (x, targets) = planted(31, 100, 7, 2);
    let model = fit(params(2), &x, &targets);
    assert_eq!(model.coef().dim(), (1, 7));
    let z = model.decision_function(&x);
    let (coef, intercept) = model.class_coef();
    let by_hand = x.to_dense().dot(&coef.t()) + &intercept;
    assert!(max_difference(&z, &by_hand) < 1e-12);
    let p = model.predict_proba(&x);
    for (z, p) in z.outer_iter().zip(p.outer_iter()) {
        assert_eq!(z[0], -z[1]);
        assert!((p[1] - 1.0 / (1.0 + (-2.0 * z[1]).exp())).abs() < 1e-15);
    }
    let (coef, _) = fit(params(3), &x, &targets).class_coef();
    assert_eq!(coef.dim(), (3, 7));
}

#[test]
fn prediction_takes_the_most_probable_class() {
    let (x, targets) = planted(32, 90, 7, 4);
    let model = fit(params(4), &x, &targets);
    let mut found = model.default_target(&x);
    model.predict_inplace(&x, &mut found);
    for (row, &class) in model.predict_proba(&x).outer_iter().zip(&found) {
        assert!(row.iter().all(|&p| p <= row[class]));
    }
    let data = DatasetBase::new(x, Array1::from(targets));
    assert_eq!(model.predict(&data), found);
    let borrowed = DatasetBase::new(&data.records, data.targets.clone());
    let again = params(4).fit(&borrowed).expect("references fit too");
    assert_eq!(again, model);
}

#[test]
fn a_warm_start_needs_fewer_iterations_and_ends_in_the_same_place() {
    for n_classes in [2, 3] {
        let (x, targets) = planted(41, 300, 30, n_classes);
        let near = fit(params(n_classes).l2(0.11), &x, &targets);
        let start = (near.coef().to_owned(), near.intercept().to_owned());
        let cold = fit(params(n_classes).l2(0.1), &x, &targets);
        let warm = fit(
            params(n_classes)
                .l2(0.1)
                .initial(start.0.clone(), start.1.clone()),
            &x,
            &targets,
        );
        assert!(warm.convergence().iterations < cold.convergence().iterations);
        assert!(max_difference(&warm.predict_proba(&x), &cold.predict_proba(&x)) < 1e-6);
        let done = fit(
            params(n_classes).l2(0.11).initial(start.0, start.1),
            &x,
            &targets,
        );
        assert_eq!(done.convergence().iterations, Some(0));
    }
}

#[test]
fn no_feature_says_anything_gives_the_share_of_each_class() {
    let x = DesignMatrix::from_rows(2, vec![Vec::<(u32, f32)>::new(); 10]).expect("rows of zeros");
    let three = fit(params(3), &x, &[0, 0, 0, 0, 0, 1, 1, 1, 2, 2]);
    let two = fit(params(2), &x, &[0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    for (p, expected) in three.predict_proba(&x).row(0).iter().zip([0.5, 0.3, 0.2]) {
        assert!((p - expected).abs() < 1e-6);
    }
    assert!((two.predict_proba(&x)[[0, 1]] - 0.3).abs() < 1e-6);
    assert!(
        three
            .coef()
            .iter()
            .chain(two.coef().iter())
            .all(|&w| w == 0.0)
    );
}

#[test]
fn a_single_feature_by_hand() {
    // Two rows at +1 and -1: b = 0 by symmetry and l2 w = 2 sigmoid(-w); w = 1 needs l2 = 2 / (1 + e).
    let x = DesignMatrix::from_rows(1, [[(0, 1.0)], [(0, -1.0)]]).expect("two rows");
    let l2 = 2.0 / (1.0 + 1f64.exp());
    let model = fit(params(2).l2(l2).tol(1e-12), &x, &[1, 0]);
    assert!((model.coef()[[0, 0]] - 1.0).abs() < 1e-10);
    assert!(model.intercept()[0].abs() < 1e-10);
}

#[test]
fn awkward_data_converge() {
    let n = 60;
    let column = |value: &dyn Fn(usize) -> f32| {
        DesignMatrix::from_rows(1, (0..n).map(|i| [(0, value(i))])).expect("one column")
    };
    let classes = |k: usize| -> Vec<usize> { (0..n).map(|i| i % k).collect() };
    let halves: Vec<usize> = (0..n).map(|i| usize::from(i >= n / 2)).collect();
    let thirds: Vec<usize> = (0..n).map(|i| i * 3 / n).collect();
    let (wide, wide_targets) = planted(51, 200, 30, 9);
    let cases: [(&str, DesignMatrix, Vec<usize>, usize, f64); 13] = [
        ("a constant feature", column(&|_| 1.0), classes(3), 3, 1.0),
        (
            "a constant feature, two classes",
            column(&|_| 1.0),
            classes(2),
            2,
            1.0,
        ),
        (
            "identical rows, opposite classes",
            column(&|_| 0.3),
            classes(2),
            2,
            1e-6,
        ),
        (
            "a tiny feature",
            column(&|i| i as f32 * 1e-20),
            thirds.clone(),
            3,
            1.0,
        ),
        (
            "a huge feature",
            column(&|i| i as f32 * 1e6),
            thirds.clone(),
            3,
            1.0,
        ),
        (
            "huge and separable",
            column(&|i| i as f32 * 1e4 - 1e5),
            halves.clone(),
            2,
            1e-3,
        ),
        (
            "separable, hardly any penalty",
            column(&|i| i as f32 - 29.5),
            halves.clone(),
            2,
            1e-8,
        ),
        (
            "separable, three classes",
            column(&|i| i as f32 - 29.5),
            thirds.clone(),
            3,
            1e-8,
        ),
        (
            "a class without rows",
            column(&|i| i as f32 / 60.0),
            halves.clone(),
            3,
            1.0,
        ),
        (
            "several classes without rows",
            column(&|i| i as f32 / 60.0),
            halves.clone(),
            7,
            1.0,
        ),
        (
            "only one class, two known",
            column(&|i| i as f32 / 60.0),
            vec![1; n],
            2,
            1.0,
        ),
        (
            "only one class, three known",
            column(&|i| i as f32 / 60.0),
            vec![2; n],
            3,
            1.0,
        ),
        ("nine classes", wide, wide_targets, 9, 0.01),
    ];
    for (name, x, targets, n_classes, l2) in cases {
        for class_weight in [ClassWeight::None, ClassWeight::Balanced] {
            let model = fit(
                params(n_classes).l2(l2).class_weight(class_weight),
                &x,
                &targets,
            );
            assert_sound(name, &model, &x);
            let iterations = model.convergence().iterations.expect("Newton counts");
            assert!(iterations <= 60, "{name}: {iterations} iterations");
        }
    }
}

#[test]
fn a_class_without_rows_gets_next_to_no_probability() {
    let (x, targets) = planted(61, 100, 5, 2);
    let model = fit(params(3), &x, &targets);
    let p = model.predict_proba(&x);
    assert!(p.column(2).mean().expect("rows") <= 1e-7);
    assert!(model.intercept()[2] > -40.0);
    // The rest is the fit of two classes as two softmax outputs, whose l2 is half as strong on the difference.
    let two = fit(params(2).l2(0.5), &x, &targets);
    assert!(
        (&p.column(1) - &two.predict_proba(&x).column(1))
            .iter()
            .all(|d| d.abs() < 1e-6)
    );
}

#[test]
fn logits_far_from_zero_start_and_end_finite() {
    let (x, targets) = planted(71, 60, 4, 3);
    for size in [40.0, 800.0, 1e6] {
        let start = Array2::from_shape_fn((3, 4), |(class, j)| {
            size * if (class + j) % 2 == 0 { 1.0 } else { -1.0 }
        });
        let model = fit(
            params(3).initial(start, array![size, 0.0, -size]),
            &x,
            &targets,
        );
        assert_sound("far start", &model, &x);
        let near = fit(params(3), &x, &targets);
        assert!(max_difference(&model.predict_proba(&x), &near.predict_proba(&x)) < 1e-6);
        let far = DesignMatrix::from_rows(4, [[(0, size as f32)], [(1, -size as f32)]])
            .expect("two rows");
        assert!(model.predict_proba(&far).iter().all(|p| p.is_finite()));
    }
}

#[test]
fn the_same_data_give_the_same_bits_with_any_number_of_threads() {
    let (x, targets) = planted(81, 700, 400, 3);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("a thread pool")
            .install(|| fit(params(3).l2(0.1), &x, &targets))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn stopping_short_is_reported() {
    let (x, targets) = planted(91, 200, 20, 3);
    let newton = fit(params(3).max_iter(1), &x, &targets);
    assert_eq!(newton.convergence().reason, StopReason::MaxIter);
    assert_eq!(newton.convergence().iterations, Some(1));
    assert!(!newton.convergence().reached);
    let linfa = fit(params(3).max_iter(2).solver(Solver::Linfa), &x, &targets);
    assert_eq!(linfa.convergence().reason, StopReason::LinfaStopped);
    assert!(linfa.convergence().gradient_norm > 1e-7);
    let finest = fit(params(3).tol(1e-30), &x, &targets);
    assert_eq!(finest.convergence().reason, StopReason::NoProgress);
    assert!(finest.convergence().gradient_norm < 1e-14);
}

#[test]
fn linfa_reads_the_sign_from_its_labels() {
    // linfa calls the more frequent class positive, here once the one and once the other.
    for n_ones in [3, 7] {
        let x =
            DesignMatrix::from_rows(1, (0..10).map(|i| [(0, i as f32 / 10.0)])).expect("ten rows");
        let targets: Vec<usize> = (0..10).map(|i| usize::from(i >= 10 - n_ones)).collect();
        let newton = fit(params(2), &x, &targets);
        let linfa = fit(params(2).solver(Solver::Linfa), &x, &targets);
        assert!(max_difference(&newton.predict_proba(&x), &linfa.predict_proba(&x)) < 1e-6);
    }
}

#[test]
fn what_cannot_be_fitted_is_refused_with_a_reason() {
    let x = DesignMatrix::from_rows(1, [[(0, 1.0)], [(0, 2.0)]]).expect("two rows");
    let none = DesignMatrix::from_rows(1, [[(0, 1.0)]; 0]).expect("no rows");
    let bad_params = [
        (params(1), "n_classes is 1"),
        (params(2).l2(0.0), "l2 is 0"),
        (params(2).l2(f64::INFINITY), "l2 is inf"),
        (params(2).tol(f64::NAN), "tol is NaN"),
        (params(2).max_iter(0), "max_iter is 0"),
        (
            params(3).initial(array![[0.0]], array![0.0]),
            "need 3 of each",
        ),
        (
            params(2).initial(array![[f64::NAN]], array![0.0]),
            "must be finite",
        ),
    ];
    for (params, part) in bad_params {
        let error = params.check_ref().expect_err(part);
        assert!(
            matches!(&error, Error::Parameter(text) if text.contains(part)),
            "{error}"
        );
    }
    let two = params(2);
    let linfa = params(2).solver(Solver::Linfa);
    type Case<'a> = (
        &'a LogisticParams,
        &'a DesignMatrix,
        &'a [usize],
        Option<&'a [f32]>,
        &'a str,
    );
    let balanced = linfa.clone().class_weight(ClassWeight::Balanced);
    let wide = params(2).initial(array![[0.0, 0.0]], array![0.0]);
    let bad_data: [Case; 11] = [
        (&two, &none, &[], None, "no rows"),
        (&two, &x, &[0], None, "2 rows but 1 targets"),
        (&two, &x, &[0, 2], None, "row 1 has class 2"),
        (&two, &x, &[0, 1], Some(&[1.0]), "1 sample weights"),
        (&two, &x, &[0, 1], Some(&[0.0, 0.0]), "all weights are zero"),
        (&two, &x, &[0, 1], Some(&[1.0, -1.0]), "row 1 has weight -1"),
        (
            &two,
            &x,
            &[0, 1],
            Some(&[1.0, f32::NAN]),
            "row 1 has weight NaN",
        ),
        (&wide, &x, &[0, 1], None, "initial coef has 2 columns"),
        (
            &linfa,
            &x,
            &[0, 1],
            Some(&[1.0, 1.0]),
            "no sample weights; use `--solver newton`",
        ),
        (
            &balanced,
            &x,
            &[0, 1],
            None,
            "no class weights; use `--solver newton`",
        ),
        (&linfa, &x, &[1, 1], None, "class 0 has no rows"),
    ];
    for (params, x, targets, weights, part) in bad_data {
        let valid = params.check_ref().expect("sound parameters");
        let message = valid
            .fit_rows(x, targets, weights)
            .expect_err(part)
            .to_string();
        assert!(message.contains(part), "{message}");
    }
}

/// A prior mean for [`scikit_learn_data`]: entry (c, j) is ((3c + 2j) mod 5 - 2) / 2.
fn reference_prior(n_outputs: usize) -> Array2<f64> {
    Array2::from_shape_fn((n_outputs, 5), |(c, j)| {
        (((3 * c + 2 * j) % 5) as f64 - 2.0) / 2.0
    })
}

/// SciPy 1.17.1, NumPy 2.4.6: the objective with (l2/2)·||W - W0||², l2 = 2, written out in Python, minimised by
/// `scipy.optimize.minimize(method="BFGS", gtol=1e-11)` and five Newton steps; greatest gradient entry below 1e-15.
#[test]
fn scipy_finds_the_same_coefficients_around_a_prior() {
    let references: [(usize, &[f64], &[f64]); 2] = [
        (
            2,
            &[
                -0.365130795134,
                -0.155617725091,
                0.603352377523,
                -0.161260283698,
                1.083442373044,
            ],
            &[-0.241366755005],
        ),
        (
            3,
            &[
                -0.936772353058,
                -0.071036215811,
                0.67066529632,
                -0.391163002353,
                -0.444552753461,
                0.430423999582,
                -0.403189831775,
                0.181359223158,
                0.815160218392,
                0.253896428547,
                -0.493651646524,
                -0.025773952415,
                -0.852024519478,
                0.076002783961,
                1.190656324914,
            ],
            &[0.74933374379, 0.28435739724, -1.03369114103],
        ),
    ];
    for (n_classes, coef, intercept) in references {
        let (x, targets, _) = scikit_learn_data(n_classes);
        let n_outputs = intercept.len();
        let prior = reference_prior(n_outputs);
        let model = fit(
            params(n_classes).l2(2.0).tol(1e-12).prior_mean(prior),
            &x,
            &targets,
        );
        assert_sound("prior", &model, &x);
        for (found, expected) in model.coef().iter().zip(coef) {
            assert!((found - expected).abs() < 1e-8, "{found} {expected}");
        }
        for (found, expected) in model.intercept().iter().zip(intercept) {
            assert!((found - expected).abs() < 1e-8, "{found} {expected}");
        }
    }
}

#[test]
fn a_prior_rules_with_a_great_penalty_and_is_forgotten_with_a_small_one() {
    for n_classes in [2, 3] {
        let (x, targets, _) = scikit_learn_data(n_classes);
        let prior = reference_prior(if n_classes == 2 { 1 } else { 3 });
        let strong = params(n_classes).l2(1e9).prior_mean(prior.clone());
        let model = fit(strong, &x, &targets);
        assert_sound("strong", &model, &x);
        assert!(max_difference(&model.coef().to_owned(), &prior) < 1e-6);

        let weak = |params: LogisticParams| {
            let model = fit(params.l2(1e-6).tol(1e-10), &x, &targets);
            model.predict_proba(&x)
        };
        let with = weak(params(n_classes).prior_mean(prior.clone()));
        let without = weak(params(n_classes));
        assert!(max_difference(&with, &without) < 1e-4);

        // A prior of zeros is no prior.
        let zeros = Array2::zeros(prior.dim());
        let none = fit(params(n_classes), &x, &targets);
        let zero = fit(params(n_classes).prior_mean(zeros), &x, &targets);
        assert_eq!(none.coef(), zero.coef());
    }
}

#[test]
fn a_prior_that_does_not_fit_is_refused() {
    let (x, targets) = planted(1, 30, 4, 3);
    let message = |params: LogisticParams| match params.check() {
        Err(error) => error.to_string(),
        Ok(valid) => valid.fit_rows(&x, &targets, None).unwrap_err().to_string(),
    };
    let zeros = |rows, columns| Array2::zeros((rows, columns));
    for (params, part) in [
        (params(3).prior_mean(zeros(1, 4)), "3 classes need 3"),
        (
            params(3).prior_mean(zeros(3, 5)),
            "the data have 4 features",
        ),
        (
            params(3).prior_mean(Array2::from_elem((3, 4), f64::NAN)),
            "finite",
        ),
        (
            params(3).prior_mean(zeros(3, 4)).solver(Solver::Linfa),
            "--solver newton",
        ),
    ] {
        let message = message(params);
        assert!(message.contains(part), "{message}");
    }
}

/// Rows of 150 sparse columns, and behind them 40 that go together, as word vectors do: once in a block, once stored with the others.
fn with_block(n: usize) -> (DesignMatrix, DesignMatrix, Vec<usize>) {
    let (sparse, targets) = planted(11, n, 150, 3);
    let dense = |i: usize, j: usize| {
        let common = ((i % 97) as f32 * 0.4).sin();
        common + 0.3 * ((i * 13 + j * 29) as f32).cos()
    };
    let values = (0..n * 40).map(|at| dense(at / 40, at % 40)).collect();
    let block = Arc::new(DenseBlock::new(40, values).expect("whole rows"));
    let rows = (0..n).map(|i| {
        let (columns, values) = sparse.row(i);
        let row = columns.iter().copied().zip(values.iter().copied());
        row.chain((0..40).map(|j| (150 + j as u32, dense(i, j))))
            .collect::<Vec<_>>()
    });
    let flat = DesignMatrix::from_rows(190, rows).expect("sorted rows");
    (sparse.with_block(block, (0..n).collect()), flat, targets)
}

#[test]
fn a_block_and_a_shared_curvature_change_the_way_and_not_the_optimum() {
    let (x, flat, targets) = with_block(800);
    let params = || params(3).l2(0.5).tol(1e-9);
    let plain = fit(params(), &flat, &targets);
    let blocked = fit(params(), &x, &targets);
    assert_close(&plain, &blocked);

    let curvature = Arc::new(Curvature::new(&x, 3, 0.5).expect("enough rows"));
    let columns: Vec<Option<u32>> = curvature.columns().iter().map(|&j| Some(j)).collect();
    let known = |columns| params().curvature(curvature.clone(), columns);
    let all = fit(known(columns.clone()), &x, &targets);
    assert!(all.convergence().reached);
    assert_close(&plain, &all);

    // A part of the rows, in which the curvature's first column is another one and the second is missing.
    let part: Vec<usize> = (0..800).filter(|i| i % 5 != 2).collect();
    let (x, targets) = (
        x.select_rows(&part),
        part.iter().map(|&i| targets[i]).collect::<Vec<_>>(),
    );
    let mut moved = columns;
    moved.swap(0, 2);
    moved[1] = None;
    let fitted = fit(known(moved), &x, &targets);
    assert!(fitted.convergence().reached);
    assert_close(&fit(params(), &x, &targets), &fitted);

    let wrong = known(vec![Some(3)]).check().expect("seen with the data");
    let error = wrong.fit_rows(&x, &targets, None).expect_err("too few");
    assert!(error.to_string().contains("other columns"), "{error}");
}

fn assert_close(a: &LogisticModel, b: &LogisticModel) {
    let (of_a, of_b) = (a.coef(), b.coef());
    for (a, b) in of_a.iter().zip(&of_b) {
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
}
