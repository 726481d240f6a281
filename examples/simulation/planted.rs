//! Articles with a known truth: values on [-1, 1] whose mean is planted.

use rand::Rng;
use rand_pcg::Pcg64Mcg;

/// The mean of every outlet unless a study says otherwise.
pub const MEAN: f64 = -0.1;

/// How article values lie around their mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// The mean of three uniform draws: a bell of standard deviation 0.2.
    Symmetric,
    /// Beta(2, 8): a hump with a tail, skewness 0.8.
    Skewed,
    /// Beta(1, 9): falling from one end as an exponential does, skewness 1.5.
    VerySkewed,
    /// The sixth power of a uniform draw: most articles within a hair of one end, skewness 1.9.
    PiledUp,
    /// Zero in 80 of 100 articles, else uniform below zero.
    ZeroInflated,
}

impl Shape {
    pub fn name(self) -> &'static str {
        match self {
            Shape::Symmetric => "symmetric",
            Shape::Skewed => "skewed (0.8)",
            Shape::VerySkewed => "skewed (1.5)",
            Shape::PiledUp => "piled up (1.9)",
            Shape::ZeroInflated => "80 % zeros",
        }
    }

    /// The standard deviation of article values.
    pub fn sd(self) -> f64 {
        match self {
            Shape::Symmetric => 0.2,
            Shape::Skewed => BETA_SCALE * (16.0_f64 / 1100.0).sqrt(),
            Shape::VerySkewed => BETA_SCALE * (9.0_f64 / 1100.0).sqrt(),
            Shape::PiledUp => 0.9 * (1.0_f64 / 13.0 - 1.0 / 49.0).sqrt(),
            Shape::ZeroInflated => (0.2_f64 / 3.0 - 0.01).sqrt(),
        }
    }

    /// One article's distance from the mean of its outlet.
    pub fn deviation(self, chance: &mut Pcg64Mcg) -> f64 {
        match self {
            Shape::Symmetric => 0.6 * bell(chance),
            Shape::Skewed => BETA_SCALE * (smallest_two_of_nine(chance).1 - 0.2),
            Shape::VerySkewed => BETA_SCALE * (smallest_two_of_nine(chance).0 - 0.1),
            Shape::PiledUp => 0.9 * (chance.gen_range(0.0..1.0_f64).powi(6) - 1.0 / 7.0),
            Shape::ZeroInflated => {
                let is_zero = chance.gen_bool(0.8);
                let value = if is_zero {
                    0.0
                } else {
                    chance.gen_range(-1.0..0.0)
                };
                value - MEAN
            }
        }
    }
}

/// Factor on draws of a Beta distribution: values stay on [-1, 1].
const BETA_SCALE: f64 = 1.1;

/// The smallest of nine uniform draws is Beta(1, 9), the second smallest Beta(2, 8).
fn smallest_two_of_nine(chance: &mut Pcg64Mcg) -> (f64, f64) {
    (0..9).fold((1.0, 1.0), |(first, second), _| {
        let draw: f64 = chance.gen_range(0.0..1.0);
        (draw.min(first), draw.max(first).min(second))
    })
}

/// The mean of three uniform draws on [-1, 1].
fn bell(chance: &mut Pcg64Mcg) -> f64 {
    (0..3).map(|_| chance.gen_range(-1.0..1.0)).sum::<f64>() / 3.0
}

/// The articles of an outlet.
#[derive(Debug, Clone, Copy)]
pub struct Outlet {
    pub shape: Shape,
    pub n: usize,
    pub mean: f64,
    /// Factor on the distances from the mean, at most 1.
    pub spread: f64,
}

impl Outlet {
    pub fn new(shape: Shape, n: usize) -> Outlet {
        Outlet {
            shape,
            n,
            mean: MEAN,
            spread: 1.0,
        }
    }

    pub fn articles(&self, chance: &mut Pcg64Mcg) -> Vec<f64> {
        (0..self.n)
            .map(|_| self.mean + self.spread * self.shape.deviation(chance))
            .collect()
    }
}

/// Two outlets on the same stories. Each story moves both (by up to 0.25), and each outlet treats each story in its own way (up to 0.25
/// more, the same for all its articles on the story). The means of the outlets are equal.
pub struct Story {
    pub a: Vec<f64>,
    pub b: Vec<f64>,
}

/// `n` stories with `per_outlet` articles of each outlet.
pub fn stories(n: usize, per_outlet: usize, chance: &mut Pcg64Mcg) -> Vec<Story> {
    (0..n)
        .map(|_| {
            let event = MEAN + chance.gen_range(-0.25..0.25);
            let mut side = || {
                let level = event + chance.gen_range(-0.25..0.25);
                (0..per_outlet)
                    .map(|_| level + 0.4 * bell(chance))
                    .collect()
            };
            Story {
                a: side(),
                b: side(),
            }
        })
        .collect()
}

/// The sentences of `n` articles of 1 to 39 sentences: the longer an article, the more negative. The mean over articles is [`MEAN`],
/// that over sentences is -0.23.
pub fn long_and_negative(n: usize, chance: &mut Pcg64Mcg) -> Vec<Vec<f64>> {
    (0..n)
        .map(|_| {
            let length = chance.gen_range(1..=39);
            let stance = MEAN + 0.02 * f64::from(20 - length) + chance.gen_range(-0.2..0.2);
            (0..length)
                .map(|_| stance + chance.gen_range(-0.3..0.3))
                .collect()
        })
        .collect()
}
