// Answers of this page itself: the network and ONNX Runtime Web are part of it.
const started = new Promise((resolve) => { globalThis.recurrentRuntime = resolve; });
Object.assign(Recurrent, (() => {
  const { at } = Recurrent;
  const facts = JSON.parse(at("facts").textContent);

  // Bytes that stand in the page, packed.
  const bytes = (id) => {
    const text = atob(at(id).textContent);
    const packed = new Uint8Array(text.length);
    for (let place = 0; place < text.length; place++) packed[place] = text.charCodeAt(place);
    at(id).remove();
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  };

  const opened = (async () => {
    if (!globalThis.DecompressionStream) throw new Error("this browser is too old: Chrome 92, Firefox 113 and Safari 16.4 are the first that can show this page");
    const { InferenceSession, Tensor, env } = await started;
    Object.assign(env.wasm, { numThreads: 1, wasmBinary: await bytes("wasm") });
    const session = await InferenceSession.create(new Uint8Array(await bytes("network")), { executionProviders: ["wasm"], logSeverityLevel: 3 });
    return { session, Tensor };
  })();

  // What the network gives; one run after the other, as a session has one at a time.
  let last = opened;
  const run = (inputs) => {
    const now = async () => {
      const { session, Tensor } = await opened;
      const fed = Object.entries(inputs).map(([name, input]) => [name, Array.isArray(input) ? new Tensor(...input) : input]);
      return session.run(Object.fromEntries(fed));
    };
    return last = last.then(now, now);
  };

  const rest = async (signal) => {
    await new Promise((resolve) => setTimeout(resolve));
    if (signal?.aborted) throw new DOMException("nobody waits any more", "AbortError");
  };

  const stream = (_model, _verb, question, signal, each) =>
    Recurrent.answer(facts, question, { run, each, rest: () => rest(signal) });
  const ask = (model, verb, question, signal) => stream(model, verb, question, signal, () => {});

  const models = async (chosen) => {
    at("model").closest("label").hidden = true;
    await opened;
    at("about").textContent = facts.words;
    chosen({ name: "", facts });
  };

  return { ask, stream, models };
})());
