//! What a pure function says of short texts, remembered: by Zipf's law few words are nearly all of a text.
//!
//! Texts of up to fifteen bytes are found in a table of fixed size by one comparison; there the latest takes the place of an
//! earlier one, which is still found in a map behind it, as longer texts are. All of them are bounded.

use rustc_hash::FxHashMap;

use crate::span::Span;

/// Short texts remembered at most, and long ones.
const MOST: usize = 1 << 15;

/// The values of a function of short texts.
#[derive(Debug)]
pub(crate) struct Memory<T> {
    /// The text's bytes with their number in the highest byte (0 where free), and the value.
    near: Vec<(u128, T)>,
    short: FxHashMap<u128, T>,
    long: FxHashMap<Box<str>, T>,
}

impl<T: Copy + Default> Memory<T> {
    /// An empty memory with a table of 2^`bits` slots.
    pub fn new(bits: u32) -> Memory<T> {
        Memory {
            near: vec![(0, T::default()); 1 << bits],
            short: FxHashMap::default(),
            long: FxHashMap::default(),
        }
    }

    /// What `make` says of `span` of `text`, asked for the first time only.
    #[inline]
    pub fn get(&mut self, text: &str, span: Span, make: impl FnOnce(&str) -> T) -> T {
        let key = short_key(text.as_bytes(), span);
        if key == 0 {
            return self.get_long(span.of(text), make);
        }
        let slot = slot_of(key, self.near.len());
        if self.near[slot].0 == key {
            return self.near[slot].1;
        }
        let value = self.get_short(key, || make(span.of(text)));
        self.near[slot] = (key, value);
        value
    }

    fn get_short(&mut self, key: u128, make: impl FnOnce() -> T) -> T {
        if self.short.len() >= MOST {
            self.short.clear();
        }
        *self.short.entry(key).or_insert_with(make)
    }

    fn get_long(&mut self, text: &str, make: impl FnOnce(&str) -> T) -> T {
        if let Some(&value) = self.long.get(text) {
            return value;
        }
        if self.long.len() >= MOST {
            self.long.clear();
        }
        let value = make(text);
        self.long.insert(text.into(), value);
        value
    }
}

/// The bytes of `span` and, in the highest byte, their number; 0 where they are too many, or none.
fn short_key(text: &[u8], span: Span) -> u128 {
    const MOST_BYTES: usize = 15;
    let n = span.end - span.start;
    if n > MOST_BYTES {
        return 0;
    }
    let bytes = match text[span.start..].first_chunk::<16>() {
        Some(bytes) => u128::from_le_bytes(*bytes) & ((1 << (8 * n)) - 1),
        None => {
            let mut bytes = [0; 16];
            bytes[..n].copy_from_slice(&text[span.start..span.end]);
            u128::from_le_bytes(bytes)
        }
    };
    bytes | (n as u128) << 120
}

/// Which of `n` slots, a power of two, is that of `key`.
fn slot_of(key: u128, n: usize) -> usize {
    let (low, high) = (key as u64, (key >> 64) as u64);
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
        fn what_is_remembered_is_what_was_said(text in "[a-c\u{0}é ]{0,60}", spans in proptest::collection::vec((0_usize..61, 0_usize..20), 200)) {
            let hash = |text: &str| text.bytes().fold(7_u64, |hash, byte| hash.wrapping_mul(31) ^ u64::from(byte));
            let mut memory: Memory<u64> = Memory::new(4);
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
        let mut memory: Memory<usize> = Memory::new(4);
        for round in 0..2 {
            for i in 0..MOST + 1000 {
                let text = format!("word{i}");
                let value = memory.get(&text, Span::new(0, text.len()), |text| {
                    text[4..].parse().unwrap_or(0)
                });
                assert_eq!(value, i, "round {round}");
            }
        }
    }
}
