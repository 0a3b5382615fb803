//! What reading makes of files and folders.
#![cfg(feature = "text")]

use std::{fs, io::Write, path::Path};

use recurrent_data::text::{
    Case, Corpus, Edition, Encoding, Mark, Note, ReadSpec, Text, Vocabulary, read, read_from,
};

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn read_one(content: impl AsRef<[u8]>, spec: ReadSpec) -> Corpus {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "text.txt", content);
    read(&[folder.path().join("text.txt")], spec).unwrap()
}

fn lower() -> ReadSpec {
    ReadSpec { case: Case::Lower, ..ReadSpec::default() }
}

#[test]
fn a_folder_is_read_in_order_without_hidden_files() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "b.txt", "Two\r\n");
    write(folder.path(), "a.txt", "ONE\r");
    write(folder.path(), ".hidden", "three");
    write(folder.path(), ".git/config", "three");
    write(folder.path(), "c/d.txt", "Four");
    write(folder.path(), "c/a/z.txt", "fiVe");
    write(folder.path(), "e.txt", "");
    write(folder.path(), "f.txt", "six");
    let corpus = read(&[folder.path()], lower()).unwrap();
    assert_eq!(corpus.characters(), "one\ntwo\nfive\nfour\nsix");
    let names: Vec<_> = corpus.files().iter().map(|file| file.strip_prefix(folder.path()).unwrap()).collect();
    assert_eq!(names, ["a.txt", "b.txt", "c/a/z.txt", "c/d.txt", "f.txt"].map(Path::new));
    assert_eq!(corpus.notes(), [Note::EmptyFiles { files: 1 }]);
}

#[test]
#[cfg(unix)]
fn a_circle_of_links_is_not_walked() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.txt", "words");
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
    let corpus = read(&[folder.path()], ReadSpec::default()).unwrap();
    assert_eq!(corpus.files().len(), 1);
    // A link that is named is read.
    std::os::unix::fs::symlink(folder.path().join("a.txt"), folder.path().join("b.txt")).unwrap();
    assert_eq!(read(&[folder.path().join("b.txt")], ReadSpec::default()).unwrap().characters(), "words");
}

#[test]
fn files_are_read_in_the_order_given_and_their_checksum_is_of_all_their_bytes() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "b.txt", "two\r\n");
    write(folder.path(), "a.txt", "ONE");
    let paths = ["b.txt", "a.txt", "a.txt"].map(|name| folder.path().join(name));
    let corpus = read(&paths, lower()).unwrap();
    assert_eq!((corpus.characters(), corpus.name()), ("two\none\none", "b.txt and 2 more"));
    let together = read_one("two\r\nONEONE", lower());
    assert_eq!(corpus.sha256(), together.sha256());
    assert_eq!((together.name(), together.sha256().len()), ("text.txt", 64));
    let abc = Corpus::from_string("typed", "abc".to_owned()).unwrap();
    // The checksum of `abc` in FIPS 180-4's example.
    assert_eq!(abc.sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn lower_case_is_that_of_python() {
    // `str.lower()` of Python 3 gives the same for each.
    for (capital, small) in [
        ("ÀÉ", "àé"),
        ("ΟΔΟΣ ΣΑΣ", "οδος σας"),
        ("İ", "i\u{307}"),
        ("STRASSE ẞ", "strasse ß"),
        ("ДА", "да"),
        ("Ⅷ", "ⅷ"),
    ] {
        assert_eq!(read_one(capital, lower()).characters(), small);
        assert_eq!(read_one(capital, ReadSpec::default()).characters(), capital);
    }
    assert_eq!(read_one("ASCII Alone", lower()).characters(), "ascii alone");
}

#[test]
fn white_space_at_the_ends_goes_and_a_byte_order_mark_stays() {
    let corpus = read_one("\u{feff}\"Well, \t Prince\r\r", ReadSpec::default());
    assert_eq!(corpus.characters(), "\u{feff}\"Well, \t Prince");
    assert_eq!(corpus.notes(), [Note::Trimmed { characters: 2 }]);
    let corpus = read_one("\n \u{a0}words\u{3000}\n", ReadSpec::default());
    assert_eq!((corpus.characters(), corpus.notes()), ("words", &[Note::Trimmed { characters: 5 }][..]));
    insta::assert_snapshot!(corpus.notes()[0], @"5 characters of white space at the text's ends were taken off");
}

#[test]
fn a_project_gutenberg_edition_loses_its_frame() {
    let edition = "\u{feff}The Project Gutenberg eBook\r\n\r\n*** START OF THE PROJECT GUTENBERG EBOOK WAR AND PEACE ***\r\n\r\n\
                   WAR AND PEACE\r\n\r\nCONTENTS\r\n\r\nBOOK ONE\r\n\r\nBOOK TWO\r\n\r\n\r\nBOOK ONE\r\n\r\nWell, Prince\r\n\r\n\
                   BOOK TWO\r\n\r\nEarly in the year\r\n\r\n*** END OF THE PROJECT GUTENBERG EBOOK WAR AND PEACE ***\r\nlicence\r\n";
    let corpus = read_one(edition, ReadSpec::default());
    assert_eq!(
        corpus.characters(),
        "WAR AND PEACE\n\nBOOK ONE\n\nWell, Prince\n\nBOOK TWO\n\nEarly in the year"
    );
    let [note @ Note::Unframed { file, .. }] = corpus.notes() else { panic!("{:?}", corpus.notes()) };
    let note = note.to_string().replace(&file.display().to_string(), "<file>");
    insta::assert_snapshot!(note, @"`<file>` is a Project Gutenberg edition: 7 lines of header and footer and 7 of contents were taken off");

    let plain = ReadSpec { edition: Edition::Plain, ..ReadSpec::default() };
    let corpus = read_one(edition, plain);
    assert_eq!(corpus.characters(), edition.replace("\r\n", "\n").trim_end());
    assert_eq!(corpus.notes(), [Note::Trimmed { characters: 1 }]);
}

#[test]
fn a_text_keeps_where_it_is_from() {
    let corpus = read_one("abba\n", ReadSpec::default());
    let text = Text::new(corpus.clone()).unwrap();
    assert_eq!((text.ids(), text.len()), (&[0, 1, 1, 0][..], 4));
    assert_eq!((text.name(), text.sha256(), text.files()), (corpus.name(), corpus.sha256(), corpus.files()));
    assert_eq!((text.path(), text.notes()), (Some(&*corpus.files()[0]), corpus.notes()));
    assert_eq!(text.vocabulary().characters(), ['a', 'b']);
}

#[test]
fn replaced_characters_are_counted() {
    let vocabulary = Vocabulary::of("ab ").unwrap();
    let replaced = |text: &str| {
        let corpus = Corpus::from_string("typed", text.to_owned()).unwrap();
        Text::replacing(corpus, &vocabulary, ' ').unwrap()
    };
    let text = replaced("a—b…a");
    assert_eq!(vocabulary.decode(text.ids()), "a b a");
    insta::assert_snapshot!(text.notes()[0], @"2 characters that the vocabulary lacks were replaced by U+0020 (space) (the first is `—` (U+2014))");
    insta::assert_snapshot!(replaced("a\tb").notes()[0], @"1 character that the vocabulary lacks, U+0009 (tab), was replaced by U+0020 (space)");
    assert!(replaced("abba").notes().is_empty());
}

/// A text of one line, read in lower case and encoded.
fn read_line(bytes: usize) {
    let words = "Лорем Ipsum, é; ".repeat(1 << 16);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line.txt");
    let mut file = fs::File::create(&path).unwrap();
    let times = bytes / words.len() + 1;
    for _ in 0..times {
        file.write_all(words.as_bytes()).unwrap();
    }
    let text = Text::new(read(&[path], lower()).unwrap()).unwrap();
    assert_eq!((text.len(), text.vocabulary().len()), (times * (16 << 16) - 1, 14));
}

#[test]
fn a_long_line_is_read() {
    // What grows with the square of the length would not come to an end.
    read_line(32 << 20);
}

#[test]
#[ignore = "takes 1 GiB of disk, 3 GiB of memory and half a minute"]
fn a_line_of_a_gibibyte_is_read() {
    read_line(1 << 30);
}

fn case(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/texts").join(name)
}

#[test]
fn a_byte_order_mark_stays_or_is_taken_off() {
    let path = case("byte-order-mark.txt");
    let kept = read(&[&path], ReadSpec::default()).unwrap();
    assert!(kept.characters().starts_with('\u{feff}'));
    let taken = read(&[&path], ReadSpec { mark: Mark::Take, ..ReadSpec::default() }).unwrap();
    assert_eq!(taken.characters(), kept.characters().trim_start_matches('\u{feff}'));
    assert_eq!(taken.notes()[0], Note::MarkTaken { file: path });
}

#[test]
fn other_encodings_are_read_when_they_are_named() {
    let path = case("windows-1252.txt");
    let encoding = Encoding::of("windows-1252");
    let corpus = read(&[path], ReadSpec { encoding, ..ReadSpec::default() }).unwrap();
    assert!(corpus.characters().contains('\u{2019}'), "{:?}", &corpus.characters()[..40]);
    let utf_16: Vec<u8> = "\u{feff}größer\r\nals".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read_one(utf_16, ReadSpec::default()).characters(), "größer\nals");
}

#[test]
fn a_packed_text_is_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all("one\r\ntwo".as_bytes()).unwrap();
    assert_eq!(read_one(packed.finish().unwrap(), ReadSpec::default()).characters(), "one\ntwo");
}

#[test]
fn a_stream_is_read_as_a_file_is() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all("ONE\r\nTwo \n".as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    for bytes in [b"\xef\xbb\xbfONE\r\nTwo \n".to_vec(), packed] {
        let spec = ReadSpec { mark: Mark::Take, ..lower() };
        let of_stream = read_from(&bytes[..], "standard input", spec.clone()).unwrap();
        assert_eq!((of_stream.characters(), of_stream.name()), ("one\ntwo", "standard input"));
        assert_eq!(of_stream.sha256(), read_one(&bytes, spec).sha256());
    }
    let said = |bytes: &[u8]| read_from(bytes, "standard input", lower()).unwrap_err().to_string();
    assert_eq!(said(b""), "`standard input`: holds nothing; name one with text in it");
    assert!(
        said(b"caf\xe9 au lait").starts_with("`standard input`: byte offset 3 (line 1) is 0xe9"),
        "{}",
        said(b"caf\xe9")
    );
}

#[test]
fn a_tree_of_sources_gives_its_texts() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path();
    write(project, "src/main.rs", "fn main() {}");
    write(project, "docs/notes.md", "notes");
    write(project, "logo.png", b"\x89PNG\r\n\x1a\n\0\0");
    write(project, "target/app.d", "left by a build");
    write(project, "generated.txt", "left by a tool");
    write(project, ".gitignore", "generated.txt\n");
    let of = |spec: ReadSpec| {
        let corpus = read(&[project], spec).unwrap();
        let names = corpus.files().iter().map(|file| file.strip_prefix(project).unwrap().to_owned());
        (names.collect::<Vec<_>>(), corpus.notes().to_vec())
    };
    let paths = |names: &[&str]| names.iter().map(std::path::PathBuf::from).collect::<Vec<_>>();
    let (files, notes) = of(ReadSpec::default());
    assert_eq!(files, paths(&["docs/notes.md", "src/main.rs"]));
    assert_eq!(
        notes,
        [
            Note::BinaryFiles { files: 1, first: project.join("logo.png") },
            Note::Ignored { paths: 2, first: project.join("generated.txt") },
        ]
    );
    let globs = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect::<Vec<_>>();
    let include = ReadSpec { include: globs(&["*.rs", "target/**"]), ..ReadSpec::default() };
    assert_eq!(of(include).0, paths(&["src/main.rs", "target/app.d"]));
    let exclude = ReadSpec { exclude: globs(&["docs/"]), ..ReadSpec::default() };
    assert_eq!(of(exclude).0, paths(&["src/main.rs"]));
}

#[test]
fn what_is_left_out_is_counted_wherever_it_is_named() {
    let ignored = |files: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        files.iter().for_each(|(name, text)| write(folder.path(), name, text));
        match read(&[folder.path()], ReadSpec::default()).unwrap().notes() {
            [Note::Ignored { paths, first }] => {
                (*paths, first.strip_prefix(folder.path()).unwrap().display().to_string())
            }
            [] => (0, String::new()),
            other => panic!("{other:?}"),
        }
    };
    let (text, tool) = (("a.txt", "words"), ("tool/b.txt", "words"));
    assert_eq!(ignored(&[text, tool]), (0, String::new()));
    assert_eq!(ignored(&[text, tool, (".hidden/c.txt", "words")]), (0, String::new()));
    assert_eq!(ignored(&[text, tool, (".gitignore", "tool\n")]), (1, "tool/b.txt".to_owned()));
    // As a tool leaves one that names all of its folder, itself too.
    assert_eq!(ignored(&[text, tool, ("tool/.gitignore", "*\n")]), (1, "tool/b.txt".to_owned()));
    assert_eq!(ignored(&[text, ("src/build/b.txt", "words")]), (1, "src/build/b.txt".to_owned()));
    assert_eq!(ignored(&[text, ("src/build", "words")]), (1, "src/build".to_owned()));
}

/// The names of the files of a folder that are read by such globs.
fn chosen(folder: &Path, include: &[&str], exclude: &[&str]) -> Vec<String> {
    let globs = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect();
    let spec = ReadSpec { include: globs(include), exclude: globs(exclude), ..ReadSpec::default() };
    let corpus = read(&[folder], spec).unwrap();
    let names = corpus.files().iter().map(|file| file.strip_prefix(folder).unwrap().display().to_string());
    names.collect()
}

#[test]
fn globs_choose_among_what_a_folder_gives_and_what_they_spell() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "src/a.js",
        "src/b.md",
        "node_modules/x/i.js",
        ".hidden.js",
        ".git/config",
        ".github/ci.js",
        "build/out.js",
        "log.js",
    ] {
        write(folder.path(), name, "words");
    }
    write(folder.path(), ".gitignore", "log.js\n");
    assert_eq!(chosen(folder.path(), &["*.js"], &[]), ["src/a.js"]);
    assert_eq!(chosen(folder.path(), &["*"], &[]), ["src/a.js", "src/b.md"]);
    assert_eq!(chosen(folder.path(), &["src"], &[]), ["src/a.js", "src/b.md"]);
    assert_eq!(chosen(folder.path(), &["src/"], &["*.md"]), ["src/a.js"]);
    assert_eq!(chosen(folder.path(), &["build/*.js", ".github/"], &[]), [".github/ci.js", "build/out.js"]);
    assert_eq!(chosen(folder.path(), &[], &["src/*.md"]), ["src/a.js"]);
}

#[test]
#[cfg(unix)]
fn what_cannot_be_walked_where_nothing_is_read_is_no_matter() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.txt", "words");
    write(folder.path(), "target/deep/b.txt", "words");
    let closed = folder.path().join("target/deep");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let corpus = read(&[folder.path()], ReadSpec::default()).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(corpus.files().len(), 1);
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn an_encoding_that_is_named_is_that_of_a_folders_files_too() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.txt", utf_16("größer"));
    let spec = ReadSpec { encoding: Encoding::of("utf-16le"), ..ReadSpec::default() };
    assert_eq!(read(&[folder.path()], spec).unwrap().characters(), "größer");
}

#[test]
fn a_byte_order_mark_decides_and_is_told_whatever_encoding_is_named() {
    let spec = ReadSpec { mark: Mark::Take, encoding: Encoding::of("latin1"), ..ReadSpec::default() };
    let corpus = read_one("\u{feff}größer", spec);
    assert_eq!(corpus.characters(), "größer");
    assert!(matches!(corpus.notes(), [Note::MarkTaken { .. }]), "{:?}", corpus.notes());
}

#[test]
fn settings_of_a_plain_text_are_written_as_ever() {
    let json = serde_json::to_string(&ReadSpec::default()).unwrap();
    assert_eq!(json, r#"{"case":"keep","edition":"detect"}"#);
    assert_eq!(serde_json::from_str::<ReadSpec>(&json).unwrap(), ReadSpec::default());
}
