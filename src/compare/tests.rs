//! Comparisons of planted scores.

use super::*;
use crate::score::{OutletCoverage, SentenceScore, VoiceScore};
use crate::span::CharSpan;
use crate::span::Voice;
use crate::statistics::Estimate;
use crate::statistics::mean;

fn score(outlet: &str, article: &str, values: &[f64]) -> ArticleScore {
    let sentences: Vec<SentenceScore> = values
        .iter()
        .enumerate()
        .map(|(i, &value)| SentenceScore {
            span: CharSpan(i * 10, i * 10 + 9),
            text: format!("Sentence {i} of {article}."),
            furniture: None,
            voice: Voice::Outlet,
            speaker: None,
            unnamed: false,
            camp: None,
            frames: Default::default(),
            mentions: Vec::new(),
            probabilities: BTreeMap::from([
                ("negative".to_string(), (1.0 - value) / 2.0),
                ("positive".to_string(), (1.0 + value) / 2.0),
            ]),
            net_stance: Some(value),
        })
        .collect();
    ArticleScore {
        article: article.to_string(),
        outlet: outlet.to_string(),
        subject: "Holt".to_string(),
        net_stance: Some(mean(values)),
        n: values.len(),
        by_voice: BTreeMap::from([(
            Voice::Outlet,
            VoiceScore {
                net_stance: Some(mean(values)),
                n: values.len(),
            },
        )]),
        sentences,
        length: 1000,
        ..Default::default()
    }
}

fn compare(scores: &[ArticleScore]) -> Comparison {
    compare_with(
        scores,
        CompareParams {
            evidence: 2,
            min_articles: 3,
            ..Default::default()
        },
    )
}

fn compare_with(scores: &[ArticleScore], params: CompareParams) -> Comparison {
    compare_trained(scores, params, None)
}

fn compare_trained(
    scores: &[ArticleScore],
    params: CompareParams,
    trained: Option<Trained>,
) -> Comparison {
    let provenance = Provenance {
        model: "digest".into(),
        classes: vec!["negative".into(), "positive".into()],
        polarity: Some(vec![Polarity::Against, Polarity::Favor]),
        construct: Some("sentiment".into()),
        plan: None,
        trained,
        sentences: SentenceSet::default(),
        aliases: Vec::new(),
    };
    let mut comparer = Comparer::new("Holt", provenance, params);
    let mut coverage = Coverage::default();
    coverage
        .outlets
        .insert("Silent".into(), OutletCoverage { n_read: 2 });
    coverage.n_read = 2;
    for score in scores {
        comparer.add(score);
        coverage.add(
            &score.outlet,
            &Coverage::of_article(std::slice::from_ref(score)),
        );
    }
    comparer.finish(&coverage)
}

#[test]
fn articles_weigh_alike_whatever_their_length() {
    let comparison = compare(&[score("A", "a1", &[0.5; 10]), score("A", "a2", &[-0.5])]);
    let a = &comparison.outlets[0];
    assert_eq!((a.n_articles, a.n_sentences), (2, 11));
    assert_eq!(a.net_stance, Estimate::point(0.0));
    assert_eq!(a.shares["positive"], 0.5);
    assert_eq!(a.shares_hard["positive"], 0.5);
}

#[test]
fn the_same_score_counts_once_and_another_text_under_its_id_counts() {
    let same = || score("A", "a1", &[0.5]);
    let comparison = compare(&[
        same(),
        same(),
        score("A", "a1", &[0.5, -0.5]),
        score("B", "a1", &[0.5]),
    ]);
    let a = comparison
        .outlets
        .iter()
        .find(|o| o.outlet == "A")
        .expect("two articles");
    assert_eq!((a.n_articles, a.n_read, comparison.n_read), (2, 2, 5));
    let note = |code| {
        comparison
            .notes
            .iter()
            .find(|note| note.code == code)
            .map(|note| note.text.clone())
    };
    assert!(
        note("duplicate_scores")
            .expect("one came twice")
            .starts_with("1 score of")
    );
    assert!(
        note("shared_ids")
            .expect("two texts, one id")
            .starts_with("1 score of")
    );
}

#[test]
fn few_articles_get_notes_and_no_test() {
    let comparison = compare(&[score("A", "a1", &[0.5]), score("B", "b1", &[-0.5])]);
    assert!(comparison.differences.is_empty());
    let codes: Vec<(&str, Option<&str>)> = comparison
        .notes
        .iter()
        .map(|note| (note.code.as_str(), note.outlet.as_deref()))
        .collect();
    for expected in [
        ("too_few_articles", Some("A")),
        ("too_few_articles", Some("B")),
        ("not_mentioned", Some("Silent")),
        ("no_test", None),
        ("model_score", None),
    ] {
        assert!(codes.contains(&expected), "{codes:?}");
    }
    let silent = comparison.outlets.last().expect("three outlets");
    assert_eq!((silent.n_read, silent.net_stance), (2, Estimate::default()));
}

#[test]
fn each_outlet_is_tested_against_the_rest() {
    let mut scores = Vec::new();
    for i in 0..6 {
        let wiggle = f64::from(i) * 0.01;
        scores.push(score("A", &format!("a{i}"), &[-0.6 + wiggle]));
        scores.push(score("B", &format!("b{i}"), &[0.4 + wiggle]));
        scores.push(score("C", &format!("c{i}"), &[0.41 - wiggle]));
    }
    let comparison = compare(&scores);
    assert_eq!(comparison.differences.len(), 3);
    let strongest = &comparison.differences[0];
    assert_eq!((strongest.a.as_str(), strongest.b.as_str()), ("A", "rest"));
    assert!(strongest.p_adjusted < 0.05 && strongest.high.expect("six articles") < 0.0);
    assert_eq!(comparison.outlets[0].outlet, "A");
    assert!(comparison.outlets[0].net_stance.low.is_some());
}

#[test]
fn evidence_shows_both_ends_of_each_outlet() {
    let comparison = compare(&[score("A", "a1", &[0.1, -0.9, 0.8, 0.0, -0.2])]);
    let values: Vec<f64> = comparison
        .evidence
        .iter()
        .filter_map(|e| e.net_stance)
        .collect();
    assert_eq!(values, [-0.9, -0.2, 0.1, 0.8]);
}

/// Article `i` of an outlet on a story.
fn told(outlet: &str, story: usize, value: f64) -> ArticleScore {
    ArticleScore {
        story: Some(format!("story {story}")),
        ..score(outlet, &format!("{outlet}{story}"), &[value])
    }
}

#[test]
fn with_stories_the_story_is_the_unit() {
    // Stories differ much, outlets little: A is 0.1 to 0.14 below B on each.
    let mut scores = Vec::new();
    for story in 0..8 {
        let level = story as f64 * 0.2 - 0.7;
        scores.push(told("A", story, level - 0.1 - story as f64 * 0.005));
        scores.push(told("B", story, level));
    }
    scores.push(score("A", "no story", &[0.9]));
    let params = CompareParams {
        min_articles: 6,
        pairs: true,
        by: vec!["story".into()],
        ..Default::default()
    };
    let comparison = compare_with(&scores, params);
    let family = comparison.tests.as_ref().expect("polarity");
    assert_eq!((family.unit, family.n_without_story), (Unit::Stories, 1));
    // Two outlets have one difference.
    let [only] = comparison.differences.as_slice() else {
        panic!("{:?}", comparison.differences);
    };
    assert_eq!((only.a.as_str(), only.n_stories), ("A", Some(8)));
    assert!((only.estimate + 0.1175).abs() < 1e-9, "{only:?}");
    assert!(
        (only.p - 2.0 / 256.0).abs() < 1e-6,
        "all signs agree: {only:?}"
    );
    assert_eq!(family.untested.len(), 1);
    assert_eq!(comparison.pairs[0].difference.value, Some(only.estimate));
    let whole = comparison.by.iter().filter(|slice| slice.outlet.is_none());
    assert_eq!(whole.count(), 8);
    assert!(
        comparison.summary[0]
            .contains("on 8 stories that both cover, A's sentences about Holt score 0.12 lower")
    );
}

#[test]
fn a_test_that_could_not_reach_the_level_is_refused_with_what_it_needs() {
    let mut scores = Vec::new();
    for story in 0..5 {
        scores.push(told("A", story, -0.5));
        scores.push(told("B", story, 0.5 - story as f64 * 0.01));
    }
    let params = CompareParams {
        min_articles: 3,
        ..Default::default()
    };
    let comparison = compare_with(&scores, params);
    assert!(comparison.differences.is_empty());
    let family = comparison.tests.as_ref().expect("polarity");
    let reasons: Vec<&str> = family.untested.iter().map(|u| u.reason.as_str()).collect();
    assert!(
        reasons
            .iter()
            .any(|r| r.contains("6 shared stories are needed")),
        "{reasons:?}"
    );
    let three = [1.0, 2.0, 3.0].map(|i| score("A", &format!("a{i}"), &[i / 10.0]));
    let others = [1.0, 2.0, 3.0].map(|i| score("B", &format!("b{i}"), &[-i / 10.0]));
    let comparison = compare(&[three, others].concat());
    let family = comparison.tests.as_ref().expect("polarity");
    assert!(comparison.differences.is_empty());
    assert!(
        family
            .untested
            .iter()
            .any(|u| u.reason.contains("articles are needed")),
        "{:?}",
        family.untested
    );
}

#[test]
fn copies_are_in_the_figures_and_out_of_the_tests() {
    let sketch: Vec<u32> = (0..20).collect();
    let mut scores = Vec::new();
    for i in 0..6 {
        for (outlet, value) in [("A", -0.3), ("B", 0.3), ("C", 0.1)] {
            scores.push(score(
                outlet,
                &format!("{outlet}{i}"),
                &[value + f64::from(i) * 0.01],
            ));
        }
    }
    for i in [0, 1] {
        scores[i].sketch = sketch.clone();
    }
    let comparison = compare(&scores);
    let family = comparison.tests.as_ref().expect("polarity");
    assert_eq!(family.n_copies, 2);
    assert!(comparison.copies[0].across_outlets && comparison.copies.len() == 1);
    assert_eq!(comparison.n_articles, 18);
    let of_a = comparison
        .differences
        .iter()
        .find(|d| d.a == "A")
        .expect("five articles");
    assert_eq!((of_a.n_a, of_a.n_b), (5, 11));
    assert!(comparison.notes.iter().any(|note| note.code == "copies"));
    let kept = compare_with(
        &scores,
        CompareParams {
            min_articles: 3,
            keep_copies: true,
            ..Default::default()
        },
    );
    assert_eq!(kept.tests.expect("polarity").n_copies, 0);
}

#[test]
fn a_contrast_cancels_an_outlet_s_tone() {
    let comparer = |subject: &str, shift: f64| {
        let provenance = Provenance {
            model: "digest".into(),
            classes: vec!["negative".into(), "positive".into()],
            polarity: Some(vec![Polarity::Against, Polarity::Favor]),
            construct: None,
            plan: None,
            trained: None,
            sentences: SentenceSet::default(),
            aliases: Vec::new(),
        };
        let mut comparer = Comparer::new(subject, provenance, CompareParams::default());
        for (outlet, tone, leaning) in [
            ("Sour", -0.4, 1.0),
            ("Sweet", 0.4, 1.0),
            ("Other", 0.0, -1.0),
        ] {
            for i in 0..5 {
                let wiggle = f64::from(i - 2) * 0.01;
                let value = tone + shift * leaning + wiggle;
                comparer.add(&ArticleScore {
                    subject: subject.into(),
                    ..score(outlet, &format!("{outlet}{i}"), &[value])
                });
            }
        }
        comparer
    };
    let comparers = [comparer("Ann", 0.2), comparer("Bo", -0.2)];
    let names = |name: &str| vec![name.to_string()];
    let contrast = Comparer::contrast(&comparers, &names("Ann"), &names("Bo"), 0.95).expect("both");
    let of = |outlet: &str| {
        let found = contrast.outlets.iter().find(|o| o.outlet == outlet);
        found.expect("both subjects").clone()
    };
    for outlet in ["Sour", "Sweet"] {
        assert!((of(outlet).contrast.value.expect("both") - 0.4).abs() < 1e-9);
        assert_eq!(of(outlet).n_articles, 5);
    }
    let other = of("Other");
    assert!((other.contrast.value.expect("both") + 0.4).abs() < 1e-9);
    // The wiggles are the same for both subjects, so they cancel within an article.
    assert!((other.contrast.high.expect("five") - other.contrast.low.expect("five")) < 1e-6);
    assert!((other.difference.value.expect("rest") + 0.8).abs() < 1e-9);
    for (plus, minus, part) in [
        ("Ann", "Cy", "none of the subjects"),
        ("Ann", "Ann", "both sides"),
    ] {
        let error =
            Comparer::contrast(&comparers, &names(plus), &names(minus), 0.95).expect_err(part);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn differences_say_which_articles_they_rest_on() {
    let mut scores = Vec::new();
    for story in 0..7 {
        scores.push(told("A", story, -0.5 - story as f64 * 0.01));
        scores.push(told("B", story, 0.1));
    }
    // Twenty more stories that A alone covers.
    for story in 10..30 {
        scores.push(told("A", story, 0.9));
    }
    let params = || CompareParams {
        min_articles: 5,
        pairs: true,
        ..Default::default()
    };
    let comparison = compare_with(&scores, params());
    let only = &comparison.differences[0];
    assert_eq!((only.n_a, only.n_b, only.n_stories), (7, 7, Some(7)));
    assert!(comparison.summary[0].starts_with("In these 14 articles on 7 stories that both cover"));
    assert_eq!((comparison.pairs[0].n_a, comparison.pairs[0].n_b), (7, 7));
    // Two articles with a story among many without make no design of stories.
    let mut few: Vec<ArticleScore> = (0..10)
        .flat_map(|i| {
            let value = f64::from(i) * 0.01;
            [
                score("A", &format!("a{i}"), &[value]),
                score("B", &format!("b{i}"), &[value - 0.3]),
            ]
        })
        .collect();
    few.extend([told("A", 1, 0.2), told("B", 2, 0.1)]);
    let comparison = compare_with(&few, params());
    assert_eq!(comparison.tests.expect("polarity").unit, Unit::Articles);
    assert_eq!(comparison.differences.len(), 1);
}

#[test]
fn the_order_of_articles_changes_nothing() {
    let mut scores: Vec<ArticleScore> = (0..36)
        .map(|i: usize| {
            let outlet = ["A", "B", "C"][i % 3];
            let value = ((i * 37) % 19) as f64 / 19.0 - 0.5;
            ArticleScore {
                sketch: if i.is_multiple_of(12) {
                    (0..9).collect()
                } else {
                    Vec::new()
                },
                ..score(outlet, &format!("n{i}"), &[value])
            }
        })
        .collect();
    let params = || CompareParams {
        evidence: 0,
        words: true,
        ..Default::default()
    };
    let once = compare_with(&scores, params());
    scores.reverse();
    let again = compare_with(&scores, params());
    assert_eq!(once.differences, again.differences);
    assert_eq!(once.outlets, again.outlets);
    assert_eq!(once.words, again.words);
}

fn trained(negative: usize, positive: usize) -> Option<Trained> {
    let counts = [("negative", negative), ("positive", positive)];
    Some(Trained {
        files: Vec::new(),
        n: negative + positive,
        n_articles: 100,
        class_counts: counts
            .map(|(name, n)| (name.to_string(), n))
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .collect(),
        cross_validated: None,
    })
}

#[test]
fn under_prior_shift_articles_weigh_alike_and_order_changes_nothing() {
    let long: Vec<f64> = (0..25).map(|i| f64::from(i % 5) * 0.2 - 0.6).collect();
    let mut scores = vec![
        score("A", "a1", &long),
        score("A", "a2", &[-0.8, 0.1, -0.3]),
        score("A", "a3", &[-0.7, 0.4]),
        // Three articles, 29 sentences.
        score("Few", "f1", &long),
        score("Few", "f2", &[0.1, 0.2]),
        score("Few", "f3", &[0.1, 0.2]),
        // Two articles, 50 sentences.
        score("Two", "t1", &long),
        score("Two", "t2", &long),
    ];
    scores.extend((0..3).map(|i| score("B", &format!("b{i}"), &[0.7, -0.1, 0.3].repeat(4))));
    let compare = |scores: &[ArticleScore], trained| {
        compare_trained(scores, CompareParams::default(), trained).prior_shift
    };
    let found = compare(&scores, trained(600, 400)).expect("two outlets have enough");
    let names: Vec<&str> = found.outlets.keys().map(String::as_str).collect();
    assert_eq!(names, ["A", "B"]);
    assert_eq!((found.same_order, found.rank_correlation), (true, None));

    let (mut rows, mut weights) = (Vec::new(), Vec::new());
    for score in &scores[..3] {
        for sentence in &score.sentences {
            rows.extend(sentence.probabilities.values().copied());
            weights.push(1.0 / score.n as f64);
        }
    }
    let shares = crate::statistics::shifted_priors(&rows, &weights, &[0.6, 0.4]);
    let shares = shares.expect("it converges");
    let a = &found.outlets["A"];
    assert!(
        (a.net_stance - (shares[1] - shares[0])).abs() < 2e-6,
        "{a:?}"
    );
    assert!((a.shares["negative"] - shares[0]).abs() < 2e-6, "{a:?}");
    // Farther out than the mean of probabilities, away from the training mix.
    let reported: f64 = [-0.2, -1.0 / 3.0, -0.15].iter().sum::<f64>() / 3.0;
    assert!(a.net_stance < reported, "{a:?} {reported}");

    scores.reverse();
    assert_eq!(compare(&scores, trained(600, 400)), Some(found));
    // Counts unknown, as in scores made before they were kept; a class without training sentences.
    assert_eq!(compare(&scores, None), None);
    assert_eq!(compare(&scores, trained(0, 0)), None);
    assert_eq!(compare(&scores, trained(10, 0)), None);
}
