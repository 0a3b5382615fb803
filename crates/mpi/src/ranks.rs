//! The ranks of a training as processes that `mpirun` has started.

use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use mpi::environment::Universe;
use mpi::topology::SimpleCommunicator;
use mpi::traits::Communicator;
use mpi::{Threading, initialize_with_threading};
use recurrent_train::Ranks;

use crate::messages::{Lost, exchange};

/// Bytes of the first message that a rank says something with: most of what is said fits.
const HEAD: usize = 1024;

/// Bytes of a length.
const LENGTH: usize = size_of::<u64>();

/// How long a rank is waited for, unless said otherwise.
const PATIENCE: Duration = Duration::from_mins(5);

/// The processes that one `mpirun` has started, as one of them sees the others.
///
/// Give it to a [`Group`](recurrent_train::Group), and that to [`Training::with_group`](recurrent_train::Training::with_group).
///
/// A rank that cannot be reached any more would be waited for for ever. So a wait has a limit, after which the process says what it
/// waits for ([`on_loss`](Self::on_loss)) and ends with exit code 1, and with it, as far as MPI still reaches them, all others. That is
/// the only way: messages on their way cannot be called back.
pub struct Mpi {
    /// MPI ends with it.
    universe: Mutex<Option<Universe>>,
    rank: usize,
    count: usize,
    patience: Duration,
    on_loss: Box<dyn Fn(&Lost) + Send + Sync>,
}

/// Why MPI cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MpiError {
    /// It was started before.
    #[error("MPI was started already in this process; start it once")]
    Started,
    /// It does not bear calls from more than one thread.
    #[error("this MPI was built without support for threads (MPI_THREAD_SERIALIZED); use one that has it")]
    Threads,
}

impl fmt::Debug for Mpi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rank, count, patience, .. } = self;
        f.debug_struct("Mpi").field("rank", rank).field("count", count).field("patience", patience).finish()
    }
}

impl Mpi {
    /// Starts MPI, on the thread that ends it too. A process that `mpirun` has not started is alone.
    ///
    /// # Errors
    /// MPI was started before in this process, or cannot be called from several threads.
    pub fn start() -> Result<Self, MpiError> {
        let (universe, threading) =
            initialize_with_threading(Threading::Serialized).ok_or(MpiError::Started)?;
        if !matches!(threading, Threading::Serialized | Threading::Multiple) {
            return Err(MpiError::Threads);
        }
        let world = SimpleCommunicator::world();
        Ok(Self {
            universe: Mutex::new(Some(universe)),
            rank: world.rank() as usize,
            count: world.size() as usize,
            patience: PATIENCE,
            on_loss: Box::new(|_| {}),
        })
    }

    /// Waits so long for other ranks, instead of five minutes. It has to be longer than anything that a rank does alone: the first one
    /// writes checkpoints and samples.
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Calls this before the process ends because ranks were lost: to say so, since this crate prints nothing.
    pub fn on_loss(self, on_loss: impl Fn(&Lost) + Send + Sync + 'static) -> Self {
        Self { on_loss: Box::new(on_loss), ..self }
    }

    fn others(&self) -> impl Iterator<Item = usize> {
        let own = self.rank;
        (0..self.count).filter(move |rank| *rank != own)
    }

    /// Sends the same to all others, and takes what each of them sends.
    fn spread(&self, own: &[u8], all: &mut [Vec<u8>]) {
        let out: Vec<_> = self.others().map(|rank| (rank, own)).collect();
        let others = all.iter_mut().enumerate().filter(|(rank, _)| *rank != self.rank);
        let mut into: Vec<_> = others.map(|(rank, bytes)| (rank, bytes.as_mut_slice())).collect();
        exchange(&out, &mut into, self.patience, |lost| (self.on_loss)(&lost));
    }
}

impl Ranks for Mpi {
    fn rank(&self) -> usize {
        self.rank
    }

    fn count(&self) -> usize {
        self.count
    }

    fn swap(&self, out: &[(usize, &[f32])], into: &mut [(usize, &mut [f32])]) {
        exchange(out, into, self.patience, |lost| (self.on_loss)(&lost));
    }

    /// In messages of its own: MPICH's `Allgatherv` goes in small pieces, and took 10 s where these take 0.2.
    fn gather(&self, own: &[u8]) -> Vec<Vec<u8>> {
        let (first, rest) = own.split_at(own.len().min(HEAD - LENGTH));
        let mut head = [&(own.len() as u64).to_le_bytes(), first].concat();
        head.resize(HEAD, 0);
        let mut heads = vec![vec![0; HEAD]; self.count];
        self.spread(&head, &mut heads);

        let lengths: Vec<usize> = heads.iter().map(|head| length(head)).collect();
        let rests = lengths.iter().map(|length| vec![0; length.saturating_sub(HEAD - LENGTH)]);
        let mut rests: Vec<_> = rests.collect();
        self.spread(rest, &mut rests);

        let whole = |(rank, (head, rest)): (usize, (&Vec<u8>, &Vec<u8>))| {
            if rank == self.rank {
                return own.to_vec();
            }
            let first = &head[LENGTH..][..lengths[rank].min(HEAD - LENGTH)];
            [first, rest].concat()
        };
        heads.iter().zip(&rests).enumerate().map(whole).collect()
    }

    fn leave(&self) {
        if let Ok(mut universe) = self.universe.lock() {
            *universe = None;
        }
    }
}

/// How long what begins with this head is.
fn length(head: &[u8]) -> usize {
    let mut length = [0; LENGTH];
    length.copy_from_slice(&head[..LENGTH]);
    u64::from_le_bytes(length) as usize
}
