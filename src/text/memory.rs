//! What a pure function says of short texts, remembered: by Zipf's law few words are nearly all of a text.
//!
//! Texts of up to fifteen bytes stand in a table where each has a few places, found by one comparison mostly; longer ones, up to a hundred bytes,
//! in maps. Both are bounded: what is seldom asked for is forgotten.

use rustc_hash::FxHashMap;

use crate::span::Span;

/// Longer texts are not remembered: no word, and a page may be full of them.
const LONGEST: usize = 100;

/// How many texts share a set of places.
const WAYS: usize = 4;

/// Texts that a table has room for at first.
const FIRST_ROOM: usize = 1 << 10;

/// How many longer texts either half of [`LongMemory`] holds: few words are so long.
const MOST_LONG: usize = 2048;

/// A text's bytes with their number in the highest byte.
type Key = (u64, u64);

/// The key of no text.
const FREE: Key = (0, 0);

/// The values of a function of short texts.
#[derive(Debug)]
pub(super) struct Memory<T> {
    /// Sets of [`WAYS`] texts, those asked for most in front, free places last. There are twice as many when half of them are taken, up to
    /// `most` texts.
    table: Vec<(Key, T)>,
    /// Places taken.
    n: usize,
    most: usize,
    long: LongMemory<T>,
}

/// Longer texts: when the younger half is full the older one is forgotten, but for what was asked for since.
#[derive(Debug, Default)]
struct LongMemory<T> {
    young: FxHashMap<Box<str>, T>,
    old: FxHashMap<Box<str>, T>,
}

impl<T: Copy> LongMemory<T> {
    fn get(&mut self, text: &str, make: impl FnOnce(&str) -> T) -> T {
        if let Some(&value) = self.young.get(text) {
            return value;
        }
        let value = self.old.get(text).copied().unwrap_or_else(|| make(text));
        if self.young.len() >= MOST_LONG {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        self.young.insert(text.into(), value);
        value
    }
}

impl<T: Copy + Default> Memory<T> {
    /// An empty memory, which comes to hold 2^`bits` texts of up to fifteen bytes.
    pub fn new(bits: u32) -> Memory<T> {
        Memory {
            table: vec![(FREE, T::default()); FIRST_ROOM.min(1 << bits)],
            n: 0,
            most: 1 << bits,
            long: LongMemory::default(),
        }
    }

    /// What `make` says of `span` of `text`, asked for the first time only.
    #[inline]
    pub fn get(&mut self, text: &str, span: Span, make: impl FnOnce(&str) -> T) -> T {
        let key = short_key(text.as_bytes(), span);
        if key == FREE {
            let text = span.of(text);
            return match text.len() <= LONGEST {
                true => self.long.get(text, make),
                false => make(text),
            };
        }
        let set = set_of(key, self.table.len());
        let (known, value) = self.table[set];
        match known == key {
            true => value,
            false => self.search(key, set, || make(span.of(text))),
        }
    }

    /// The value of `key`, which is not the first of its `set`.
    fn search(&mut self, key: Key, set: usize, make: impl FnOnce() -> T) -> T {
        let entries = &mut self.table[set..set + WAYS];
        if let Some(at) = (1..WAYS).find(|&at| entries[at].0 == key) {
            // By and by those asked for most come first, and what was asked for once stays last.
            entries.swap(at - 1, at);
            return entries[at - 1].1;
        }
        let value = make();
        if put((key, value), entries) {
            self.n += 1;
            if self.n > self.table.len() / 2 && self.table.len() < self.most {
                self.grow();
            }
        }
        value
    }

    /// Doubles the sets: the texts of one go to two.
    fn grow(&mut self) {
        let larger = vec![(FREE, T::default()); 2 * self.table.len()];
        let taken = std::mem::replace(&mut self.table, larger).into_iter();
        for entry in taken.filter(|(key, _)| *key != FREE) {
            let set = set_of(entry.0, self.table.len());
            put(entry, &mut self.table[set..set + WAYS]);
        }
    }
}

/// Puts an entry behind those of its set, or in the place of the last; whether one was free.
fn put<T>(entry: (Key, T), set: &mut [(Key, T)]) -> bool {
    let free = set.iter().position(|(known, _)| *known == FREE);
    set[free.unwrap_or(WAYS - 1)] = entry;
    free.is_some()
}

/// Bytes that a key holds.
const MOST_BYTES: usize = 15;

/// The bits of a number's first bytes, by how many they are; from eight on all of them.
static FIRST: [u64; MOST_BYTES + 1] = {
    let mut bits = [u64::MAX; MOST_BYTES + 1];
    let mut n = 0;
    while n < 8 {
        bits[n] = (1 << (8 * n)) - 1;
        n += 1;
    }
    bits
};

/// The bytes of `span` and, in the highest byte, their number; zeros where they are too many, or none.
fn short_key(text: &[u8], span: Span) -> Key {
    let n = span.end - span.start;
    if n > MOST_BYTES {
        return FREE;
    }
    let bytes = match text[span.start..].first_chunk::<16>() {
        Some(bytes) => *bytes,
        None => {
            let mut bytes = [0; 16];
            bytes[..n].copy_from_slice(&text[span.start..span.end]);
            bytes
        }
    };
    let bytes = u128::from_le_bytes(bytes);
    let (low, high) = (bytes as u64, (bytes >> 64) as u64);
    let high = high & FIRST[n.saturating_sub(8)];
    (low & FIRST[n], high | (n as u64) << 56)
}

/// Where in a table of `n` places the set of a key begins. With twice as many places the sets of its texts follow each other.
fn set_of((low, high): Key, n: usize) -> usize {
    let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed.rotate_left(32)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let set = ((mixed >> 32) * (n / WAYS) as u64) >> 32;
    set as usize * WAYS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_remembered_is_what_was_said(text in "[a-c\u{0}é ]{0,120}", spans in proptest::collection::vec((0_usize..121, 0_usize..120), 200)) {
            let hash = |text: &str| text.bytes().fold(7_u64, |hash, byte| hash.wrapping_mul(31) ^ u64::from(byte));
            let mut memory: Memory<u64> = Memory::new(5);
            for (start, n) in spans {
                let span = Span::new(start.min(text.len()), (start + n).min(text.len()));
                if text.get(span.start..span.end).is_some() {
                    prop_assert_eq!(memory.get(&text, span, |text| hash(text) % 1000), hash(span.of(&text)) % 1000);
                }
            }
        }
    }

    #[test]
    fn a_table_grows_as_it_fills_and_keeps_all_it_has() {
        let mut memory: Memory<usize> = Memory::new(16);
        for i in 0..3000 {
            let text = format!("word{i}");
            memory.get(&text, Span::new(0, text.len()), |_| i);
        }
        assert_eq!(memory.table.len(), 8192);
        let taken = |memory: &Memory<usize>| -> std::collections::BTreeSet<(Key, usize)> {
            let entries = memory.table.iter().copied();
            entries.filter(|(key, _)| *key != FREE).collect()
        };
        let before = taken(&memory);
        assert_eq!(before.len(), memory.n);
        memory.grow();
        assert_eq!(taken(&memory), before);
        for (key, value) in before {
            let set = set_of(key, memory.table.len());
            assert!(memory.table[set..set + WAYS].contains(&(key, value)));
        }
    }

    #[test]
    fn more_texts_than_there_is_room_for_are_told_apart() {
        let mut memory: Memory<usize> = Memory::new(5);
        for round in 0..2 {
            for i in 0..1000 {
                let text = format!("word{i}");
                let value = memory.get(&text, Span::new(0, text.len()), |text| {
                    text[4..].parse().unwrap_or(0)
                });
                assert_eq!(value, i, "round {round}");
            }
        }
    }
}
