"""Writes keras_reviews.json: what Keras pads, and where it cuts words. Run beside it, with Keras 3 installed."""

import json
import random

import keras
from keras.src.legacy.preprocessing.text import text_to_word_sequence
from keras.utils import pad_sequences

SEED = 13
TEXTS = [
    "It's GREAT! <br /><br />A well-made film: 10/10.",
    "\tOne & two\n(three) [four] {five} <six> \"seven\" 'eight' `nine` ten~",
    "a_b c@d e#f g$h i%j k^l m*n o+p q=r s|t u\\v w;x y?z",
    "Ärger über ÉTÉ, ΟΔΟΣ ΣΑΣ. İstanbul ẞ",
    "... !!! ---",
    "",
]

draw = random.Random(SEED)
padded = []
for lengths, maxlen in [([0, 1, 4, 5, 6, 13], 5), ([7, 7, 7], 7), ([3, 11, 2], 1), ([2, 9, 17, 33, 1], 23), ([1, 3, 2], None)]:
    sequences = [[draw.randrange(1, 100) for _ in range(length)] for length in lengths]
    for padding in ["pre", "post"]:
        for truncating in ["pre", "post"]:
            result = pad_sequences(sequences, maxlen=maxlen, padding=padding, truncating=truncating)
            padded.append({"sequences": sequences, "maxlen": maxlen, "padding": padding, "truncating": truncating,
                           "padded": result.tolist()})

words = [{"text": text, "words": text_to_word_sequence(text.replace("<br />", " "))} for text in TEXTS]
origin = f"make_goldens.py, Keras {keras.__version__}, seed {SEED}"
with open("keras_reviews.json", "w", encoding="utf-8") as file:
    json.dump({"origin": origin, "pad_sequences": padded, "text_to_word_sequence": words}, file, ensure_ascii=False)
    file.write("\n")
