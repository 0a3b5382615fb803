//! A training on several processes: the same to the last bit as on one. Needs `mpirun`.

mod program;

use program::{place, small};
use program_tests::ranks::Mpirun;

#[test]
fn any_number_of_ranks_is_alike() {
    let Some(mpirun) = Mpirun::find() else { return };
    let place = place();
    mpirun.assert_any_number_alike(&place, &format!("train {}", small("--patience 2")));
    assert_eq!(place.json("4-3/summary.json")["shards"], 4);
    assert_eq!(place.json("4-1/summary.json")["waiting"], 0.0);
    let waiting = place.json("4-3/summary.json")["waiting"].as_f64().unwrap();
    assert!(waiting > 0.0 && waiting < 1.0, "{waiting}");
}

#[test]
fn the_report_names_ranks_and_shards() {
    let Some(mpirun) = Mpirun::find() else { return };
    let place = place();
    let said = mpirun.run(&place, 2, &small("--shards 4 --run run"));
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(said.out.matches("Verdict").count(), 1, "said by one:\n{}", said.out);
    let report = std::fs::read_to_string(place.path("run/report.html")).unwrap();
    for words in ["shards of a batch", "ranks", "waiting for each other", "% of the time of the first"] {
        assert!(report.contains(words), "no `{words}` in the report");
    }
}
