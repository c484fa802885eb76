"""One metric of sacreBLEU or rouge-score over a text and parts of it, for tools/compare/metrics; writes JSON.

    metrics_peer.py METRIC SETTINGS BOUNDS HYPOTHESIS REFERENCE...
"""
import json
import sys
import time

from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF, TER

SACREBLEU = {"bleu": BLEU, "chrf": CHRF, "chrf++": CHRF, "ter": TER}
ROUGE = ["rouge1", "rouge2", "rougeL", "rougeLsum"]


def read(path):
    with open(path, "rb") as file:
        return file.read().decode("utf-8").removesuffix("\n").split("\n")


def score_sacrebleu(make, settings, columns, bounds):
    metric = make(**settings)
    # As the command line does; the API leaves this to its callers.
    columns = [[line.rstrip() for line in column] for column in columns]
    statistics = metric._extract_corpus_statistics(columns[0], columns[1:])
    return [[metric._aggregate_and_compute(statistics[begin:end]).score] for begin, end in bounds]


def score_rouge(settings, columns, bounds):
    separator = settings.pop("separator", None)
    scorer = rouge_scorer.RougeScorer(ROUGE, **settings)
    if separator:
        columns = [[line.replace(separator, "\n") for line in column] for column in columns]
    scores = [scorer.score_multi(references, hypothesis) for hypothesis, *references in zip(*columns)]
    return [[100 * sum(score[kind].fmeasure for score in scores[begin:end]) / (end - begin) for kind in ROUGE]
            for begin, end in bounds]


def main(name, settings, bounds, *paths):
    settings, bounds = json.loads(settings), json.loads(bounds)
    columns = [read(path) for path in paths]
    begin = time.perf_counter()
    if name in SACREBLEU:
        scores = score_sacrebleu(SACREBLEU[name], settings, columns, bounds)
    else:
        scores = score_rouge(settings, columns, bounds)
    print(json.dumps({"scores": scores, "seconds": time.perf_counter() - begin}))


main(*sys.argv[1:])
