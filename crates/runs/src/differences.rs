//! The settings in which runs differ, and those that are the same in all.

use std::collections::{BTreeMap, BTreeSet};

use recurrent_train::Setting;
use serde::Serialize;

/// A setting that is not the same in all runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Its path: `train.learning_rate`.
    pub name: String,
    /// Its value in each run, in their order; `None` where a run does not have it.
    pub values: Vec<Option<Setting>>,
}

/// Parts the settings of some runs into those that differ and those that all share. Settings at the paths `learnt`,
/// or below, are in neither.
pub(crate) fn compare(
    runs: &[&BTreeMap<String, Setting>],
    learnt: &[&str],
) -> (Vec<Difference>, BTreeMap<String, Setting>) {
    let is_learnt = |name: &str| {
        learnt
            .iter()
            .any(|path| name.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    let names: BTreeSet<&String> =
        runs.iter().flat_map(|run| run.keys()).filter(|name| !is_learnt(name)).collect();
    let (mut differences, mut same) = (Vec::new(), BTreeMap::new());
    for name in names {
        let values: Vec<_> = runs.iter().map(|run| run.get(name).cloned()).collect();
        match &values[0] {
            Some(first) if values.iter().all(|value| value.as_ref() == Some(first)) => {
                same.insert(name.clone(), first.clone());
            }
            _ => differences.push(Difference { name: name.clone(), values }),
        }
    }
    (differences, same)
}

/// A setting for a table: long words are cut in their middle.
pub(crate) fn shortened(setting: &Setting) -> String {
    const MOST: usize = 40;
    let letters: Vec<char> = setting.to_string().chars().collect();
    if letters.len() <= MOST {
        return letters.into_iter().collect();
    }
    let (start, end) = (&letters[..MOST / 2 - 1], &letters[letters.len() - MOST / 2..]);
    start.iter().chain(&['…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_one_run_lacks_differ() {
        let run = |pairs: &[(&str, f64)]| {
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Setting::Number(*value)))
                .collect::<BTreeMap<_, _>>()
        };
        let first = run(&[("adam.beta", 0.9), ("learnt.scale", 1.0), ("learnt_rate", 1.0), ("seed", 1.0)]);
        let second = run(&[("learnt", 2.0), ("learnt_rate", 2.0), ("seed", 1.0)]);
        let (differences, same) = compare(&[&first, &second], &["learnt"]);
        let names: Vec<_> = differences.iter().map(|difference| difference.name.as_str()).collect();
        assert_eq!(names, ["adam.beta", "learnt_rate"]);
        assert_eq!(differences[0].values, [Some(Setting::Number(0.9)), None]);
        assert_eq!(same, run(&[("seed", 1.0)]));
    }

    #[test]
    fn long_words_keep_both_ends() {
        let path = Setting::Text(format!("/data/{}/prices.csv", "very/".repeat(20)));
        let short = shortened(&path);
        assert_eq!(short.chars().count(), 40);
        assert!(short.starts_with("/data/very/") && short.ends_with("/prices.csv"), "{short}");
        assert_eq!(shortened(&Setting::Number(0.5)), "0.5");
    }
}
