"""Searches in many ways with CTranslate2, and tells all translations with their scores.

A part of tools/compare/decoding, which names the searches and reads the JSON.
"""
import ctranslate2

import common

# Sentences: each by itself, as its definitions mean it (in a batch the coverage penalty counts padding), and then
# in batches, which shows what rounding does.
BATCHES = 1, 32


class Peer:
    def __init__(self, arguments):
        self.text = common.Text(arguments.text)
        self.translator = ctranslate2.Translator(arguments.model, device="cpu", compute_type="float32",
                                                 inter_threads=1, intra_threads=arguments.threads)
        self.source = self.text.encode(common.read_lines(arguments.source), str)
        self.prefixes = [self.cut(line) for line in common.read_lines(arguments.prefixes)]

    def cut(self, text):
        return self.text.target.encode(self.text.normalize(text), out_type=str)

    def options(self, case):
        options = {"min_decoding_length": 0, "max_decoding_length": case["max_length"]} | case["options"]
        if "suppress_sequences" in options:
            # a phrase comes as text, because the vocabulary is here
            options["suppress_sequences"] = [self.cut(one["text"]) if isinstance(one, dict) else one
                                             for one in options["suppress_sequences"]]
        return options | ({"target_prefix": self.prefixes} if case["prefix"] else {})

    def translate(self, case, batch):
        results = self.translator.translate_batch(self.source, max_batch_size=batch, return_scores=True,
                                                  **self.options(case))
        return [list(zip(self.text.decode(result.hypotheses), result.scores)) for result in results]


if __name__ == "__main__":
    common.run_searching_peer(__doc__, Peer, BATCHES)
