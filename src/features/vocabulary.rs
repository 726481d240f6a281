//! Which features a model knows, and which column each has.
//!
//! Features are found by a 64-bit key that is computed from their parts without building a string. The table from key to
//! column is stored with the model; keys are put beside their columns when it is read. The hash is ours and versioned: a change of
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

/// The open-addressing table from keys to columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Vocabulary {
    /// Two of three are taken.
    slots: Vec<Slot>,
    /// A byte of the key in each slot, or 0 where free: what is not known is mostly told by these, which the cache holds.
    tags: Vec<u8>,
    /// Number of columns.
    len: usize,
}

/// A column and its key, side by side: what is asked for together is read together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Slot {
    /// Lower and upper half: in halves a slot takes twelve bytes and not sixteen.
    key: [u32; 2],
    /// Column + 1, or 0 where free.
    place: u32,
}

impl Slot {
    fn new(key: u64, place: u32) -> Slot {
        Slot {
            key: halves(key),
            place,
        }
    }

    fn key(self) -> u64 {
        u64::from(self.key[1]) << 32 | u64::from(self.key[0])
    }
}

fn halves(key: u64) -> [u32; 2] {
    [key as u32, (key >> 32) as u32]
}

/// The byte of a key that stands in for it: its lowest, as the highest choose the slot; never 0.
fn tag(key: u64) -> u8 {
    (key as u8).max(1)
}

impl Vocabulary {
    /// Builds the table for `keys`, one a column. Two equal keys are a broken invariant: columns are distinct features and
    /// their keys were told apart when they were counted.
    pub(crate) fn new(keys: &[u64]) -> Self {
        let n_slots = keys.len() + keys.len() / 2 + 2;
        let mut slots = vec![0_u32; n_slots];
        for (column, &key) in keys.iter().enumerate() {
            let mut at = first_slot(key, n_slots);
            while slots[at] != 0 {
                at = (at + 1) % n_slots;
            }
            slots[at] = u32::try_from(column + 1).expect("fewer than 2^32 features");
        }
        Vocabulary::joined(keys, &slots)
    }

    /// Puts each key beside its column, and tags the slots.
    fn joined(keys: &[u64], slots: &[u32]) -> Self {
        let filled = |&place: &u32| match place.checked_sub(1) {
            Some(column) => Slot::new(keys[column as usize], place),
            None => Slot::default(),
        };
        let slots: Vec<Slot> = slots.iter().map(filled).collect();
        let tag_of = |slot: &Slot| if slot.place == 0 { 0 } else { tag(slot.key()) };
        Vocabulary {
            tags: slots.iter().map(tag_of).collect(),
            slots,
            len: keys.len(),
        }
    }

    /// Takes a stored table: the key of each column, and column + 1, or 0, of each slot. The caller has checked the file's digest; sizes are
    /// checked here. `None` where they do not fit, or a column has no slot or several.
    pub fn from_parts(keys: &[u64], slots: &[u32]) -> Option<Self> {
        let mut missing = vec![true; keys.len()];
        let mut found = |column: u32| {
            let missing = missing.get_mut(column as usize);
            missing.is_some_and(|missing| std::mem::replace(missing, false))
        };
        let mut columns = slots.iter().filter_map(|slot| slot.checked_sub(1));
        let fits = slots.len() > keys.len() && columns.all(&mut found) && !missing.contains(&true);
        fits.then(|| Vocabulary::joined(keys, slots))
    }

    /// The key of each column; length [`Vocabulary::len`].
    pub fn keys(&self) -> Vec<u64> {
        let mut keys = vec![0; self.len];
        for slot in &self.slots {
            if let Some(column) = slot.place.checked_sub(1) {
                keys[column as usize] = slot.key();
            }
        }
        keys
    }

    /// The table as it is stored: column + 1 of each slot, or 0 where free; more slots than columns.
    pub fn slots(&self) -> Vec<u32> {
        self.slots.iter().map(|slot| slot.place).collect()
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no feature is known.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The column of `key`, if known.
    pub(crate) fn column(&self, key: u64) -> Option<u32> {
        self.column_from(self.candidate(key)?, key)
    }

    /// The first slot that may hold `key`. Of many keys ask this first and the columns of what is left then, so that the table is
    /// waited for once and not for each.
    #[inline]
    pub(crate) fn candidate(&self, key: u64) -> Option<usize> {
        self.tagged_from(first_slot(key, self.slots.len()), key)
    }

    /// The first slot with the tag of `key` from slot `at` on.
    #[inline]
    fn tagged_from(&self, mut at: usize, key: u64) -> Option<usize> {
        let tag = tag(key);
        loop {
            match self.tags[at] {
                0 => return None,
                found if found == tag => return Some(at),
                _ => at = self.after(at),
            }
        }
    }

    /// The slot after slot `at`, the first after the last.
    #[inline]
    fn after(&self, at: usize) -> usize {
        if at + 1 == self.slots.len() {
            0
        } else {
            at + 1
        }
    }

    /// The column of `key`, whose first candidate is slot `at`.
    #[inline]
    pub(crate) fn column_from(&self, mut at: usize, key: u64) -> Option<u32> {
        let halves = halves(key);
        loop {
            let slot = self.slots[at];
            if slot.key == halves {
                return Some(slot.place - 1);
            }
            at = self.tagged_from(self.after(at), key)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_finds_its_column_and_no_other_is_found() {
        let keys: Vec<u64> = (0..1000).map(|i| hash_word(&format!("word{i}"))).collect();
        let vocabulary = Vocabulary::new(&keys);
        for (column, &key) in keys.iter().enumerate() {
            assert_eq!(vocabulary.column(key), Some(column as u32));
        }
        for i in 1000..5000 {
            assert_eq!(vocabulary.column(hash_word(&format!("word{i}"))), None);
        }
        assert_eq!(Vocabulary::new(&[]).column(7), None);
    }

    #[test]
    fn a_stored_table_has_each_column_once_and_a_free_slot() {
        let keys: Vec<u64> = (0..50).map(|i| hash_word(&format!("word{i}"))).collect();
        let vocabulary = Vocabulary::new(&keys);
        assert_eq!(vocabulary.keys(), keys);
        let stored = Vocabulary::from_parts(&vocabulary.keys(), &vocabulary.slots());
        assert_eq!(stored, Some(vocabulary));
        assert!(Vocabulary::from_parts(&[5, 0], &[1, 2, 0]).is_some());
        for slots in [
            &[1, 2][..],
            &[1, 2, 1],
            &[1, 1, 0],
            &[1, 0, 0],
            &[1, 3, 0],
            &[],
        ] {
            assert_eq!(Vocabulary::from_parts(&[5, 0], slots), None, "{slots:?}");
        }
    }

    #[test]
    fn hashes_are_fixed_for_this_version() {
        // Worked out once with this code; a change here means a new HASH_VERSION.
        assert_eq!(HASH_VERSION, 1);
        assert_eq!(hash_word(""), 0xF52A_15E9_A9B5_E89B);
        assert_ne!(mix(1, 2), mix(2, 1));
    }
}
