//! `ranks` times every case that it names: those of one process, and where the program speaks MPI and there is a launcher those of two.

use std::process::Command;

use program_tests::ranks::Mpirun;
use serde_json::Value;

#[test]
fn every_case_has_its_figures() {
    let several = cfg!(feature = "mpi");
    if several && Mpirun::find().is_none() {
        return;
    }
    let mpirun = std::env::var("MPIRUN").unwrap_or_else(|_| "mpirun".to_owned());
    let mut command = Command::new(env!("CARGO_BIN_EXE_recurrent-bench"));
    command.args("ranks --workload gru --steps 1 --rounds 1 --format json --mpirun".split_whitespace());
    let output = command.arg(mpirun).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), if several { 5 } else { 3 });
    for row in &rows {
        assert!(row["step_s"].as_f64().is_some_and(|seconds| seconds > 0.0), "{row}");
        // Two ranks send each other half of the sum of the gradients, and the sum of their half.
        let megabytes = row["megabytes_sent"].as_f64().unwrap();
        assert_eq!(megabytes > 0.79, row["ranks"] == 2, "{row}");
    }
}
