// Questions to this server.
Object.assign(Recurrent, (() => {
  const { at } = Recurrent;
  let token = sessionStorage.getItem("token") || "";

  const note = (answer) => {
    const { epoch, step } = answer.weights;
    at("weights").textContent = epoch === null ? `model ${answer.model}` : `model ${answer.model}, epoch ${epoch}, step ${step}`;
  };

  // What is heard of the server: where it is gone, browsers speak of a type.
  const heard = (promise) => promise.catch((error) => {
    throw error instanceof TypeError ? new Error("the server does not answer") : error;
  });

  // A response that is no problem; asks for the token where the server has one.
  const request = async (path, options = {}) => {
    const headers = { ...options.headers };
    if (token) headers.Authorization = `Bearer ${token}`;
    const response = await heard(fetch(path, { ...options, headers }));
    if (response.status === 401) {
      const given = prompt("This server asks for a token:");
      if (given) { token = given; sessionStorage.setItem("token", given); return request(path, options); }
    }
    if (!response.ok) {
      const problem = await response.json().catch(() => ({ detail: response.statusText }));
      throw new Error(problem.detail);
    }
    return response;
  };

  const post = (model, verb, question, signal) =>
    request(`/v1/models/${encodeURIComponent(model)}/${verb}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question), signal,
    });

  const ask = async (model, verb, question, signal) => {
    const answer = await heard((await post(model, verb, question, signal)).json());
    note(answer);
    return answer;
  };

  // Parts go to `each` as they come; returns the end of the answer.
  const stream = async (model, verb, question, signal, each) => {
    const reader = (await post(model, verb, question, signal)).body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "", end = null;
    for (;;) {
      const { value, done } = await heard(reader.read());
      if (done) break;
      text += value;
      const events = text.split("\n\n");
      text = events.pop();
      for (const event of events) {
        const field = (name) => event.split("\n").find((line) => line.startsWith(name + ": "))?.slice(name.length + 2);
        const data = JSON.parse(field("data"));
        if (field("event") === "error") throw new Error(data.detail);
        if (field("event") === "end") { end = data; note(data); } else each(data);
      }
    }
    if (!end) throw new Error("the answer was cut off");
    return end;
  };

  // Fills the choice of models; calls `chosen` with the one that is chosen, now and later.
  const models = async (chosen) => {
    const select = at("model");
    const all = (await (await request("/v1/models")).json()).models;
    for (const model of all) select.add(new Option(model.name, model.name));
    select.closest("label").hidden = all.length < 2;
    const tell = () => {
      const model = all.find((one) => one.name === select.value);
      at("about").textContent = model.facts.words + (model.training ? ", being trained" : "");
      chosen(model);
    };
    select.addEventListener("change", tell);
    tell();
  };

  return { ask, stream, models };
})());
