//! Joining the other processes that a launcher has started.

use recurrent_train::Group;

use super::launched::Launched;
use crate::Failure;

/// Why the processes that a launcher has started do not find together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Apart {
    /// The program was built without MPI.
    #[error(
        "{count} processes were started together, and this program was built without MPI, so that each would train alone; build it \
         with `--features mpi`, or start it without `mpirun` or `srun`"
    )]
    NoMpi {
        /// How many.
        count: usize,
    },
    /// The program was built for another MPI.
    #[error(
        "{count} processes were started together, but the MPI that this program was built for finds {found}; start it by the \
         `mpirun` of that MPI (under Slurm by `srun --mpi=pmix` or `--mpi=pmi2`), or build it for the other one (`MPICC=mpicc.NAME`)"
    )]
    OtherMpi {
        /// How many.
        count: usize,
        /// How many MPI finds.
        found: usize,
    },
}

/// The group of the processes that were started together; by default a process alone.
pub(crate) fn join() -> Result<Group, Failure> {
    match Launched::find() {
        None => Ok(Group::default()),
        Some(launched) => Ok(find_together(launched)?),
    }
}

#[cfg(feature = "mpi")]
fn find_together(launched: Launched) -> Result<Group, Failure> {
    use std::io::stderr;

    use recurrent_mpi::{Lost, Mpi};
    use recurrent_train::Ranks;

    /// The process ends with it, whatever it was about to say.
    fn complain(rank: usize, lost: &Lost) {
        let said = format!(
            "{lost}, which is as long as rank {rank} waits: it was lost, or its link; go on with `--resume`"
        );
        let _ = crate::complain(&*Failure::from(said), &mut stderr());
    }

    let mpi = Mpi::start()?.on_loss(move |lost| complain(launched.rank, lost));
    if mpi.count() == launched.count {
        return Ok(Group::new(mpi));
    }
    Err(Apart::OtherMpi { count: launched.count, found: mpi.count() }.into())
}

#[cfg(not(feature = "mpi"))]
fn find_together(launched: Launched) -> Result<Group, Apart> {
    Err(Apart::NoMpi { count: launched.count })
}
