// What `generate` does around its network: a text into tokens, and the choice of the next one.
Recurrent.answer = (() => {
  // Seeds that are asked for; the program's draw other texts.
  const SEEDS = 2 ** 32;
  // How often a part of a text is shown, in milliseconds: oftener than an eye sees.
  const SENT = 40;
  // The most characters of a stretch, and the bytes from which on no word joins it.
  const LONGEST = 64;

  // A text as the model's own was read.
  const asRead = (facts, text) => {
    const lines = text.replace(/\r\n?/g, "\n");
    return facts.lower ? lines.toLowerCase() : lines;
  };

  const isWord = (text) => /^[\p{Alphabetic}\p{N}]/u.test(text);
  const bytes = (text) => new TextEncoder().encode(text).length;

  // The stretches of a text that no token crosses: a word or a mark, with the space in front of it. `joined` are words that nothing parts.
  const stretches = (text, joined) => {
    const words = Recurrent.segments(text);
    const found = [];
    while (words.length) {
      let last = words.shift(), stretch = last;
      const take = () => { last = words.shift(); stretch += last; };
      if (last === " " && words.length && !/^\p{White_Space}/u.test(words[0])) take();
      while (joined && isWord(last) && bytes(stretch) < LONGEST && words.length && isWord(words[0])) take();
      const characters = Array.from(stretch);
      while (characters.length) found.push(characters.splice(0, LONGEST).join(""));
    }
    return found;
  };

  // The pieces of a stretch by byte-pair encoding: of two neighbours that are a piece, those that are the first one become it.
  const pieced = (ids, stretch) => {
    const pieces = Array.from(stretch);
    for (;;) {
      let best = -1, first = Infinity;
      for (let place = 0; place + 1 < pieces.length; place++) {
        const id = ids.get(pieces[place] + pieces[place + 1]) ?? Infinity;
        if (id < first) [best, first] = [place, id];
      }
      if (best < 0) return pieces;
      pieces.splice(best, 2, pieces[best] + pieces[best + 1]);
    }
  };

  const encode = ({ tokens_are: kind }, ids, text) => {
    const strange = Array.from(text).find((character) => !ids.has(character));
    if (strange !== undefined) throw new Error(`the model does not know the character ${JSON.stringify(strange)}; leave it out`);
    const parts = kind === "characters" ? Array.from(text) : stretches(text, kind === "subwords").flatMap((stretch) => {
      if (ids.has(stretch)) return [stretch];
      return kind === "words" ? Array.from(stretch) : pieced(ids, stretch);
    });
    return parts.map((part) => ids.get(part));
  };

  // The end of a text that may be part of a longer stretch where more follows.
  const openEnd = ({ tokens_are: kind }, text) => {
    if (kind === "characters") return "";
    const begins = ["", "a", "0"].map((more) => (text + more).length - stretches(text + more, kind === "subwords").at(-1).length);
    return text.slice(Math.min(...begins, text.length));
  };

  // Of equals the first.
  const likeliest = (logits) => logits.reduce((best, logit, id) => (logit > logits[best] ? id : best), 0);

  // Differences from the highest, so that no temperature overflows.
  const weights = (logits, temperature) => {
    const highest = logits[likeliest(logits)];
    return Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  };
  const sum = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

  const draw = (logits, temperature, random) => {
    const all = weights(logits, temperature);
    let left = random * sum(all);
    const drawn = all.findIndex((weight) => (left -= weight) < 0);
    return drawn < 0 ? likeliest(logits) : drawn;
  };

  // The negative logarithm of a probability, in nats.
  const surprise = (logits, id) => Math.max(0, Math.log(sum(weights(logits, 1))) + logits[likeliest(logits)] - logits[id]);

  // Numbers in [0, 1), the same of a seed each time (mulberry32).
  const generator = (seed) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  // A network that has read nothing, and what it says of the next token when it has read some.
  const reader = (facts, run) => {
    const zeros = ["float32", new Float32Array(facts.layers * facts.hidden), [facts.layers, 1, facts.hidden]];
    let states = Object.fromEntries(facts.states.map((state) => [`${state}_0`, zeros]));
    return async (ids) => {
      const given = await run({ tokens: ["int64", BigInt64Array.from(ids, BigInt), [1, ids.length]], ...states });
      states = Object.fromEntries(facts.states.map((state) => [`${state}_0`, given[`${state}_n`]]));
      return given.logits.data.slice(-facts.tokens.length);
    };
  };

  // What is read first, and what the text is still to begin with: of a text that is gone on with, its last word is written again.
  const opening = (facts, ids, question, random) => {
    const text = asRead(facts, question.prime);
    const lineBreak = ids.has("\n") ? [ids.get("\n")] : [];
    if (text) {
      const whole = encode(facts, ids, text);
      const owed = openEnd(facts, text);
      const before = encode(facts, ids, text.slice(0, text.length - owed.length));
      const read = before.length ? before : lineBreak;
      return read.length ? { prime: text, read, owed } : { prime: text, read: whole, owed: "" };
    }
    // Without one it begins behind a line break, or with any token.
    if (lineBreak.length && question.strategy !== "greedy") return { prime: "", read: lineBreak, owed: "" };
    const id = Math.floor(random() * facts.tokens.length);
    return { prime: facts.tokens[id], read: [id], owed: "" };
  };

  // The logits of tokens that agree with what is owed.
  const narrowed = (tokens, logits, owed) =>
    owed ? logits.map((logit, id) => (tokens[id].startsWith(owed) || owed.startsWith(tokens[id]) ? logit : -Infinity)) : logits;

  return async (facts, question, { run, rest, each }) => {
    const { length, temperature = 1, strategy } = question;
    const seed = question.seed ?? Math.floor(Math.random() * SEEDS);
    const random = generator(seed % SEEDS);
    const ids = new Map(facts.tokens.map((token, id) => [token, id]));
    const { prime, read, ...begun } = opening(facts, ids, question, random);
    const score = reader(facts, run);
    let { owed } = begun, next = read, left = length, sent = performance.now(), part = { text: "", surprise: [] };
    while (left > 0) {
      const logits = await score(next);
      const choices = narrowed(facts.tokens, logits, owed);
      const id = strategy === "greedy" ? likeliest(choices) : draw(choices, temperature, random());
      next = [id];
      const token = facts.tokens[id];
      const written = Array.from(token.slice(owed.length)).slice(0, left);
      owed = owed.slice(token.length);
      left -= written.length;
      part.text += written.join("");
      part.surprise.push(...written.map(() => surprise(logits, id) / Array.from(token).length));
      if (left === 0 || performance.now() - sent > SENT) {
        each(part);
        await rest();
        [sent, part] = [performance.now(), { text: "", surprise: [] }];
      }
    }
    return { prime, seed, stopped: false };
  };
})();
