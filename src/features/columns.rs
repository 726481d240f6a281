//! What the columns of a design matrix stand for.

use rustc_hash::FxHashMap;

use crate::features::family::{Family, Place};

/// What a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feature<'f> {
    /// Index into the families.
    pub family: u8,
    /// Where, as the zone tells it apart.
    pub place: Place,
    /// The words, in their most frequent form in the training data.
    pub text: &'f str,
}

/// What every column stands for, packed as it is stored: a text that several families share stands once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Features {
    family: Vec<u8>,
    place: Vec<u8>,
    /// Which text each column has.
    text_id: Vec<u32>,
    /// All texts end to end.
    text: String,
    /// Text i is `text[offsets[i]..offsets[i + 1]]`.
    offsets: Vec<u32>,
}

impl Features {
    /// Packs the `features` of all columns.
    pub(super) fn collect<'f>(features: impl IntoIterator<Item = Feature<'f>>) -> Features {
        let mut packed = Features {
            offsets: vec![0],
            ..Default::default()
        };
        let mut known: FxHashMap<&'f str, u32> = FxHashMap::default();
        for feature in features {
            packed.family.push(feature.family);
            packed.place.push(feature.place.code());
            let next = known.len() as u32;
            let id = *known.entry(feature.text).or_insert(next);
            packed.text_id.push(id);
            if id == next {
                packed.text.push_str(feature.text);
                let end = u32::try_from(packed.text.len()).expect("under 4 GB of feature names");
                packed.offsets.push(end);
            }
        }
        packed
    }

    /// Takes stored parts; `None` where they do not fit each other.
    pub fn from_parts(
        family: Vec<u8>,
        place: Vec<u8>,
        text_id: Vec<u32>,
        text: String,
        offsets: Vec<u32>,
    ) -> Option<Features> {
        let fits = place.len() == family.len()
            && text_id.len() == family.len()
            && offsets.windows(2).all(|pair| pair[0] <= pair[1])
            && offsets.first() == Some(&0)
            && offsets
                .last()
                .is_some_and(|&end| end as usize == text.len())
            && offsets.iter().all(|&at| text.is_char_boundary(at as usize))
            && text_id.iter().all(|&id| (id as usize) + 1 < offsets.len())
            && family.is_sorted();
        fits.then_some(Features {
            family,
            place,
            text_id,
            text,
            offsets,
        })
    }

    /// Families, places, text ids, texts and offsets, as they are stored.
    pub fn parts(&self) -> (&[u8], &[u8], &[u32], &str, &[u32]) {
        (
            &self.family,
            &self.place,
            &self.text_id,
            &self.text,
            &self.offsets,
        )
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.family.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.family.is_empty()
    }

    /// Index of the family of each column, ascending.
    pub(super) fn family_of_columns(&self) -> &[u8] {
        &self.family
    }

    /// Every text, once.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let ends = self.offsets.windows(2);
        ends.map(|ends| &self.text[ends[0] as usize..ends[1] as usize])
    }

    /// What column `column` stands for.
    pub fn get(&self, column: usize) -> Feature<'_> {
        let id = self.text_id[column] as usize;
        let (start, end) = (self.offsets[id] as usize, self.offsets[id + 1] as usize);
        Feature {
            family: self.family[column],
            place: Place::from_code(self.place[column]),
            text: &self.text[start..end],
        }
    }
}

/// How many columns, of those with these families in order, belong to families that need no mention.
pub(super) fn n_target_blind(family: &[u8], families: &[Family]) -> usize {
    family.partition_point(|&family| families[family as usize].is_target_blind())
}
