//! Files of PyTorch, Keras and ONNX compute here what they compute there, or are refused with a reason.
//!
//! Read are the files of `tests/files`, and where the environment variable `RECURRENT_INTERCHANGE` names a folder laid
//! out alike, every file there.

#![allow(
    clippy::print_stdout,
    reason = "how many files were compared is what a reader of the test wants to know"
)]

mod support;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use recurrent_exchange::{ForeignFile, OtherActivations, Told};
use support::{Model, Sheet, difference, files, name};

/// What the reason for refusing a file has to say, in the file's error or those behind it.
const REASONS: &[(&str, &str)] = &[
    ("empty.pt", "is empty"),
    ("text.pt", "Git has not fetched"),
    ("noise.pt", "begins with the bytes"),
    ("truncated.pt", "damaged zip archive"),
    ("truncated.old.pt", "take a whole copy"),
    ("flipped.pt", "hecksum"),
    ("other_zip.pt", "is a zip archive of neither PyTorch"),
    ("command.pt", "system"),
    ("command.old.pt", "holds no tensor"),
    ("whole_module.pt", ""),
    ("scripted.pt", "TorchScript"),
    ("no_weights.pt", "holds no tensor"),
    ("missing.pt", "there is no tensor `weight_hh_l0`; there are `bias_ih_l0`, `weight_ih_l0`"),
    ("shape.pt", "columns, expected 1, 3 or 4 times as many rows as columns"),
    ("nan.pt", "`bias_hh_l0` has a weight that is NaN"),
    ("convolution.pt", "there is no recurrent layer"),
    ("length.safetensors", "damaged safetensors file"),
    ("relu_lstm.keras", "Relu for the activation of its candidate"),
    ("hard_sigmoid.h5", "HardSigmoid for the activation of its gates"),
    ("convolution.keras", "is a `Conv1D`"),
    ("truncated.h5", "take a whole copy"),
    ("text.h5", "is a text that begins with"),
    ("other_zip.keras", "is a zip archive of neither PyTorch"),
];

fn folders() -> Vec<PathBuf> {
    let named = env::var_os("RECURRENT_INTERCHANGE").map(PathBuf::from);
    std::iter::once(support::committed()).chain(named).collect()
}

#[test]
fn files_compute_what_their_framework_computed() {
    for folder in folders() {
        let mut compared = 0;
        let mut faults = String::new();
        for kind in ["pytorch", "keras", "onnx"] {
            for path in files(&folder.join(kind)) {
                // Sheets, and weights that a model has in a file beside it.
                if path.extension().is_some_and(|ending| ending == "json" || ending == "data") {
                    continue;
                }
                match compare(&path, kind) {
                    Ok(()) => compared += 1,
                    Err(fault) => faults += &format!("{}: {fault}\n", path.display()),
                }
            }
        }
        assert!(faults.is_empty(), "{faults}");
        println!("{compared} files of {} compute here what they compute there", folder.display());
        assert!(compared > 0);
    }
}

/// Compares every output of every case, and every parameter that the sheet names.
fn compare(path: &Path, kind: &str) -> Result<(), String> {
    let file_name = name(path);
    let stem = file_name.split('.').next().unwrap_or_default();
    let sheet = match kind {
        "onnx" => path.with_extension("json"),
        _ => path.with_file_name(format!("{stem}.json")),
    };
    if !sheet.exists() {
        return Err("an unknown file: no sheet says what it is".to_owned());
    }
    let sheet = Sheet::read(&sheet);
    // Weights of half the precision give other outputs.
    let tolerance = match file_name.split('.').nth(1) {
        Some("float16") => 2e-3,
        Some("bfloat16") => 2e-2,
        _ => 1e-5,
    };
    let file = ForeignFile::open(path).map_err(|error| error.to_string())?;
    let (model, found) = Model::read(&file, &sheet).map_err(|error| error.to_string())?;
    check_found(&sheet, &found)?;
    if kind == "pytorch" && !file_name.contains("checkpoint") && !file_name.contains("parallel") {
        check_parameters(&file, &sheet, tolerance)?;
    }
    for (number, case) in sheet.cases.iter().enumerate() {
        let ours = model.run(&case.inputs);
        for theirs in &case.outputs {
            let (shape, numbers) = ours.get(&theirs.name).ok_or(format!("no output `{}`", theirs.name))?;
            if *shape != theirs.shape {
                return Err(format!(
                    "case {number}, {}: {shape:?}, expected {:?}",
                    theirs.name, theirs.shape
                ));
            }
            let difference = difference(numbers, &theirs.data);
            if difference.is_nan() || difference > tolerance {
                return Err(format!("case {number}, {}: differs by {difference:e}", theirs.name));
            }
        }
    }
    Ok(())
}

/// What was found is what the sheet says that the model is.
fn check_found(sheet: &Sheet, found: &recurrent_exchange::Layers) -> Result<(), String> {
    let model = &sheet.model;
    let Some(hidden) = model["hidden"].as_u64() else { return Ok(()) };
    let first = &found.layers[0];
    let config = &first.config;
    let is = |what: &str, ours: u64, theirs: u64| {
        if ours == theirs { Ok(()) } else { Err(format!("{what} {ours}, expected {theirs}")) }
    };
    is("units", config.d_hidden as u64, hidden)?;
    is("features", config.d_input as u64, model["input"].as_u64().unwrap_or(0))?;
    is("layers", found.layers.len() as u64, model["layers"].as_u64().unwrap_or(1))?;
    is("biases", config.bias.into(), model["bias"].as_bool().unwrap_or(true).into())?;
    is("directions", first.weights.len() as u64, if model["bidirectional"] == true { 2 } else { 1 })?;
    is("projected to", config.projection.unwrap_or(0) as u64, model["projected"].as_u64().unwrap_or(0))?;
    let cell = format!("{:?}", config.cell).to_lowercase();
    let (wanted, reset) = (model["cell"].as_str().unwrap_or(""), model["reset"].as_str().unwrap_or(""));
    let is_same = cell.starts_with(wanted) && cell.contains(reset);
    if is_same { Ok(()) } else { Err(format!("the cell {cell}, expected {wanted} {reset}")) }
}

fn check_parameters(file: &ForeignFile, sheet: &Sheet, tolerance: f64) -> Result<(), String> {
    for (name, digest) in &sheet.parameters {
        let data = file.tensor(name).map_err(|error| error.to_string())?;
        if data.shape().to_vec() != digest.shape {
            return Err(format!("`{name}` has the shape {:?}", data.shape()));
        }
        let numbers: Vec<f32> = data.iter::<f32>().collect();
        let ends = [numbers[0], numbers[numbers.len() - 1]];
        let difference = difference(&ends, &[digest.first.into(), digest.last.into()]);
        if difference > tolerance {
            return Err(format!("`{name}` differs by {difference:e}"));
        }
    }
    Ok(())
}

#[test]
fn files_that_cannot_be_read_say_why() {
    for folder in folders() {
        let mut refused = 0;
        let mut faults = String::new();
        for path in files(&folder.join("refused")) {
            let file_name = name(&path);
            if file_name == "why.json" {
                continue;
            }
            let Some((_, reason)) = REASONS.iter().find(|(name, _)| *name == file_name) else {
                faults += &format!("{}: an unknown file\n", path.display());
                continue;
            };
            let read = ForeignFile::open(&path).and_then(|file| file.layers("", &Told::default()));
            match read {
                // A pickled module may be read as its state dict, since nothing of it runs.
                Ok(layers) if file_name == "whole_module.pt" => assert_eq!(layers.layers.len(), 1),
                Ok(_) => faults += &format!("{file_name} is read\n"),
                Err(error) if !error.to_string().contains(reason) => {
                    faults += &format!("{file_name}: `{error}` does not say `{reason}`\n");
                }
                Err(_) => refused += 1,
            }
        }
        assert!(faults.is_empty(), "{faults}");
        println!("{refused} files of {} are refused with their reasons", folder.display());
        assert!(refused > 0);
    }
}

/// What is refused because it is slow, or because of what stands before it, is read by who asks for it.
#[test]
fn a_caller_can_ask_for_what_is_refused_otherwise() {
    let open = |name: &str| ForeignFile::open(support::committed().join("refused").join(name)).unwrap();
    let composed = Told::default().with_others(OtherActivations::Composed);
    for name in ["relu_lstm.keras", "hard_sigmoid.h5"] {
        assert_eq!(open(name).layers("", &composed).unwrap().layers.len(), 1, "{name}");
    }
    let by_name = open("convolution.keras").layers("lstm", &Told::default()).unwrap();
    assert_eq!(by_name.layers[0].config.d_input, 4);
}

#[test]
fn names_that_are_wrong_are_answered_with_those_that_there_are() {
    let file = ForeignFile::open(support::committed().join("pytorch/char_model.old.pt")).unwrap();
    let said = |error: Result<(), recurrent_exchange::Error>| {
        let error = error.unwrap_err().to_string();
        error.split_once("char_model.old.pt: ").expect("the file").1.to_owned()
    };
    let no_layer = file.layers("lstm", &Told::default()).map(drop);
    assert_eq!(said(no_layer), "there is no recurrent layer `lstm`; there is `rnn`");
    let no_linear = file.linear("fc").map(drop);
    assert_eq!(said(no_linear), "there is no linear layer `fc`; there are `decoder`, `encoder`");
    let no_tensor = file.tensor("fc.weight").map(drop);
    assert!(said(no_tensor).starts_with("there is no tensor `fc.weight`; there are `decoder.bias`, "));
    assert_eq!(file.recurrent(), ["rnn"]);
}

/// `nn.LSTMCell` is a layer too; its names have no number.
#[test]
fn a_cell_of_pytorch_is_a_layer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cell.safetensors");
    let mut bytes = fs::read(support::committed().join("pytorch/lstm.safetensors")).unwrap();
    for start in 0..bytes.len() - 3 {
        if &bytes[start..start + 4] == b"_l0\"" {
            // The header's length stays; JSON may have blanks.
            bytes[start..start + 4].copy_from_slice(b"\"   ");
        }
    }
    fs::write(&path, bytes).unwrap();
    let of =
        |path: &Path| ForeignFile::open(path).and_then(|file| file.layers("", &Told::default())).unwrap();
    let layer = of(&support::committed().join("pytorch/lstm.safetensors"));
    assert_eq!(of(&path).layers[0].weights, layer.layers[0].weights);
}

/// PyTorch's folder in the archive is named after the file; some readers of archives stumble over names of certain
/// lengths.
#[test]
fn an_archive_opens_whatever_the_length_of_its_folders_name() {
    let original = support::committed().join("pytorch/lstm.pt");
    let folder = tempfile::tempdir().unwrap();
    for length in 1..40 {
        let name = "m".repeat(length);
        let mut old = zip::ZipArchive::new(fs::File::open(&original).unwrap()).unwrap();
        let path = folder.path().join(format!("{name}.pt"));
        let mut new = zip::ZipWriter::new(fs::File::create(&path).unwrap());
        let stored =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for place in 0..old.len() {
            let mut entry = old.by_index(place).unwrap();
            let within = entry.name().unwrap().split_once('/').unwrap().1.to_owned();
            new.start_file(format!("{name}/{within}"), stored).unwrap();
            std::io::copy(&mut entry, &mut new).unwrap();
        }
        new.finish().unwrap();
        let read = ForeignFile::open(&path).and_then(|file| file.layers("", &Told::default()));
        assert!(read.is_ok(), "a folder's name of {length} characters: {}", read.unwrap_err());
    }
}

/// A file may not lead out of its folder.
#[test]
fn weights_beside_a_model_are_looked_for_in_its_folder_alone() {
    let folder = support::committed().join("onnx");
    let model = fs::read(folder.join("lstm.external.onnx")).unwrap();
    let beside = fs::read(folder.join("lstm.external.onnx.data")).unwrap();
    let outside = tempfile::tempdir().unwrap();
    let inside = outside.path().join("inside");
    fs::create_dir(&inside).unwrap();
    // Names of the same length, so that nothing else of the message changes.
    let (name, elsewhere) = ("lstm.external.onnx.data", "../stm.external.onnx.da");
    fs::write(outside.path().join("stm.external.onnx.da"), &beside).unwrap();
    let text = String::from_utf8_lossy(&model).into_owned();
    assert!(text.contains(name));
    let mut changed = model.clone();
    for start in 0..model.len() - name.len() {
        if &model[start..start + name.len()] == name.as_bytes() {
            changed[start..start + name.len()].copy_from_slice(elsewhere.as_bytes());
        }
    }
    let path = inside.join("model.onnx");
    fs::write(&path, &model).unwrap();
    let missing = ForeignFile::open(&path).unwrap_err().to_string();
    assert!(missing.contains("copy both files"), "{missing}");
    fs::write(&path, changed).unwrap();
    let refused = ForeignFile::open(&path).unwrap_err().to_string();
    assert!(refused.ends_with("expected a file beside the model"), "{refused}");
}
