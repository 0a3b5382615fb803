//! Starting cargo from within a program that cargo started.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What `cargo run` tells the program it starts about that program's own package. A second cargo would take
/// it for part of the user's environment, and would build again what watches these variables.
const OF_THIS_PACKAGE: &[&str] =
    &["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_CRATE_NAME", "OUT_DIR"];

/// The folder that holds the workspace's `Cargo.toml`.
///
/// Where cargo runs this program it says where the package lies now, which may not be where it was built.
pub fn workspace_root() -> PathBuf {
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}

/// A command that runs this toolchain's cargo in the workspace root.
pub fn command() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace_root());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if OF_THIS_PACKAGE.contains(&&*text) || text.starts_with("CARGO_PKG_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// A command that runs the nightly toolchain's cargo in the workspace root, with a target folder of its own.
pub fn nightly() -> Command {
    let mut rustup = Command::new("rustup");
    rustup.args(["run", "nightly", "cargo"]).current_dir(workspace_root());
    // What this toolchain's cargo set for the programs that it starts.
    for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"] {
        rustup.env_remove(name);
    }
    rustup
}

/// Whether a nightly toolchain has Miri.
pub fn has_miri() -> bool {
    let out = nightly().args(["miri", "--version"]).stderr(Stdio::null()).output();
    out.is_ok_and(|out| out.status.success())
}

/// Whether programs can be built for MPI: by the compiler of that name, and with libclang, which reads MPI's headers.
pub fn has_mpi(compiler: &str) -> bool {
    let shown = Command::new(compiler).arg("-show").stderr(Stdio::null()).output();
    shown.is_ok_and(|shown| shown.status.success()) && has_libclang()
}

fn has_libclang() -> bool {
    let named = env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let folders = [
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
    ];
    let files =
        |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let named_so = |folder: PathBuf| {
        let is_it = |path: &Path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libclang"))
                && path.to_string_lossy().contains(".so")
        };
        files(&folder).any(|path| is_it(&path))
    };
    let of_llvm = files(Path::new("/usr/lib"))
        .filter(|path| path.to_string_lossy().contains("/llvm"))
        .map(|path| path.join("lib"));
    named.into_iter().chain(folders.iter().map(PathBuf::from)).chain(of_llvm).any(named_so)
}

/// The folder that cargo builds into.
///
/// # Errors
/// Cargo cannot be started, or does not say it.
pub fn target_folder() -> io::Result<PathBuf> {
    let out = command().args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).output()?;
    let said: serde_json::Value = serde_json::from_slice(&out.stdout)?;
    let folder = said["target_directory"].as_str().map(PathBuf::from);
    folder.ok_or_else(|| io::Error::other("`cargo metadata` names no target directory"))
}

/// Whether the toolchain has the standard library of a target.
pub fn has_target(target: &str) -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let libraries = Command::new(rustc).args(["--print", "target-libdir", "--target", target]).output();
    libraries.is_ok_and(|out| Path::new(String::from_utf8_lossy(&out.stdout).trim()).is_dir())
}
