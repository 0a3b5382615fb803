//! Holds a part of the training reviews out, to choose by.

use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::{HoldoutFault, Label, Sequences};
use crate::split::part;

/// Positions of reviews to learn from and of reviews to choose by. Both are sorted and not empty; each review is in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdout {
    /// The reviews to learn from.
    pub train: Vec<usize>,
    /// The reviews to choose by.
    pub validation: Vec<usize>,
}

impl Holdout {
    /// Holds out `fraction` of each class, rounded down, chosen at random by `seed`.
    ///
    /// ```
    /// use recurrent_data::reviews::{Holdout, Label};
    ///
    /// let labels = [[Label::NEGATIVE; 60], [Label::POSITIVE; 60]].concat();
    /// let holdout = Holdout::stratified(&labels, 0.1, 7)?;
    /// assert_eq!((holdout.train.len(), holdout.validation.len()), (108, 12));
    /// assert_eq!(holdout.validation.iter().filter(|&&i| labels[i] == Label::POSITIVE).count(), 6);
    /// # Ok::<(), recurrent_data::reviews::HoldoutFault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the fraction is not above 0 and below 1, there is no review, or a class would have none on one side.
    pub fn stratified(labels: &[Label], fraction: f64, seed: u64) -> Result<Self, HoldoutFault> {
        let mut random = random(labels.len(), fraction, seed)?;
        let mut holdout = Self { train: Vec::new(), validation: Vec::new() };
        let classes = labels.iter().map(|label| label.class() + 1).max().unwrap_or(0);
        for label in (0..classes).map(Label::new) {
            let mut places: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] == label).collect();
            let held_out = part(places.len(), fraction);
            if !places.is_empty() && (held_out == 0 || held_out == places.len()) {
                return Err(HoldoutFault::EmptySide { label, reviews: places.len(), fraction });
            }
            places.shuffle(&mut random);
            let (validation, train) = places.split_at(held_out);
            holdout.validation.extend(validation);
            holdout.train.extend(train);
        }
        holdout.train.sort_unstable();
        holdout.validation.sort_unstable();
        Ok(holdout)
    }

    /// Holds out `fraction` of reviews that have any number of labels each. So that rare labels are on both sides where they can be,
    /// each review counts for its rarest label, and one without a label for none; of each of these the fraction is held out, rounded,
    /// what rounding left being made up for by the next.
    ///
    /// ```
    /// use recurrent_data::reviews::{Holdout, Sequences};
    ///
    /// // Of 40 reviews all have the first label, and 10 the second one.
    /// let sets: Sequences = (0..40).map(|i| if i % 4 == 0 { vec![0, 1] } else { vec![0] }).collect();
    /// let holdout = Holdout::of_sets(&sets, 0.2, 7)?;
    /// assert_eq!(holdout.validation.len(), 8);
    /// assert_eq!(holdout.validation.iter().filter(|&&i| sets.get(i).len() == 2).count(), 2);
    /// # Ok::<(), recurrent_data::reviews::HoldoutFault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the fraction is not above 0 and below 1, or there are too few reviews for one on each side.
    pub fn of_sets(sets: &Sequences, fraction: f64, seed: u64) -> Result<Self, HoldoutFault> {
        let mut random = random(sets.len(), fraction, seed)?;
        let classes = sets.iter().flatten().max().map_or(0, |last| *last as usize + 1);
        let mut counts = vec![0usize; classes];
        sets.iter().flatten().for_each(|class| counts[*class as usize] += 1);
        let rarest = |set: &[u32]| set.iter().min_by_key(|class| counts[**class as usize]).copied();
        let mut strata: Vec<(Option<u32>, usize)> = sets.iter().map(rarest).zip(0..).collect();
        strata.shuffle(&mut random);
        // The rarest labels first; the order within is that of the shuffle.
        strata
            .sort_by_key(|(class, _)| class.map_or((usize::MAX, 0), |class| (counts[class as usize], class)));
        let mut holdout = Self { train: Vec::new(), validation: Vec::new() };
        let mut owed = 0.0;
        for stratum in strata.chunk_by(|(one, _), (other, _)| one == other) {
            owed += stratum.len() as f64 * fraction;
            let held_out = (owed.round().max(0.0) as usize).min(stratum.len());
            owed -= held_out as f64;
            let places = stratum.iter().map(|(_, place)| *place).enumerate();
            for (number, place) in places {
                let side = if number < held_out { &mut holdout.validation } else { &mut holdout.train };
                side.push(place);
            }
        }
        if holdout.train.is_empty() || holdout.validation.is_empty() {
            return Err(HoldoutFault::TooFew { reviews: sets.len(), fraction });
        }
        holdout.train.sort_unstable();
        holdout.validation.sort_unstable();
        Ok(holdout)
    }
}

/// What chooses among so many reviews.
fn random(reviews: usize, fraction: f64, seed: u64) -> Result<ChaCha8Rng, HoldoutFault> {
    if !(fraction > 0.0 && fraction < 1.0) {
        return Err(HoldoutFault::Fraction(fraction));
    }
    if reviews == 0 {
        return Err(HoldoutFault::NoReviews);
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // Batches of the same seed have the streams from 0 on.
    random.set_stream(u64::MAX);
    Ok(random)
}
