//! Which articles share their text: agency copy, reprints, one article under two addresses.
//!
//! In: the sketch of each article ([`crate::text::sketch`]). Out: groups of articles linked by near-copies. Two articles are
//! near-copies where at least [`MIN_CONTAINMENT`] of the smaller sketch is in the larger and they share at least [`MIN_SHARED`]
//! hashes; so a text that another one quotes in full is found whatever is written around it, and a shared quotation or
//! press statement in two long articles is not.
//!
//! Hashes that stand in many different texts are boilerplate (how to subscribe, who contributed): they make no two articles alike and
//! are left out of the sizes. This also bounds the work: it is linear in the number of hashes but for their sorting.

use std::ops::Range;

/// Least share of the smaller sketch that is in the larger. Looked at by hand in 16,452 news articles: of 22 pairs across outlets at
/// or above it 12 are one agency's or author's text, 9 quote the other's article at length and one has a long quotation in common;
/// below it hardly any is agency copy (4 of 50 pairs from 0.15 up), and common quotations of politicians prevail.
const MIN_CONTAINMENT: f64 = 0.5;

/// Fewest hashes in common; each stands for about 16 words, and an agency's brief has few more.
const MIN_SHARED: u32 = 6;

/// A hash in more different texts than this is boilerplate.
const MAX_TEXTS: usize = 50;

/// The sketches of articles, numbered in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// All sketches, one after the other.
    hashes: Vec<u32>,
    /// Where each ends.
    ends: Vec<usize>,
}

/// Articles that share their text, directly or through others of the group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CopyGroup {
    /// Their numbers, ascending; two at least.
    pub articles: Vec<usize>,
    /// How much of the shorter text is in the longer, in [`MIN_CONTAINMENT`]..1: the least over the pairs that are near-copies.
    pub shared: f64,
}

/// A pair of texts that are near-copies.
struct Link {
    pair: [usize; 2],
    containment: f64,
}

impl Copies {
    pub fn new() -> Copies {
        Copies::default()
    }

    /// Adds the sketch of an article, ascending and without doubles; gives its number, counted from 0.
    pub fn add(&mut self, sketch: &[u32]) -> usize {
        self.hashes.extend_from_slice(sketch);
        self.ends.push(self.hashes.len());
        self.ends.len() - 1
    }

    /// The groups, ordered by their first article. No article is in two.
    pub fn groups(&self) -> Vec<CopyGroup> {
        let texts = self.texts();
        let links = self.links(&texts);
        let mut roots: Vec<usize> = (0..texts.len()).collect();
        for link in &links {
            let [a, b] = link.pair.map(|text| root(&mut roots, text));
            roots[a.max(b)] = a.min(b);
        }
        let mut groups: Vec<CopyGroup> = texts
            .iter()
            .map(|_| CopyGroup {
                articles: Vec::new(),
                shared: 1.0,
            })
            .collect();
        for (text, articles) in texts.iter().enumerate() {
            groups[root(&mut roots, text)].articles.extend(articles);
        }
        for link in &links {
            let group = &mut groups[root(&mut roots, link.pair[0])];
            group.shared = group.shared.min(link.containment);
        }
        groups.retain_mut(|group| {
            group.articles.sort_unstable();
            group.articles.len() > 1
        });
        groups.sort_by_key(|group| group.articles[0]);
        groups
    }

    fn sketch(&self, article: usize) -> &[u32] {
        let start = article.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.hashes[start..self.ends[article]]
    }

    /// The different sketches that are long enough, as the articles that have each. What a hundred outlets print
    /// word for word is one text here, not boilerplate.
    fn texts(&self) -> Vec<Vec<usize>> {
        let mut articles: Vec<usize> = (0..self.ends.len())
            .filter(|&article| self.sketch(article).len() >= MIN_SHARED as usize)
            .collect();
        articles.sort_by_key(|&article| self.sketch(article));
        articles
            .chunk_by(|&a, &b| self.sketch(a) == self.sketch(b))
            .map(<[usize]>::to_vec)
            .collect()
    }

    /// All pairs of `texts` that are near-copies.
    fn links(&self, texts: &[Vec<usize>]) -> Vec<Link> {
        let index = Index::new(texts.iter().map(|articles| self.sketch(articles[0])));
        let mut links = Vec::new();
        let mut shared = vec![0_u32; texts.len()];
        let mut met = Vec::new();
        for text in 0..texts.len() {
            for other in index.later_texts_with_hashes_of(text) {
                if shared[other] == 0 {
                    met.push(other);
                }
                shared[other] += 1;
            }
            for other in met.drain(..) {
                let common = std::mem::take(&mut shared[other]);
                let smaller = index.sizes[text].min(index.sizes[other]);
                let containment = f64::from(common) / smaller as f64;
                if common >= MIN_SHARED && containment >= MIN_CONTAINMENT {
                    links.push(Link {
                        pair: [text, other],
                        containment,
                    });
                }
            }
        }
        links
    }
}

/// Which texts have which hashes, without boilerplate.
struct Index {
    /// The texts of each hash, ascending, hash after hash.
    texts: Vec<usize>,
    /// By text, for each of its hashes that others have too: where in `texts` those after it stand.
    later: Vec<Vec<Range<usize>>>,
    /// By text, how many hashes it has.
    sizes: Vec<usize>,
}

impl Index {
    fn new<'s>(sketches: impl ExactSizeIterator<Item = &'s [u32]>) -> Index {
        let n = sketches.len();
        let mut pairs: Vec<(u32, usize)> = sketches
            .enumerate()
            .flat_map(|(text, sketch)| sketch.iter().map(move |&hash| (hash, text)))
            .collect();
        pairs.sort_unstable();
        let mut index = Index {
            texts: Vec::new(),
            later: vec![Vec::new(); n],
            sizes: vec![0; n],
        };
        for same in pairs.chunk_by(|a, b| a.0 == b.0) {
            if same.len() > MAX_TEXTS {
                continue;
            }
            let end = index.texts.len() + same.len();
            for &(_, text) in same {
                index.texts.push(text);
                index.sizes[text] += 1;
                let after = index.texts.len()..end;
                if !after.is_empty() {
                    index.later[text].push(after);
                }
            }
        }
        index
    }

    /// The texts numbered higher than `text`, once for each hash that they share with it.
    fn later_texts_with_hashes_of(&self, text: usize) -> impl Iterator<Item = usize> {
        self.later[text]
            .iter()
            .flat_map(|range| self.texts[range.clone()].iter().copied())
    }
}

/// The representative of the group of `text`; shortens the way there.
fn root(roots: &mut [usize], mut text: usize) -> usize {
    while roots[text] != text {
        roots[text] = roots[roots[text]];
        text = roots[text];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{sketch, split_sentences};

    fn sketch_of(text: &str) -> Vec<u32> {
        let all = crate::span::Span::new(0, text.len());
        let sentences = split_sentences(text, all);
        sketch(sentences.iter().map(|span| span.of(text)))
    }

    /// The groups of `texts`.
    fn groups(texts: &[&str]) -> Vec<CopyGroup> {
        let mut copies = Copies::new();
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(copies.add(&sketch_of(text)), number);
        }
        copies.groups()
    }

    fn articles(texts: &[&str]) -> Vec<Vec<usize>> {
        groups(texts)
            .into_iter()
            .map(|group| group.articles)
            .collect()
    }

    const AGENCY: &str = "HALVERN (Coast Wire) - The harbor board put off its vote on a second crane on Tuesday after \
        its own auditors said the figures behind the purchase could not be checked. The crane, which the board's \
        chairman Dana Verrick has called the port's best chance in a generation, would cost 41 million crowns and \
        take three years to build. Auditors told the meeting that the forecast of traffic rested on a single letter \
        from a shipping line that has since been sold. \"Nobody in this room can say who wrote that letter,\" said \
        Tom Brandt, who leads the audit office. Verrick answered that the letter was one of many signs of growth \
        and that waiting would cost more than building. Two of the nine members asked for the vote to be held \
        anyway; the others agreed to meet again in March, when a new forecast is due. Fishermen who moor below the \
        planned site had filled the back rows with placards. Their speaker, Ilse Orr, said the board had listened \
        for the first time in years. The town's bank, which would lend most of the money, did not say whether its \
        offer still stands. Shares in the port company closed four percent lower, their steepest fall since the \
        storm that shut the outer basin two winters ago.";

    const REWRITTEN: &str = "Dana Verrick wanted a crane and got a lesson. In a packed hall above the fish market \
        the chairman of the harbor board watched on Tuesday as his favourite project was sent back for more sums, \
        pushed there by the very people he pays to count. The forecast he had leaned on turned out to hang on one \
        letter, and the company that sent it no longer exists in that form. Tom Brandt, head of the audit office, \
        was blunt about it: no one could tell him who had signed. The chairman tried to save the day by speaking of \
        growth and of prices that rise with every month of delay, but only two of his colleagues were ready to \
        follow. Spring will bring fresh figures and another meeting. Until then the boats below the quay stay where \
        they are, to the delight of Ilse Orr, who has fought the plan since it was drawn up and who left the hall \
        to applause. Investors were less amused and sold, sending the stock of the operator down by some four \
        percent before the bell. What the lender thinks of all this it kept to itself.";

    #[test]
    fn agency_copy_is_found_under_another_lead_and_cut_by_half() {
        let half = &AGENCY[..AGENCY.find("Fishermen").expect("second half")];
        let with_lead = AGENCY.replace(
            "HALVERN (Coast Wire) - The harbor board put off its vote on a second crane on Tuesday",
            "There will be no second crane this winter. So decided the board that runs our harbor, at least for now,",
        );
        assert_eq!(
            articles(&[REWRITTEN, AGENCY, &with_lead, half]),
            [[1, 2, 3]]
        );
        assert_eq!(articles(&[half, &with_lead]), [[0, 1]]);
    }

    #[test]
    fn two_reports_of_one_event_are_no_copies() {
        assert!(articles(&[AGENCY, REWRITTEN]).is_empty());
    }

    #[test]
    fn a_shared_quotation_makes_no_copy() {
        let statement = "\"The board owes the people of this town an honest forecast before it spends their money, and \
            it owes the fishermen below the quay more than a placard's worth of attention,\" the bishop wrote.";
        let [a, b] = [AGENCY, REWRITTEN].map(|text| format!("{text} {statement}"));
        assert!(articles(&[&a, &b]).is_empty());
    }

    /// `n` hashes from `from` on.
    fn hashes(from: u32, n: u32) -> Vec<u32> {
        (from..from + n).collect()
    }

    fn groups_of(sketches: &[Vec<u32>]) -> Vec<CopyGroup> {
        let mut copies = Copies::new();
        for sketch in sketches {
            copies.add(sketch);
        }
        copies.groups()
    }

    #[test]
    fn the_borders_are_half_of_the_smaller_and_six_hashes() {
        let rows = [
            (
                "half of the smaller",
                hashes(0, 20),
                hashes(10, 40),
                Some(0.5),
            ),
            ("less than half", hashes(0, 20), hashes(11, 40), None),
            ("six in all", hashes(0, 6), hashes(0, 100), Some(1.0)),
            ("five in all", hashes(0, 5), hashes(0, 100), None),
            ("five alike", hashes(0, 5), hashes(0, 5), None),
            ("five of eight", hashes(0, 8), hashes(3, 8), None),
            ("six of eight", hashes(0, 8), hashes(2, 8), Some(0.75)),
            ("nothing", vec![], vec![], None),
        ];
        for (name, a, b, shared) in rows {
            let expected = shared.map(|shared| CopyGroup {
                articles: vec![0, 1],
                shared,
            });
            assert_eq!(groups_of(&[a, b]).pop(), expected, "{name}");
        }
    }

    #[test]
    fn groups_join_over_a_third_article_and_tell_the_least_share() {
        let sketches = [
            hashes(100, 10),
            hashes(0, 20),
            hashes(8, 20),
            hashes(102, 10),
            hashes(18, 20),
        ];
        assert_eq!(
            groups_of(&sketches),
            [
                CopyGroup {
                    articles: vec![0, 3],
                    shared: 0.8
                },
                CopyGroup {
                    articles: vec![1, 2, 4],
                    shared: 0.5
                },
            ]
        );
    }

    #[test]
    fn boilerplate_makes_no_copies_and_one_text_in_many_papers_is_none() {
        let with_boilerplate = |article: u32| {
            let mut sketch = hashes(0, 30);
            sketch.extend(hashes(1_000 * (article + 1), 10));
            sketch
        };
        let page: Vec<Vec<u32>> = (0..60).map(with_boilerplate).collect();
        assert!(groups_of(&page).is_empty());
        // Up to the limit it may be an agency's text.
        assert_eq!(groups_of(&page[..MAX_TEXTS]).len(), 1);
        let printed = vec![hashes(0, 30); 200];
        assert_eq!(groups_of(&printed)[0].articles.len(), 200);
        // Without the boilerplate the smaller has 10 hashes, all of them in the larger.
        let mut copied = page.clone();
        copied.push(hashes(1_000, 10));
        assert_eq!(
            groups_of(&copied),
            [CopyGroup {
                articles: vec![0, 60],
                shared: 1.0
            }]
        );
    }

    #[test]
    fn groups_are_those_of_the_slow_way() {
        // Pairs one by one, on sketches that overlap at random.
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        let sketches: Vec<Vec<u32>> = (0..80)
            .map(|_| hashes(random(900) as u32, 5 + random(20) as u32))
            .collect();
        let mut group_of: Vec<usize> = (0..sketches.len()).collect();
        for a in 0..sketches.len() {
            for b in 0..a {
                let common = sketches[a]
                    .iter()
                    .filter(|hash| sketches[b].contains(hash))
                    .count();
                let smaller = sketches[a].len().min(sketches[b].len());
                if common >= 6 && 2 * common >= smaller {
                    let [from, to] = [group_of[a], group_of[b]];
                    group_of
                        .iter_mut()
                        .filter(|group| **group == from)
                        .for_each(|group| *group = to);
                }
            }
        }
        let groups = groups_of(&sketches);
        assert!(groups.len() > 5);
        for group in &groups {
            let first = group_of[group.articles[0]];
            let expected: Vec<usize> = (0..sketches.len())
                .filter(|&a| group_of[a] == first)
                .collect();
            assert_eq!(group.articles, expected);
        }
        let grouped: usize = groups.iter().map(|group| group.articles.len()).sum();
        let expected = (0..sketches.len())
            .filter(|&a| {
                group_of
                    .iter()
                    .filter(|&&group| group == group_of[a])
                    .count()
                    > 1
            })
            .count();
        assert_eq!(grouped, expected);
    }
}
