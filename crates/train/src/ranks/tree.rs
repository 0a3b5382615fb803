//! The order in which the gradients of shards are added: a binary tree over the shards, which knows nothing of ranks. So a sum has
//! the same bits, whoever adds which part of it.

use std::ops::Range;

/// Adds what stands at the leaves below a node, in the order of the tree. `is_leaf` says where to stop, `take` gives what is there,
/// and `done` takes back the buffers that have been added to others.
pub(crate) fn sum(
    node: Range<usize>,
    is_leaf: &dyn Fn(&Range<usize>) -> bool,
    take: &mut dyn FnMut(&Range<usize>) -> Vec<f32>,
    done: &mut dyn FnMut(Vec<f32>),
) -> Vec<f32> {
    if node.len() <= 1 || is_leaf(&node) {
        return take(&node);
    }
    let middle = middle(&node);
    let mut left = sum(node.start..middle, is_leaf, take, done);
    let right = sum(middle..node.end, is_leaf, take, done);
    for (left, right) in left.iter_mut().zip(&right) {
        *left += right;
    }
    done(right);
    left
}

/// The largest whole subtrees that lie in `part`, from the left.
pub(crate) fn subtrees(node: Range<usize>, part: &Range<usize>) -> Vec<Range<usize>> {
    if node.end <= part.start || part.end <= node.start || node.is_empty() {
        return Vec::new();
    }
    if part.start <= node.start && node.end <= part.end {
        return vec![node];
    }
    let middle = middle(&node);
    let mut found = subtrees(node.start..middle, part);
    found.extend(subtrees(middle..node.end, part));
    found
}

/// Where a node of two shards or more is parted: its left half is the largest power of two below its size, so that halves of a power
/// of two are equal.
fn middle(node: &Range<usize>) -> usize {
    node.start + node.len().next_power_of_two() / 2
}

/// The part of `whole` things that the `index`-th of `count` has: one after the other, as equal as can be.
pub(crate) fn part(whole: usize, index: usize, count: usize) -> Range<usize> {
    // A product of two lengths in memory can be beyond `usize`.
    let place = |index: usize| (whole as u128 * index as u128 / count as u128) as usize;
    place(index)..place(index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum written out: `((0+1)+(2+3))`.
    fn words(node: Range<usize>, leaves: &[Range<usize>]) -> String {
        if node.len() == 1 && (leaves.is_empty() || leaves.contains(&node)) {
            return node.start.to_string();
        }
        let middle = middle(&node);
        format!("({}+{})", words(node.start..middle, leaves), words(middle..node.end, leaves))
    }

    #[test]
    fn the_tree_is_that_of_powers_of_two() {
        let said = [1, 2, 3, 4, 5, 6, 8].map(|shards| words(0..shards, &[])).join("\n");
        insta::assert_snapshot!(said, @r"
        0
        (0+1)
        ((0+1)+2)
        ((0+1)+(2+3))
        (((0+1)+(2+3))+4)
        (((0+1)+(2+3))+(4+5))
        (((0+1)+(2+3))+((4+5)+(6+7)))
        ");
    }

    #[test]
    fn subtrees_of_ranks_cover_the_shards_in_order() {
        for shards in 1..40 {
            for ranks in 1..=shards {
                let all: Vec<_> = (0..ranks)
                    .flat_map(|rank| subtrees(0..shards, &part(shards, rank, ranks)))
                    .flatten()
                    .collect();
                assert!(all.iter().copied().eq(0..shards), "{shards} shards, {ranks} ranks: {all:?}");
            }
        }
        assert_eq!(subtrees(0..8, &part(8, 1, 3)), [2..4, 4..5]);
    }

    /// Numbers whose sum depends on the order in which they are added.
    fn leaf(shard: usize) -> Vec<f32> {
        (0..5).map(|place| 1.0 / (shard * 5 + place + 1) as f32).collect()
    }

    #[test]
    fn parts_of_a_sum_add_up_to_the_same_bits() {
        for shards in 1..20 {
            let whole = sum(0..shards, &|_| false, &mut |node| leaf(node.start), &mut drop);
            for ranks in 1..=shards {
                let nodes: Vec<_> =
                    (0..ranks).flat_map(|rank| subtrees(0..shards, &part(shards, rank, ranks))).collect();
                let mut below = |node: &Range<usize>| {
                    sum(node.clone(), &|_| false, &mut |node| leaf(node.start), &mut drop)
                };
                let parted = sum(0..shards, &|node| nodes.contains(node), &mut below, &mut drop);
                assert_eq!(parted, whole, "{shards} shards, {ranks} ranks");
            }
        }
    }

    #[test]
    fn the_order_matters_to_the_bits() {
        let tree = sum(0..9, &|_| false, &mut |node| leaf(node.start), &mut drop);
        let mut row = leaf(0);
        for shard in 1..9 {
            row.iter_mut().zip(leaf(shard)).for_each(|(sum, number)| *sum += number);
        }
        assert_ne!(tree, row, "numbers that add up to the same in any order test nothing");
    }
}
