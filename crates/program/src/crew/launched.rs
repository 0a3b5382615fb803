//! Whether a launcher such as `mpirun` or `srun` has started this process among others: what its environment says.

use std::env;

/// A process among those that a launcher has started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Launched {
    /// Which one it is, from 0.
    pub(crate) rank: usize,
    /// How many there are.
    pub(crate) count: usize,
}

/// The variables of Open MPI, of MPICH and what follows it (and Slurm's PMI 2), and of Slurm, which sets its own for any process of a
/// step, whether it speaks MPI or not.
const NAMES: [(&str, &str); 3] = [
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
    ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
];

impl Launched {
    /// What the environment says; none for a process alone.
    pub(crate) fn find() -> Option<Self> {
        Self::read(|name| env::var(name).ok())
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let number = |name| variable(name)?.parse().ok();
        let mut all = NAMES
            .iter()
            .filter_map(|(rank, count)| Some(Self { rank: number(rank)?, count: number(count)? }));
        all.find(|launched| launched.count > 1)
    }

    /// Whether this process is one of several, and not the first: it says nothing by itself.
    pub(crate) fn is_silent() -> bool {
        Self::find().is_some_and(|launched| launched.rank > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Option<Launched> {
        Launched::read(|name| Some(variables.iter().find(|(key, _)| *key == name)?.1.to_owned()))
    }

    #[test]
    fn launchers_are_known_by_their_variables() {
        assert_eq!(read(&[]), None);
        let third = Some(Launched { rank: 2, count: 4 });
        assert_eq!(read(&[("OMPI_COMM_WORLD_RANK", "2"), ("OMPI_COMM_WORLD_SIZE", "4")]), third);
        assert_eq!(read(&[("PMI_RANK", "2"), ("PMI_SIZE", "4")]), third);
        assert_eq!(read(&[("SLURM_PROCID", "2"), ("SLURM_STEP_NUM_TASKS", "4")]), third);
        // In the script of a batch job there is a number of tasks, but no step yet.
        assert_eq!(read(&[("SLURM_PROCID", "0"), ("SLURM_NTASKS", "4")]), None);
        // Open MPI's `mpirun` within a step of one task a host.
        let open = [("OMPI_COMM_WORLD_RANK", "2"), ("OMPI_COMM_WORLD_SIZE", "4")];
        let slurm = [("SLURM_PROCID", "0"), ("SLURM_STEP_NUM_TASKS", "2")];
        assert_eq!(read(&[open, slurm].concat()), third);
        assert_eq!(read(&[("PMI_RANK", "0"), ("PMI_SIZE", "1")]), None, "whoever is alone is no rank");
        assert_eq!(read(&[("PMI_RANK", "none"), ("PMI_SIZE", "4")]), None);
    }
}
