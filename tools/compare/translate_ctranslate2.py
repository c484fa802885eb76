"""Translates a file with CTranslate2, text to text, and tells the time without loading.

A part of tools/compare/translate, which tells it the model and reads its JSON.
"""
import json
import statistics
import time

import ctranslate2

import common


def parse_arguments():
    parser = common.make_translating_parser(__doc__)
    parser.add_argument("--type", required=True, help="CTranslate2's compute type")
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--batches", type=int, nargs="+", required=True, help="tokens of a batch, one run for each")
    parser.add_argument("--one-at-a-time", action="store_true")
    parser.add_argument("--no-warm-up", action="store_true")
    return parser.parse_args()


class Peer:
    def __init__(self, arguments):
        self.text = common.Text(arguments.text)
        self.translator = ctranslate2.Translator(arguments.model, device="cpu", compute_type=arguments.type,
                                                 inter_threads=arguments.workers, intra_threads=arguments.threads)
        self.options = {"beam_size": arguments.beam, "max_decoding_length": arguments.max_length, "length_penalty": 1}

    def translate(self, lines, batch=0):
        """Returns (translations, output pieces with end symbols)."""
        results = self.translator.translate_batch(self.text.encode(lines, str), max_batch_size=batch,
                                                  batch_type="tokens" if batch else "examples", **self.options)
        best = [result.hypotheses[0] for result in results]
        return self.text.decode(best), sum(map(len, best)) + len(best)


def whole_file(peer, lines, batch):
    begin = time.perf_counter()
    translations, tokens = peer.translate(lines, batch)
    return translations, {"batch": batch, "tokens_per_second": tokens / (time.perf_counter() - begin)}


def one_at_a_time(peer, lines):
    translations, times = [], []
    for line in lines:
        begin = time.perf_counter()
        translations += peer.translate([line])[0]
        times.append(time.perf_counter() - begin)
    return translations, {"milliseconds": 1000 * statistics.median(times)}


def main():
    arguments = parse_arguments()
    peer, lines, told = Peer(arguments), common.read_lines(arguments.source), []
    if not arguments.no_warm_up:
        peer.translate(lines[:64], arguments.batches[0])
    for batch in arguments.batches:
        translations, figures = one_at_a_time(peer, lines) if arguments.one_at_a_time else whole_file(peer, lines, batch)
        told.append(figures)
    common.write_lines(arguments.output, translations)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
