"""Training steps of JoeyNMT's own program: writes its configuration, runs it and reads its log.

A part of tools/compare/train. JoeyNMT gets the pieces as words, so that its tokens are those of the others; a
batch is complete when it reaches so many positions of either side, padding counted, and its lines are not sorted.
"""
import json
import pathlib
import re
import runpy
import statistics
import sys

import sentencepiece
import yaml

import common


def parse_arguments():
    parser = common.make_training_parser(__doc__)  # its own program takes --threads from OMP_NUM_THREADS
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="an empty folder to work in")
    return parser.parse_args()


def write_data(folder):
    """Its names for the two sides, and a vocabulary: it adds the special symbols itself."""
    for side in ("source", "target"):
        pieces = common.DATA / f"{side}.pieces"
        (folder / f"train.{side}").symlink_to(pieces)
        (folder / f"dev.{side}").write_text("\n".join(common.read_lines(pieces)[:10]) + "\n", encoding="utf-8")
    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(common.DATA / "vocab.model"))
    ordinary = [vocabulary.id_to_piece(i) for i in range(vocabulary.get_piece_size())
                if not vocabulary.is_control(i) and not vocabulary.is_unknown(i)]
    (folder / "vocabulary").write_text("".join(f"{piece}\n" for piece in ordinary), encoding="utf-8")


def stack(shape):
    return {"type": "transformer", "num_layers": shape["layers"], "num_heads": shape["heads"],
            "embeddings": {"embedding_dim": shape["width"], "scale": True, "dropout": 0.0},
            "hidden_size": shape["width"], "ff_size": shape["feed_forward"], "dropout": shape["dropout"],
            "layer_norm": shape["norm"]}


def configuration(arguments):
    folder, steps = arguments.folder, arguments.warm_up + arguments.steps
    sides = {short: {"lang": side, "level": "word", "max_length": 256, "lowercase": False,
                     "voc_file": str(folder / "vocabulary")} for short, side in (("src", "source"), ("trg", "target"))}
    return {
        "name": "compare", "joeynmt_version": "2.3.0", "model_dir": str(folder / "model"), "use_cuda": False,
        "data": {"train": str(folder / "train"), "dev": str(folder / "dev"), "dataset_type": "plain"} | sides,
        "testing": {"beam_size": 1, "batch_size": 1024, "batch_type": "token"},
        "training": {"optimizer": "adamw", "adam_betas": [0.9, 0.98], "learning_rate": 5e-4, "weight_decay": 0.0,
                     "scheduling": "warmupinversesquareroot", "learning_rate_warmup": 500,
                     "label_smoothing": 0.1, "loss": "crossentropy", "normalization": "tokens",
                     "batch_size": arguments.positions, "batch_type": "token", "epochs": 1000, "updates": steps,
                     "validation_freq": 10 * steps, "logging_freq": 1, "print_valid_sents": []},
        "model": {"initializer": "xavier_uniform", "tied_embeddings": True, "tied_softmax": True,
                  "encoder": stack(arguments.shape), "decoder": stack(arguments.shape)},
    }


def main():
    arguments = parse_arguments()
    write_data(arguments.folder)
    path = arguments.folder / "joeynmt.yaml"
    path.write_text(yaml.safe_dump(configuration(arguments)))
    sys.argv = ["joeynmt", "train", str(path), "--skip-test"]
    runpy.run_module("joeynmt", run_name="__main__")
    log = (arguments.folder / "model" / "train.log").read_text(encoding="utf-8")
    speeds = [float(speed) for speed in re.findall(r"Tokens per Sec: *(\d+)", log)][arguments.warm_up:]
    if not speeds:
        sys.exit("JoeyNMT's log tells no speed; another version may write it otherwise")
    # Steps have about the same tokens each, so the mean speed is the harmonic one.
    print(json.dumps({"tokens_per_second": statistics.harmonic_mean(speeds)}))


if __name__ == "__main__":
    main()
