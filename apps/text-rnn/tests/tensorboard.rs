//! What TensorBoard itself reads of a run: where Python has it.

mod program;

use program::{small, with_text};
use program_tests::peers::Peer;

/// Prints what TensorBoard's own readers find in a folder of runs, one fact a line.
const READ: &str = r#"
import collections, io, logging, os, sys
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
    for tag in tags["scalars"]:
        points = accumulator.Tensors(tag)
        print(f"{run}: scalar {tag}: {len(points)} points, the last at {points[-1].step}")
    for tag in tags["histograms"]:
        tables = [(event.step, tensor_util.make_ndarray(event.tensor_proto)) for event in accumulator.Tensors(tag)]
        print(f"{run}: histogram {tag}:", ", ".join(f"{step}: {table.shape}, {table[:, 2].sum():.0f}" for step, table in tables))
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
    ");
}
