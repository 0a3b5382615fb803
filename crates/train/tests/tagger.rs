//! The tagger of the examples: it learns what can be learnt, reads what people have, and counts names as others count them.

#[allow(dead_code, unreachable_pub)] // its `main` runs as an example alone
#[path = "../examples/tagger/main.rs"]
mod tagger;

use tagger::{conll, conll::Sentence, conll::score, demo, learn, parts, shown};

fn tags(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// What is read of a file's content: the tags of each sentence, or the complaint without the folder.
fn read(content: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.conll");
    std::fs::write(&path, content).unwrap();
    match conll::read(&path) {
        Ok(sentences) => sentences.iter().map(|it| it.tags.join(" ")).collect::<Vec<_>>().join(" | "),
        Err(error) => error.replace(&*folder.path().to_string_lossy(), ""),
    }
}

#[test]
fn the_demo_is_learnt_nearly_as_well_as_can_be() {
    let [train, validation, test] = parts(&[]).unwrap();
    let [best, .., best_f1] = score(&test, test.iter().map(|it| demo::truth(&it.words)));
    assert!((best - 100.0 * (1.0 - demo::NOISE)).abs() < 1.0, "{best} is far from what the noise leaves");
    let tagger = learn(&train, &validation).unwrap();
    // Who reads one side of a name alone takes the wrong kind for every second one, and gets some 84% of the words.
    let [accuracy, .., f1] = score(&test, tagger.tag(&test));
    assert!(accuracy > best - 0.5 && f1 > best_f1 - 1.0, "{accuracy} of {best}, {f1} of {best_f1}");
    let line = "ask the Jordan Paris again leave Jordan today thank old Jordan alone reach Jordan first .";
    let expected = "ask the [PER Jordan Paris] again leave [LOC Jordan] today thank old [ORG Jordan] alone reach Jordan first .";
    assert_eq!(shown(&tagger, line), expected);
    // The words of other sentences, and the padding that they bring, are not read.
    let alone: Vec<_> = test.chunks(1).flat_map(|sentence| tagger.tag(sentence)).collect();
    assert_eq!(tagger.tag(&test), alone);
}

#[test]
fn files_are_read_as_people_have_them() {
    for text in [
        "-DOCSTART- -X- O O\n\nA NNP B-PER\nB NNP I-PER\nc VB O\n\nD B-LOC\n\n\n \ne\tO",
        "\u{feff}A B-PER\r\nB I-PER\r\nc O\r\n\r\nD B-LOC\r\n\r\ne O\r\n",
        "A I-PER\rB I-PER\rc O\r\rD I-LOC\r-DOCSTART- O\re O\r",
    ] {
        assert_eq!(read(text), "B-PER I-PER O | B-LOC | O", "{text:?}");
    }
    let mixed = read("a O\nB I-PER\nC B-PER\nD I-PER\nE I-LOC\n\nf O\n\ng O");
    assert_eq!(mixed, "O B-PER B-PER I-PER B-LOC | O | O", "IOB1, and an I- behind O");
    insta::assert_snapshot!([read("a O\n\nb\n"), read("a O\r\n\r\nb NN\r\n"), read("\n\n")].join("\n"), @r"
    `/some.conll`, line 3: `b` has no tag; expected O, B-X or I-X
    `/some.conll`, line 3: `b` has the tag `NN`; expected O, B-X or I-X
    `/some.conll`: holds 0 sentences; at least 3 are needed
    ");
}

#[test]
fn names_count_as_in_conlleval() {
    let truth = ["B-PER I-PER O B-LOC", "O B-ORG O", "I-PER I-PER B-PER O"]
        .map(|line| Sentence { words: tags(line), tags: tags(line) });
    let said = ["B-PER O O B-LOC", "O B-LOC I-LOC", "B-PER I-PER B-PER I-LOC"].map(tags);
    // 6 of 11 tags; 3 of the 6 names that were said, and of the 5 that there are.
    assert_eq!(format!("{:.2?}", score(&truth, said)), "[54.55, 50.00, 60.00, 54.55]");
}
