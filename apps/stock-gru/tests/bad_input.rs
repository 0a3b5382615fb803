//! What the program says of what it cannot use: each message names the file, the place, and the remedy.

mod program;

use std::fs;

use insta::assert_snapshot;
use program::{Place, SMALL, csv};

fn with_price(price: &str) -> Place {
    let place = Place::new();
    let good = csv(30);
    let bad = good.lines().enumerate().map(|(i, line)| {
        let mut fields: Vec<_> = line.split(',').collect();
        if i == 4 {
            fields[4] = price;
        }
        fields.join(",") + "\n"
    });
    place.write("prices.csv", bad.collect::<String>());
    place
}

#[test]
fn files_that_hold_no_prices() {
    let place = Place::new();
    assert_snapshot!(place.complaint("--data missing.csv"), @"error: `<dir>/missing.csv`: no such file; check the path");
    assert_snapshot!(place.complaint("--data ."), @"error: `<dir>`: this is a folder; name the CSV file in it");
    place.write("empty.csv", "");
    assert_snapshot!(place.complaint("--data empty.csv"), @"error: `<dir>/empty.csv`: the file is empty; expected a header such as `Date,Open,High,Low,Close,Adj Close,Volume`");
    place.write("header.csv", "Date,Open,High,Low,Close,Adj Close,Volume\n");
    assert_snapshot!(place.complaint("--data header.csv"), @"error: `<dir>/header.csv`: holds a header but no rows; expected one row a day");
    place.write("prices.csv", csv(30));
    assert_snapshot!(place.complaint("--data prices.csv --column Settle"), @"error: `<dir>/prices.csv`: no column `Settle`; the columns are `Date`, `Open`, `High`, `Low`, `Close`, `Adj Close`, `Volume`");
    place.write("short.csv", csv(10));
    assert_snapshot!(place.complaint("--data short.csv --quiet"), @"error: 10 rows are too few for a window of 10, which needs at least 11; choose a shorter window or a longer series");
}

#[test]
fn prices_that_are_none() {
    assert_snapshot!(with_price("abc").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `abc`, which is no number; correct the line or remove it");
    assert_snapshot!(with_price("NaN").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `NaN`, which is not a finite number; correct the line or remove it");
    assert_snapshot!(with_price("inf").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `inf`, which is not a finite number; correct the line or remove it");
    assert_snapshot!(with_price("0").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `0`, but a price must be above zero; correct the line or remove it");
    assert_snapshot!(with_price("-5").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `-5`, but a price must be above zero; correct the line or remove it");
}

#[test]
fn folders_that_cannot_be_a_run() {
    let place = Place::new();
    place.succeed(&format!("train {SMALL} --run run --quiet"));
    assert_snapshot!(place.complaint(&format!("train {SMALL} --run run --quiet")), @"error: run: holds a run already; continue it with `--resume`, or name another folder with `--run`");
    place.write("file", "");
    assert_snapshot!(place.complaint(&format!("train {SMALL} --run file --quiet")), @"error: file: is a file, expected a folder for the run; name another with `--run`");
    fs::create_dir(place.path("empty")).unwrap();
    assert_snapshot!(place.complaint("train --resume empty --quiet"), @"error: empty: holds no config.json, so it is no run's folder; check the path");
    let config = fs::read_to_string(place.path("run/config.json")).unwrap();
    fs::create_dir(place.path("other")).unwrap();
    place.write("other/config.json", config.replace("stock-gru", "text-rnn"));
    assert_snapshot!(place.complaint("train --resume other --quiet"), @"error: other: is a run of `text-rnn`, expected one of `stock-gru`; open it with the program that made it");
}

#[test]
fn weights_that_are_damaged() {
    let damaged = |damage: fn(&mut Vec<u8>)| {
        let place = Place::new();
        place.succeed(&format!("train {SMALL} --run run --seed 1 --quiet"));
        let (name, mut bytes) = place.weights("run");
        damage(&mut bytes);
        place.write(&format!("run/checkpoints/{name}"), bytes);
        without_hashes(&place.complaint("evaluate --run run --quiet").replace(&name, "<weights>"))
    };
    assert_snapshot!(damaged(|bytes| bytes.truncate(100)), @"error: run/checkpoints/<weights>: has 100 bytes, expected 676; take a whole copy of the file, or train again");
    assert_snapshot!(damaged(|bytes| bytes[200] ^= 1), @"error: run/checkpoints/<weights>: was changed after it was written: its SHA-256 is <hash>…, expected <hash>…; take a whole copy of the file, or train again");
    assert_snapshot!(damaged(|bytes| bytes[..8].copy_from_slice(&(1u64 << 42).to_le_bytes())), @"error: run/checkpoints/<weights>: was changed after it was written: its SHA-256 is <hash>…, expected <hash>…; take a whole copy of the file, or train again");
}

/// The weights, and so their checksum, differ between processors.
fn without_hashes(text: &str) -> String {
    let words = text.split(' ').map(|word| match word.find('…') {
        Some(end) => format!("<hash>{}", &word[end..]),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn weights_of_another_model() {
    let place = Place::new();
    place.succeed(&format!("train {SMALL} --run run --seed 1 --quiet"));
    place.succeed(
        &format!("train {SMALL} --run other --seed 1 --quiet --hidden 5").replace("--hidden 4 ", ""),
    );
    let (name, _) = place.weights("run");
    let (other, _) = place.weights("other");
    for ending in ["safetensors", "json"] {
        let with = |name: &str| name.replace("safetensors", ending);
        fs::copy(
            place.path("other/checkpoints").join(with(&other)),
            place.path("run/checkpoints").join(with(&name)),
        )
        .unwrap();
    }
    assert_snapshot!(place.complaint("evaluate --run run --quiet").replace(&name, "<weights>"), @r#"error: run/checkpoints/<weights>: holds another model (stock-gru: {"hidden":5,"layers":1,"reset":"before","dropout":0.0,"output":"price"}): parameter `kernel` has shape [5, 1], expected [4, 1], parameter `layers.layers.0.bias` has shape [1, 15], expected [1, 12], parameter `layers.layers.0.kernel` has shape [1, 15], expected [1, 12], and 1 more; load it with the settings it was trained with"#);
}

#[test]
#[cfg(not(feature = "cuda"))]
fn backends_that_are_not_there() {
    let place = Place::new();
    let complaint = place.complaint(&format!("train {SMALL} --run run --quiet --backend cuda"));
    assert!(complaint.starts_with("error: backend `cuda` is not part of this build"), "{complaint}");
    assert!(complaint.contains("--features cuda"), "{complaint}");
    assert!(!place.path("run").exists(), "nothing is left behind");
    let said = place.run("train --backend tpu");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("the backends are flex, ndarray, wgpu and cuda"), "{}", said.err);
    for options in ["--window 0", "--window 1", "--epochs 0", "--dropout 1", "--learning-rate -1"] {
        assert_eq!(place.run(options).code, Some(2), "{options}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told() {
    let place = Place::new();
    let disk = place.path("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(&disk)
        .stderr(std::process::Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        #[allow(clippy::print_stdout)] // tells that the test could do nothing
        {
            println!("skipped: only root can mount a small disk");
        }
        return;
    }
    let complaint = std::panic::catch_unwind(|| {
        place.complaint(
            &format!("train {SMALL} --hidden 128 --run disk/run --quiet").replace("--hidden 4 ", ""),
        )
    });
    let unmounted = std::process::Command::new("umount").arg(&disk).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    let complaint = complaint.unwrap();
    assert!(complaint.starts_with("error: cannot write disk/run/"), "{complaint}");
    assert!(complaint.contains("No space left on device"), "{complaint}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_cannot_be_written_is_told() {
    let place = Place::new();
    let complaint = place.complaint(&format!("train {SMALL} --run /proc/run --quiet"));
    assert!(complaint.starts_with("error: cannot create folder /proc/run"), "{complaint}");
}
