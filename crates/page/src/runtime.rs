//! ONNX Runtime Web, from the npm package as it is published, or from its folder.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use flate2::read::GzDecoder;
use tar::Archive;

use crate::{error::Error, module};

/// The build that has its glue code in the same file, so that it loads no other, and computes on the processor alone.
const SCRIPT: Wanted = Wanted { file: "ort.wasm.bundle.min.mjs", most: 4 << 20 };
const WASM: Wanted = Wanted { file: "ort-wasm-simd-threaded.wasm", most: 64 << 20 };
/// No right package unpacks to more.
const UNPACKED: u64 = 1 << 30;
/// Where the package has its files.
const FOLDER: &str = "dist";

/// ONNX Runtime Web (<https://www.npmjs.com/package/onnxruntime-web>): the two of its files that a page needs.
#[derive(Clone)]
pub struct Runtime {
    /// The script, as part of a page.
    pub(crate) script: String,
    /// The program that computes, as WebAssembly.
    pub(crate) wasm: Vec<u8>,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (script, wasm) = (self.script.len(), self.wasm.len());
        f.debug_struct("Runtime").field("script_bytes", &script).field("wasm_bytes", &wasm).finish()
    }
}

/// A file of the package, and the most bytes that a right one has.
struct Wanted {
    file: &'static str,
    most: u64,
}

impl Runtime {
    /// Reads the package's archive (`.tgz`), its folder, or the folder `dist` within it.
    ///
    /// # Errors
    /// It is not there, cannot be read, or lacks a file; one of them is too large, or none of ONNX Runtime Web's.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let [script, wasm] = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::Missing(path.to_owned()));
            }
            Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
            Ok(about) if about.is_dir() => from_folder(path)?,
            Ok(_) => from_archive(path)?,
        };
        let strange =
            |wanted: &Wanted, found| Error::Strange { path: path.to_owned(), file: wanted.file, found };
        let script = String::from_utf8(script).map_err(|_| strange(&SCRIPT, "it is not UTF-8 text"))?;
        let script = module::inlined(&script)
            .ok_or_else(|| strange(&SCRIPT, "it does not end with the exports that a page needs"))?;
        if !wasm.starts_with(b"\0asm") {
            return Err(strange(&WASM, "it is no WebAssembly"));
        }
        Ok(Self { script, wasm })
    }
}

fn from_folder(folder: &Path) -> Result<[Vec<u8>; 2], Error> {
    let within = if folder.join(FOLDER).is_dir() { folder.join(FOLDER) } else { folder.to_owned() };
    let read = |wanted: &Wanted| {
        let path = within.join(wanted.file);
        let file = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::Lacks { path: folder.to_owned(), file: wanted.file },
            _ => Error::Read { path: path.clone(), source: error },
        })?;
        let bytes = file.metadata().map_err(|source| Error::Read { path: path.clone(), source })?.len();
        wanted.read(file, bytes, &path)
    };
    Ok([read(&SCRIPT)?, read(&WASM)?])
}

fn from_archive(path: &Path) -> Result<[Vec<u8>; 2], Error> {
    let broken = |source| Error::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(broken)?;
    let mut archive = Archive::new(GzDecoder::new(io::BufReader::new(file)).take(UNPACKED));
    let mut found = [None, None];
    for entry in archive.entries().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let name = entry.path().map_err(broken)?.into_owned();
        for (wanted, found) in [SCRIPT, WASM].iter().zip(&mut found) {
            if name.ends_with(Path::new(FOLDER).join(wanted.file)) {
                let bytes = entry.size();
                *found = Some(wanted.read(entry, bytes, path)?);
                break;
            }
        }
        if found.iter().all(Option::is_some) {
            break;
        }
    }
    let [script, wasm] = found;
    let lacks = |wanted: Wanted| Error::Lacks { path: path.to_owned(), file: wanted.file };
    Ok([script.ok_or_else(|| lacks(SCRIPT))?, wasm.ok_or_else(|| lacks(WASM))?])
}

impl Wanted {
    /// Reads so many bytes, where that is not too many.
    fn read(&self, from: impl Read, bytes: u64, path: &Path) -> Result<Vec<u8>, Error> {
        if bytes > self.most {
            let (file, most) = (self.file, self.most);
            return Err(Error::TooLarge { path: path.to_owned(), file, bytes, most });
        }
        let mut content = Vec::new();
        let read = from.take(self.most).read_to_end(&mut content);
        read.map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Ok(content)
    }
}
