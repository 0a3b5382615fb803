// What `forecast` does around its network: a table into windows, and the days to come, each with the one before as an input.
Recurrent.answer = (() => {
  const { at } = Recurrent;
  // The last days of a table that the network is tried on.
  const TRIED = 250;
  // What says that there is no price.
  const MISSING = [
    "", ".", "-", "--", "–", "—", "?", "null", "nan", "na", "n/a", "#n/a", "#na", "none", "nil", "nat", "<na>", "missing", "-nan", "\\n", "#value!",
  ];

  // Names without case, marks and blanks: `Adj Close*` is `adjclose`.
  const plain = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

  // The cells of a line; in quotes a delimiter is a part of one.
  const cells = (line, delimiter) => {
    const found = [""];
    let quoted = false;
    for (const character of line) {
      if (character === '"') quoted = !quoted;
      else if (character === delimiter && !quoted) found.push("");
      else found[found.length - 1] += character;
    }
    return found.map((cell) => cell.trim());
  };

  const number = (cell, line) => {
    if (!/^\+?\d+(\.\d*)?([eE][+-]?\d+)?$|^\+?\.\d+$/.test(cell)) {
      throw new Error(`line ${line}: \`${cell}\` is no number as this page reads them, such as 1234.5`);
    }
    return Number(cell);
  };

  // The places of the date and of the columns that the network reads.
  const columns = (facts, head) => {
    const names = head.map(plain);
    const place = (wanted) => names.indexOf(plain(wanted));
    const missing = facts.columns.filter((name) => place(name) < 0);
    if (missing.length) throw new Error(`the table has no column ${missing.join(", ")}; its first line is to name Date, ${facts.columns.join(", ")}`);
    return { date: place("Date"), places: facts.columns.map(place) };
  };

  const isDate = (text) => /^\d{4}-\d\d-\d\d([ T].*)?$/.test(text);

  // Rows in the order of their dates, those without a price left out, each with its date and the columns that the network reads.
  const table = (facts, csv) => {
    const lines = csv.replace(/^\ufeff/, "").split(/\r\n|\r|\n/).map((text, place) => ({ text, line: place + 1 })).filter(({ text }) => text.trim());
    if (!lines.length) throw new Error("there are no prices yet: paste a table, or choose a file");
    const delimiter = ["\t", ";", ","].find((mark) => lines[0].text.includes(mark)) ?? ",";
    const bare = facts.columns.length === 1 && lines.every(({ text }) => /^[\s\d.eE+-]+$/.test(text));
    const { date, places } = bare ? { date: -1, places: [0] } : columns(facts, cells(lines.shift().text, delimiter));
    const rows = lines.flatMap(({ text, line }) => {
      const row = cells(text, delimiter);
      const read = places.map((place) => row[place] ?? "");
      if (read.some((cell) => MISSING.includes(cell.toLowerCase()))) return [];
      if (date >= 0 && !isDate(row[date])) throw new Error(`line ${line}: \`${row[date]}\` is no date as this page reads them, such as 2024-01-31`);
      const values = read.map((cell) => number(cell, line));
      if (values.some((value, column) => !facts.volumes[column] && !(value > 0))) throw new Error(`line ${line}: a price is to be above 0`);
      return [{ date: date >= 0 ? row[date] : `line ${line}`, values }];
    });
    if (date >= 0) rows.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
    const twice = rows.find((row, place) => place > 0 && row.date === rows[place - 1].date);
    if (twice) throw new Error(`${twice.date} is there twice`);
    if (rows.length < facts.window) throw new Error(`the table has ${rows.length} rows with prices, and the network reads ${facts.window}`);
    return rows;
  };

  // The next price of each window of rows.
  const predicted = async (facts, run, windows) => {
    const prices = Float64Array.from(windows.flat(2));
    return (await run({ prices: ["float64", prices, [windows.length, facts.window, facts.columns.length]] })).price.data;
  };

  // How far off the network is on days of the table, and how far the last price.
  const tried = async (facts, run, values) => {
    const first = Math.max(facts.window, values.length - TRIED);
    const days = Array.from({ length: values.length - first }, (_, place) => first + place);
    if (!days.length) return "The table has no day more than the network reads, so that nothing tells how far to trust it.";
    const said = await predicted(facts, run, days.map((day) => values.slice(day - facts.window, day)));
    const off = (of) => days.reduce((sum, day, place) => sum + Math.abs(of(day, place) / values[day][0] - 1), 0) / days.length;
    const [own, naive] = [off((_, place) => said[place]), off((day) => values[day - 1][0])].map((share) => (100 * share).toFixed(2));
    return `Tried on the last ${days.length} days of this table, the forecast of a day ahead is off by ${own}% of the price on average, and ` +
      `“tomorrow is as today” by ${naive}%. Days that the network has learnt from flatter it.`;
  };

  // Prices are read here, and no interval is told: it takes what the program knows of past errors.
  at("level").closest("label").hidden = true;
  document.querySelector("details").open = true;
  document.querySelector("summary").textContent = "Prices";
  at("csv").closest("label").firstChild.textContent = "A table whose first line names its columns, with dates such as 2024-01-31 and numbers such as 1234.5";

  return async (facts, { csv = "", days, history }, { run, rest }) => {
    const rows = table(facts, csv);
    const values = rows.map((row) => row.values);
    const window = values.slice(-facts.window);
    const path = [];
    for (let day = 1; day <= days; day++) {
      await rest();
      const [price] = await predicted(facts, run, [window]);
      if (!(price > 0 && price < Infinity)) throw new Error(`the forecast of day ${day} is no price`);
      path.push({ date: `day ${day}`, price });
      window.shift();
      // What else is read stays as it was.
      window.push([price, ...window.at(-1).slice(1)]);
    }
    const verdict = await tried(facts, run, values);
    const past = rows.slice(-history).map(({ date, values: [price] }) => ({ date, price }));
    return { history: past, days: path, last_date: past.at(-1).date, last_price: past.at(-1).price, verdict };
  };
})();
