//! The npm package as a folder and as an archive, whole and not, and a page that has it in it.

use std::fs;
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};
use recurrent_page::{Page, Runtime, Standalone};
use serde_json::json;
use tempfile::TempDir;

const SCRIPT: &[u8] =
    b"let a;export{a as InferenceSession,a as Tensor,a as env};\n//# sourceMappingURL=x.map\n";
const WASM: &[u8] = b"\0asm, in its own way";
const NAMES: [&str; 2] = ["ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"];

/// A package with these files, as an archive.
fn packed(folder: &TempDir, files: &[(&str, &[u8])]) -> PathBuf {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("package/dist/{name}"), *content).unwrap();
    }
    let path = folder.path().join("package.tgz");
    fs::write(&path, archive.into_inner().unwrap().finish().unwrap()).unwrap();
    path
}

/// The same as a folder.
fn unpacked(folder: &TempDir, files: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.path().join("package");
    fs::create_dir_all(path.join("dist")).unwrap();
    for (name, content) in files {
        fs::write(path.join("dist").join(name), content).unwrap();
    }
    path
}

fn html(path: &Path) -> String {
    let page = Page { heading: "Twice", style: "", body: "<p>here</p>", script: "show();" };
    let facts = json!({ "words": "a <b>network</b>" });
    Standalone::new(page, "answer();", facts, vec![1, 2, 3]).html(&Runtime::open(path).unwrap())
}

#[test]
fn folder_and_archive_make_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    let files = [("LICENSE", &b"free"[..]), (NAMES[1], WASM), (NAMES[0], SCRIPT), ("later.js", b"")];
    let page = html(&packed(&folder, &files));
    let unpacked = unpacked(&folder, &files);
    assert!(html(&unpacked) == page && html(&unpacked.join("dist")) == page);
    assert!(page.contains("recurrentRuntime({InferenceSession:a,Tensor:a,env:a});\n</script>"), "{page}");
    assert!(page.contains("{\"words\":\"a \\u003cb>network\\u003c/b>\"}</script>"), "{page}");
    let [shared, answer, show] =
        ["const Recurrent", "answer();", "show();"].map(|part| page.find(part).unwrap());
    assert!(shared < answer && answer < show, "in this order");
}

#[test]
fn what_is_no_package_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let said = |path: PathBuf| {
        let error = Runtime::open(&path).unwrap_err().to_string();
        error.replace(&path.parent().unwrap().display().to_string(), "FOLDER")
    };
    let missing = "FOLDER/nothing: there is no such file or folder; expected the npm package onnxruntime-web";
    assert_eq!(said(folder.path().join("nothing")), missing);
    let lacks = ": has no ort-wasm-simd-threaded.wasm; expected the npm package onnxruntime-web, from version 1.19 on";
    assert_eq!(said(packed(&folder, &[(NAMES[0], SCRIPT)])), format!("FOLDER/package.tgz{lacks}"));
    assert_eq!(said(unpacked(&folder, &[(NAMES[0], SCRIPT)])), format!("FOLDER/package{lacks}"));
    let strange = said(packed(&folder, &[(NAMES[0], b"let a;"), (NAMES[1], WASM)]));
    assert!(strange.contains("does not end with the exports that a page needs; 1.30.0 is"), "{strange}");
    let strange = said(packed(&folder, &[(NAMES[0], SCRIPT), (NAMES[1], b"<html>")]));
    assert!(
        strange.contains("ort-wasm-simd-threaded.wasm is not that of ONNX Runtime Web: it is no WebAssembly"),
        "{strange}"
    );
    let large = said(packed(&folder, &[(NAMES[0], &vec![b' '; (4 << 20) + 1])]));
    assert_eq!(
        large,
        "FOLDER/package.tgz: ort.wasm.bundle.min.mjs has 4194305 bytes, and no right one has more than 4194304"
    );
    let whole = fs::read(packed(&folder, &[(NAMES[0], SCRIPT), (NAMES[1], WASM)])).unwrap();
    for cut in [0, 10, whole.len() / 2] {
        let path = folder.path().join("cut.tgz");
        fs::write(&path, &whole[..cut]).unwrap();
        assert!(said(path).starts_with("FOLDER/cut.tgz: "), "cut after {cut}");
    }
}
