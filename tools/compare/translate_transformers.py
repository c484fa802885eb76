"""Translates a file with Transformers' generate, text to text, and tells the time without loading.

A part of tools/compare/translate, which tells it the model and reads its JSON. Lines of like length share a batch.
"""
import json
import time

import torch
from transformers import MarianMTModel

import common

BATCH = 64  # sentences


class Peer:
    def __init__(self, arguments):
        self.text = common.Text(arguments.text)
        self.model = MarianMTModel.from_pretrained(arguments.model, dtype=torch.float32).eval()
        self.options = {"num_beams": arguments.beam, "max_new_tokens": arguments.max_length, "length_penalty": 1.0,
                        "do_sample": False, "early_stopping": False}

    def generate(self, lines):
        """Ids to ids, without the ends."""
        eos = self.text.source.eos_id()
        longest = max(map(len, lines)) + 1
        rows = torch.tensor([[*line, eos] + [0] * (longest - len(line) - 1) for line in lines])
        mask = torch.arange(longest) <= torch.tensor([len(line) for line in lines])[:, None]
        with torch.inference_mode():
            found = self.model.generate(input_ids=rows, attention_mask=mask.long(), **self.options).tolist()
        end = self.text.target.eos_id()
        return [row[1:row.index(end, 1)] if end in row[1:] else row[1:] for row in found]

    def translate(self, lines):
        """Returns (translations, output pieces with end symbols)."""
        ids = self.text.encode(lines, int)
        order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
        best = [[] for _ in ids]
        for first in range(0, len(order), BATCH):
            numbers = order[first:first + BATCH]
            for i, row in zip(numbers, self.generate([ids[i] for i in numbers])):
                best[i] = row
        return self.text.decode(best), sum(map(len, best)) + len(best)


def main():
    arguments = common.make_translating_parser(__doc__).parse_args()
    torch.set_num_threads(arguments.threads)
    peer, lines = Peer(arguments), common.read_lines(arguments.source)
    peer.translate(lines[:BATCH])
    begin = time.perf_counter()
    translations, tokens = peer.translate(lines)
    seconds = time.perf_counter() - begin
    common.write_lines(arguments.output, translations)
    print(json.dumps({"tokens_per_second": tokens / seconds}))


if __name__ == "__main__":
    main()
