//! The split of samples in time order.

use proptest::prelude::*;
use recurrent_data::{Fractions, Split, SplitError};

fn split(samples: usize, train: f64, validation: f64) -> Result<Split, SplitError> {
    Split::by_position(samples, Fractions { train, validation })
}

#[test]
fn seventeen_years_of_windows_split_into_2986_and_1280() {
    let split = Split::by_position(4266, Fractions::default()).unwrap();
    assert_eq!(split, Split { train: 0..2986, validation: 2986..2986, test: 2986..4266 });
}

#[test]
fn a_fraction_means_its_decimal_digits() {
    assert_eq!(split(100, 0.29, 0.0).unwrap().train.len(), 29);
    assert_eq!(split(100_000, 0.57, 0.0).unwrap().train.len(), 57_000);
    assert_eq!(split(7, 0.999, 0.0).unwrap().train.len(), 6);
}

#[test]
fn illegal_fractions_are_refused() {
    let message = |train, validation| split(100, train, validation).unwrap_err().to_string();
    insta::assert_snapshot!(message(0.0, 0.0), @"a training fraction of 0 cannot be used; choose one above 0 and below 1, such as 0.7");
    insta::assert_snapshot!(message(1.0, 0.0), @"a training fraction of 1 cannot be used; choose one above 0 and below 1, such as 0.7");
    insta::assert_snapshot!(message(f64::NAN, 0.0), @"a training fraction of NaN cannot be used; choose one above 0 and below 1, such as 0.7");
    insta::assert_snapshot!(message(0.7, -0.1), @"a validation fraction of -0.1 cannot be used; choose one from 0 to below 1, such as 0.15");
    insta::assert_snapshot!(message(0.7, 1.0), @"a validation fraction of 1 cannot be used; choose one from 0 to below 1, such as 0.15");
    insta::assert_snapshot!(message(0.7, f64::INFINITY), @"a validation fraction of inf cannot be used; choose one from 0 to below 1, such as 0.15");
}

#[test]
fn a_part_without_samples_is_refused() {
    let message = |samples, train, validation| split(samples, train, validation).unwrap_err().to_string();
    insta::assert_snapshot!(message(1, 0.7, 0.0), @"a training fraction of 0.7 and a validation fraction of 0 leave none of the samples, 1 in all, for the training part; use more rows or other fractions");
    insta::assert_snapshot!(message(10, 0.7, 0.1), @"a training fraction of 0.7 and a validation fraction of 0.1 leave none of the samples, 10 in all, for the validation part; use more rows or other fractions");
    insta::assert_snapshot!(message(0, 0.7, 0.0), @"a training fraction of 0.7 and a validation fraction of 0 leave none of the samples, 0 in all, for the training part; use more rows or other fractions");
}

#[test]
fn unknown_fields_of_a_configuration_are_refused() {
    let fractions: Fractions = serde_json::from_str(r#"{"train": 0.8}"#).unwrap();
    assert_eq!(fractions, Fractions { train: 0.8, validation: 0.0 });
    assert!(serde_json::from_str::<Fractions>(r#"{"training": 0.8}"#).is_err());
}

proptest! {
    #[test]
    fn the_parts_cover_all_samples_in_order(
        samples in 0_usize..100_000, train in 0.0..1.0_f64, validation in 0.0..1.0_f64,
    ) {
        if let Ok(split) = split(samples, train, validation) {
            prop_assert_eq!(split.train.start, 0);
            prop_assert_eq!(split.train.end, split.validation.start);
            prop_assert_eq!(split.validation.end, split.test.start);
            prop_assert_eq!(split.test.end, samples);
            prop_assert!(!split.train.is_empty() && !split.test.is_empty());
            prop_assert_eq!(split.validation.is_empty(), validation == 0.0);
            let held = split.train.len() + split.validation.len();
            prop_assert!((held as f64 - train * samples as f64).abs() < 1.0 + 1e-6);
        }
    }
}
