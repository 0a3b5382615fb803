//! A pass without gradients takes little more memory than its input, its outputs and its weights.
#![cfg(target_os = "linux")]

use std::fs;

use burn::tensor::Tensor;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Cell, Initializer, Initializers, Pass, Recurrence, RecurrentConfig};

/// Of the process, in bytes: `VmRSS` is what it has in memory, `VmHWM` the most since that was reset.
fn memory(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel's account of the process");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of that name");
    let kibibytes: usize = line.trim_matches([':', '\t', ' ', 'k', 'B']).parse().expect("a number");
    kibibytes * 1024
}

#[test]
fn a_pass_without_gradients_keeps_one_step() {
    let (batch, time, units) = (64, 500, 800);
    let device = BackendKind::Flex.open().expect("a CPU backend opens");
    for cell in [Cell::Lstm, Cell::Gru(recurrent_cells::Reset::After)] {
        recurrent_cells::free_buffers();
        let before = memory("VmRSS");
        let quick = Initializers::default().with_recurrent(Initializer::Normal(0.01));
        let layer = RecurrentConfig::new(cell, units, units).with_initializers(quick).init(Seed(1), &device);
        let x = Tensor::<3>::ones([batch, time, units], &device);
        fs::write("/proc/self/clear_refs", "5").expect("the most is reset");
        let (outputs, _) = layer.sequence(x, None, &Pass::evaluation());
        let taken = memory("VmHWM") - before;
        let numbers = 2 * batch * time * units + cell.parameters(units, units);
        assert_eq!(outputs.dims(), [batch, time, units]);
        let ratio = taken as f64 / (4 * numbers) as f64;
        assert!(ratio <= 1.2, "{cell:?}: {ratio:.3} times input, outputs and weights");
    }
}
