//! The sequence op on plain slices of `f32`: no type of Burn is known here.
//!
//! Everything but a dense input is time-major, `[time, batch, ...]`: the rows of one step lie together, so the state of the
//! step before is an operand of the recurrent product as it stands, and the weight gradients of all steps are single
//! products. A dense input is read as it lies, by steps or by sequences. `forward.rs` and `backward.rs` walk a sequence, and
//! `forward_step.rs` and `backward_step.rs` are what a cell's step is written with; `normalized.rs` has layer normalisation for
//! every cell; `product.rs`, `pack.rs` and the instruction sets below `isa/` multiply; `matmul.rs` hands the large products to the
//! `gemm` crate.
//!
//! This folder is the only place of the workspace with unsafe code: the calls of functions compiled for an
//! instruction set, their loads, stores and requests of cache lines, the columns that threads write side by side
//! (`product.rs`), and the call of `gemm`.
#![allow(unsafe_code)]

pub(crate) mod activate;
mod backward;
mod backward_step;
mod before;
mod forward;
mod forward_step;
pub(crate) mod isa;

mod layer_norm;
mod matmul;
mod normalized;
mod operands;
mod pack;
mod peak;
mod pool;
mod product;
pub(crate) mod rows;
mod stream;
mod weight_gradients;
mod weights;
mod zoneout;

pub(crate) use backward::backward;
pub(crate) use backward_step::{BackwardStep, MemoryBack};
pub(crate) use forward::{Saved, forward};
pub(crate) use forward_step::{ForwardStep, NormalizedMemory};
pub(crate) use operands::{Operands, Order, Sizes, Source};
pub use peak::peak_flops;
pub use pool::free_buffers;
pub(crate) use weight_gradients::Wanted;
