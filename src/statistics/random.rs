//! Chance, repeatable: replicate i draws from stream (seed, i), whatever thread computes it.

use rand::{RngCore, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// The generator of replicate `index` under `seed`.
pub fn stream(seed: u64, index: u64) -> Pcg64Mcg {
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
