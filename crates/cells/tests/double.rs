//! In double precision the layers are composed, and compute what they compute in single precision, more exactly.

mod random;

use burn::tensor::{DType, FloatDType, Tensor, TensorData};
use random::numbers;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Cell, GateMasks, Mask, Normalization, Pass, Recurrence, RecurrentConfig, Reset};

#[test]
fn a_layer_in_double_precision_computes_forward_and_backward() {
    let mut device = BackendKind::Flex.open().expect("a CPU backend opens");
    device.configure(FloatDType::F64).expect("the first use of the device");
    let device = device.autodiff();
    for cell in [Cell::Rnn(Default::default()), Cell::Lstm, Cell::Gru(Reset::Before), Cell::Gru(Reset::After)]
    {
        let config = RecurrentConfig::new(cell, 3, 7)
            .with_input_dropout(0.2)
            .with_recurrent_dropout(0.3)
            .with_weight_dropout(0.1)
            .with_zoneout_output(0.1)
            .with_gate_masks(GateMasks::Untied)
            .with_normalization(Normalization::Layer);
        let layer = config.init(Seed(1), &device);
        let pass = || Pass::training(Seed(2)).with_mask(Mask::from_lengths(&[5, 2], 5));
        let loss = |x: &[f32]| {
            let x = Tensor::<3>::from_data(TensorData::new(x.to_vec(), [2, 5, 3]), &device).require_grad();
            let (outputs, _) = layer.sequence(x.clone(), None, &pass());
            assert_eq!(outputs.dtype(), DType::F64, "{cell:?}");
            (x, outputs.square().sum())
        };
        let mut x = numbers(2 * 5 * 3, Seed(4));
        let (leaf, value) = loss(&x);
        let gradient = leaf.grad(&value.backward()).expect("a gradient").into_data();
        let gradient: Vec<f64> = gradient.iter::<f64>().collect();
        let step = 2.0f32.powi(-12);
        for place in 0..x.len() {
            let before = x[place];
            let mut at = |moved: f32| {
                x[place] = moved;
                loss(&x).1.into_scalar::<f64>()
            };
            let found = (at(before + step) - at(before - step)) / (2.0 * f64::from(step));
            x[place] = before;
            let expected = gradient[place];
            assert!(
                (found - expected).abs() <= 1e-6 + 1e-4 * expected.abs(),
                "{cell:?}: {found}, {expected}"
            );
        }
        assert_eq!(layer.weights().kernel.len(), 3 * cell.gates() * 7);
    }
}
