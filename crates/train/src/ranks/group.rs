//! The ranks of a training, as the loop and its callers work with them: what they agree on, how a failure of one ends all, and what
//! it cost.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use serde::{Serialize, de::DeserializeOwned};

use super::{Alone, Ranks};
use crate::error::Error;

/// The ranks that train one model together; by default a process alone. A handle: clones are of the same group.
///
/// Rank 0 alone writes files and is watched; the others compute their shards of each batch and the same decisions. See
/// [`Training::with_group`](crate::Training::with_group).
///
/// ```
/// use recurrent_train::Group;
///
/// let group = Group::default();
/// assert!(group.is_first() && group.count() == 1);
/// assert_eq!(group.gather(b"hello")?, [b"hello"]);
/// # Ok::<(), recurrent_train::Error>(())
/// ```
#[derive(Clone)]
pub struct Group {
    ranks: Arc<dyn Ranks>,
    shared: Arc<Shared>,
}

/// What all handles of a group share.
#[derive(Debug)]
struct Shared {
    formed: Instant,
    /// How long it was there, once it has ended.
    lasted: OnceLock<Duration>,
    /// How it ended.
    end: OnceLock<Ended>,
    /// In nanoseconds.
    waited: AtomicU64,
    sent: AtomicU64,
}

/// How a group ended.
#[derive(Clone, Debug)]
enum Ended {
    /// All ranks have left it.
    Left,
    /// A rank has failed.
    Failed { rank: usize, problem: String },
}

/// What being a group has cost a rank so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Traffic {
    /// How long the group has been there, or was, if it has ended.
    pub elapsed: Duration,
    /// How long of that the rank waited for others.
    pub waited: Duration,
    /// Bytes that it sent to them.
    pub sent: u64,
}

impl Traffic {
    /// The share of its time that the rank waited, from 0 to 1.
    pub fn waiting(&self) -> f64 {
        self.waited.as_secs_f64() / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

/// The last byte of what a rank says: all is well, or what stands before it is a failure.
const WELL: u8 = 0;
const FAILED: u8 = 1;

impl Default for Group {
    fn default() -> Self {
        Self::new(Alone)
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Group {{ rank: {}, count: {} }}", self.rank(), self.count())
    }
}

impl Group {
    /// The group of those ranks.
    pub fn new(ranks: impl Ranks + 'static) -> Self {
        let shared = Shared {
            formed: Instant::now(),
            lasted: OnceLock::new(),
            end: OnceLock::new(),
            waited: AtomicU64::new(0),
            sent: AtomicU64::new(0),
        };
        Self { ranks: Arc::new(ranks), shared: Arc::new(shared) }
    }

    /// This rank, from 0.
    pub fn rank(&self) -> usize {
        self.ranks.rank()
    }

    /// How many ranks there are.
    pub fn count(&self) -> usize {
        self.ranks.count()
    }

    /// Whether this rank is the one that writes files and is watched.
    pub fn is_first(&self) -> bool {
        self.rank() == 0
    }

    /// What it has cost so far.
    pub fn traffic(&self) -> Traffic {
        Traffic {
            elapsed: self.shared.lasted.get().copied().unwrap_or_else(|| self.shared.formed.elapsed()),
            waited: Duration::from_nanos(self.shared.waited.load(Ordering::Relaxed)),
            sent: self.shared.sent.load(Ordering::Relaxed),
        }
    }

    /// What each rank says, in the order of the ranks. All of them call it at the same point.
    ///
    /// # Errors
    /// A rank has failed ([`Error::Rank`]), now or before.
    pub fn gather(&self, own: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        self.exchange([own, &[WELL]].concat())
    }

    /// The same with any value.
    ///
    /// # Errors
    /// As [`gather`](Self::gather); or a value does not stand for itself in JSON, or comes from another build.
    pub fn agree<T: Serialize + DeserializeOwned>(&self, own: &T) -> Result<Vec<T>, Error> {
        let odd =
            |error: serde_json::Error| Error::Setting(format!("what a rank says cannot be read: {error}"));
        let own = serde_json::to_vec(own).map_err(odd)?;
        self.gather(&own)?.iter().map(|said| serde_json::from_slice(said).map_err(odd)).collect()
    }

    /// What the first rank says, on all; what the others say is not heard.
    ///
    /// # Errors
    /// As [`agree`](Self::agree).
    pub fn first_says<T: Serialize + DeserializeOwned>(&self, own: T) -> Result<T, Error> {
        if self.count() == 1 {
            return Ok(own);
        }
        let all = self.agree(&self.is_first().then_some(own))?;
        let first = all.into_iter().next().flatten();
        first.ok_or_else(|| Error::Setting("the first rank says nothing".to_owned()))
    }

    /// Parts from the other ranks, at the end of what is done together; all of them call it at the same point. From then on each is
    /// alone, and its failure its own.
    ///
    /// # Errors
    /// A rank has failed ([`Error::Rank`]).
    pub fn leave(&self) -> Result<(), Error> {
        if matches!(self.shared.end.get(), Some(Ended::Left)) {
            return Ok(());
        }
        self.gather(&[])?;
        self.end(Ended::Left);
        Ok(())
    }

    /// Tells the others that this rank cannot go on, in place of what it would say next: they end with [`Error::Rank`]. Nothing
    /// happens where the group has ended already, or is of one.
    pub fn fail(&self, problem: &dyn std::error::Error) {
        if self.count() == 1 || self.shared.end.get().is_some() {
            return;
        }
        // What the others say does not matter any more.
        let _ = self.exchange([chain(problem).as_bytes(), &[FAILED]].concat());
    }

    fn exchange(&self, said: Vec<u8>) -> Result<Vec<Vec<u8>>, Error> {
        match self.shared.end.get() {
            Some(Ended::Failed { rank, problem }) => {
                return Err(Error::Rank { rank: *rank, problem: problem.clone() });
            }
            Some(Ended::Left) => return Err(Error::Setting("the ranks have parted already".to_owned())),
            None => {}
        }
        self.shared.sent.fetch_add((said.len() * (self.count() - 1)) as u64, Ordering::Relaxed);
        let mut all = self.waiting(|| self.ranks.gather(&said));
        let ends: Vec<_> = all.iter_mut().map(Vec::pop).collect();
        if let Some(rank) = ends.iter().position(|end| *end != Some(WELL)) {
            let problem = String::from_utf8_lossy(&all[rank]).into_owned();
            self.end(Ended::Failed { rank, problem: problem.clone() });
            return Err(Error::Rank { rank, problem });
        }
        Ok(all)
    }

    fn end(&self, how: Ended) {
        if self.shared.end.set(how).is_ok() {
            let _ = self.shared.lasted.set(self.shared.formed.elapsed());
            self.ranks.leave();
        }
    }

    /// As [`Ranks::swap`].
    pub(crate) fn swap(&self, out: &[(usize, &[f32])], into: &mut [(usize, &mut [f32])]) {
        let bytes: usize = out.iter().map(|(_, numbers)| size_of_val(*numbers)).sum();
        self.shared.sent.fetch_add(bytes as u64, Ordering::Relaxed);
        self.ranks.swap(out, into);
    }

    /// Does what waits for others, and counts the time.
    pub(crate) fn waiting<R>(&self, work: impl FnOnce() -> R) -> R {
        if self.count() == 1 {
            return work();
        }
        let start = Instant::now();
        let result = work();
        let nanoseconds = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.shared.waited.fetch_add(nanoseconds, Ordering::Relaxed);
        result
    }
}

/// An error with what it is because of, on one line.
fn chain(problem: &dyn std::error::Error) -> String {
    let mut words = problem.to_string();
    let mut source = problem.source();
    while let Some(error) = source {
        words += &format!(": {error}");
        source = error.source();
    }
    words
}
