{
  const { at, models, stream, attempt, prefill } = Recurrent;
  let stop = null;

  // From nats to one of seven shades; 6 nats is a character of a chance of one in 400.
  const shade = (nats) => Math.min(6, Math.round(nats));

  const show = ({ text, surprise }) => {
    let run = null;
    const characters = Array.from(text);
    characters.forEach((character, place) => {
      const kind = `s${shade(surprise[place])}`;
      if (!run || run.className !== kind) {
        run = document.createElement("span");
        run.className = kind;
        at("text").append(run);
      }
      run.append(character);
    });
    return characters.length;
  };

  const write = async () => {
    const seed = at("seed").value;
    const prime = at("prime").value;
    const temperature = at("temperature").valueAsNumber;
    const question = {
      prime, length: at("length").valueAsNumber, stream: true, surprise: true,
      ...(temperature > 0 ? { temperature } : { strategy: "greedy" }),
      ...(seed && { seed: Number(seed) }),
    };
    stop = new AbortController();
    at("text").replaceChildren(Object.assign(document.createElement("span"), { className: "prime", textContent: prime }));
    at("write").disabled = true;
    at("stop").disabled = false;
    at("state").textContent = "writing";
    const start = performance.now();
    let count = 0;
    const end = await attempt(() => stream(at("model").value, "generate", question, stop.signal, (part) => { count += show(part); }));
    if (end) at("text").firstChild.textContent = end.prime;
    const rate = Math.round(count / ((performance.now() - start) / 1000));
    const how = end ? `, seed ${end.seed}` : stop.signal.aborted ? ", stopped" : "";
    at("state").textContent = `${count} characters, ${rate} a second${how}`;
    at("write").disabled = false;
    at("stop").disabled = true;
  };

  at("form").addEventListener("submit", (event) => { event.preventDefault(); write(); });
  at("stop").addEventListener("click", () => stop?.abort());
  for (const kind of ["input", "change"]) {
    at("temperature").addEventListener(kind, () => { at("heat").textContent = at("temperature").valueAsNumber.toFixed(1); });
  }
  at("coloured").addEventListener("change", () => {
    at("text").classList.toggle("plain", !at("coloured").checked);
    at("legend").hidden = !at("coloured").checked;
  });
  attempt(async () => { await models(() => {}); if (prefill()) write(); });
}
