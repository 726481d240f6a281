//! What is in a file of word vectors, as text and JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::table::{Width, plain_interval, printable, table, wrapped};
use crate::vectors::{Clustering, LexiconRecord, WordVectors};
use crate::wording::count;

/// Words whose neighbours show at a glance whether vectors are any good; common in news of any topic.
const SHOWN: [&str; 12] = [
    "court", "said", "lied", "praised", "police", "economy", "vote", "monday", "corrupt", "she",
    "school", "war",
];

/// How many of them are shown.
const N_SHOWN: usize = 6;

/// Neighbours of each.
const N_NEIGHBOURS: usize = 6;

/// Size, origin, lexicon and some neighbours; the `top` strongest words of each polarity.
pub fn vectors_text(vectors: &WordVectors, top: usize, width: Width) -> String {
    let mut text = String::new();
    let record = vectors.record();
    let params = &record.params;
    let _ = writeln!(text, "Word vectors, digest {}\n", &vectors.digest()[..16]);
    let _ = writeln!(
        text,
        "{} of {}, {:.1} % of the tokens; window {}, at least {}",
        count(vectors.len(), "word"),
        count(vectors.dimensions(), "dimension"),
        100.0 * record.n_covered as f64 / record.n_tokens as f64,
        params.window,
        count(params.min_count as usize, "occurrence")
    );
    let files = match record.files.is_empty() {
        true => "no file".to_string(),
        false => printable(&record.files.join(", ")),
    };
    text.push_str(&wrapped(
        width,
        0,
        &format!(
            "Learnt from {} ({}), {}, {}, {}; seed {}",
            count(record.n_documents, "article"),
            files,
            count(record.n_sentences, "sentence"),
            count(record.n_tokens as usize, "token"),
            count(record.n_cells, "positive cell"),
            params.seed
        ),
    ));
    let _ = writeln!(
        text,
        "Clusters: {} and {}",
        record.n_clusters[0], record.n_clusters[1]
    );
    text.push_str(&wrapped(width, 0, &lexicon_line(record.lexicon.as_ref())));
    let (negative, positive) = vectors.extremes(top);
    for (name, words) in [("Most negative", negative), ("Most positive", positive)] {
        if !words.is_empty() {
            let list = words_of(vectors, &words);
            text.push_str(&wrapped(width, 2, &format!("{name}: {list}")));
        }
    }
    let shown = shown_words(vectors);
    if !shown.is_empty() {
        text.push_str("\nNearest words (cosine)\n\n");
        let rows = shown
            .into_iter()
            .map(|word| {
                let nearest: Vec<String> = vectors
                    .neighbours(word, N_NEIGHBOURS)
                    .iter()
                    .map(|&(i, cosine)| format!("{} {cosine:.2}", vectors.word(i)))
                    .collect();
                vec![vectors.word(word).to_string(), nearest.join(", ")]
            })
            .collect();
        text.push_str(&table(width, &["word", "nearest"], &[0, 1], rows));
    }
    text
}

fn lexicon_line(lexicon: Option<&LexiconRecord>) -> String {
    match lexicon {
        None => "No polarity lexicon: too few of VADER's words are among these".to_string(),
        Some(lexicon) => format!(
            "Polarity lexicon: {}, spread from {} of VADER. The sign of words held out is right in {} of {}, in {} of the {} that keep a \
             polarity; always the more frequent sign: {:.3}",
            count(lexicon.n_words, "word"),
            count(lexicon.n_seeds, "word"),
            plain_interval(&lexicon.sign_accuracy),
            lexicon.n_seeds,
            plain_interval(&lexicon.sign_accuracy_kept),
            lexicon.n_kept,
            lexicon.majority
        ),
    }
}

/// Some words worth showing: the first of [`SHOWN`] that there are, else the most frequent longer ones.
fn shown_words(vectors: &WordVectors) -> Vec<usize> {
    let mut words: Vec<usize> = SHOWN
        .iter()
        .filter_map(|word| vectors.index(word))
        .collect();
    if words.len() < 2 {
        words = (0..vectors.len())
            .filter(|&i| {
                vectors
                    .word(i)
                    .chars()
                    .filter(|c| c.is_alphabetic())
                    .count()
                    > 4
            })
            .collect();
        words.sort_by_key(|&i| (std::cmp::Reverse(vectors.count(i)), i));
    }
    words.truncate(N_SHOWN);
    words
}

fn words_of(vectors: &WordVectors, words: &[usize]) -> String {
    let words: Vec<&str> = words.iter().map(|&i| vectors.word(i)).collect();
    printable(&words.join(", "))
}

/// The same for programs.
pub fn vectors_json(vectors: &WordVectors, top: usize) -> Value {
    let (negative, positive) = vectors.extremes(top);
    let with_polarity = |words: Vec<usize>| -> Vec<Value> {
        words
            .iter()
            .map(|&i| json!({"word": vectors.word(i), "polarity": vectors.polarity(i)}))
            .collect()
    };
    json!({
        "digest": vectors.digest(),
        "kind": "word-vectors",
        "n_words": vectors.len(),
        "dimensions": vectors.dimensions(),
        "learning": vectors.record(),
        "most_negative": with_polarity(negative),
        "most_positive": with_polarity(positive),
    })
}

/// What is known of word `i`: frequency, weight, polarity, the `top` nearest words and the most frequent ones of its clusters.
pub fn word_text(vectors: &WordVectors, i: usize, top: usize, width: Width) -> String {
    let mut text = String::new();
    let polarity = vectors
        .polarity(i)
        .map_or("no polarity".to_string(), |p| format!("polarity {p:+.2}"));
    let _ = writeln!(
        text,
        "{}: {}, weight {:.3}, {polarity}\n",
        printable(vectors.word(i)),
        count(vectors.count(i) as usize, "occurrence"),
        vectors.sif(i)
    );
    let rows = vectors
        .neighbours(i, top)
        .into_iter()
        .map(|(j, cosine)| {
            vec![
                vectors.word(j).to_string(),
                format!("{cosine:.3}"),
                vectors
                    .polarity(j)
                    .map_or("–".to_string(), |p| format!("{p:+.2}")),
                vectors.count(j).to_string(),
            ]
        })
        .collect();
    text.push_str(&table(
        width,
        &["nearest", "cosine", "polarity", "occurrences"],
        &[0],
        rows,
    ));
    text.push('\n');
    for (name, clustering) in [("coarse", Clustering::Coarse), ("fine", Clustering::Fine)] {
        let others = vectors.cluster_of(i, clustering, top);
        let list = match others.is_empty() {
            true => "(no other word)".to_string(),
            false => words_of(vectors, &others),
        };
        text.push_str(&wrapped(
            width,
            2,
            &format!(
                "In {name} cluster {} with: {list}",
                vectors.cluster(i, clustering)
            ),
        ));
    }
    text
}

/// The same for programs.
pub fn word_json(vectors: &WordVectors, i: usize, top: usize) -> Value {
    let nearest: Vec<Value> = vectors
        .neighbours(i, top)
        .into_iter()
        .map(|(j, cosine)| {
            json!({
                "word": vectors.word(j),
                "cosine": crate::statistics::round6(cosine),
                "polarity": vectors.polarity(j),
                "count": vectors.count(j),
            })
        })
        .collect();
    let (units, scale) = vectors.vector(i);
    json!({
        "word": vectors.word(i),
        "count": vectors.count(i),
        "sif": vectors.sif(i),
        "polarity": vectors.polarity(i),
        "cluster_coarse": vectors.cluster(i, Clustering::Coarse),
        "cluster_fine": vectors.cluster(i, Clustering::Fine),
        "vector": units,
        "scale": scale,
        "nearest": nearest,
    })
}
