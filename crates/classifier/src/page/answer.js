// What `classify` does around its network: a text into indices of words, and scores into a verdict.
Recurrent.answer = (() => {
  const [START, UNKNOWN] = [1, 2];
  // Texts with a hidden word that are scored at once.
  const TOGETHER = 16;

  // The words of a text; `words` says by which rule.
  const split = (facts, text) => {
    if (facts.words_are === "characters") {
      const characters = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text.toLowerCase())];
      return characters.map(({ segment }) => segment).filter((character) => /\P{White_Space}/u.test(character));
    }
    if (facts.words_are === "segments") {
      return Recurrent.segments(text.toLowerCase()).filter((word) => /[\p{Alphabetic}\p{N}]/u.test(word));
    }
    // To Python U+001C to U+001F are white space, too.
    const separators = new Set(facts.separators + "\u001c\u001d\u001e\u001f");
    const lower = Array.from(text.replaceAll("<br />", " ").toLowerCase());
    const parted = lower.map((character) => (separators.has(character) ? " " : character)).join("");
    return parted.split(/\p{White_Space}+/u).filter((word) => word);
  };

  const sum = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
  const largest = (numbers) => numbers.reduce((best, number, place) => (number > numbers[best] ? place : best), 0);

  // Scores and probabilities of texts of as many indices each.
  const scored = async (run, texts) => {
    const time = texts[0].length;
    const tokens = BigInt64Array.from(texts.flat(), BigInt);
    const { logits, probabilities } = await run({ tokens: ["int64", tokens, [texts.length, time]] });
    const rows = ({ data, dims: [, width] }) => texts.map((_, row) => Array.from(data.slice(row * width, (row + 1) * width)));
    return { logits: rows(logits), probabilities: rows(probabilities) };
  };

  // The logit of the probability of a class; of two classes that of the second.
  const logit = (facts, scores, place) => {
    if (facts.any) return scores[place];
    if (scores.length === 1) return scores[0];
    const others = scores.filter((_, other) => other !== place);
    const most = Math.max(...others);
    return scores[place] - most - Math.log(sum(others.map((score) => Math.exp(score - most))));
  };

  const verdict = (facts, logits, probabilities) => {
    const named = () => Object.fromEntries(facts.classes.map((name, place) => [name, probabilities[place]]));
    if (facts.any) {
      const said = [...facts.classes.keys()].filter((place) => logits[place] > facts.thresholds[place]);
      return { said, labels: said.map((place) => facts.classes[place]), probabilities: named() };
    }
    if (facts.classes.length === 2) {
      const likelier = logits[0] > 0 ? 1 : 0;
      return { said: [likelier], label: facts.classes[likelier], probability: probabilities[1] };
    }
    const likeliest = largest(logits);
    return { said: [likeliest], label: facts.classes[likeliest], probability: probabilities[likeliest], probabilities: named() };
  };

  // What each word did to the logit of a class: the logit, less that of the same text with the word hidden (occlusion).
  const effects = async (facts, { run, rest }, indices, words, logits, places) => {
    const most = facts.reads ?? Infinity;
    const isRead = (place) => (facts.keeps === "last" ? place >= indices.length - most : place < most);
    const hidden = indices.map((_, place) => place).filter((place) => place > 0 && indices[place] !== UNKNOWN && isRead(place));
    const rows = [];
    for (let first = 0; first < hidden.length; first += TOGETHER) {
      await rest();
      const form = (hidden) => indices.map((index, place) => (place === hidden ? UNKNOWN : index));
      const forms = hidden.slice(first, first + TOGETHER).map(form);
      rows.push(...(await scored(run, forms)).logits);
    }
    return places.map((place) => {
      const moved = new Map(hidden.map((at, row) => [at - 1, logit(facts, logits, place) - logit(facts, rows[row], place)]));
      return [facts.classes[place], words.map((word, at) => ({ word, effect: moved.get(at) ?? 0 }))];
    });
  };

  let known = null;
  return async (facts, { text, explain }, { run, rest }) => {
    known ??= new Map(Object.entries(facts.index));
    const words = split(facts, text);
    const indices = [START, ...words.map((word) => known.get(word) ?? UNKNOWN)];
    const { logits: [logits], probabilities: [probabilities] } = await scored(run, [indices]);
    const { said, ...answer } = verdict(facts, logits, probabilities);
    answer.words = words.length;
    answer.known = indices.slice(1).filter((index) => index !== UNKNOWN).length;
    if (!explain) return answer;
    const places = said.length ? said : [largest(logits)];
    const moved = await effects(facts, { run, rest }, indices, words, logits, places);
    return facts.any ? { ...answer, explanations: Object.fromEntries(moved) } : { ...answer, explanation: moved[0][1] };
  };
})();
