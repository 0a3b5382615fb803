//! Ranks that are threads of one process.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use recurrent_train::{Group, Ranks};

/// Letters on their way, in the order in which they were sent.
type Letters = VecDeque<Vec<u8>>;

/// What lies between them: letters from one to another.
#[derive(Default)]
struct Post {
    letters: Mutex<BTreeMap<(usize, usize), Letters>>,
    arrived: Condvar,
}

struct Thread {
    rank: usize,
    count: usize,
    post: Arc<Post>,
}

impl Thread {
    fn send(&self, to: usize, letter: Vec<u8>) {
        self.post.letters.lock().unwrap().entry((self.rank, to)).or_default().push_back(letter);
        self.post.arrived.notify_all();
    }

    fn receive(&self, from: usize) -> Vec<u8> {
        let mut letters = self.post.letters.lock().unwrap();
        loop {
            if let Some(letter) = letters.get_mut(&(from, self.rank)).and_then(Letters::pop_front) {
                return letter;
            }
            let (back, timeout) = self.post.arrived.wait_timeout(letters, Duration::from_secs(60)).unwrap();
            assert!(!timeout.timed_out(), "rank {} waits for rank {from} in vain", self.rank);
            letters = back;
        }
    }
}

impl Ranks for Thread {
    fn rank(&self) -> usize {
        self.rank
    }

    fn count(&self) -> usize {
        self.count
    }

    fn swap(&self, out: &[(usize, &[f32])], into: &mut [(usize, &mut [f32])]) {
        for (to, numbers) in out {
            self.send(*to, numbers.iter().flat_map(|number| number.to_le_bytes()).collect());
        }
        for (from, numbers) in into {
            let letter = self.receive(*from);
            assert_eq!(letter.len(), 4 * numbers.len(), "the length is known to both");
            for (number, bytes) in numbers.iter_mut().zip(letter.chunks(4)) {
                *number = f32::from_le_bytes(bytes.try_into().unwrap());
            }
        }
    }

    fn gather(&self, own: &[u8]) -> Vec<Vec<u8>> {
        (0..self.count).filter(|to| *to != self.rank).for_each(|to| self.send(to, own.to_vec()));
        (0..self.count)
            .map(|from| if from == self.rank { own.to_vec() } else { self.receive(from) })
            .collect()
    }
}

/// Does the same on so many ranks, and returns what each makes of it.
pub(crate) fn together<R: Send>(count: usize, work: impl Fn(Group) -> R + Sync) -> Vec<R> {
    let post = Arc::new(Post::default());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|rank| {
                let group = Group::new(Thread { rank, count, post: post.clone() });
                let work = &work;
                scope.spawn(move || work(group))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
