//! A draft of the methods section, written from what was done.

use super::super::document::Block;
use super::super::table::plain_interval;
use crate::compare::{Comparison, POWER, Unit, family_in_words, percent_of};
use crate::statistics::{MIN_FOR_BOOTSTRAP, MIN_FOR_T};
use crate::validate::{Correction, Design};
use crate::wording::count;

/// Paragraphs to take over and complete; what only the author can know stands in [brackets].
pub(in crate::report) fn methods_blocks(comparison: &Comparison) -> Vec<Block> {
    let heading = Block::heading("Methods (draft; complete what stands in [brackets])");
    let paragraphs = paragraphs(comparison).into_iter().map(Block::Paragraph);
    std::iter::once(heading).chain(paragraphs).collect()
}

fn paragraphs(comparison: &Comparison) -> Vec<String> {
    let mut all = vec![data(comparison), model(comparison), estimates(comparison)];
    all.extend(tests(comparison));
    all.extend(comparison.corrected.as_ref().map(correction));
    all.push(format!(
        "Computed with Standpoint {} (model {}{}), seed {}.{}",
        comparison.version,
        comparison.model.get(..16).unwrap_or(&comparison.model),
        comparison.plan.as_ref().map_or(String::new(), |plan| {
            format!(", plan {} fixed beforehand", plan.get(..16).unwrap_or(plan))
        }),
        comparison.seed,
        match comparison.corrected {
            Some(_) => "",
            None =>
                " [Say who labelled how many sentences of these outlets and how well model and labels agree: without that the model's error on this corpus is not \
                 known.]",
        }
    ));
    all
}

fn correction(correction: &Correction) -> String {
    let corrected = correction.outlets.iter().filter(|o| o.corrected.is_some());
    format!(
        "Hand labels. {} were drawn at random, stratified by {}, with probabilities proportional to a sentence's weight (Madow 1949); {} of them were labelled by [who, with which \
         codebook, how well two coders agree], blind to outlet and prediction. The figures of {} were corrected by them: {} (Särndal, Swensson and Wretman 1992). Intervals for this corpus rest on the draw alone \
         (Deville 1993), those in general on the variance between articles of an article's contribution{}.{}",
        count(correction.n_drawn, "sentence"),
        strata(&correction.design),
        correction.n_labelled,
        count(corrected.count(), "outlet"),
        correction.method,
        match correction.differences.is_empty() {
            true => "",
            false => "; differences in general were tested with t and adjusted by Holm's method",
        },
        match correction.design.n_all_labelled {
            0 => String::new(),
            n => format!(
                " Of {} every counted sentence has a label, so that {} for this corpus are means of labels.",
                count(n, "outlet"),
                if n == 1 {
                    "its figures"
                } else {
                    "their figures"
                }
            ),
        }
    )
}

/// What a sample was stratified by.
fn strata(design: &Design) -> String {
    let whole = design.n_in_one_stratum;
    if whole >= design.n_outlets {
        return "outlet".to_string();
    }
    format!(
        "outlet and the model's class{}{}",
        if design.by_voice { " and voice" } else { "" },
        match whole {
            0 => String::new(),
            n => format!(
                " ({} of few drawn sentences by outlet alone)",
                count(n, "outlet")
            ),
        }
    )
}

fn data(comparison: &Comparison) -> String {
    let with_figure = comparison
        .outlets
        .iter()
        .filter(|o| o.n_articles > 0)
        .count();
    let aliases = match comparison.aliases.as_slice() {
        [] => String::new(),
        aliases => format!(" (also: {})", aliases.join(", ")),
    };
    let n_sentences: usize = comparison.outlets.iter().map(|o| o.n_sentences).sum();
    let copies: usize = comparison
        .copies
        .iter()
        .map(|copy| copy.articles.len())
        .sum();
    format!(
        "Data. We read {} of {} [how they were collected, over which time, what was left out]. {} of them, of {}, have at least one counted sentence about \
         {}{aliases}; {} counted. {} {} {}",
        count(comparison.n_read, "article"),
        count(comparison.outlets.len(), "outlet"),
        comparison.n_articles,
        count(with_figure, "outlet"),
        comparison.subject,
        count(n_sentences, "sentence"),
        match comparison.sentences.mentions.as_str() {
            "exact" => "A sentence counts if it names the subject.",
            "nominal" => "A sentence counts if it describes the subject.",
            "pronoun" =>
                "A sentence counts if it names or describes the subject or means it by an unambiguous \"he\" or \"she\".",
            _ => "A sentence counts if it names or describes the subject.",
        },
        match &comparison.sentences {
            set if set.plain =>
                "Every text was taken for prose of its author alone: neither page furniture nor the words of others were told apart.",
            set if set.keep_furniture =>
                "Captions, headings and other page furniture count like prose; sentences in the subject's own words were kept apart.",
            _ =>
                "Captions, headings, advertisements and other page furniture were left out by rule; sentences in the subject's own words were kept \
                 apart.",
        },
        match copies {
            _ if comparison.n_sketched == 0 =>
                "Copies of one text were not looked for.".to_string(),
            0 => "No two articles shared most of their text.".to_string(),
            n => format!(
                "{} share most of their text with another.",
                count(n, "article")
            ),
        }
    )
}

fn model(comparison: &Comparison) -> String {
    let construct = match comparison.construct.as_deref() {
        Some("stance") => "stance toward the subject",
        Some(_) => "sentiment toward the subject, reported events included",
        None => "the class of a sentence",
    };
    let trained = comparison.trained.as_ref().map_or(String::new(), |trained| {
        let held_out = trained.cross_validated.as_ref().map_or(String::new(), |figures| {
            format!(
                " On articles held out ({} folds) its accuracy was {}, macro-F1 {}; always saying the most frequent class has accuracy {:.3}.",
                figures.folds,
                plain_interval(&figures.accuracy),
                plain_interval(&figures.macro_f1),
                figures.majority_accuracy
            )
        });
        format!(
            " It was trained on {} of {}{}.{held_out}",
            count(trained.n, "labelled sentence"),
            count(trained.n_articles, "article"),
            match trained.files.as_slice() {
                [] => String::new(),
                files => format!(" ({})", files.join(", ")),
            }
        )
    });
    format!(
        "Measure. A multinomial logistic model on bags of words around the masked mentions gives each sentence probabilities for {construct}, calibrated on \
         held-out folds.{trained} [How well it does on these outlets.]"
    )
}

fn estimates(comparison: &Comparison) -> String {
    let estimand = &comparison.estimand;
    format!(
        "Estimates. Value: {}. Sentences: {}. Unit: {}. Weights: {}. Population: {}. Intervals are {} %: Student's t over articles, bootstrap-t from \
         {} articles on, none below {}.{}",
        estimand.value,
        estimand.sentences,
        estimand.unit,
        estimand.weights,
        estimand.population,
        percent_of(comparison.level),
        MIN_FOR_BOOTSTRAP,
        MIN_FOR_T,
        match comparison.tests {
            Some(_) =>
                " Such means shrink toward the training mix: signs and order are kept, sizes are not.",
            None => "",
        }
    )
}

fn tests(comparison: &Comparison) -> Option<String> {
    let family = comparison.tests.as_ref()?;
    if family.n_tested == 0 {
        let why = comparison.notes.iter().find(|note| note.code == "no_test");
        return Some(match why {
            Some(note) => format!("Tests. {}", note.text),
            None => "Tests. There was nothing to test.".to_string(),
        });
    }
    let how = match family.unit {
        Unit::Articles => {
            "p being the largest of three: a permutation test of whole articles with Welch's studentised difference (Janssen 1997; Chung and Romano 2013), Welch's t test, and bootstrap-t with equal tails (Efron and Tibshirani 1993). [Say whether articles are independent of each other; articles on one event are not.]"
        }
        Unit::Stories => {
            "story by story: the mean over shared stories of the difference of article means, by a sign-flip test with the studentised mean, the story being the unit."
        }
    };
    Some(format!(
        "Tests. The family: {} against all other articles ({}), chosen {}, {how} p values are exact where the arrangements \
         are few, else (b + 1)/(m + 1) over m = {} draws (Phipson and Smyth 2010), and adjusted by Holm's method (1979) to keep the family-wise error at \
         {:.2}. {} left out of the tests as copies. A difference is called one only where its own interval leaves out 0 too; intervals of differences are bootstrap-t from \
         {MIN_FOR_BOOTSTRAP} on each side, else Welch's. Power was worked out at probability {POWER} from the spread within the units.{} Comparisons by \
         month, story, column, pair or group are exploratory and were not tested.",
        family_in_words(comparison, family),
        count(family.n_tested, "test"),
        match comparison.plan {
            Some(_) => "in a plan before any figure was seen",
            None => "by numbers of articles alone [say whether before the figures were seen]",
        },
        family.n_draws,
        family.alpha,
        count(family.n_copies, "article"),
        match &comparison.words {
            Some(words) => format!(
                " Words around the subject were ranked by weighted log-odds with an informative prior (Monroe, Colaresi and Quinn 2008), the variance widened for words that \
                 come in bursts; p over {} permutations of whole articles, adjusted by the largest |z| (Westfall and Young 1993).",
                words.n_draws
            ),
            None => String::new(),
        }
    ))
}
