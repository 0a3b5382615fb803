//! The sum of all shards' numbers, on every rank: each adds the whole subtrees of the shards that it has and sends every rank its
//! slice of them; a slice's owner adds the top of the tree and sends the sum to all. Finished subtrees travel while the next
//! shards are computed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use super::group::Group;
use super::tree;

/// The sum over shards of vectors of one length.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    group: &'a Group,
    /// The subtrees of each rank.
    subtrees: Vec<Vec<Range<usize>>>,
    shards: usize,
    length: usize,
}

impl<'a> Exchange<'a> {
    pub(crate) fn new(group: &'a Group, shards: usize, length: usize) -> Self {
        let ranks = group.count();
        let subtrees = (0..ranks).map(|rank| tree::subtrees(0..shards, &tree::part(shards, rank, ranks)));
        Self { group, subtrees: subtrees.collect(), shards, length }
    }

    /// The sum of all shards' vectors, whose bits depend on the number of shards alone. `compute` makes that of one of this rank's own,
    /// in a buffer that it is lent where there is one.
    pub(crate) fn sum(&self, compute: &mut dyn FnMut(usize, Option<Vec<f32>>) -> Vec<f32>) -> Vec<f32> {
        let spare = std::cell::RefCell::new(Vec::new());
        let mut below = |node: &Range<usize>| {
            let mut shard = |leaf: &Range<usize>| compute(leaf.start, spare.borrow_mut().pop());
            tree::sum(node.clone(), &|_| false, &mut shard, &mut |buffer| spare.borrow_mut().push(buffer))
        };
        if self.group.count() == 1 {
            return below(&(0..self.shards));
        }
        thread::scope(|scope| {
            let (finished, subtrees) = channel();
            let travelling = scope.spawn(move || self.travel(&subtrees));
            for node in &self.subtrees[self.group.rank()] {
                // Where the other end is gone it has panicked, which shows below.
                let _ = finished.send(below(node));
            }
            self.group.waiting(|| travelling.join()).unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Exchanges subtrees as they are finished: in round `k`, the `k`-th of every rank that has so many.
    fn travel(&self, finished: &Receiver<Vec<f32>>) -> Vec<f32> {
        let own = self.group.rank();
        let rounds = self.subtrees.iter().map(Vec::len).max().unwrap_or(0);
        let (mut slices, mut whole) = (BTreeMap::new(), Vec::new());
        for round in 0..rounds {
            let there = |rank: usize| self.subtrees[rank].get(round);
            if there(own).is_some() {
                // Whoever computes them has panicked, and this process ends.
                let Ok(subtree) = finished.recv() else { return whole };
                whole = subtree;
            }
            let out = there(own).map(|_| self.to_others(|rank| &whole[self.slice(rank)]));
            let mut buffers: Vec<_> = self
                .others()
                .filter_map(|rank| Some((rank, there(rank)?.start, vec![0.0; self.slice(own).len()])))
                .collect();
            let mut into: Vec<_> =
                buffers.iter_mut().map(|(rank, _, buffer)| (*rank, buffer.as_mut_slice())).collect();
            self.group.swap(&out.unwrap_or_default(), &mut into);
            slices.extend(buffers.into_iter().map(|(_, start, buffer)| (start, buffer)));
            if let Some(node) = there(own) {
                slices.insert(node.start, whole[self.slice(own)].to_vec());
            }
        }
        self.spread(&self.top(slices), whole)
    }

    /// The sum of this rank's slice, from the subtrees of all.
    fn top(&self, mut slices: BTreeMap<usize, Vec<f32>>) -> Vec<f32> {
        let is_subtree = |node: &Range<usize>| self.subtrees.iter().any(|own| own.contains(node));
        let mut take = |node: &Range<usize>| slices.remove(&node.start).unwrap_or_default();
        tree::sum(0..self.shards, &is_subtree, &mut take, &mut drop)
    }

    /// Sends the sum of this rank's slice to all, and takes theirs.
    fn spread(&self, slice: &[f32], mut whole: Vec<f32>) -> Vec<f32> {
        // A rank whose shards are none has no buffer of its own yet.
        whole.resize(self.length, 0.0);
        whole[self.slice(self.group.rank())].copy_from_slice(slice);
        let (mut into, mut rest) = (Vec::new(), whole.as_mut_slice());
        for rank in 0..self.group.count() {
            let (own, others) = rest.split_at_mut(self.slice(rank).len());
            rest = others;
            if rank != self.group.rank() {
                into.push((rank, own));
            }
        }
        self.group.swap(&self.to_others(|_| slice), &mut into);
        whole
    }

    fn to_others<'b>(&self, numbers: impl Fn(usize) -> &'b [f32]) -> Vec<(usize, &'b [f32])> {
        self.others().map(|rank| (rank, numbers(rank))).collect()
    }

    fn others(&self) -> impl Iterator<Item = usize> {
        let own = self.group.rank();
        (0..self.group.count()).filter(move |rank| *rank != own)
    }

    /// The slice of every vector that a rank adds up.
    fn slice(&self, rank: usize) -> Range<usize> {
        tree::part(self.length, rank, self.group.count())
    }
}
