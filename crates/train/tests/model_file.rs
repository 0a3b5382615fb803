//! The one file that a model ships as: whole or refused, whatever its bytes.

use burn::nn::{Linear, LinearConfig};
use burn::tensor::Device;
use recurrent_backend::BackendKind;
use recurrent_train::ModelFile;

fn device() -> Device {
    BackendKind::Flex.open().unwrap()
}

fn line(width: usize) -> Linear {
    LinearConfig::new(width, 2).init(&device())
}

fn file() -> ModelFile {
    let mut file = ModelFile::new("line");
    file.texts.insert("settings".to_owned(), r#"{"width":3,"words":["a \"b\"","ü"]}"#.to_owned());
    file.texts.insert("vocabulary".to_owned(), String::new());
    file.insert_module("network", &line(3));
    file
}

#[test]
fn texts_and_parameters_come_back_bit_for_bit_and_the_same_model_is_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [folder.path().join("a.safetensors"), folder.path().join("b.safetensors")];
    let written = file();
    paths.iter().for_each(|path| written.write(path).unwrap());
    assert_eq!(std::fs::read(&paths[0]).unwrap(), std::fs::read(&paths[1]).unwrap());
    let read = ModelFile::read(&paths[0], "line").unwrap();
    assert_eq!(read.texts, written.texts);
    assert_eq!(read.text("vocabulary").unwrap(), "");
    let again = read.module("network", line(3)).unwrap();
    assert_eq!(again.weight.val().to_data(), written.tensors["network.weight"]);
    assert_eq!(again.bias.unwrap().val().to_data(), written.tensors["network.bias"]);
}

#[test]
fn every_flipped_byte_and_every_cut_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    file().write(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        std::fs::write(&path, bytes).unwrap();
        // A change of the header that means the same, such as one blank for another, harms nothing.
        if let Ok(read) = ModelFile::read(&path, "line") {
            assert_eq!(
                (read.texts, read.tensors),
                (file_of(&whole).texts, file_of(&whole).tensors),
                "byte {at}"
            );
        }
    }
    for end in 0..whole.len() {
        std::fs::write(&path, &whole[..end]).unwrap();
        assert!(ModelFile::read(&path, "line").is_err(), "cut at {end}");
    }
}

fn file_of(bytes: &[u8]) -> ModelFile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    std::fs::write(&path, bytes).unwrap();
    ModelFile::read(&path, "line").unwrap()
}

#[test]
fn what_is_no_such_file_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let complaint =
        |error: recurrent_train::Error| error.to_string().replace(&path.display().to_string(), "FILE");
    insta::assert_snapshot!(complaint(ModelFile::read(&path, "line").unwrap_err()), @"cannot read FILE");

    file().write(&path).unwrap();
    insta::assert_snapshot!(complaint(ModelFile::read(&path, "tree").unwrap_err()), @"FILE: holds a line, expected a tree");
    let read = ModelFile::read(&path, "line").unwrap();
    insta::assert_snapshot!(complaint(read.module("network", line(4)).unwrap_err()), @"FILE: holds a model of other settings than its own: parameter `weight` has shape [3, 2], expected [4, 2]; take a whole copy of the file, or train again");
    insta::assert_snapshot!(complaint(read.text("words").unwrap_err()), @"FILE: holds no `words`; take a whole copy of the file, or train again");

    let mut header = (1u64 << 40).to_le_bytes().to_vec();
    header.extend_from_slice(b"{}");
    std::fs::write(&path, header).unwrap();
    insta::assert_snapshot!(complaint(ModelFile::read(&path, "line").unwrap_err()), @"FILE: is no whole safetensors file: its header claims 1099511627776 bytes, and the file has 10; take a whole copy of the file, or train again");

    let plain = br#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let mut bytes = (plain.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(plain);
    bytes.extend_from_slice(&[0; 4]);
    std::fs::write(&path, bytes).unwrap();
    insta::assert_snapshot!(complaint(ModelFile::read(&path, "line").unwrap_err()), @"FILE: is a safetensors file, but not one that a whole model ships as (model.safetensors in a run's folder); weights alone do not say what they are of");
}
