{
  const { at, models, ask, attempt, prefill } = Recurrent;
  const PAUSE = 300;
  let timer = null, asking = null, classes = [];

  const percent = (share) => `${(100 * share).toFixed(1)}%`;
  const element = (name, properties) => Object.assign(document.createElement(name), properties);

  // The probability of each class: of two, the answer has that of the second.
  const probabilities = (answer) =>
    answer.probabilities ?? { [classes[1]]: answer.probability, [classes[0]]: 1 - answer.probability };

  const bar = ([name, share]) => {
    const row = element("div", { className: "bar" });
    const meter = element("meter", { min: 0, max: 1, value: share });
    meter.setAttribute("aria-label", `${name}: ${percent(share)}`);
    row.append(element("span", { textContent: name }), meter, element("span", { className: "figure", textContent: percent(share) }));
    return row;
  };

  // The words in order, each in the shade of what it did.
  const shaded = (effects) => {
    const most = Math.max(0.2, ...effects.map(({ effect }) => Math.abs(effect)));
    return effects.flatMap(({ word, effect }) => {
      const span = element("span", { textContent: word, title: effect.toFixed(2) });
      const colour = effect > 0 ? "--for-rgb" : "--against-rgb";
      const strength = Math.abs(effect) / most;
      if (strength > 0.05) span.style.background = `rgba(var(${colour}), ${(0.6 * strength).toFixed(2)})`;
      if (strength > 0.5) span.style.textDecoration = "underline";
      return [span, " "];
    });
  };

  const strongest = (effects) => {
    const sums = new Map();
    for (const { word, effect } of effects) sums.set(word, (sums.get(word) ?? 0) + effect);
    const sorted = [...sums].filter(([, sum]) => Math.abs(sum) > 0.05).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
    return sorted.slice(0, 8).map(([word, sum]) =>
      element("li", { className: sum > 0 ? "for" : "against", textContent: `${word} ${sum > 0 ? "+" : "−"}${Math.abs(sum).toFixed(2)}` }));
  };

  const show = (answer) => {
    const all = Object.entries(probabilities(answer)).sort((a, b) => b[1] - a[1]);
    const [likeliest, share] = all[0];
    at("label").textContent = answer.labels
      ? (answer.labels.length ? answer.labels.join(", ") : `no label; ${likeliest} is the likeliest`)
      : `${answer.label}: ${percent(answer.probabilities ? share : Math.max(answer.probability, 1 - answer.probability))}`;
    at("bars").replaceChildren(...all.slice(0, 8).map(bar));
    at("state").textContent = `${answer.words} words, of which the model knows ${answer.known}`;
    at("verdict").hidden = false;
    const [of, effects] = answer.explanations ? Object.entries(answer.explanations)[0]
      : [answer.probabilities ? answer.label : classes[1], answer.explanation];
    // What moved the last text stays, pale, until it is known of this one.
    at("why").classList.toggle("stale", !effects);
    if (!effects) return;
    at("of").textContent = of;
    at("moved").replaceChildren(...shaded(effects));
    at("strongest").replaceChildren(...strongest(effects));
    at("why").hidden = false;
  };

  const judge = async () => {
    asking?.abort();
    const text = at("text").value;
    if (!text.trim()) { at("verdict").hidden = true; at("state").textContent = ""; return; }
    asking = new AbortController();
    const signal = asking.signal;
    // The verdict first, for what moved it takes as many scores as there are words.
    for (const explain of [false, true]) {
      const answer = await attempt(() => ask(at("model").value, "classify", { text, explain }, signal));
      if (!answer || signal.aborted) return;
      show(answer);
    }
  };

  at("text").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(judge, PAUSE); });
  at("form").addEventListener("submit", (event) => event.preventDefault());
  prefill();
  attempt(() => models((model) => { classes = model.facts.classes; judge(); }));
}
