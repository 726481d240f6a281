//! The near-copy signature of an article's prose: few numbers that two articles share where they share text.
//!
//! In: its prose sentences, in order. Out: the hashes of all runs of [`SHINGLE`] consecutive words, of which every
//! [`KEPT_ONE_IN`]th is kept, whichever article it comes from. Of two such sketches the share of common hashes estimates the share
//! of common text, however much longer one of them is; a fixed number of least hashes (MinHash) would not.
//! Method: shingles, Broder (1997); keeping by modulus, Manber (1994), today known as FracMinHash (Irber et al. 2022).

use super::token::{TokenKind, for_each_token, is_apostrophe};

/// Version of the hashes; another means that sketches made before are not comparable.
pub const SKETCH_VERSION: u64 = 1;

/// Words in a shingle. Eight words in a row that two writers both chose are a quotation or a copy.
const SHINGLE: usize = 8;

/// Shingles hashed at a time.
const ABREAST: usize = 4;

/// One shingle in this many is kept: a hash stands for about so many words, and an article of 500 words keeps about 30.
const KEPT_ONE_IN: u64 = 16;

/// The sketch of a text: ascending, none twice. Empty below eight words; a text of fewer than some forty words may have an
/// empty one too.
///
/// Words count in small letters with straight apostrophes, numbers as they are written, punctuation not at all; where a sentence
/// or a paragraph ends makes no difference.
pub fn sketch<'t>(sentences: impl Iterator<Item = &'t str>) -> Vec<u32> {
    let mut hashes = Vec::new();
    for sentence in sentences {
        for_each_token(sentence, |token| {
            if matches!(token.kind, TokenKind::Word | TokenKind::Number) {
                hashes.push(hash_word(token.span.of(sentence)));
            }
        });
    }
    sketch_of_words(hashes.into_iter())
}

/// [`sketch`] of a text by the hashes of its words and numbers, in order.
pub(crate) fn sketch_of_words(hashes: impl Iterator<Item = u64>) -> Vec<u32> {
    let words: Vec<u64> = hashes.map(scatter).collect();
    let mut kept = Vec::new();
    let mut keep = |hash: u64| {
        if hash.is_multiple_of(KEPT_ONE_IN) {
            // Its upper half: the lowest bits chose it and say no more.
            kept.push((hash >> 32) as u32);
        }
    };
    // Every step of a hash waits for the one before; of several runs it waits once.
    let mut done = 0;
    for runs in words.windows(SHINGLE + ABREAST - 1).step_by(ABREAST) {
        let mut hashes = [SKETCH_VERSION; ABREAST];
        for k in 0..SHINGLE {
            for (j, hash) in hashes.iter_mut().enumerate() {
                *hash = add(*hash, runs[k + j]);
            }
        }
        hashes.into_iter().for_each(&mut keep);
        done += ABREAST;
    }
    for run in words[done..].windows(SHINGLE) {
        keep(
            run.iter()
                .fold(SKETCH_VERSION, |hash, &word| add(hash, word)),
        );
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// What a word or number counts as: FNV-1a over the bytes of its normal form.
pub(crate) fn hash_word(word: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    if word.is_ascii() {
        for byte in word.bytes() {
            hash =
                (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3);
        }
        return hash;
    }
    let letters = word
        .chars()
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .flat_map(char::to_lowercase);
    for letter in letters {
        for &byte in letter.encode_utf8(&mut [0; 4]).as_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// Adds a word's hash to that of the words before it.
pub(super) fn mix(before: u64, word: u64) -> u64 {
    add(before, scatter(word))
}

/// A word's part in [`mix`].
fn scatter(word: u64) -> u64 {
    word.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The rest of [`mix`]: the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
fn add(before: u64, scattered: u64) -> u64 {
    let mut hash = before.rotate_left(23) ^ scattered;
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `n` different words from the one numbered `from` on.
    fn words(from: usize, n: usize) -> String {
        let words: Vec<String> = (from..from + n).map(|i| format!("word {i}")).collect();
        words.join(" ")
    }

    fn sketch_of(text: &str) -> Vec<u32> {
        sketch(std::iter::once(text))
    }

    #[test]
    fn sketches_are_fixed_for_this_version() {
        // Worked out once with this code; a change here means a new SKETCH_VERSION.
        assert_eq!(SKETCH_VERSION, 1);
        let text = "The harbor board met on Tuesday and put off its vote on the new crane until the auditors have \
                    reported. “It’s 3 weeks,” Ms. Orr said, “and we've waited longer for less.”";
        assert_eq!(sketch_of(text), [804096977, 2366788611, 3452617016]);
    }

    #[test]
    fn dress_and_sentence_ends_make_no_difference() {
        let text = words(0, 100);
        let dressed: Vec<String> = text
            .split(' ')
            .map(|word| format!("\"{}.\"", word.to_uppercase()))
            .collect();
        assert!(!sketch_of(&text).is_empty());
        assert_eq!(sketch_of(&text), sketch(dressed.iter().map(String::as_str)));
        assert_eq!(
            sketch_of("Orr’s ".repeat(40).as_str()),
            sketch_of("orr's ".repeat(40).as_str())
        );
    }

    #[test]
    fn a_sketch_has_one_hash_in_sixteen_words_and_those_of_its_parts() {
        let all = sketch_of(&words(0, 10_000));
        let expected = 20_000.0 / KEPT_ONE_IN as f64;
        assert!(
            (all.len() as f64 - expected).abs() < 4.0 * expected.sqrt(),
            "{}",
            all.len()
        );
        let part = sketch_of(&words(3_000, 2_000));
        assert!(part.iter().all(|hash| all.binary_search(hash).is_ok()));
        let other = sketch_of(&words(20_000, 2_000));
        assert!(other.iter().all(|hash| all.binary_search(hash).is_err()));
    }

    #[test]
    fn fewer_than_eight_words_have_an_empty_sketch() {
        assert!(sketch(std::iter::empty()).is_empty());
        for n in 0..SHINGLE {
            assert!(sketch_of(&"word ".repeat(n)).is_empty());
        }
    }

    proptest! {
        #[test]
        fn runs_hashed_at_a_time_are_those_hashed_one_by_one(words in proptest::collection::vec(0_u64..1 << 40, 0..200)) {
            let one = |run: &[u64]| run.iter().fold(SKETCH_VERSION, |hash, &word| mix(hash, word));
            let hashes = words.windows(SHINGLE).map(one).filter(|hash| hash % KEPT_ONE_IN == 0);
            let kept: std::collections::BTreeSet<u32> = hashes.map(|hash| (hash >> 32) as u32).collect();
            prop_assert_eq!(sketch_of_words(words.into_iter()), kept.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn any_text_has_an_ascending_sketch(sentences in proptest::collection::vec("\\PC{0,60}", 0..6)) {
            let sketch = sketch(sentences.iter().map(String::as_str));
            prop_assert!(sketch.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
