//! Exported models in the frameworks that they were written for: a Python that has these, where there is one.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::Place;

/// A Python with some packages.
#[derive(Debug)]
pub struct Peer {
    python: OsString,
}

impl Peer {
    /// The Python of `RECURRENT_PYTHON`, or `python3`, where it can import these packages; else none, and a line that says so.
    pub fn with(packages: &[&str]) -> Option<Self> {
        let python = env::var_os("RECURRENT_PYTHON").unwrap_or_else(|| "python3".into());
        let import = format!("import {}", packages.join(", "));
        let tried = Command::new(&python).args(["-c", &import]).output();
        if tried.is_ok_and(|tried| tried.status.success()) {
            return Some(Self { python });
        }
        #[allow(clippy::print_stdout)] // so that a test run tells what it left out
        let () = println!("skipped: {} has not all of {}", python.display(), packages.join(", "));
        None
    }

    /// What an example prints that a program has printed, in the folder that the program was run in.
    pub fn run(&self, place: &Place, example: &str) -> String {
        place.write("example.py", example);
        self.succeed(place, &["example.py"])
    }

    /// Asserts that the model of an example gives what the program gives, on `cases` of [`case`].
    pub fn compare(&self, place: &Place, example: &str, cases: &[Value]) {
        place.write("example.py", example);
        place.write("cases.json", Value::from(cases).to_string());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/compare.py");
        let said = self.succeed(place, &[&script.to_string_lossy(), "example.py", "cases.json"]);
        #[allow(clippy::print_stdout)] // what was compared is what a reader of the test wants to know
        let () = println!("{}", said.trim_end());
    }

    fn succeed(&self, place: &Place, arguments: &[&str]) -> String {
        let mut command = Command::new(&self.python);
        command
            .args(arguments)
            .current_dir(place.path(""))
            .env("PYTHONUTF8", "1")
            .env("TF_CPP_MIN_LOG_LEVEL", "3");
        let output = command.output().expect("Python starts");
        let [out, err] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(output.status.success(), "Python failed:\n{out}{err}");
        out
    }
}

/// ONNX Runtime, PyTorch and Keras, where they are.
pub fn frameworks() -> [Option<Peer>; 3] {
    let packages = [&["onnxruntime"][..], &["torch", "safetensors"], &["keras", "safetensors"]];
    packages.map(|packages| Peer::with(&[&["numpy"], packages].concat()))
}

/// Inputs and the outputs that belong to them, each by name with its kind of numbers and shape.
pub fn case<'a>(
    inputs: impl IntoIterator<Item = (&'a str, Value)>,
    outputs: impl IntoIterator<Item = (&'a str, Value)>,
) -> Value {
    let map =
        |named: Vec<(&str, Value)>| named.into_iter().map(|(name, array)| (name.to_owned(), array)).collect();
    let inputs: serde_json::Map<_, _> = map(inputs.into_iter().collect());
    let outputs: serde_json::Map<_, _> = map(outputs.into_iter().collect());
    json!({ "inputs": inputs, "outputs": outputs })
}

/// Numbers with their kind, as NumPy calls it, and shape.
pub fn array(dtype: &str, shape: &[usize], numbers: impl Into<Value>) -> Value {
    json!({ "dtype": dtype, "shape": shape, "data": numbers.into() })
}
