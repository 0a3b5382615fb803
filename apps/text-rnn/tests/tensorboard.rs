//! What TensorBoard itself reads of a run: where Python has it.

mod program;

use program::{small, with_text};
use program_tests::peers::Peer;

/// Prints what TensorBoard's own readers find in a folder of runs, one fact a line.
const READ: &str = r#"
import collections, io, logging
from PIL import Image
logging.disable(logging.ERROR)
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import graph_pb2
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import backend_context, list_session_groups, api_pb2
from tensorboard.util import tensor_util

multiplexer = plugin_event_multiplexer.EventMultiplexer(tensor_size_guidance={"text": 0, "images": 0})
multiplexer.AddRunsFromDirectory("runs")
multiplexer.Reload()
for run in sorted(multiplexer.Runs()):
    accumulator = multiplexer.GetAccumulator(run)
    graph = accumulator.Graph()
    layers = [f"{node.name} {[dim.size for dim in node.attr['_output_shapes'].list.shape[0].dim]}" for node in graph.node]
    print(f"{run}: graph:", ", ".join(layers))
    tags = collections.defaultdict(list)
    for tag in sorted(accumulator.Tags()["tensors"]):
        tags[accumulator.SummaryMetadata(tag).plugin_data.plugin_name].append(tag)
    points = collections.defaultdict(list)
    for tag in tags["scalars"]:
        events = accumulator.Tensors(tag)
        part, name = tag.split("/", 1)
        points[f"{part}, {len(events)} points, the last at {events[-1].step}"].append(name)
    for part, names in points.items():
        print(f"{run}: scalars of {part}: {', '.join(names)}")
    counts = collections.Counter()
    for tag in tags["histograms"]:
        for event in accumulator.Tensors(tag):
            table = tensor_util.make_ndarray(event.tensor_proto)
            assert table.shape == (30, 3) and (table[:, 0] <= table[:, 1]).all(), tag
            counts[tag.split("/")[0], event.step] += int(table[:, 2].sum())
    for part in ("weights", "gradients"):
        numbers = {step: count for (of, step), count in counts.items() if of == part}
        print(f"{run}: histograms of {part}: {numbers}")
    for tag in tags["text"]:
        for event in accumulator.Tensors(tag):
            text = tensor_util.make_ndarray(event.tensor_proto).item().decode()
            print(f"{run}: text {tag} at {event.step}: {all(line.startswith('    ') for line in text.splitlines())}, {len(text) > 0}")
    for tag in tags["images"]:
        width, height, png = tensor_util.make_ndarray(accumulator.Tensors(tag)[-1].tensor_proto)[:3]
        image = Image.open(io.BytesIO(png))
        image.load()
        print(f"{run}: image {tag}: {width.decode()} x {height.decode()}, {image.format} {image.size}, {len(image.getcolors(1 << 20)) > 4}")

provider = data_provider.MultiplexerDataProvider(multiplexer, "runs")
context = backend_context.Context(base_plugin.TBContext(data_provider=provider))
request = RequestContext()
contents = context.hparams_metadata(request, "")
experiment = context.experiment_from_metadata(
    request, "", True, contents, context.hparams_from_data_provider(request, "", limit=None))
names = {info.name: [value.string_value for value in info.domain_discrete.values] for info in experiment.hparam_infos}
print("hparams:", len(names), "of which", {name: names[name] for name in ("model.cell", "train.seed", "window")})
metrics = sorted(info.name.tag for info in experiment.metric_infos)
print("metrics:", ", ".join(name for name in metrics if not name.startswith("step/")))
groups = list_session_groups.Handler(request, context, "", api_pb2.ListSessionGroupsRequest(
    slice_size=10, start_index=0, allowed_statuses=[0, 1, 2, 3],
    col_params=[api_pb2.ColParams(metric=info.name) for info in experiment.metric_infos])).run()
for group in groups.session_groups:
    for session in group.sessions:
        values = {value.name.tag: value for value in session.metric_values}
        print(f"session {session.name}: status {session.status}, {group.hparams['model.cell'].string_value},",
              f"result at {values['result/bits_per_character'].training_step}")
"#;

#[test]
fn tensorboard_reads_graph_histograms_texts_pictures_and_settings() {
    let Some(python) = Peer::with(&["tensorboard", "PIL"]) else { return };
    let place = with_text();
    let recorded = "--sample-every 1 --histograms 20 --quiet";
    place.succeed(&small(&format!("--run runs/a --cell lstm --epochs 2 {recorded}")));
    place.succeed(&small(&format!("--run runs/b --cell gru --epochs 3 --max-steps 50 {recorded}")));
    // Gone on with: graph and settings stay those that it began with.
    place.succeed("--resume runs/b --max-steps 100 --histograms 20 --quiet");
    insta::assert_snapshot!(python.run(&place, READ), @r"
    a/tensorboard: graph: input [], lstm_1 [-1, -1, 16], head [-1, -1, 23], target [], loss []
    a/tensorboard: scalars of result, 1 points, the last at 90: bits_per_character, characters, nats_per_character, perplexity
    a/tensorboard: scalars of step, 9 points, the last at 90: gradient_norm, learning_rate, loss
    a/tensorboard: scalars of train, 2 points, the last at 90: learning_rate, loss
    a/tensorboard: scalars of validation, 2 points, the last at 90: loss
    a/tensorboard: histograms of weights: {20: 2951, 40: 2951, 60: 2951, 80: 2951}
    a/tensorboard: histograms of gradients: {20: 2951, 40: 2951, 60: 2951, 80: 2951}
    a/tensorboard: text samples/by_epoch at 45: True, True
    a/tensorboard: text samples/by_epoch at 90: True, True
    a/tensorboard: image plots/loss: 840 x 720, PNG (840, 720), True
    b/tensorboard: graph: input [], gru_1 [-1, -1, 16], head [-1, -1, 23], target [], loss []
    b/tensorboard: scalars of result, 2 points, the last at 100: bits_per_character, characters, nats_per_character, perplexity
    b/tensorboard: scalars of step, 10 points, the last at 100: gradient_norm, learning_rate, loss
    b/tensorboard: scalars of train, 2 points, the last at 90: learning_rate, loss
    b/tensorboard: scalars of validation, 2 points, the last at 90: loss
    b/tensorboard: histograms of weights: {20: 2359, 40: 2359, 60: 2359, 80: 2359, 100: 2359}
    b/tensorboard: histograms of gradients: {20: 2359, 40: 2359, 60: 2359, 80: 2359, 100: 2359}
    b/tensorboard: text samples/by_epoch at 45: True, True
    b/tensorboard: text samples/by_epoch at 90: True, True
    b/tensorboard: image plots/loss: 840 x 720, PNG (840, 720), True
    hparams: 49 of which {'model.cell': ['gru', 'lstm'], 'train.seed': [], 'window': []}
    metrics: result/bits_per_character, result/characters, result/nats_per_character, result/perplexity, train/learning_rate, train/loss, validation/loss
    session a/tensorboard: status 1, lstm, result at 90
    session b/tensorboard: status 0, gru, result at 100
    ");
}
