//! The handle: loading from a run's folder and from one file, classifying from many threads, and what it says of what is
//! damaged.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use recurrent_backend::BackendKind;
use recurrent_classifier::{Classifier, Error, Said};
use recurrent_data::reviews::tokenise;

/// A run of `imdb-bilstm` as it was before there were model files, on the demo reviews:
/// `imdb-bilstm train --data demo --num-words 150 --embedding 8 --hidden 8 --epochs 8 --learning-rate 0.02`.
fn run() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runs/demo")
}

fn loaded() -> Classifier {
    Classifier::load(run()).unwrap()
}

const TEXTS: [&str; 3] = [
    "At first the film was truly, to my mind, dull. In the end the story was not, I have to say, bad.",
    "At first the music was not, as we all know by now, dull. In the end it was truly hollow.",
    "A thief writes a song near the harbour.",
];

/// The probabilities of being positive that the program printed which wrote the run, and the words that it knew.
const PRINTED: [(f64, usize, usize); 3] =
    [(0.9972972060371948, 22, 22), (0.01852774334162268, 20, 19), (0.28342017489717347, 8, 8)];

#[test]
fn a_run_of_today_says_what_it_said() {
    let reader = loaded();
    for (text, (positive, words, known)) in TEXTS.iter().zip(PRINTED) {
        let said = reader.classify(text).unwrap();
        assert!((said.positive() - positive).abs() < 1e-5, "{text}: {said:?}, not {positive}");
        assert_eq!((said.words, said.known), (words, known), "{text}");
        let label = if positive > 0.5 { "positive" } else { "negative" };
        assert_eq!(said.label, label, "{text}");
        assert!((said.probability - positive.max(1.0 - positive)).abs() < 1e-5, "{text}: {said:?}");
    }
    let sha256 = reader.settings().data_sha256.as_deref().unwrap();
    assert!(sha256.starts_with("cc550620"), "{sha256}");
}

#[test]
fn a_folder_and_the_one_file_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let reader = loaded();
    reader.save(&path).unwrap();
    let again = Classifier::load(&path).unwrap();
    assert_eq!(again.settings(), reader.settings());
    assert_eq!(again.vocabulary(), reader.vocabulary());
    assert_eq!(again.classify_all(&TEXTS).unwrap(), reader.classify_all(&TEXTS).unwrap());
    assert_eq!(again.explain(TEXTS[0]).unwrap(), reader.explain(TEXTS[0]).unwrap());
    let device = BackendKind::Flex.open().unwrap();
    let on_device = Classifier::load_on(&path, &device).unwrap();
    assert_eq!(on_device.classify(TEXTS[1]).unwrap(), reader.classify(TEXTS[1]).unwrap());
    // Written again, it is the same file, and it knows no place of the machine.
    let copy = folder.path().join("copy.safetensors");
    again.save(&copy).unwrap();
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes, fs::read(&copy).unwrap());
    let place = folder.path().to_string_lossy().into_owned();
    for word in [place.as_str(), "tests/runs", "seed", "patience"] {
        let word = word.as_bytes();
        assert!(!bytes.windows(word.len()).any(|part| part == word), "the file speaks of {word:?}");
    }
}

#[test]
fn many_at_once_are_in_order_and_nearly_the_same_alone() {
    let reader = loaded();
    let texts: Vec<&str> = TEXTS.into_iter().cycle().take(200).collect();
    let all = reader.classify_all(&texts).unwrap();
    assert_eq!(all.len(), texts.len());
    for (text, said) in texts.iter().zip(all) {
        let alone = reader.classify(text).unwrap();
        assert!((said.score - alone.score).abs() < 1e-4, "{text}: {said:?} beside others, {alone:?} alone");
    }
    assert!(reader.classify_all(&[]).unwrap().is_empty());
}

#[test]
fn eight_threads_at_once_say_the_same() {
    const fn is_shared<T: Send + Sync + Clone + 'static>() {}
    const { is_shared::<Classifier>() };

    let reader = loaded();
    let of = |reader: &Classifier| -> (Vec<Said>, Vec<f32>) {
        let said = TEXTS.iter().map(|text| reader.classify(text).unwrap()).collect();
        let effects = reader.explain(TEXTS[0]).unwrap().into_iter().map(|word| word.effect).collect();
        (said, effects)
    };
    let alone = of(&reader);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let reader = reader.clone();
            std::thread::spawn(move || (0..20).map(|_| of(&reader)).collect::<Vec<_>>())
        })
        .collect();
    for thread in threads {
        assert!(thread.join().unwrap().into_iter().all(|said| said == alone));
    }
}

#[test]
fn every_word_has_an_effect_in_the_order_of_the_text() {
    let reader = loaded();
    let effects = reader.explain(TEXTS[0]).unwrap();
    let words: Vec<_> = effects.iter().map(|word| word.word.as_str()).collect();
    assert_eq!(words, tokenise(TEXTS[0]));
    // `not` turns the last word of judgement round, and both speak for it together.
    let of = |word: &str| effects.iter().find(|it| it.word == word).unwrap().effect;
    assert!(of("not") > 1.0 && of("bad") > 1.0 && of("film").abs() < 0.5, "{effects:?}");
}

#[test]
fn texts_that_cannot_be_classified() {
    let reader = loaded();
    let long = "good ".repeat(250_000);
    let complaint = |result: Result<Vec<Said>, Error>| result.unwrap_err().to_string();
    insta::assert_snapshot!(reader.classify(" \n").unwrap_err(), @"the text is empty; there is nothing to classify");
    insta::assert_snapshot!(reader.explain("").unwrap_err(), @"the text is empty; there is nothing to classify");
    insta::assert_snapshot!(complaint(reader.classify_all(&["A film.", ""])), @"text 2 is empty; there is nothing to classify");
    insta::assert_snapshot!(complaint(reader.classify_all(&[&long])), @"text 1 holds 1250000 bytes, more than the 1048576 of any review; cut it");
}

/// The run in a folder of its own, whose place is `<dir>` in what is said of it.
struct Copied(tempfile::TempDir);

impl Copied {
    fn new() -> Self {
        let copied = Self(tempfile::tempdir().unwrap());
        fs::create_dir(copied.path("checkpoints")).unwrap();
        for folder in ["", "checkpoints"] {
            for entry in fs::read_dir(run().join(folder)).unwrap() {
                let entry = entry.unwrap();
                if entry.path().is_file() {
                    fs::copy(entry.path(), copied.path(folder).join(entry.file_name())).unwrap();
                }
            }
        }
        copied
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn change(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "no {from} in {name}");
        fs::write(self.path(name), text.replace(from, to)).unwrap();
    }

    fn complaint(&self) -> String {
        let mut error: &dyn std::error::Error = &Classifier::load(self.0.path()).unwrap_err();
        let mut said = error.to_string();
        while let Some(cause) = error.source() {
            // A cause that only repeats what stands around it says nothing.
            if cause.to_string() != error.to_string() {
                said += &format!("\n{cause}");
            }
            error = cause;
        }
        said.replace(&*self.0.path().to_string_lossy(), "<dir>")
    }
}

#[test]
fn a_damaged_run_is_an_error_that_names_the_file() {
    let changed = |name: &str, from: &str, to: &str| {
        let copied = Copied::new();
        copied.change(name, from, to);
        copied.complaint()
    };
    insta::assert_snapshot!(changed("config.json", "\"hidden\": 8", "\"hidden\": 0"), @"<dir>/config.json: `hidden` is 0, expected a whole number from 1 to 8192; correct it, or start a new run");
    insta::assert_snapshot!(changed("config.json", "\"num_words\": 150", "\"num_words\": 3"), @"<dir>/config.json: does not hold a run's settings: num_words is 3, but the first word has index 4; choose at least 5; start a new run");
    insta::assert_snapshot!(changed("config.json", "\"reading\"", "\"writing\""), @"<dir>/config.json: does not hold a run's settings: missing field `reading`; start a new run");
    insta::assert_snapshot!(changed("vocabulary.json", "film", "movie"), @"<dir>/vocabulary.json: is not the vocabulary that the run was trained with, so its weights have no meaning; start a new run");
    let other = changed("config.json", "\"hidden\": 8", "\"hidden\": 9");
    assert!(
        other.starts_with("<dir>/checkpoints/weights") && other.contains("holds another model"),
        "{other}"
    );

    let copied = Copied::new();
    fs::remove_file(copied.path("vocabulary.json")).unwrap();
    insta::assert_snapshot!(copied.complaint(), @r"
    cannot read <dir>/vocabulary.json
    No such file or directory (os error 2)
    ");
    fs::remove_file(copied.path("config.json")).unwrap();
    insta::assert_snapshot!(copied.complaint(), @"<dir>: holds no config.json, so it is no run's folder; check the path");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever happens to a model file, loading it is an error that names it, and no panic; but for white space in its header,
    /// which changes nothing.
    #[test]
    fn a_damaged_file_is_an_error_that_names_it(place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        loaded().save(&path).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        let place = place.index(bytes.len());
        if cut {
            bytes.truncate(place);
        } else {
            prop_assume!(bytes[place] != byte);
            bytes[place] = byte;
        }
        fs::write(&path, bytes).unwrap();
        match Classifier::load(&path) {
            Ok(reader) => {
                prop_assert!(byte.is_ascii_whitespace() && !cut, "byte {place} is {byte} (cut: {cut})");
                prop_assert_eq!(reader.classify_all(&TEXTS).unwrap(), loaded().classify_all(&TEXTS).unwrap());
            }
            Err(error) => prop_assert!(error.to_string().contains("model.safetensors"), "{error}"),
        }
    }
}

#[test]
fn what_is_no_classifier_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let complaint = |name: &str| {
        let error = Classifier::load(folder.path().join(name)).unwrap_err().to_string();
        error.replace(&*folder.path().to_string_lossy(), "<dir>")
    };
    insta::assert_snapshot!(complaint("missing"), @"cannot read <dir>/missing");
    insta::assert_snapshot!(complaint(""), @"<dir>/: holds no config.json, so it is no run's folder; check the path");
    let mut other = recurrent_train::ModelFile::new("price forecaster");
    other.texts.insert("settings".to_owned(), "{}".to_owned());
    other.write(&folder.path().join("other.safetensors")).unwrap();
    let said = complaint("other.safetensors");
    assert!(
        said.contains("other.safetensors")
            && said.contains("holds a price forecaster, expected a text classifier"),
        "{said}"
    );
}
