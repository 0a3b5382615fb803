//! Holds the options of the layers (weight drop, zoneout, layer normalisation, dropout masks of each gate, peepholes, coupled gates,
//! clips, learnt states, projections) against cases recorded in `tests/goldens/options/`. It is here and not in `tests/` because it feeds the recorded masks to the layer.

use std::{fs, path::PathBuf};

use burn::{
    module::Param,
    tensor::{Device, Gradients, Tensor, TensorData},
};
use recurrent_backend::BackendKind;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    Activation, Cell, Direction, GateMasks, Implementation, Mask, Normalization, Pass, Recurrence, Recurrent,
    RecurrentConfig, Reset, State, Weights,
    masks::Masks,
    op::options::DropoutMasks,
    zoneout::{Kept, Zoneout},
};

#[derive(Deserialize)]
struct File {
    time: usize,
    input: usize,
    hidden: usize,
    cases: Map<String, Value>,
}

#[derive(Deserialize)]
struct Golden {
    shape: Vec<usize>,
    data: Vec<f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    training: bool,
    #[serde(default)]
    normalization: Normalization,
    #[serde(default)]
    direction: Direction,
    #[serde(default)]
    input_dropout: f64,
    #[serde(default)]
    recurrent_dropout: f64,
    #[serde(default)]
    gate_masks: GateMasks,
    #[serde(default)]
    weight_dropout: f64,
    #[serde(default)]
    zoneout_output: f64,
    #[serde(default)]
    zoneout_memory: f64,
    #[serde(default)]
    coupled_gates: bool,
    #[serde(default)]
    peepholes: bool,
    #[serde(default)]
    learns_state: bool,
    clip: Option<f64>,
    projection: Option<usize>,
    lengths: Option<Vec<usize>>,
}

#[test]
fn every_option_computes_what_was_recorded() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/options");
    let paths =
        fs::read_dir(&folder).expect("the folder of goldens").map(|entry| entry.expect("an entry").path());
    let mut compared = 0;
    for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let text = fs::read_to_string(&path).expect("a readable file");
        let file: File =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for (name, value) in &file.cases {
            for kind in
                [BackendKind::Flex, BackendKind::NdArray].into_iter().filter(|kind| kind.is_built_in())
            {
                for implementation in [Implementation::Kernel, Implementation::Composed] {
                    let device = kind.open().expect("a CPU backend opens").autodiff();
                    let place = format!("{} {name} on {kind}, {implementation:?}", path.display());
                    Case { file: &file, value, place }.compare(implementation, &device);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 0, "there are no cases");
}

struct Case<'a> {
    file: &'a File,
    value: &'a Value,
    place: String,
}

impl Case<'_> {
    fn compare(&self, implementation: Implementation, device: &Device) {
        let options: Options = self.parse("options");
        let layer = self.layer(&options, implementation, device);
        let constant = |key: &str| self.golden(key).tensor::<2>(device);
        let x = self.golden("x").tensor::<3>(device).require_grad();
        let has_memory = layer.cell().has_memory();
        let start = (!options.learns_state).then(|| State {
            output: constant("h0").require_grad(),
            memory: has_memory.then(|| constant("c0").require_grad()),
        });
        let padding = options.lengths.as_ref().map(|lengths| Mask::from_lengths(lengths, self.file.time));
        let (output, last) = if options.training {
            layer.masked_sequence(x.clone().into(), start.clone(), self.masks(&options), padding.as_ref())
        } else {
            let pass = padding.into_iter().fold(Pass::evaluation(), Pass::with_mask);
            layer.sequence(x.clone(), start.clone(), &pass)
        };

        self.check("output", output.clone());
        self.check("hn", last.output.clone());
        let mut loss = (output * self.golden("d_output").tensor::<3>(device)).sum()
            + (last.output * constant("d_hn")).sum();
        if let Some(memory) = last.memory {
            self.check("cn", memory.clone());
            loss = loss + (memory * constant("d_cn")).sum();
        }
        let gradients = loss.backward();
        self.check("grad_x", x.grad(&gradients).expect("a gradient"));
        if let Some(State { output, memory }) = start {
            self.check("grad_h0", output.grad(&gradients).expect("a gradient"));
            if let Some(memory) = memory {
                self.check("grad_c0", memory.grad(&gradients).expect("a gradient"));
            }
        }
        self.check_weights(&layer, &gradients);
    }

    fn check_weights(&self, layer: &Recurrent, gradients: &Gradients) {
        let mut parameters = vec![("kernel", &layer.kernel), ("recurrent", &layer.recurrent)];
        let others = [
            ("bias", &layer.bias),
            ("peepholes", &layer.peepholes),
            ("projection", &layer.projection),
            ("first_output", &layer.first_output),
            ("first_memory", &layer.first_memory),
        ];
        parameters.extend(others.into_iter().filter_map(|(name, it)| it.as_ref().map(|it| (name, it))));
        if let Some(normalization) = &layer.normalization {
            parameters.push(("gain", &normalization.gain));
            parameters.extend(normalization.memory.as_ref().map(|memory| ("memory", memory)));
        }
        let recorded = self.value["grad_weights"].as_object().expect("a table of weights");
        assert_eq!(recorded.len(), parameters.len(), "{}: the layer's parameters", self.place);
        for (name, parameter) in parameters {
            let found = parameter.val().grad(gradients).expect("every parameter has a gradient");
            self.check_against(name, found, self.read(&recorded[name]));
        }
    }

    fn layer(&self, options: &Options, implementation: Implementation, device: &Device) -> Recurrent {
        let numbers = |name: &str| self.read(&self.value["weights"][name]);
        let or_none = |is_there: bool, name: &str| if is_there { numbers(name).data } else { Vec::new() };
        let cell = match self.value["cell"].as_str() {
            Some("rnn_tanh") => Cell::Rnn(Activation::Tanh),
            Some("rnn_relu") => Cell::Rnn(Activation::Relu),
            Some("lstm") => Cell::Lstm,
            Some("gru_reset_before") => Cell::Gru(Reset::Before),
            Some("gru_reset_after") => Cell::Gru(Reset::After),
            // As a layer's configuration is written.
            _ => self.parse("cell"),
        };
        let (input, hidden) = (self.file.input, self.file.hidden);
        let mut weights = Weights::zeros(cell, input, hidden);
        weights.kernel = numbers("kernel").data;
        weights.recurrent = numbers("recurrent").data;
        weights.bias = numbers("bias").data;
        weights.output = options.projection.unwrap_or(hidden);
        weights.peepholes = or_none(options.peepholes, "peepholes");
        weights.projection = or_none(options.projection.is_some(), "projection");
        let config = RecurrentConfig::new(cell, input, hidden)
            .with_direction(options.direction)
            .with_input_dropout(options.input_dropout)
            .with_recurrent_dropout(options.recurrent_dropout)
            .with_gate_masks(options.gate_masks)
            .with_weight_dropout(options.weight_dropout)
            .with_zoneout_output(options.zoneout_output)
            .with_zoneout_memory(options.zoneout_memory)
            .with_normalization(options.normalization)
            .with_coupled_gates(options.coupled_gates)
            .with_peepholes(options.peepholes)
            .with_learns_state(options.learns_state)
            .with_clip(options.clip)
            .with_projection(options.projection)
            .with_implementation(implementation);
        let mut layer = config.init_with(&weights, device);
        let parameter = |name: &str| Param::from_tensor(numbers(name).tensor::<2>(device));
        layer.first_output = layer.first_output.take().map(|_| parameter("first_output"));
        layer.first_memory = layer.first_memory.take().map(|_| parameter("first_memory"));
        if let Some(normalization) = &mut layer.normalization {
            normalization.gain = parameter("gain");
            normalization.memory = normalization.memory.take().map(|_| parameter("memory"));
        }
        layer
    }

    /// The recorded masks, in the layer's form.
    fn masks(&self, options: &Options) -> Masks {
        let masks = self.value["masks"].as_object().expect("a table of masks");
        let of = |name: &str| masks.get(name).map(|mask| self.read(mask).data);
        let kept =
            |name: &str| of(name).map(|mask| Kept::Units(mask.iter().map(|kept| *kept == 1.0).collect()));
        let (batch, input, output) =
            (self.batch(), self.file.input, options.projection.unwrap_or(self.file.hidden));
        let of_gates = |name: &str, width: usize| {
            of(name).map(|factors| {
                let count = factors.len() / (batch * width);
                DropoutMasks::new(factors, count)
            })
        };
        Masks {
            input: of_gates("input_dropout", input),
            recurrent: of_gates("recurrent_dropout", output),
            weights: of("weight_dropout"),
            zoneout: Zoneout { output: kept("zoneout_output"), memory: kept("zoneout_memory") },
        }
    }

    fn batch(&self) -> usize {
        self.golden("x").shape[0]
    }

    fn check<const D: usize>(&self, name: &str, found: Tensor<D>) {
        self.check_against(name, found, self.golden(name));
    }

    /// Relative error below 1e-4, absolute below 1e-5.
    fn check_against<const D: usize>(&self, name: &str, found: Tensor<D>, expected: Golden) {
        assert_eq!(&found.dims()[..], &expected.shape[..], "{}: the shape of {name}", self.place);
        let found = found.into_data().try_into_vec::<f32>().expect("floats");
        for (place, (found, expected)) in found.iter().zip(&expected.data).enumerate() {
            assert!(
                (found - expected).abs() <= 1e-5 + 1e-4 * expected.abs(),
                "{}: {name}[{place}] is {found}, expected {expected}",
                self.place
            );
        }
    }

    fn golden(&self, key: &str) -> Golden {
        self.parse(key)
    }

    fn read(&self, value: &Value) -> Golden {
        Golden::deserialize(value).unwrap_or_else(|error| panic!("{}: {error}", self.place))
    }

    fn parse<T: for<'a> Deserialize<'a>>(&self, key: &str) -> T {
        T::deserialize(&self.value[key]).unwrap_or_else(|error| panic!("{}: `{key}`: {error}", self.place))
    }
}

impl Golden {
    fn tensor<const D: usize>(self, device: &Device) -> Tensor<D> {
        Tensor::from_data(TensorData::new(self.data, self.shape), device)
    }
}
