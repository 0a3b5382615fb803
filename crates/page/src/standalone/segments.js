// Unicode's word boundaries (UAX #29), by its default rules. `Intl.Segmenter` has others of its own: dictionaries of Chinese and Thai,
// and no word goes over a colon.
Recurrent.segments = (() => {
  // The classes of table 3, the first that fits; what is in none is "other".
  const LETTERS = "\\xb8\\u02c2-\\u02c5\\u02d2-\\u02d7\\u02de\\u02df\\u02e5-\\u02eb\\u02ed\\u02ef-\\u02ff\\u055a-\\u055c\\u055e\\u058a\\u05f3\\u070f\\ua708-\\ua716\\ua720\\ua721\\ua789\\ua78a\\uab5b";
  // Letters that stand for words only together, as a dictionary has them (Line_Break=Complex_Context).
  const COMPLEX = ["Thai", "Lao", "Myanmar", "Khmer", "Tai_Le", "New_Tai_Lue", "Tai_Tham", "Tai_Viet", "Ahom"].map((script) => `\\p{Script=${script}}`).join("");
  const CLASSES = [
    ["cr", "\\r"], ["lf", "\\n"], ["newline", "\\x0b\\x0c\\x85\\u2028\\u2029"], ["joiner", "\\u200d"],
    ["extend", "\\p{Grapheme_Extend}\\p{Mc}\\p{Emoji_Modifier}"],
    ["numeric", "\\p{Nd}\\u19da\\u066b\\u0600-\\u0605\\u06dd\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}"],
    ["zero space", "\\u200b"], ["letter", LETTERS], ["format", "\\p{Cf}"],
    ["katakana", "\\p{Script=Katakana}\\u3031-\\u3035\\u309b\\u309c\\u30a0\\u30fc\\uff70"],
    ["indicator", "\\p{Regional_Indicator}"], ["single", "'"], ["double", '"'],
    ["mid both", ".\\u2018\\u2019\\u2024\\ufe52\\uff07\\uff0e"],
    ["mid letter", ":\\xb7\\u0387\\u055f\\u05f4\\u2027\\ufe13\\ufe55\\uff1a"],
    ["mid number", ",;\\u037e\\u0589\\u060c\\u060d\\u066c\\u07f8\\u2044\\ufe50\\ufe54\\uff0c\\uff1b"],
    ["connector", "\\p{Pc}\\u202f"], ["space", " \\u1680\\u2000-\\u2006\\u2008-\\u200a\\u205f\\u3000"],
    ["other", `\\p{Ideographic}\\p{Script=Hiragana}${COMPLEX}`],
    ["letter", "\\p{Alphabetic}"],
  ].map(([name, members]) => [name, new RegExp(`^[${members}]$`, "u")]);
  const HEBREW = /^(?=\p{Script=Hebrew})\p{Lo}$/u;
  const PICTURE = /^\p{Extended_Pictographic}$/u;

  const known = new Map();
  const classOf = (character) => {
    if (!known.has(character)) {
      const found = HEBREW.test(character) ? "hebrew" : CLASSES.find(([, members]) => members.test(character))?.[0] ?? "other";
      known.set(character, found);
    }
    return known.get(character);
  };

  const isBreak = (kind) => kind === "cr" || kind === "lf" || kind === "newline";
  const isPassedOver = (kind) => kind === "extend" || kind === "format" || kind === "joiner";
  const isLetter = (kind) => kind === "letter" || kind === "hebrew";
  const isWordLike = (kind) => isLetter(kind) || kind === "numeric" || kind === "katakana";
  const joinsLetters = (kind) => kind === "mid letter" || kind === "mid both" || kind === "single";
  const joinsNumbers = (kind) => kind === "mid number" || kind === "mid both" || kind === "single";

  // Whether two neighbours are kept together that nothing passed over parts; `before` and `behind` are the kinds next to them, and `run`
  // is how many indicators of regions end with the first.
  const isJoined = (before, one, other, behind, run) =>
    (isLetter(one) && isLetter(other)) ||
    (isLetter(one) && joinsLetters(other) && isLetter(behind)) ||
    (isLetter(before) && joinsLetters(one) && isLetter(other)) ||
    (one === "hebrew" && other === "single") ||
    (one === "hebrew" && other === "double" && behind === "hebrew") ||
    (before === "hebrew" && one === "double" && other === "hebrew") ||
    (one === "numeric" && (other === "numeric" || isLetter(other))) ||
    (isLetter(one) && other === "numeric") ||
    (before === "numeric" && joinsNumbers(one) && other === "numeric") ||
    (one === "numeric" && joinsNumbers(other) && behind === "numeric") ||
    (one === "katakana" && other === "katakana") ||
    ((isWordLike(one) || one === "connector") && other === "connector") ||
    (one === "connector" && isWordLike(other)) ||
    (one === "indicator" && other === "indicator" && run % 2 === 1);

  return (text) => {
    const characters = Array.from(text);
    const kinds = characters.map(classOf);
    // The places that are not passed over: what extends nothing stands for itself.
    const stands = kinds.map((kind, place) => !isPassedOver(kind) || place === 0 || isBreak(kinds[place - 1]));
    const behind = (place) => {
      while (++place < kinds.length && !stands[place]);
      return kinds[place];
    };
    const found = [];
    // What stood last and before it, and how many indicators of regions in a row.
    let before, one, run = 0;
    characters.forEach((character, place) => {
      const [left, right] = [kinds[place - 1], kinds[place]];
      const isPicture = left === "joiner" && PICTURE.test(character);
      const isKept = place > 0 && (
        (left === "cr" && right === "lf") ||
        (!isBreak(left) && !isBreak(right) && (
          isPicture ||
          (left === "space" && right === "space") ||
          isPassedOver(right) ||
          isJoined(before, one, right, behind(place), run))));
      if (isKept) found[found.length - 1] += character; else found.push(character);
      if (stands[place]) {
        run = right === "indicator" ? run + 1 : 0;
        // A letter that is a picture, too, is a picture behind a joiner.
        [before, one] = [one, isPicture ? "other" : right];
      }
    });
    return found;
  };
})();
