//! Byte-pair encoding (Sennrich, Haddow and Birch 2016): the pair of neighbours that occurs most often becomes a piece, again and
//! again. Here the first pieces are the characters of the text, so that nothing has to be said of bytes.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::Id;

/// Two pieces that stand side by side.
type Pair = (Id, Id);

/// A stretch of a text in pieces, and how often it occurs.
pub(super) struct Stretch {
    pub(super) pieces: Vec<Id>,
    pub(super) count: u64,
}

/// How often a pair occurs, and the places of the stretches that it is, or was, in.
#[derive(Default)]
struct Occurrences {
    count: u64,
    stretches: Vec<usize>,
}

/// Adds pieces to `texts`, the texts of those that there are by their ids, until there are `size`, or no pair occurs twice. Of
/// pairs that occur as often, that of the lower ids goes first.
pub(super) fn merge(mut stretches: Vec<Stretch>, texts: &mut Vec<Box<str>>, size: usize) {
    let mut ids: FxHashMap<Box<str>, Id> = texts.iter().cloned().zip(0..).collect();
    let mut pairs: FxHashMap<Pair, Occurrences> = HashMap::with_hasher(FxBuildHasher);
    for (place, stretch) in stretches.iter().enumerate() {
        count(&mut pairs, stretch, place, None, &mut |_| ());
    }
    let mut queue: BinaryHeap<(u64, Reverse<Pair>)> =
        pairs.iter().map(|(pair, occurrences)| (occurrences.count, Reverse(*pair))).collect();
    while texts.len() < size {
        let Some((expected, Reverse(pair))) = queue.pop() else { return };
        let Some(occurrences) = pairs.get_mut(&pair) else { continue };
        if occurrences.count != expected {
            // It was queued again when it became more; where it has become fewer since, it is now.
            if occurrences.count < expected && occurrences.count > 0 {
                queue.push((occurrences.count, Reverse(pair)));
            }
            continue;
        }
        if expected < 2 {
            return;
        }
        let mut holding = std::mem::take(&mut occurrences.stretches);
        holding.sort_unstable();
        holding.dedup();
        let text: Box<str> = [&*texts[usize::from(pair.0)], &*texts[usize::from(pair.1)]].concat().into();
        // Two pairs may have the same text.
        let merged = *ids.entry(text).or_insert_with_key(|text| {
            texts.push(text.clone());
            (texts.len() - 1) as Id
        });
        let mut more = Vec::new();
        for place in holding {
            let stretch = &mut stretches[place];
            for pair in neighbours(&stretch.pieces) {
                pairs.get_mut(&pair).expect("a pair that was counted").count -= stretch.count;
            }
            stretch.pieces = joined(&stretch.pieces, pair, merged);
            count(&mut pairs, stretch, place, Some(merged), &mut |pair| more.push(pair));
        }
        more.sort_unstable();
        more.dedup();
        queue.extend(more.into_iter().map(|pair| (pairs[&pair].count, Reverse(pair))));
    }
}

/// Counts the pairs of a stretch, and tells each. With a piece that is new to the stretch, only pairs with it are; the others know where they
/// stand.
fn count(
    pairs: &mut FxHashMap<Pair, Occurrences>,
    stretch: &Stretch,
    place: usize,
    new: Option<Id>,
    tell: &mut impl FnMut(Pair),
) {
    for pair in neighbours(&stretch.pieces) {
        let occurrences = pairs.entry(pair).or_default();
        occurrences.count += stretch.count;
        let is_new = new.is_none_or(|new| pair.0 == new || pair.1 == new);
        if is_new && occurrences.stretches.last() != Some(&place) {
            occurrences.stretches.push(place);
        }
        tell(pair);
    }
}

fn neighbours(pieces: &[Id]) -> impl Iterator<Item = Pair> {
    pieces.windows(2).map(|pair| (pair[0], pair[1]))
}

/// The pieces with a pair made one, from the left to the right.
fn joined(pieces: &[Id], pair: Pair, merged: Id) -> Vec<Id> {
    let mut result = Vec::with_capacity(pieces.len());
    let mut place = 0;
    while place < pieces.len() {
        let is_pair = pieces.get(place..place + 2).is_some_and(|two| (two[0], two[1]) == pair);
        result.push(if is_pair { merged } else { pieces[place] });
        place += if is_pair { 2 } else { 1 };
    }
    result
}
