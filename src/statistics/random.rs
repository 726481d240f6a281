//! Chance, repeatable: replicate i draws from stream (seed, i), whatever thread computes it.

use rand::{RngCore, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// The generator of replicate `index` under `seed`.
pub fn stream(seed: u64, index: u64) -> Pcg64Mcg {
    // The generator takes only odd states, so that an even seed would be the next odd one over again; even ones that people choose get a place of their own.
    let chosen = seed < 1 << 32;
    let seed = match seed % 2 {
        0 if chosen => (seed + 1) | (1 << 63),
        _ => seed,
    };
    let mut bytes = [0_u8; 16];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..].copy_from_slice(&index.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    let mut generator = Pcg64Mcg::from_seed(bytes);
    // Neighbouring seeds differ in few bits; a few steps spread them over the state.
    for _ in 0..8 {
        generator.next_u64();
    }
    generator
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_and_every_index_has_a_stream_of_its_own() {
        let mut first: Vec<u64> = (0..50)
            .flat_map(|seed| (0..4).map(move |index| stream(seed, index).next_u64()))
            .collect();
        first.sort_unstable();
        first.dedup();
        assert_eq!(first.len(), 200);
    }
}
