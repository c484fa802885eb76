"""Searches in several ways with Transformers' generate, and tells all translations with their scores.

A part of tools/compare/decoding, which names the searches and reads the JSON.
"""
import torch
from transformers import MarianMTModel

import common

BATCHES = 32, 8  # sentences of like length; the second run shows what rounding does


class Peer:
    def __init__(self, arguments):
        torch.set_num_threads(arguments.threads)
        self.text = common.Text(arguments.text)
        self.model = MarianMTModel.from_pretrained(arguments.model, dtype=torch.float32).eval()
        self.source = self.text.encode(common.read_lines(arguments.source), int)
        self.prefixes = [self.text.target.encode(self.text.normalize(line), out_type=int)
                         for line in common.read_lines(arguments.prefixes)]

    def generate(self, lines, case, prefix):
        """`prefix`: what the decoder is given, bos first; one for all lines."""
        eos = self.text.source.eos_id()
        longest = max(map(len, lines)) + 1
        rows = torch.tensor([[*line, eos] + [0] * (longest - len(line) - 1) for line in lines])
        mask = torch.arange(longest) <= torch.tensor([len(line) for line in lines])[:, None]
        given = torch.tensor([prefix] * len(lines))
        with torch.inference_mode():
            found = self.model.generate(input_ids=rows, attention_mask=mask.long(), do_sample=False, decoder_input_ids=given,
                                        max_new_tokens=case["max_length"], output_scores=True,
                                        return_dict_in_generate=True, **case["options"])
        scores = found["sequences_scores"].tolist() if "sequences_scores" in found else [None] * len(found.sequences)
        return list(zip(self.text.decode([self.output(row) for row in found.sequences.tolist()]), scores))

    def output(self, row):
        """Without the ends."""
        end = self.text.target.eos_id()
        return row[1:row.index(end, 1)] if end in row[1:] else row[1:]

    def translate(self, case, batch):
        order = sorted(range(len(self.source)), key=lambda i: -len(self.source[i]))
        n_best = case["options"].get("num_return_sequences", 1)
        bos = self.model.config.decoder_start_token_id
        if case["prefix"]:
            batch = 1  # each has its own
        best = [[] for _ in order]
        for first in range(0, len(order), batch):
            numbers = order[first:first + batch]
            prefix = self.prefixes[numbers[0]] if case["prefix"] else []
            found = self.generate([self.source[i] for i in numbers], case, [bos, *prefix])
            for k, i in enumerate(numbers):
                best[i] = found[k * n_best:(k + 1) * n_best]
        return best


if __name__ == "__main__":
    common.run_searching_peer(__doc__, Peer, BATCHES)
