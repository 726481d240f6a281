//! How fast articles are scored, step by step: `cargo bench --bench scoring`.
//!
//! Text comes from a generator, so figures compare between machines and versions, not with those on real news.

mod text;

use std::sync::LazyLock;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use standpoint::classifier::Classifier;
use standpoint::corpus::{Article, ArticleReader, ReadOptions};
use standpoint::features::Example;
use standpoint::score::Scorer;
use standpoint::span::Span;
use standpoint::text::{MentionFinder, Subject, read, sketch, split_sentences, tokenize};

use text::{Newspaper, SUBJECT};

static MODEL: LazyLock<Classifier> =
    LazyLock::new(|| Classifier::built_in().expect("the built-in model"));

/// Articles as one file of JSON lines, and in memory.
static FILE: LazyLock<tempfile::TempPath> = LazyLock::new(|| {
    let file = tempfile::Builder::new().suffix(".jsonl").tempfile();
    let path = file.expect("a temporary file").into_temp_path();
    std::fs::write(&path, Newspaper::new(1).json_lines(400)).expect("written");
    path
});
static ARTICLES: LazyLock<Vec<Article>> = LazyLock::new(|| {
    let reader = ArticleReader::open(&[FILE.to_path_buf()], &ReadOptions::default());
    let articles: Result<_, _> = reader.expect("a file").collect();
    articles.expect("good lines")
});

/// Sentences with their mentions of the subject.
static SENTENCES: LazyLock<Vec<(String, Vec<Span>)>> = LazyLock::new(|| {
    let finder = finder();
    let mut paper = Newspaper::new(2);
    (0..500)
        .map(|_| {
            let sentence = paper.sentence(true);
            let mentions = finder.find(&sentence).iter().map(|m| m.span).collect();
            (sentence, mentions)
        })
        .collect()
});

fn main() {
    divan::main();
}

fn subject() -> Subject {
    Subject::new(SUBJECT, Vec::new())
}

fn finder() -> MentionFinder {
    MentionFinder::new(&subject()).expect("a name")
}

/// Runs `work` on the text of every article.
fn on_texts<T>(bencher: Bencher<'_, '_>, work: impl Fn(&str) -> T + Sync) {
    let bytes: usize = ARTICLES.iter().map(|article| article.text.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        for article in ARTICLES.iter() {
            black_box(work(&article.text));
        }
    });
}

fn on_sentences<T>(bencher: Bencher<'_, '_>, work: impl Fn(Example<'_>) -> T + Sync) {
    let bytes: usize = SENTENCES.iter().map(|(text, _)| text.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        for (text, mentions) in SENTENCES.iter() {
            black_box(work(Example { text, mentions }));
        }
    });
}

#[divan::bench]
fn tokens(bencher: Bencher<'_, '_>) {
    on_texts(bencher, tokenize);
}

#[divan::bench]
fn sentences(bencher: Bencher<'_, '_>) {
    on_texts(bencher, |text| {
        split_sentences(text, Span::new(0, text.len()))
    });
}

#[divan::bench]
fn reading(bencher: Bencher<'_, '_>) {
    on_texts(bencher, |text| read(text, None, &[]));
}

#[divan::bench]
fn mentions(bencher: Bencher<'_, '_>) {
    let finder = finder();
    on_texts(bencher, move |text| finder.find(text));
}

#[divan::bench]
fn sketches(bencher: Bencher<'_, '_>) {
    on_texts(bencher, |text| sketch(std::iter::once(text)));
}

#[divan::bench]
fn features(bencher: Bencher<'_, '_>) {
    on_sentences(bencher, |example| MODEL.featurizer().transform(example));
}

#[divan::bench]
fn prediction(bencher: Bencher<'_, '_>) {
    on_sentences(bencher, |example| MODEL.predict(example));
}

fn score_file(bencher: Bencher<'_, '_>, scorer: &Scorer<'_>) {
    let bytes = std::fs::metadata(&*FILE).expect("a file").len();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let articles = ArticleReader::open(&[FILE.to_path_buf()], &ReadOptions::default());
        let mut n = 0;
        let make = |scores| serde_json::to_vec(&scores).expect("plain data");
        let sink = |line: Vec<u8>| {
            n += line.len();
            Ok(())
        };
        scorer
            .score_all(&mut articles.expect("a file"), false, make, sink, |_| {})
            .expect("good lines");
        n
    });
}

#[divan::bench]
fn whole_file(bencher: Bencher<'_, '_>) {
    score_file(
        bencher,
        &Scorer::new(&MODEL, vec![subject()]).expect("a name"),
    );
}

#[divan::bench]
fn whole_file_every_sentence(bencher: Bencher<'_, '_>) {
    score_file(bencher, &Scorer::of_every_sentence(&MODEL));
}

#[divan::bench]
fn loading_the_model() -> Classifier {
    Classifier::built_in().expect("the built-in model")
}
