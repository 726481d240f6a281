//! One of several parts of an input, for sharing work among machines: equally many records each, one part behind the other.

use std::ops::Range;
use std::str::FromStr;

use crate::error::{Error, Result};

/// The part `number` of `of`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    number: usize,
    of: usize,
}

impl Part {
    /// Part `number` of `of`; `None` unless 1 <= `number` <= `of`.
    pub fn new(number: usize, of: usize) -> Option<Part> {
        (1..=of).contains(&number).then_some(Part { number, of })
    }

    /// Which of `n` records, counted from 0, belong to it. Sizes differ by one at most.
    pub fn of_records(self, n: usize) -> Range<usize> {
        // In 128 bits, because the product may not fit.
        let border = |k: usize| (n as u128 * k as u128 / self.of as u128) as usize;
        border(self.number - 1)..border(self.number)
    }
}

impl FromStr for Part {
    type Err = Error;

    fn from_str(text: &str) -> Result<Part> {
        let part = text
            .split_once('/')
            .and_then(|(number, of)| Part::new(number.parse().ok()?, of.parse().ok()?));
        part.ok_or_else(|| {
            Error::Parameter(format!(
                "\"{text}\" names no part; allowed: I/N with I from 1 to N, as 2/4 for the second of four"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other_and_leave_nothing_out() {
        for (n, of) in [(0, 3), (1, 3), (7, 3), (9, 3), (100, 7), (usize::MAX, 2)] {
            let mut end = 0;
            for number in 1..=of {
                let part = Part::new(number, of).expect("a part").of_records(n);
                assert_eq!(part.start, end, "{number}/{of} of {n}");
                assert!(part.len().abs_diff(n / of) <= 1, "{number}/{of} of {n}");
                end = part.end;
            }
            assert_eq!(end, n);
        }
    }

    #[test]
    fn only_whole_numbers_up_to_the_last_name_parts() {
        assert_eq!("2/4".parse::<Part>().ok(), Part::new(2, 4));
        for text in ["", "2", "0/4", "5/4", "1/0", "a/b", "1/2/3", "-1/2"] {
            assert!(text.parse::<Part>().is_err(), "{text}");
        }
    }
}
