//! A program as several processes of one training, where there is an MPI.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Place, Said};

/// What starts processes together: `mpirun`, or what the variable `MPIRUN` names.
#[derive(Debug)]
pub struct Mpirun(String);

impl Mpirun {
    /// The launcher of this machine. A test without one says so and ends.
    pub fn find() -> Option<Self> {
        let name = std::env::var("MPIRUN").unwrap_or_else(|_| "mpirun".to_owned());
        let found = Command::new(&name).arg("--version").output().is_ok_and(|output| output.status.success());
        if !found {
            #[allow(clippy::print_stderr)] // how a test says that it was skipped
            {
                eprintln!("skipped: no `{name}`");
            }
        }
        found.then_some(Self(name))
    }

    /// The launcher, on a machine of any size: as root, and with more ranks than cores, for which Open MPI asks for a word each;
    /// other MPIs do not know its variables.
    pub fn launcher(&self) -> Command {
        let mut command = Command::new(&self.0);
        command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        command
            .env("OMPI_MCA_rmaps_base_oversubscribe", "1")
            .env("OMPI_MCA_hwloc_base_binding_policy", "none");
        command
    }

    /// Rank by rank, the options of each; one rank is one process without a launcher.
    fn command(&self, place: &Place, lines: &[&str]) -> Command {
        let mut command = place.command("");
        if let [line] = lines {
            command.args(line.split_whitespace()).args(["--threads", "1"]);
            return command;
        }
        let program = command.get_program().to_owned();
        let mut command = self.launcher();
        command.current_dir(place.path("")).stdin(Stdio::null());
        command
            .env("XDG_CACHE_HOME", place.path("cache"))
            .env_remove("RUST_LOG")
            .env_remove("RUST_BACKTRACE");
        for (rank, line) in lines.iter().enumerate() {
            command.args(if rank == 0 { &["-n", "1"][..] } else { &[":", "-n", "1"] });
            command.arg(&program).args(line.split_whitespace()).args(["--threads", "1"]);
        }
        command
    }

    /// Runs the program on so many ranks, all with the same options.
    pub fn run(&self, place: &Place, ranks: usize, line: &str) -> Said {
        self.run_each(place, &vec![line; ranks])
    }

    /// Runs it with options of its own for each rank.
    pub fn run_each(&self, place: &Place, lines: &[&str]) -> Said {
        place.said(self.command(place, lines))
    }

    /// Starts it on so many ranks, with nothing on the screen.
    pub fn start(&self, place: &Place, ranks: usize, line: &str) -> Child {
        let mut command = self.command(place, &vec![line; ranks]);
        // A signal leaves time for a checkpoint.
        command.env("OMPI_MCA_odls_base_sigkill_timeout", "10");
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("mpirun starts")
    }

    /// Asserts that training comes to the same to the last bit on one to four ranks, for batches of 4 and of 8 shards, and that the two
    /// numbers of shards do not come to the same.
    pub fn assert_any_number_alike(&self, place: &Place, line: &str) {
        for shards in [4, 8] {
            for ranks in 1..=4 {
                let run = format!("{shards}-{ranks}");
                let said = self.run(place, ranks, &format!("{line} --shards {shards} --run {run} --quiet"));
                assert_eq!(said.code, Some(0), "{shards} shards, {ranks} ranks:\n{}", said.err);
                assert_eq!(place.json(&format!("{run}/summary.json"))["ranks"], ranks);
                place.assert_equal(&run, &format!("{shards}-1"));
                assert!(kept(place, &run) == kept(place, &format!("{shards}-1")), "{run}: files differ");
            }
        }
        assert!(kept(place, "8-1") != kept(place, "4-1"), "each number of shards is a run of its own");
    }
}

/// All tensors of a run, its stages' included, by file.
pub fn kept(place: &Place, run: &str) -> BTreeMap<String, Vec<u8>> {
    let files =
        place.files(run).into_iter().filter(|path| path.extension().is_some_and(|e| e == "safetensors"));
    let root = place.path(run);
    let named = files.map(|path| {
        let name = path.strip_prefix(&root).expect("a file of the run").display().to_string();
        (name, fs::read(path).expect("a readable file"))
    });
    named.collect()
}

/// The processes of the program that run in the folder now, as Linux lists them.
pub fn processes(place: &Place) -> Vec<u32> {
    let folder = fs::canonicalize(place.path("")).expect("the folder");
    let program = place.command("").get_program().to_owned();
    let here = |pid: &u32| {
        fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder)
            && fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe.as_os_str() == program)
    };
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut pids: Vec<u32> =
        entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(here).collect();
    pids.sort_unstable();
    pids
}

/// Sends a signal to a process.
pub fn signal(pid: u32, name: &str) {
    let sent =
        Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null()).status();
    // It may have ended by itself.
    let _ = sent.expect("kill starts");
}

/// Waits for a process to end, so long at most, and says its exit code.
pub fn ended(mut child: Child, most: Duration) -> Option<i32> {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return status.code();
        }
        if begin.elapsed() > most {
            let _ = child.kill();
            panic!("still there after {most:?}");
        }
        thread::sleep(Duration::from_millis(20));
    }
}
