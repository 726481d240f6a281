//! What net stance would be if only the mix of classes differed, in one line that says what it takes for granted.

use super::super::document::Block;
use super::super::table::signed;
use crate::compare::{Comparison, PriorShift, ShiftedOutlet};

/// Outlets named at each end of a long list.
const AT_EACH_END: usize = 3;

/// The line; nothing where fewer than two outlets have the figure.
pub(in crate::report) fn shift_blocks(comparison: &Comparison) -> Vec<Block> {
    match &comparison.prior_shift {
        Some(shift) if shift.outlets.len() > 1 => vec![Block::Paragraph(line(shift))],
        _ => Vec::new(),
    }
}

fn line(shift: &PriorShift) -> String {
    let mut outlets: Vec<(&String, &ShiftedOutlet)> = shift.outlets.iter().collect();
    outlets.sort_by(|a, b| a.1.net_stance.total_cmp(&b.1.net_stance));
    let n = outlets.len();
    let listed = |outlets: &[(&String, &ShiftedOutlet)]| -> String {
        let figure = |(name, shifted): &(&String, &ShiftedOutlet)| {
            format!("{name} {}", signed(Some(shifted.net_stance)))
        };
        outlets.iter().map(figure).collect::<Vec<_>>().join(", ")
    };
    let figures = match n <= 2 * AT_EACH_END {
        true => format!("at {}", listed(&outlets)),
        false => format!(
            "lowest at {}, highest at {} (of {n} outlets)",
            listed(&outlets[..AT_EACH_END]),
            listed(&outlets[n - AT_EACH_END..])
        ),
    };
    format!(
        "Sensitivity, not a correction: if {}, EM (Saerens et al. 2002) would put net stance {figures}; no intervals, and \
         chance moves these more than the means above; order of outlets: {}.",
        shift.assumption,
        order(shift)
    )
}

/// How the order of outlets compares with the one reported.
fn order(shift: &PriorShift) -> String {
    match shift.rank_correlation {
        _ if shift.same_order => "unchanged".to_string(),
        None => "changed".to_string(),
        // Two decimals would say that nothing changed.
        Some(correlation) if correlation >= 0.995 => "rank correlation above 0.99".to_string(),
        Some(correlation) => format!("rank correlation {correlation:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn shift(figures: &[f64], rank_correlation: Option<f64>, same_order: bool) -> PriorShift {
        let outlet = |(i, &net_stance): (usize, &f64)| {
            let shares = BTreeMap::new();
            (format!("O{i}"), ShiftedOutlet { shares, net_stance })
        };
        PriorShift {
            assumption: "all else is alike".into(),
            outlets: figures.iter().enumerate().map(outlet).collect(),
            rank_correlation,
            same_order,
        }
    }

    #[test]
    fn the_line_says_what_it_takes_for_granted() {
        assert_eq!(
            line(&shift(&[0.2, -0.5], None, true)),
            "Sensitivity, not a correction: if all else is alike, EM (Saerens et al. 2002) would put net stance at O1 -0.50, O0 +0.20; no intervals, \
             and chance moves these more than the means above; order of outlets: unchanged."
        );
        let many = [0.1, -0.3, 0.4, 0.0, -0.1, 0.3, -0.2];
        let text = line(&shift(&many, Some(0.873), false));
        assert!(
            text.ends_with(
                "net stance lowest at O1 -0.30, O6 -0.20, O4 -0.10, highest at O0 +0.10, O5 +0.30, O2 +0.40 (of 7 outlets); \
                 no intervals, and chance moves these more than the means above; order of outlets: \
                 rank correlation 0.87."
            ),
            "{text}"
        );
        for (rank_correlation, expected) in [
            (None, "order of outlets: changed."),
            (
                Some(0.999),
                "order of outlets: rank correlation above 0.99.",
            ),
        ] {
            let text = line(&shift(&[0.2, -0.5], rank_correlation, false));
            assert!(text.ends_with(expected), "{text}");
        }
    }
}
