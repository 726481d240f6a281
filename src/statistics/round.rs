//! The precision of figures in files.

/// Rounds to six decimals, where figures are made: so what is read back from a file equals what was written.
pub fn round6(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_decimals_stay_and_rounding_twice_changes_nothing() {
        assert_eq!(round6(0.123_456_78), 0.123_457);
        assert_eq!(round6(round6(-1.0 / 3.0)), -0.333_333);
    }
}
