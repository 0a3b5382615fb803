{
  const { at, models, ask, attempt, prefill } = Recurrent;
  const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [300, 56, 10, 12, 28];

  const shape = (name, attributes, text) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  };
  const price = (value) => value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 2 : 0 });

  // The interval of a day, where there is one.
  const range = ({ low, high }) => (low === undefined ? [] : [low, high]);
  const between = (day) => (range(day).length ? `, between ${price(day.low)} and ${price(day.high)}` : "");

  // Round steps of 1, 2 or 5 that part a range into some four parts.
  const ticks = (low, high) => {
    const rough = (high - low) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((times) => times * power).find((step) => step >= rough);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, place) => (first + place) * step);
  };

  // As wide as its place, so that its letters are as large as others.
  const chart = ({ history, days, last_date, last_price }, width) => {
    const all = [...history, ...days].flatMap((day) => [day.price, ...range(day)]);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const count = history.length + days.length - 1;
    const x = (place) => LEFT + (place / Math.max(1, count)) * (width - LEFT - RIGHT);
    const y = (value) => TOP + ((high - value) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
    const line = (points) => points.map(([place, value]) => `${x(place).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    const now = history.length - 1;
    const to = (field) => [[now, last_price], ...days.map((day, place) => [now + 1 + place, day[field]])];
    const last = days.at(-1);
    const label = `${history.length} days up to ${last_date}, and ${days.length} to come: at the end ${price(last.price)}${between(last)}`;
    const svg = shape("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label });
    for (const value of ticks(low, high)) {
      svg.append(shape("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }));
      svg.append(shape("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, price(value)));
    }
    if (range(last).length) svg.append(shape("polygon", { class: "range", points: `${line(to("low"))} ${line(to("high").reverse())}` }));
    svg.append(shape("line", { class: "now", x1: x(now), x2: x(now), y1: TOP, y2: HEIGHT - BOTTOM }));
    svg.append(shape("polyline", { class: "past", points: line(history.map((day, place) => [place, day.price])) }));
    svg.append(shape("polyline", { class: "path", points: line(to("price")) }));
    svg.append(shape("text", { x: LEFT, y: HEIGHT - 8 }, history[0].date));
    // Dates that would stand on each other are in the heading.
    const isApart = Math.min(x(now) - LEFT - 80, width - RIGHT - x(now)) > 72;
    if (isApart) svg.append(shape("text", { x: x(now) - 4, y: HEIGHT - 8, "text-anchor": "end" }, last_date));
    svg.append(shape("text", { x: width - RIGHT, y: HEIGHT - 8, "text-anchor": "end" }, last.date));
    return svg;
  };

  const row = (day) => {
    const made = document.createElement("tr");
    for (const text of [day.date, ...[day.price, ...range(day)].map((value) => value.toFixed(2))]) made.insertCell().textContent = text;
    return made;
  };

  const forecast = async () => {
    const csv = at("csv").value.trim();
    const question = { days: at("days").valueAsNumber, level: Number(at("level").value), history: 60, ...(csv && { csv: csv + "\n" }) };
    at("forecast").disabled = true;
    const answer = await attempt(() => ask(at("model").value, "forecast", question));
    at("forecast").disabled = false;
    at("answer").hidden = !answer;
    if (!answer) return;
    const last = answer.days.at(-1);
    at("said").textContent = `${price(answer.last_price)} on ${answer.last_date}; on ${last.date} ${price(last.price)}${between(last)}`;
    at("chart").replaceChildren();
    at("chart").append(chart(answer, Math.max(260, at("chart").clientWidth - 24)));
    at("verdict").textContent = answer.verdict;
    for (const head of document.querySelectorAll(".range-head")) head.hidden = !range(last).length;
    at("rows").replaceChildren(...answer.days.map(row));
  };

  at("form").addEventListener("submit", (event) => { event.preventDefault(); forecast(); });
  at("file").addEventListener("change", async () => { at("csv").value = (await at("file").files[0]?.text()) ?? ""; });
  prefill();
  attempt(() => models((model) => { if (model.facts.rows !== null) forecast(); }));
}
