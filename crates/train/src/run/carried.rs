//! The states that the shards carry from batch to batch, and how they stand in a checkpoint: that of a batch which is not cut by
//! itself, those of shards as a list.

use std::ops::Range;

use burn::tensor::{Device, TensorData};
use recurrent_backend::{Carry, NamedTensors};

use crate::error::Error;
use crate::ranks::group::Group;
use crate::weights::tensors;

/// What each of a rank's own shards carries.
pub(crate) type States<C> = Vec<Option<C>>;

/// The name that they have in a checkpoint.
const NAME: &str = "carry";

/// The states of all shards, of which this rank has those of `own`; `None` where nothing is carried. All ranks call it.
pub(crate) fn write<C: Carry>(
    group: &Group,
    shards: usize,
    own: &Range<usize>,
    states: &[Option<C>],
) -> Result<Option<NamedTensors>, Error> {
    let mut all = NamedTensors::new();
    if shards == 1 {
        let state = states.first().and_then(Option::as_ref);
        return Ok(state.map(|state| {
            state.write(NAME, &mut all);
            all
        }));
    }
    for (shard, state) in own.clone().zip(states) {
        state.write(&format!("{NAME}.{shard}"), &mut all);
    }
    let odd = |problem| Error::Setting(format!("the carried state cannot be sent: {problem}"));
    if group.count() > 1 {
        let bytes = tensors::encode(&all).map_err(odd)?;
        for said in group.gather(&bytes)? {
            all.extend(tensors::decode(&said).map_err(odd)?);
        }
    }
    if all.is_empty() {
        return Ok(None);
    }
    all.insert(format!("{NAME}.length"), TensorData::from([shards as i64]));
    Ok(Some(all))
}

/// Takes the states of a rank's own shards back; none where nothing was carried.
///
/// # Errors
/// A tensor is missing or of another rank.
pub(crate) fn read<C: Carry>(
    tensors: Option<&NamedTensors>,
    shards: usize,
    own: &Range<usize>,
    device: &Device,
) -> Result<States<C>, String> {
    match tensors {
        None => Ok(own.clone().map(|_| None).collect()),
        Some(tensors) if shards == 1 => Ok(vec![Some(C::read(NAME, tensors, device)?)]),
        Some(tensors) => {
            own.clone().map(|shard| Option::read(&format!("{NAME}.{shard}"), tensors, device)).collect()
        }
    }
}
