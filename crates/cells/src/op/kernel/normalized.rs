//! The LSTM's step with layer normalisation, forward and backward: of the recurrent product before it joins the sums, and
//! of the memory before its tangent. The input's part of the sums comes normalised ([`Source::Sums`](super::Source)).
//!
//! ```text
//! z = input's part + g_W * n_W,   n_W = LN(W s_{t-1})          s_t = o * tanh(g_c * n_c + b_c),   n_c = LN(c_t)
//! ```

use std::ops::Range;

use super::{
    Gains, Operands, Sizes, isa::Level, layer_norm, lstm, pool, rows, weight_gradients::column_sums,
};

/// What the way back needs; empty without normalisation.
#[derive(Clone, Debug, Default)]
pub(super) struct Normalized {
    /// `n_W`, `[time, batch, 4 * hidden]`; on the way back they become the gradients of the products.
    pub(super) products: Vec<f32>,
    /// `n_c`, `[time, batch, hidden]`.
    memories: Vec<f32>,
    /// What each row of either was multiplied with, `[time, batch]`.
    product_scales: Vec<f32>,
    memory_scales: Vec<f32>,
}

/// One thread's part of it.
pub(super) struct Share<'a> {
    level: Level,
    gains: Gains<'a>,
    products: Vec<&'a mut [f32]>,
    memories: Vec<&'a mut [f32]>,
    product_scales: Vec<&'a mut [f32]>,
    memory_scales: Vec<&'a mut [f32]>,
}

impl Drop for Normalized {
    fn drop(&mut self) {
        pool::give(std::mem::take(&mut self.products));
        pool::give(std::mem::take(&mut self.memories));
    }
}

impl Normalized {
    pub(super) fn new(operands: &Operands<'_>) -> Self {
        if operands.gains.is_none() {
            return Self::default();
        }
        let Sizes { time, batch, hidden, .. } = operands.sizes;
        Self {
            products: pool::take(time * batch * operands.width()),
            memories: pool::take(time * batch * hidden),
            product_scales: vec![0.0; time * batch],
            memory_scales: vec![0.0; time * batch],
        }
    }

    /// Cuts it by rows, one part a range; nothing without normalisation.
    pub(super) fn cut<'a>(
        &'a mut self,
        level: Level,
        operands: &Operands<'a>,
        ranges: &[Range<usize>],
    ) -> Vec<Option<Share<'a>>> {
        let Some(gains) = operands.gains else { return ranges.iter().map(|_| None).collect() };
        let Sizes { batch, hidden, .. } = operands.sizes;
        let parts = rows::cut_steps(&mut self.products, batch, operands.width(), ranges)
            .into_iter()
            .zip(rows::cut_steps(&mut self.memories, batch, hidden, ranges))
            .zip(rows::cut_steps(&mut self.product_scales, batch, 1, ranges))
            .zip(rows::cut_steps(&mut self.memory_scales, batch, 1, ranges));
        parts
            .map(|(((products, memories), product_scales), memory_scales)| {
                Some(Share { level, gains, products, memories, product_scales, memory_scales })
            })
            .collect()
    }
}

impl Share<'_> {
    /// Where the recurrent products of a step are to be added up: zeros, `[rows, 4 * hidden]`.
    pub(super) fn products(&mut self, step: usize) -> &mut [f32] {
        let products = &mut *self.products[step];
        products.fill(0.0);
        products
    }

    /// Completes the sums in `gates` by the step's products, and goes on as [`lstm::forward`].
    pub(super) fn forward(&mut self, step: usize, gates: &mut [f32], memory: &mut [f32], output: &mut [f32]) {
        let Self { level, gains, .. } = *self;
        let (hidden, width) = (gains.memory.len(), gains.recurrent.len());
        let (products, memories) = (&mut *self.products[step], &mut *self.memories[step]);
        layer_norm::forward(level, width, products, self.product_scales[step]);
        rows::add_multiplied(gates, products, gains.recurrent);
        lstm::forward_memory(level, hidden, gates, memory);
        memories.copy_from_slice(memory);
        layer_norm::forward(level, hidden, memories, self.memory_scales[step]);
        lstm::normalized_output(level, hidden, gates, memories, gains, output);
    }

    /// Turns the gates of one step into the gradients of their sums, as [`lstm::backward`] does.
    pub(super) fn backward(
        &mut self,
        step: usize,
        gates: &mut [f32],
        memory_before: &[f32],
        d_output: &[f32],
        d_memory: &mut [f32],
        d_gains: &mut GainShare<'_>,
    ) {
        let Self { level, gains, .. } = *self;
        let hidden = gains.memory.len();
        let memories = &mut *self.memories[step];
        let d = &mut d_gains.d;
        d.resize(memories.len(), 0.0);
        lstm::backward_normalized_output(level, hidden, gates, memories, gains, d_output, d);
        rows::add(level, d_gains.memory_bias, d);
        let scales = &*self.memory_scales[step];
        layer_norm::backward(level, hidden, memories, scales, gains.memory, d, d_gains.memory);
        rows::add(level, d_memory, memories);
        lstm::backward_memory(level, hidden, gates, memory_before, d_memory);
    }

    /// The gradients of a step's recurrent products, from those of its sums.
    pub(super) fn d_products(&mut self, step: usize, d_sums: &[f32], d_gains: &mut GainShare<'_>) -> &[f32] {
        let Self { level, gains, .. } = *self;
        let (products, scales) = (&mut *self.products[step], &*self.product_scales[step]);
        let (width, gain) = (gains.recurrent.len(), gains.recurrent);
        layer_norm::backward(level, width, products, scales, gain, d_sums, d_gains.recurrent);
        products
    }
}

/// The gains' gradients, row by row. Each row is summed over the steps by the thread that has it, and the rows at the end:
/// so no sum depends on the number of threads.
pub(super) struct GainRows {
    /// `[batch, 4 * hidden]`.
    recurrent: Vec<f32>,
    /// `[batch, hidden]` each.
    memory: Vec<f32>,
    memory_bias: Vec<f32>,
    width: usize,
    hidden: usize,
}

/// One thread's rows.
pub(super) struct GainShare<'a> {
    recurrent: &'a mut [f32],
    memory: &'a mut [f32],
    memory_bias: &'a mut [f32],
    /// The gradient of a step's normalised memory.
    d: Vec<f32>,
}

impl GainRows {
    pub(super) fn new(operands: &Operands<'_>) -> Self {
        let batch = operands.sizes.batch;
        let (width, hidden) =
            operands.gains.map_or((0, 0), |gains| (gains.recurrent.len(), gains.memory.len()));
        Self {
            recurrent: vec![0.0; batch * width],
            memory: vec![0.0; batch * hidden],
            memory_bias: vec![0.0; batch * hidden],
            width,
            hidden,
        }
    }

    pub(super) fn cut(&mut self, ranges: &[Range<usize>]) -> Vec<GainShare<'_>> {
        let parts = rows::cut(&mut self.recurrent, self.width, ranges)
            .into_iter()
            .zip(rows::cut(&mut self.memory, self.hidden, ranges))
            .zip(rows::cut(&mut self.memory_bias, self.hidden, ranges));
        parts
            .map(|((recurrent, memory), memory_bias)| GainShare {
                recurrent,
                memory,
                memory_bias,
                d: Vec::new(),
            })
            .collect()
    }

    /// The gradients, one after the other as in [`Gains`].
    pub(super) fn sums(&self) -> Vec<f32> {
        if self.width == 0 {
            return Vec::new();
        }
        let Self { width, hidden, .. } = *self;
        [(&self.recurrent, width), (&self.memory, hidden), (&self.memory_bias, hidden)]
            .map(|(rows, width)| column_sums(rows, width))
            .concat()
    }
}
