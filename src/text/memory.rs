//! What a pure function says of short texts, remembered: by Zipf's law few words are nearly all of a text.
//!
//! Texts of up to fifteen bytes are found in a table of fixed size by one comparison; there the latest takes the place of an
//! earlier one, which is still found in maps behind it, as longer texts are, up to a hundred bytes. All of them are bounded: what was not
//! asked for lately is forgotten.

use std::borrow::Borrow;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::span::Span;

/// Longer texts are not remembered: no word, and a page may be full of them.
const LONGEST: usize = 100;

/// The values of a function of short texts.
#[derive(Debug)]
pub(super) struct Memory<T> {
    /// The text's bytes with their number in the highest byte (0 where free), and the value.
    near: Vec<((u64, u64), T)>,
    /// How many a half of [`Generations`] holds.
    most: usize,
    short: Generations<(u64, u64), T>,
    long: Generations<Box<str>, T>,
}

/// A map of what was asked for lately: when the younger half is full the older one is forgotten, but for what was asked for since.
#[derive(Debug)]
struct Generations<K, T> {
    young: FxHashMap<K, T>,
    old: FxHashMap<K, T>,
}

impl<K: Hash + Eq, T: Copy> Generations<K, T> {
    fn new() -> Self {
        Generations {
            young: FxHashMap::default(),
            old: FxHashMap::default(),
        }
    }

    /// The value of `key`; not more than `most` are in either half.
    fn get<Q: Hash + Eq + ?Sized>(
        &mut self,
        key: &Q,
        own: impl FnOnce() -> K,
        most: usize,
        make: impl FnOnce() -> T,
    ) -> T
    where
        K: Borrow<Q>,
    {
        if let Some(&value) = self.young.get(key) {
            return value;
        }
        let value = self.old.get(key).copied().unwrap_or_else(make);
        if self.young.len() >= most {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        self.young.insert(own(), value);
        value
    }
}

impl<T: Copy + Default> Memory<T> {
    /// An empty memory with a table of 2^`bits` slots, and room for twice `most` texts behind it and as many long ones.
    pub fn new(bits: u32, most: usize) -> Memory<T> {
        Memory {
            most,
            near: vec![((0, 0), T::default()); 1 << bits],
            short: Generations::new(),
            long: Generations::new(),
        }
    }

    /// What `make` says of `span` of `text`, asked for the first time only.
    #[inline]
    pub fn get(&mut self, text: &str, span: Span, make: impl FnOnce(&str) -> T) -> T {
        let key = short_key(text.as_bytes(), span);
        let most = self.most;
        if key.1 == 0 {
            let text = span.of(text);
            return match text.len() <= LONGEST {
                true => self.long.get(text, || text.into(), most, || make(text)),
                false => make(text),
            };
        }
        let slot = slot_of(key, self.near.len());
        if self.near[slot].0 == key {
            return self.near[slot].1;
        }
        let value = self.short.get(&key, || key, most, || make(span.of(text)));
        self.near[slot] = (key, value);
        value
    }
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
fn short_key(text: &[u8], span: Span) -> (u64, u64) {
    let n = span.end - span.start;
    if n > MOST_BYTES {
        return (0, 0);
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

/// Which of `n` slots, a power of two, is that of a key.
fn slot_of((low, high): (u64, u64), n: usize) -> usize {
    let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed.rotate_left(32)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 32) as usize & (n - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_remembered_is_what_was_said(text in "[a-c\u{0}é ]{0,120}", spans in proptest::collection::vec((0_usize..121, 0_usize..120), 200)) {
            let hash = |text: &str| text.bytes().fold(7_u64, |hash, byte| hash.wrapping_mul(31) ^ u64::from(byte));
            let mut memory: Memory<u64> = Memory::new(4, 8);
            for (start, n) in spans {
                let span = Span::new(start.min(text.len()), (start + n).min(text.len()));
                if text.get(span.start..span.end).is_some() {
                    prop_assert_eq!(memory.get(&text, span, |text| hash(text) % 1000), hash(span.of(&text)) % 1000);
                }
            }
        }
    }

    #[test]
    fn more_texts_than_there_is_room_for_are_told_apart() {
        let mut memory: Memory<usize> = Memory::new(4, 8);
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
