//! Layers are kept and read by Burn's own records.

mod random;

use burn::{module::Module, tensor::Tensor};
use random::host_devices;
use recurrent_backend::Seed;
use recurrent_cells::{Cell, Merge, Normalization, Pass, Recurrence, RecurrentConfig, StackConfig};

#[test]
fn a_record_holds_every_parameter() {
    for (_, device) in host_devices() {
        let layer = RecurrentConfig::new(Cell::Lstm, 3, 5)
            .with_normalization(Normalization::Layer)
            .with_peepholes(true)
            .with_projection(Some(2))
            .with_learns_state(true);
        let config = StackConfig::new(layer, 2);
        let drawn = config.init_bidirectional(Merge::Concat, Seed(1), &device);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("layers");
        drawn.clone().save_file(&path).expect("the record is written");
        let read = config
            .zeros_bidirectional(Merge::Concat, &device)
            .try_load_file(&path)
            .expect("the record is read");
        let x = Tensor::<3>::ones([2, 4, 3], &device);
        let of = |stack: &recurrent_cells::Stack<recurrent_cells::Bidirectional>| {
            stack.sequence(x.clone(), None, &Pass::evaluation()).0.into_data()
        };
        assert_eq!(of(&read), of(&drawn));
        let zeros = config.zeros_bidirectional(Merge::Concat, &device);
        assert_ne!(of(&zeros), of(&drawn));
    }
}
