//! A run in double precision is kept and continued as one in single precision, and what cannot be continued is refused at its start.

mod support;

use burn::tensor::{DType, FloatDType};
use recurrent_train::{Interrupt, Optimiser, Training};
use support::*;

#[test]
fn a_run_in_double_precision_is_continued_to_the_bit() {
    let mut device = device().inner();
    device.configure(FloatDType::F64).expect("the first use of the device");
    for optimiser in [Optimiser::rms_prop(), Optimiser::keras_rms_prop(), Optimiser::adam()] {
        let config = config(optimiser);
        let folder = tempfile::tempdir().unwrap();
        let train = |name: &str, steps: Option<u64>| {
            let mut config = config.clone();
            config.max_steps = steps;
            let run = run_folder(&folder.path().join(name));
            train_in(&run, &config, &mut Recorder::default(), Interrupt::default()).unwrap()
        };
        let whole = train("whole", None);
        assert_eq!(whole.model.dense.val().dtype(), DType::F64);
        train("parts", Some(7));
        let parts = train("parts", None);
        let bytes = |model: &Tiny| {
            let parameters = [&model.rnn.kernel, &model.rnn.recurrent, &model.dense];
            parameters.map(|parameter| parameter.val().into_data().as_bytes().to_vec())
        };
        assert_eq!(bytes(&whole.model), bytes(&parts.model), "{optimiser}");
        assert_eq!(without_seconds(&whole.history), without_seconds(&parts.history), "{optimiser}");
    }
    // Its state could not be read back as it is: the device makes numbers of another kind.
    let device = support::device();
    let mut model = Tiny::new(&device, HIDDEN);
    model.dense = model.dense.map(|dense| dense.cast(FloatDType::F32).detach().require_grad());
    let batches = Sums::new(&device);
    let config = config(Optimiser::adam());
    let error = Training::new(&config, &batches).run(model).unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"parameter `dense` holds f32 and the device makes f64, in which the optimiser's state would be read back: make the model on a device that was configured for f32 (`Device::configure`), or cast the parameter to f64");
}
