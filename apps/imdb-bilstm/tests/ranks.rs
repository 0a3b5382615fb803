//! A training on several processes, all its stages: the same to the last bit as on one. Needs `mpirun`.

#[path = "program/archive.rs"]
mod archive;
mod program;

use archive::partly_labelled;
use program::{place, small};
use program_tests::ranks::{Mpirun, kept};

/// Pre-training, a teacher, and two networks.
const STAGES: &str =
    "--data reviews.tar.gz --unlabelled --teacher-epochs 2 --members 2 --pretrain-epochs 2 --epochs 2";

#[test]
fn any_number_of_ranks_is_alike() {
    let Some(mpirun) = Mpirun::find() else { return };
    let place = place();
    place.write("reviews.tar.gz", partly_labelled());
    mpirun.assert_any_number_alike(&place, &format!("train {}", small(STAGES)));
    assert!(kept(&place, "4-2").keys().any(|name| name.starts_with("teacher")));
}

#[test]
fn each_stage_goes_on_with_other_numbers_of_ranks() {
    let Some(mpirun) = Mpirun::find() else { return };
    let place = place();
    place.write("reviews.tar.gz", partly_labelled());
    let line = small(&format!("{STAGES} --shards 4 --quiet"));
    assert_eq!(mpirun.run(&place, 1, &format!("train {line} --run whole")).code, Some(0));
    let steps = |run: &str| place.json(&format!("{run}/checkpoints/last.json"))["progress"]["step"].as_u64();
    assert!(steps("whole").is_some_and(|steps| steps > 2));
    let begun = mpirun.run(&place, 3, &format!("train {line} --run run --max-steps 3"));
    assert_eq!(begun.code, Some(0), "{}", begun.err);
    for (ranks, most) in [(2, 20), (1, 40), (4, 60), (3, 100_000)] {
        let said = mpirun.run(&place, ranks, &format!("train --resume run --max-steps {most} --quiet"));
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
    assert!(kept(&place, "run") == kept(&place, "whole"));
}
