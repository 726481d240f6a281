//! Which features a model knows, and which column each has.
//!
//! Features are found by a 64-bit key that is computed from their parts without building a string. The table from key to
//! column is stored with the model and used as it is read. The hash is ours and versioned: a change of
//! [`HASH_VERSION`] makes old files refuse rather than score wrongly.

pub(crate) use crate::text::hash_word;
use crate::text::spread;

/// Version of the hashes of words and of their combination; stored in every model.
pub const HASH_VERSION: u64 = 1;

/// Combines two hashes, order respected.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    spread(a.rotate_left(23) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Where the search for a key begins: its share of the range of all keys (Lemire 2019), so that any number of slots will do.
fn first_slot(key: u64, n_slots: usize) -> usize {
    ((u128::from(key) * n_slots as u128) >> 64) as usize
}

/// Keys and the open-addressing table that finds their columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Vocabulary {
    /// The key of each column.
    keys: Vec<u64>,
    /// Column + 1, or 0 where free; two of three slots taken.
    slots: Vec<u32>,
    /// A byte of the key in each slot, or 0 where free: what is not known is mostly told by these, which the cache holds.
    tags: Vec<u8>,
}

/// The byte of a key that stands in for it: its lowest, as the highest choose the slot; never 0.
fn tag(key: u64) -> u8 {
    (key as u8).max(1)
}

impl Vocabulary {
    /// Builds the table for `keys`, one a column. Two equal keys are a broken invariant: columns are distinct features and
    /// their keys were told apart when they were counted.
    pub(crate) fn new(keys: Vec<u64>) -> Self {
        let n_slots = keys.len() + keys.len() / 2 + 2;
        let mut slots = vec![0_u32; n_slots];
        for (column, &key) in keys.iter().enumerate() {
            let mut at = first_slot(key, n_slots);
            while slots[at] != 0 {
                at = (at + 1) % n_slots;
            }
            slots[at] = u32::try_from(column + 1).expect("fewer than 2^32 features");
        }
        Vocabulary::tagged(keys, slots)
    }

    fn tagged(keys: Vec<u64>, slots: Vec<u32>) -> Self {
        let tag_of = |&slot: &u32| slot.checked_sub(1).map_or(0, |at| tag(keys[at as usize]));
        Vocabulary {
            tags: slots.iter().map(tag_of).collect(),
            keys,
            slots,
        }
    }

    /// Takes a stored table. The caller has checked the file's digest; sizes are checked here. `None` where they do not fit.
    pub fn from_parts(keys: Vec<u64>, slots: Vec<u32>) -> Option<Self> {
        let fits =
            slots.len() > keys.len() && slots.iter().all(|&slot| slot as usize <= keys.len());
        fits.then(|| Vocabulary::tagged(keys, slots))
    }

    /// The key of each column.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The stored table.
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no feature is known.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The column of `key`, if known.
    pub(crate) fn column(&self, key: u64) -> Option<u32> {
        let mut at = first_slot(key, self.slots.len());
        let tag = tag(key);
        loop {
            match self.tags[at] {
                0 => return None,
                found if found == tag => {
                    let column = self.slots[at].checked_sub(1)?;
                    if self.keys[column as usize] == key {
                        return Some(column);
                    }
                }
                _ => {}
            }
            at += 1;
            if at == self.tags.len() {
                at = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_finds_its_column_and_no_other_is_found() {
        let keys: Vec<u64> = (0..1000).map(|i| hash_word(&format!("word{i}"))).collect();
        let vocabulary = Vocabulary::new(keys.clone());
        for (column, &key) in keys.iter().enumerate() {
            assert_eq!(vocabulary.column(key), Some(column as u32));
        }
        for i in 1000..5000 {
            assert_eq!(vocabulary.column(hash_word(&format!("word{i}"))), None);
        }
        assert_eq!(Vocabulary::new(Vec::new()).column(7), None);
    }

    #[test]
    fn hashes_are_fixed_for_this_version() {
        // Worked out once with this code; a change here means a new HASH_VERSION.
        assert_eq!(HASH_VERSION, 1);
        assert_eq!(hash_word(""), 0xF52A_15E9_A9B5_E89B);
        assert_ne!(mix(1, 2), mix(2, 1));
    }
}
