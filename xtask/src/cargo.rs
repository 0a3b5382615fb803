//! Starting cargo from within a program that cargo started.

use std::{
    env, io,
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
