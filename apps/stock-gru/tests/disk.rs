//! Disks that are full or cannot be written: the program says so, and what was there stays whole. Small disks can
//! only be mounted by root on Linux; elsewhere these tests say that they were left out.
#![cfg(target_os = "linux")]

mod program;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use program::{Place, place, small};

/// A file system of memory; taken away again however the test ends.
struct Disk(PathBuf);

impl Disk {
    /// Mounts one under a name in a place; `None` where that is not allowed.
    fn mount(place: &Place, name: &str, options: &str) -> Option<Self> {
        let path = place.path(name);
        fs::create_dir_all(&path).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&path).stderr(Stdio::null());
        if mount.status().is_ok_and(|status| status.success()) {
            return Some(Self(path));
        }
        #[allow(clippy::print_stdout)] // tells that a test could do nothing
        {
            println!("left out: only root may mount a disk");
        }
        None
    }

    fn set(&self, options: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).status();
        assert!(status.is_ok_and(|status| status.success()), "remount with {options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let place = place();
    let run = |options: &str| small(&format!("--hidden 48 --epochs 10 --quiet {options}"));
    place.succeed(&run("--run unbroken"));
    let whole = place.kilobytes("unbroken");
    let mut files = Vec::new();
    // Full at the start, in the first checkpoint, and from then on to the report.
    for kilobytes in [4, 16, 64, whole / 2, whole - 4] {
        let Some(disk) = Disk::mount(&place, "disk", &format!("size={kilobytes}k")) else { return };
        let said = place.complaint(&run("--run disk/run"));
        let (what, why) = said.split_once("\n  because ").unwrap_or((&said, ""));
        let file = what.strip_prefix("error: cannot write disk/run/");
        let file = file.unwrap_or_else(|| panic!("{kilobytes} KiB: {said}"));
        assert_eq!(why, "No space left on device (os error 28)\n", "{kilobytes} KiB: {what}");
        files.push(file.to_owned());
        place.assert_whole("disk/run");
        if place.path("disk/run/config.json").exists() {
            disk.set("size=64m");
            place.succeed("--resume disk/run --quiet");
            place.assert_equal("disk/run", "unbroken");
        }
    }
    files.dedup();
    assert!(files.len() >= 3, "the disk was full at different files: {files:?}");
}

#[test]
fn a_disk_that_cannot_be_written_is_told() {
    let place = place();
    let Some(disk) = Disk::mount(&place, "disk", "size=64m") else { return };
    place.succeed(&small("--run disk/run --quiet"));
    disk.set("ro");
    let train = |run: &str| place.complaint(&format!("train {}", small(&format!("--quiet --run {run}"))));
    assert_snapshot!(train("disk/other"), @r"
    error: cannot create folder disk/other
      because Read-only file system (os error 30)
    ");
    assert_snapshot!(place.complaint("train --resume disk/run --epochs 9 --quiet"), @r"
    error: cannot write disk/run/.lock
      because Read-only file system (os error 30)
    ");
    assert_snapshot!(place.complaint("plot --run disk/run --quiet"), @r"
    error: cannot write disk/run/plots/price.svg
      because Read-only file system (os error 30)
    ");
    // Reading needs no more than reading.
    place.succeed("evaluate --run disk/run --quiet");
    place.succeed("forecast --run disk/run --quiet");
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let place = place();
    let complaint = place.complaint(&format!("train {}", small("--run /proc/run --quiet")));
    assert!(complaint.starts_with("error: cannot create folder /proc/run"), "{complaint}");
}
