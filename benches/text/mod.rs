//! Newspaper-like text that anybody can make again: invented words whose frequencies follow Zipf's law, among the real small words of English,
//! in sentences with names, quotations and who said them, in paragraphs, in articles, in lines of JSON. The same seed gives the same text.

#![allow(dead_code, reason = "each bench uses its own part")]

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// The commonest words of English newspapers, roughly by frequency: the first ranks.
const SMALL_WORDS: &str = "the of to and a in that for on is was with he as it at by be from have has not are an but this they who his \
    had were will said she their which or we more been about would after one there when also up out her its than all if \
    people no new over years two could can first last some what so into because other time just only before where against";

/// Invented words after them.
const N_WORDS: usize = 40_000;

/// The person that some sentences are about.
pub const SUBJECT: &str = "Dana Verrick";

/// Others.
const OTHERS: [&str; 8] = [
    "Ida Holt",
    "Paul Orr",
    "Sen. Cal Dupree",
    "the harbor board",
    "Gov. Ann Lund",
    "critics",
    "a spokeswoman for the council",
    "Calder College",
];

const OUTLETS: [&str; 6] = [
    "Calder Courier",
    "Harbor Ledger",
    "Tidewater Voice",
    "Coastal Wire",
    "Beacon Standard",
    "Elder Post",
];

/// A source of text.
pub struct Newspaper {
    random: Pcg64Mcg,
    words: Vec<String>,
    /// Sums of 1 / rank, up to each word.
    sums: Vec<f64>,
    /// Of a hundred articles so many mention [`SUBJECT`].
    pub percent_about_subject: u32,
}

impl Newspaper {
    /// The text of `seed`. A quarter of the articles mention [`SUBJECT`].
    pub fn new(seed: u64) -> Newspaper {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let small = SMALL_WORDS.split_whitespace().map(str::to_string);
        let invented: Vec<String> = (0..N_WORDS).map(|_| invent(&mut random)).collect();
        let words: Vec<String> = small.chain(invented).collect();
        let sums = (1..=words.len())
            .scan(0.0, |sum, rank| {
                *sum += 1.0 / rank as f64;
                Some(*sum)
            })
            .collect();
        Newspaper {
            random,
            words,
            sums,
            percent_about_subject: 25,
        }
    }

    /// A word, by Zipf's law.
    pub fn word(&mut self) -> &str {
        let all = self.sums[self.sums.len() - 1];
        let at = self.random.gen_range(0.0..all);
        &self.words[self.sums.partition_point(|&sum| sum < at)]
    }

    fn words(&mut self, n: usize) -> String {
        let mut text = String::new();
        for k in 0..n {
            if k > 0 {
                text.push_str(if self.random.gen_ratio(1, 12) {
                    ", "
                } else {
                    " "
                });
            }
            text.push_str(self.word());
        }
        text
    }

    /// A sentence; `about` says whether it may name [`SUBJECT`].
    pub fn sentence(&mut self, about: bool) -> String {
        let n = self.random.gen_range(6..24);
        let plain = self.words(n);
        let who = match about && self.random.gen_ratio(1, 3) {
            true => ["Dana Verrick", "Verrick", "Verrick"][self.random.gen_range(0..3)],
            false => OTHERS[self.random.gen_range(0..OTHERS.len())],
        };
        match self.random.gen_range(0..6) {
            0 => format!("“{},” {who} said.", capital(&plain)),
            1 => format!("{} said {plain}.", capital(who)),
            2 => format!("{} {plain}, according to {who}.", capital(self.word())),
            3 => format!(
                "{} {plain} {}.",
                capital(who),
                self.random.gen_range(2..2000)
            ),
            4 => format!("{}.", capital(&plain)),
            _ => format!("{}, and {who} {}.", capital(&plain), self.word()),
        }
    }

    /// A paragraph of one to four sentences.
    pub fn paragraph(&mut self, about: bool) -> String {
        let n = self.random.gen_range(1..5);
        let sentences: Vec<String> = (0..n).map(|_| self.sentence(about)).collect();
        sentences.join(" ")
    }

    /// The body of an article: headline and some 600 words in paragraphs.
    pub fn article(&mut self) -> String {
        let about = self.random.gen_range(0..100) < self.percent_about_subject;
        let n = self.random.gen_range(6..20);
        let mut paragraphs = vec![capital(&self.words(7))];
        paragraphs.extend((0..n).map(|_| self.paragraph(about)));
        if about {
            paragraphs.push(format!("{SUBJECT} {}.", self.words(9)));
        }
        paragraphs.join("\n\n")
    }

    /// `n` articles as JSON lines with id, outlet, title, date and text.
    pub fn json_lines(&mut self, n: usize) -> String {
        let mut lines = String::new();
        for id in 0..n {
            let outlet = OUTLETS[self.random.gen_range(0..OUTLETS.len())];
            let (month, day) = (self.random.gen_range(1..13), self.random.gen_range(1..29));
            let line = serde_json::json!({
                "id": format!("a{id}"),
                "outlet": outlet,
                "title": capital(&self.words(7)),
                "date": format!("2026-{month:02}-{day:02}"),
                "text": self.article(),
            });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        lines
    }
}

/// A word of one to four syllables.
fn invent(random: &mut Pcg64Mcg) -> String {
    const BEGIN: [&str; 16] = [
        "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "st", "pr",
    ];
    const MIDDLE: [&str; 8] = ["a", "e", "i", "o", "u", "ea", "ou", "io"];
    const END: [&str; 12] = ["", "", "n", "r", "s", "t", "l", "ng", "ck", "m", "nd", "st"];
    const ENDINGS: [&str; 8] = ["", "", "", "s", "ed", "ing", "ly", "er"];
    let mut word = String::new();
    for _ in 0..random.gen_range(1..4) {
        word.push_str(BEGIN[random.gen_range(0..BEGIN.len())]);
        word.push_str(MIDDLE[random.gen_range(0..MIDDLE.len())]);
        word.push_str(END[random.gen_range(0..END.len())]);
    }
    word + ENDINGS[random.gen_range(0..ENDINGS.len())]
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
