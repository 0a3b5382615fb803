"""Writes subwords.json: the pieces that Hugging Face's `tokenizers` makes of a text by byte-pair encoding on characters, and another text in
them. `python make_subwords.py warpeace_input.txt subwords.json`, with `tokenizers` installed."""
import json, re, sys
import tokenizers
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

source = open(sys.argv[1], encoding="utf-8").read()
source = re.sub(r"[^A-Za-z,; \n]", "", source)
source = re.sub(r" +", " ", re.sub(r"\n+", "\n", source)).strip()
text, other = source[:6000], source[20000:21000]
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r" ?[A-Za-z]+| ?[,;]| |\n"), "isolated")
alphabet = sorted(set(text))
other = "".join(c for c in other if c in alphabet)
trainer = trainers.BpeTrainer(vocab_size=400, min_frequency=2, initial_alphabet=alphabet, show_progress=False)
tokenizer.train_from_iterator([text], trainer)
tokens = [token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
assert len(tokens) == 400, len(tokens)
encoded = tokenizer.encode(other).tokens
assert "".join(encoded) == other
json.dump({
    "origin": f"Hugging Face tokenizers {tokenizers.__version__}, models.BPE on characters, min_frequency 2, stretches by "
              "` ?[A-Za-z]+| ?[,;]| |\\n`; the text is from War and Peace (Project Gutenberg 2600), other signs left out",
    "text": text, "tokens": tokens, "other": other, "encoded": encoded,
}, open(sys.argv[2], "w"), ensure_ascii=False, indent=1)
