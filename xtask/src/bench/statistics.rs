//! Whether two rows of times can be told apart: their medians, and the test of Mann and Whitney.

/// What a stranger could learn from two rows of times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Apart {
    /// Median of the first row less that of the second, in the unit of the rows.
    pub medians: f64,
    /// How likely rows of one and the same distribution lie so far apart, or farther.
    pub p: f64,
}

/// Compares two rows.
pub(super) fn apart(one: &[f64], other: &[f64]) -> Apart {
    Apart {
        medians: median(one) - median(other),
        p: mann_whitney(one, other),
    }
}

/// The middle of a row; of an even number, that between the two in the middle.
pub(super) fn median(row: &[f64]) -> f64 {
    let mut row = row.to_vec();
    row.sort_by(f64::total_cmp);
    let half = row.len() / 2;
    let middle = if row.len().is_multiple_of(2) {
        row.get(half.wrapping_sub(1)..=half)
    } else {
        row.get(half..=half)
    };
    middle.map_or(f64::NAN, |middle| {
        middle.iter().sum::<f64>() / count(middle.len())
    })
}

/// Two-sided, by the normal approximation with its correction for ties: rows of some dozens are long enough for it.
fn mann_whitney(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = one.iter().map(|value| (*value, true)).collect();
    all.extend(other.iter().map(|value| (*value, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut place, mut ranks, mut ties) = (0.0, 0.0, 0.0);
    for same in all.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let size = count(same.len());
        let ours = count(same.iter().filter(|(_, is_ours)| *is_ours).count());
        ranks += ours * (place + f64::midpoint(size, 1.0));
        ties += size * size * size - size;
        place += size;
    }
    let (ours, theirs) = (count(one.len()), count(other.len()));
    let total = ours + theirs;
    let u = ranks - ours * (ours + 1.0) / 2.0;
    let variance = ours * theirs / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    // Half a rank for the step from whole ranks to a smooth curve.
    let z = ((u - ours * theirs / 2.0).abs() - 0.5).max(0.0) / variance.sqrt();
    beyond(z)
}

/// The share of a normal distribution that lies farther out than `z` on either side (Abramowitz and Stegun, 7.1.26; the
/// error is below two in ten millions).
fn beyond(z: f64) -> f64 {
    let x = z / std::f64::consts::SQRT_2;
    let t = 1.0 / 0.327_591_1f64.mul_add(x, 1.0);
    let factors = [
        1.061_405_429,
        -1.453_152_027,
        1.421_413_741,
        -0.284_496_736,
        0.254_829_592,
    ];
    let sum = factors
        .iter()
        .fold(0.0f64, |sum, factor| sum.mul_add(t, *factor));
    sum * t * (-x * x).exp()
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_lies_in_the_middle_and_nothing_has_none() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn the_normal_distribution_is_the_one_of_the_tables() {
        for (z, share) in [
            (0.0, 1.0),
            (1.0, 0.317_310_5),
            (1.96, 0.049_995_8),
            (3.29, 0.001_001_9),
        ] {
            assert!((beyond(z) - share).abs() < 1e-6, "{z}: {}", beyond(z));
        }
    }

    #[test]
    fn rows_of_one_kind_are_not_told_apart_and_shifted_ones_are() {
        // Two halves of one sequence that visits every place.
        let row = |first: u32, shift: f64| -> Vec<f64> {
            let places = (0..300).map(|number| (first + number * 2) * 7919 % 6007);
            places
                .map(|place| f64::from(place) / 1000.0 + shift)
                .collect()
        };
        let same = apart(&row(0, 0.0), &row(1, 0.0));
        assert!(same.p > 0.05 && same.medians.abs() < 0.3, "{same:?}");
        let shifted = apart(&row(0, 1.0), &row(1, 0.0));
        assert!(shifted.p < 1e-6 && shifted.medians > 0.7, "{shifted:?}");
    }

    /// Ranks 1, 2.5, 4 against 2.5, 5, 6: U is 1.5, of an expected 4.5.
    #[test]
    fn equal_values_share_their_rank() {
        let p = mann_whitney(&[1.0, 2.0, 3.0], &[2.0, 4.0, 5.0]);
        assert!((p - 0.268).abs() < 0.01, "{p}");
        assert!((mann_whitney(&[1.0; 5], &[1.0; 5]) - 1.0).abs() < 1e-9);
    }
}
