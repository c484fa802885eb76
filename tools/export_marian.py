#!/usr/bin/env python3
"""Converts an s2s model folder to a Marian model of Transformers.

    tools/export_marian.py --model FOLDER --output FOLDER

Transformers computes the same with it, given the same pieces. (CTranslate2's own converter takes Marian models
to start from an empty embedding, which s2s's do not: for it there is tools/export_ctranslate2.py.)
Needs: pip install safetensors numpy pyyaml sentencepiece
"""
import argparse
import json
import os
import pathlib
import shutil
import sys

import numpy
from safetensors.numpy import save_file

import marian_map
import model_folder
from marian_map import Refusal, need

POSITIONS = 1024  # Transformers makes its sinusoids once, and takes no longer text than this


def check_recipe(recipe):
    model_folder.need_plain_stacks(recipe)
    for side in ("encoder", "decoder"):
        keys = recipe[side]
        for key, only in marian_map.ALWAYS.items():
            need(keys[key] == only, f"{side}.{key} is {keys[key]}; Marian knows only {only}")
        need(keys["activation"] in marian_map.ACTIVATIONS,
             f"{side}.activation is {keys['activation']}; Marian has {', '.join(marian_map.ACTIVATIONS)}")
        need(keys["kv_heads"] in (0, keys["heads"]), f"{side}.kv_heads is {keys['kv_heads']}; Marian knows only as "
                                                     f"many as heads, {keys['heads']}")
    for key in ("width", "activation", "embedding_scale"):
        need(recipe["encoder"][key] == recipe["decoder"][key],
             f"encoder.{key} and decoder.{key} differ; Marian has one for both")


def padding(spm):
    """A piece for the places that Transformers fills up and never looks at."""
    return spm.pad_id() if spm.pad_id() >= 0 else spm.unk_id()


def make_config(model):
    encoder, tie = model.recipe["encoder"], model.recipe["decoder"]["tie"]
    config = {"model_type": "marian", "architectures": ["MarianMTModel"], "is_encoder_decoder": True,
              "activation_function": marian_map.ACTIVATIONS[encoder["activation"]],
              "scale_embedding": encoder["embedding_scale"], "static_position_embeddings": True,
              "max_position_embeddings": POSITIONS,
              "vocab_size": model.source.get_piece_size(), "decoder_vocab_size": model.target.get_piece_size(),
              "bos_token_id": model_folder.first_token(model.target), "eos_token_id": model.target.eos_id(),
              "decoder_start_token_id": model_folder.first_token(model.target),
              "pad_token_id": padding(model.target), "forced_eos_token_id": None,
              "share_encoder_decoder_embeddings": tie == "all", "tie_word_embeddings": tie != "none",
              "dtype": "float32"}
    for side in ("encoder", "decoder"):
        config |= {theirs.format(side): model.recipe[side][ours] for ours, theirs in marian_map.SIZES.items()}
    return config | {theirs: encoder[ours] for ours, theirs in marian_map.RATES.items()}


def make_generation_config(model, config):
    search = {"type": "beam", "beam_size": 5, "length_penalty": 1} | model.recipe.get("search", {})
    keys = ("bos_token_id", "eos_token_id", "decoder_start_token_id", "pad_token_id", "forced_eos_token_id")
    return {key: config[key] for key in keys} | {
        "num_beams": search["beam_size"] if search["type"] == "beam" else 1,
        "length_penalty": float(search["length_penalty"]), "max_length": config["max_position_embeddings"]}


def convert(model):
    layers = {side: model.recipe[side]["layers"] for side in ("encoder", "decoder")}
    left, converted = dict(model.tensors), {}
    for ours, theirs in marian_map.tensors(layers, model.recipe["decoder"]["tie"]):
        need(ours in left, f"model.safetensors: tensor {ours} is missing")
        parts = numpy.split(left.pop(ours), len(theirs))
        converted |= {name: numpy.ascontiguousarray(part) for name, part in zip(theirs, parts)}
    bias = left.pop(marian_map.OUTPUT_BIAS, numpy.zeros(model.target.get_piece_size(), "f4"))
    converted[marian_map.BIAS] = bias.reshape(1, -1)
    need(not left, f"model.safetensors: {len(left)} tensors have no place in Marian, the first is {sorted(left)[:1]}")
    return converted


def tokenizer_config(model):
    pad = model.target.id_to_piece(padding(model.target))
    return {"tokenizer_class": "MarianTokenizer", "unk_token": model.target.id_to_piece(model.target.unk_id()),
            "eos_token": "</s>", "pad_token": pad, "separate_vocabs": model.source_path != model.target_path,
            "source_lang": "source", "target_lang": "target"}


def write_folder(model, config, tensors, out):
    def write_json(name, content):
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (out / name).write_text(text, encoding="utf-8")

    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(model.source_path, out / "source.spm")
    shutil.copyfile(model.target_path, out / "target.spm")
    write_json("vocab.json", {piece: i for i, piece in enumerate(model_folder.pieces(model.source))})
    if model.source_path != model.target_path:
        write_json("target_vocab.json", {piece: i for i, piece in enumerate(model_folder.pieces(model.target))})
    write_json("tokenizer_config.json", tokenizer_config(model))
    write_json("generation_config.json", make_generation_config(model, config))
    write_json("config.json", config)
    partial = out / ".model.safetensors.tmp"
    save_file(tensors, partial, metadata={"format": "pt"})
    partial.chmod((out / "config.json").stat().st_mode)  # the library makes it readable by its owner alone
    os.replace(partial, out / "model.safetensors")


def run(arguments):
    model = model_folder.read(arguments.model)
    check_recipe(model.recipe)
    write_folder(model, make_config(model), convert(model), arguments.output)
    print(f"{arguments.output}: a MarianMTModel")
    if model.recipe["text"]["lowercase"]:
        print("note: the model knows only lowercased text; Transformers' tokenizer does not lowercase it",
              file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=pathlib.Path, required=True, help="model folder of s2s")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder to make")
    try:
        run(parser.parse_args())
    except (Refusal, OSError, KeyError, ValueError, RuntimeError) as error:
        text = f"the recipe lacks {error}: write out its defaults with `s2s recipe resolve`" if isinstance(error, KeyError) else error
        sys.exit(f"export_marian.py: {text}")


if __name__ == "__main__":
    main()
