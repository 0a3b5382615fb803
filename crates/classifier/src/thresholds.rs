//! The score above which each label is said, where a text may have any number of them.

use std::path::PathBuf;

use recurrent_metrics::classification::best_threshold;
use recurrent_train::{
    Error, RunFolder,
    files::{read_limited, write_whole},
};

use crate::truth::LabelTable;

/// On fewer texts with a label its threshold would be chosen by chance: it is that of one half then.
const LEAST_TEXTS: usize = 5;
/// Numbers of a thousand labels take a fraction of this.
const MOST_BYTES: u64 = 1 << 20;

/// The threshold of each label, with the largest F1 on texts of which the scores are given, `[texts, labels]`.
pub(crate) fn chosen(scores: &[f32], table: &LabelTable) -> Vec<f32> {
    let of = |(label, has): (usize, Vec<bool>)| {
        let own: Vec<f32> = scores.iter().skip(label).step_by(table.labels).copied().collect();
        best_threshold(&own, &has, LEAST_TEXTS).unwrap_or_default()
    };
    table.columns().enumerate().map(of).collect()
}

/// Whether each label is said of each text.
pub(crate) fn said(scores: &[f32], thresholds: &[f32]) -> Vec<bool> {
    scores.iter().zip(thresholds.iter().cycle()).map(|(score, threshold)| score > threshold).collect()
}

/// Writes thresholds into a run, as `thresholds.json`.
pub(crate) fn write(run: &RunFolder, thresholds: &[f32]) -> Result<(), Error> {
    let json = serde_json::to_string(thresholds).expect("numbers are JSON");
    write_whole(&file(run), json.as_bytes())
}

/// Reads what a run has for so many labels.
pub(crate) fn read(run: &RunFolder, labels: usize) -> Result<Vec<f32>, Error> {
    let file = file(run);
    let found: Option<Vec<f32>> = serde_json::from_slice(&read_limited(&file, MOST_BYTES)?).ok();
    found.filter(|found| are_sound(found, labels)).ok_or_else(|| {
        Error::invalid(
            &file,
            format!("does not hold {labels} numbers, one a label; take a whole copy, or train again"),
        )
    })
}

/// Whether these are thresholds of so many labels.
pub(crate) fn are_sound(thresholds: &[f32], labels: usize) -> bool {
    thresholds.len() == labels && thresholds.iter().all(|threshold| threshold.is_finite())
}

fn file(run: &RunFolder) -> PathBuf {
    run.path().join("thresholds.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_label_has_the_threshold_of_its_own_scores() {
        // Ten texts: the first label is true from a score of -2 on, the second of three texts alone.
        let scores: Vec<f32> = (0..10).flat_map(|i| [i as f32 - 6.0, i as f32]).collect();
        let has = (0..10).flat_map(|i| [i >= 4, i >= 7]).collect();
        let thresholds = chosen(&scores, &LabelTable { has, labels: 2 });
        assert_eq!(thresholds, [-2.5, 0.0]);
        assert_eq!(said(&[-2.4, 0.0, -2.6, 0.1], &thresholds), [true, false, false, true]);
    }

    #[test]
    fn a_run_keeps_them() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::create(&folder.path().join("run"), "a-test", &()).unwrap();
        let numbers = [0.1f32, -3.25, 1e-7];
        write(&run, &numbers).unwrap();
        assert_eq!(read(&run, 3).unwrap(), numbers);
        let wrong = read(&run, 4).unwrap_err().to_string();
        assert!(wrong.contains("thresholds.json") && wrong.contains("4 numbers, one a label"), "{wrong}");
        std::fs::write(run.path().join("thresholds.json"), "[1, 2").unwrap();
        assert!(read(&run, 2).is_err());
    }
}
