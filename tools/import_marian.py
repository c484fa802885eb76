#!/usr/bin/env python3
"""Converts a Marian model of Transformers to an s2s model folder.

    tools/import_marian.py --model FOLDER --spm FILE --output FOLDER [--target-spm FILE] [--lowercase]

FOLDER has config.json and model.safetensors; the SentencePiece model's pieces must be the model's, in its
order. Needs: pip install safetensors numpy sentencepiece
"""
import argparse
import json
import os
import pathlib
import shutil
import sys

import numpy
import sentencepiece
from safetensors import safe_open
from safetensors.numpy import save_file

import marian_map
from marian_map import Refusal, need

def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=pathlib.Path, required=True, help="folder of Transformers")
    parser.add_argument("--spm", type=pathlib.Path, required=True, help="SentencePiece model (of the source)")
    parser.add_argument("--target-spm", type=pathlib.Path, help="the target's, when it is another one")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="model folder to make")
    parser.add_argument("--lowercase", action="store_true", help="the model was trained on lowercased text")
    return parser.parse_args()


# --- reading ---

def read_config(folder):
    path = folder / "config.json"
    need(path.is_file(), f"{path} is missing: {folder} is no model folder of Transformers")
    config = json.loads(path.read_text(encoding="utf-8"))
    need(config.get("model_type") == "marian",
         f"{path}: model_type is {config.get('model_type')!r}; only 'marian' can be converted")
    return config


def read_tensors(folder):
    path = folder / "model.safetensors"
    need(path.is_file(), f"{path} is missing; models in other formats or in several files must be saved as one "
                         "safetensors file first (save_pretrained with a large max_shard_size)")
    with safe_open(path, framework="np") as file:
        try:
            return {name: file.get_tensor(name).astype("float32") for name in file.keys()}
        except TypeError as error:  # numpy has no bfloat16
            raise Refusal(f"{path}: {error}; save the model as float32 first") from error


# --- what s2s cannot express ---

def check_config(config):
    refused = {"normalize_before": False, "normalize_embedding": False, "add_final_layer_norm": False,
               "static_position_embeddings": True}
    for key, only in refused.items():
        need(config.get(key, only) == only,
             f"{key} is {config.get(key)}; a Marian model is converted only where it is {only}")
    activation = config["activation_function"]
    need(activation in marian_map.ACTIVATIONS.values(),
         f"activation_function is {activation!r}; s2s has {', '.join(marian_map.ACTIVATIONS.values())}")


def check_vocabulary(spm, size, config, path):
    bos = spm.bos_id() if spm.bos_id() >= 0 else spm.eos_id()
    start, eos = config["decoder_start_token_id"], config["eos_token_id"]
    need(spm.get_piece_size() == size,
         f"{path}: has {spm.get_piece_size()} pieces, and the model {size}: its pieces are not the model's own "
         "(OPUS-MT models number theirs in vocab.json)")
    need(spm.eos_id() == eos, f"{path}: </s> is piece {spm.eos_id()}, and the model ends with {eos}")
    need(bos == start, f"{path}: <s> is piece {bos}, with which s2s starts to decode, and the model starts with "
                       f"piece {start} (decoder_start_token_id)")


def check_order(spm, folder):
    """Where Transformers has its own numbers for the pieces, they must be SentencePiece's."""
    path = folder / "vocab.json"
    if not path.is_file():
        return
    numbers = json.loads(path.read_text(encoding="utf-8"))
    wrong = [i for i in range(spm.get_piece_size()) if numbers.get(spm.id_to_piece(i), i) != i]
    need(not wrong, f"{path}: numbers {len(wrong)} pieces otherwise than the SentencePiece model, the first is "
                    f"{spm.id_to_piece(wrong[0])!r}; such models cannot be converted" if wrong else "")


def check_positions(tensors, width):
    for side in ("encoder", "decoder"):
        found = tensors.pop(f"model.{side}.embed_positions.weight", None)
        if found is None:
            continue
        angles = numpy.arange(len(found))[:, None] / 10000 ** (2 * numpy.arange(width // 2) / width)
        expected = numpy.concatenate([numpy.sin(angles), numpy.cos(angles)], axis=1)
        need(numpy.abs(found - expected).max() < 1e-4, f"{side}.embed_positions is not the usual sinusoids")


# --- converting ---

def tie_of(config):
    if not config.get("tie_word_embeddings", True):
        return "none"
    return "all" if config.get("share_encoder_decoder_embeddings", True) else "decoder"


def fill_in_tied(tensors, tie):
    """Transformers stores a matrix that is used twice once or more often, under any of its names."""
    names = [marian_map.SHARED, marian_map.SOURCE, marian_map.TARGET, marian_map.OUTPUT]
    shared = tensors.get(marian_map.SHARED)
    if tie == "decoder":
        tensors.setdefault(marian_map.TARGET, tensors.get(marian_map.OUTPUT))
    elif tie == "none":
        tensors.setdefault(marian_map.SOURCE, shared)
        tensors.setdefault(marian_map.TARGET, shared)
    used = set(marian_map.EMBEDDINGS[tie].values())
    for name in names:
        if name not in used:
            copy = tensors.pop(name, None)
            same = copy is None or any(numpy.array_equal(copy, tensors.get(other)) for other in used)
            need(same, f"{name} is stored besides {', '.join(sorted(used))}, and differs: the config's ties and "
                       "the weights contradict each other")


def take_bias(tensors):
    """Of the output layer; every Marian model has one, and most leave it zero."""
    bias = tensors.pop(marian_map.BIAS, None)
    return bias.reshape(-1) if bias is not None and bias.any() else None


def convert(tensors, layers, tie, bias):
    converted = {} if bias is None else {marian_map.OUTPUT_BIAS: bias}
    for ours, theirs in marian_map.tensors(layers, tie):
        missing = [name for name in theirs if tensors.get(name) is None]
        need(not missing, f"model.safetensors: tensor {missing[0] if missing else ''} is missing")
        parts = [tensors.pop(name) for name in theirs]
        converted[ours] = numpy.ascontiguousarray(numpy.concatenate(parts, axis=0))
    left = sorted(tensors)
    need(not left, f"model.safetensors: {len(left)} tensors have no place in s2s, the first is {left[:1]}")
    return converted


# --- writing ---

def yaml_value(value):
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else f"{value}"


def stack_recipe(config, side):
    keys = dict(marian_map.ALWAYS)
    keys |= {ours: config[theirs.format(side)] for ours, theirs in marian_map.SIZES.items()}
    keys["kv_heads"] = keys["heads"]
    keys |= {ours: float(config.get(theirs, 0)) for ours, theirs in marian_map.RATES.items()}
    keys["activation"] = next(ours for ours, theirs in marian_map.ACTIVATIONS.items()
                              if theirs == config["activation_function"])
    keys["embedding_scale"] = bool(config.get("scale_embedding", False))
    return keys


def search_recipe(folder, config):
    path = folder / "generation_config.json"
    generation = dict(config)
    if path.is_file():
        generation |= json.loads(path.read_text(encoding="utf-8"))
    keys = {}
    if (generation.get("num_beams") or 1) > 1:
        keys["beam_size"] = generation["num_beams"]
    if generation.get("length_penalty") is not None:
        keys["length_penalty"] = float(generation["length_penalty"])
    return keys


def recipe_text(arguments, config, tie, has_bias):
    name = "".join(c if c.isalnum() or c in "-_." else "-" for c in arguments.output.resolve().name)
    vocabulary = {"size": config["vocab_size"], "shared": arguments.target_spm is None}
    sections = {"encoder": stack_recipe(config, "encoder"),
                "decoder": stack_recipe(config, "decoder") | {"tie": tie, "output_bias": has_bias},
                "search": search_recipe(arguments.model, config)}
    lines = [f'name: "{name}"', "text:", "  vocabulary:"]
    lines += [f"    {key}: {yaml_value(value)}" for key, value in vocabulary.items()]
    # The SentencePiece model does its own normalisation, which is the one the weights know.
    lines += [f"  lowercase: {yaml_value(arguments.lowercase)}", "  normalization: none", "  whitespace: keep"]
    for section, keys in sections.items():
        if keys:
            lines += [f"{section}:"] + [f"  {key}: {yaml_value(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def write_folder(arguments, recipe, tensors):
    """The weights last, under their name only when they are whole."""
    out = arguments.output
    out.mkdir(parents=True, exist_ok=True)
    (out / "recipe.yaml").write_text(recipe, encoding="utf-8")
    if arguments.target_spm is None:
        shutil.copyfile(arguments.spm, out / "vocab.model")
    else:
        shutil.copyfile(arguments.spm, out / "vocab.source.model")
        shutil.copyfile(arguments.target_spm, out / "vocab.target.model")
    partial = out / ".model.safetensors.tmp"
    save_file(tensors, partial, metadata={"s2s_format": marian_map.VERSION})
    partial.chmod((out / "recipe.yaml").stat().st_mode)  # the library makes it readable by its owner alone
    os.replace(partial, out / "model.safetensors")


def run(arguments):
    config = read_config(arguments.model)
    check_config(config)
    tie = tie_of(config)
    need(tie == "all" or arguments.target_spm is not None or config.get("share_encoder_decoder_embeddings", True),
         "source and target have vocabularies of their own: give --target-spm as well")
    target = arguments.target_spm or arguments.spm
    sizes = {arguments.spm: config["vocab_size"], target: config.get("decoder_vocab_size") or config["vocab_size"]}
    for path, size in sizes.items():
        need(path.is_file(), f"{path} is missing")
        spm = sentencepiece.SentencePieceProcessor(model_file=str(path))
        check_vocabulary(spm, size, config, path)
    check_order(spm, arguments.model)
    tensors = read_tensors(arguments.model)
    bias = take_bias(tensors)
    check_positions(tensors, config["d_model"])
    fill_in_tied(tensors, tie)
    layers = {side: config[f"{side}_layers"] for side in ("encoder", "decoder")}
    write_folder(arguments, recipe_text(arguments, config, tie, bias is not None),
                 convert(tensors, layers, tie, bias))
    print(f"{arguments.output}: {layers['encoder']}+{layers['decoder']} layers, width {config['d_model']}, "
          f"{config['vocab_size']} pieces")


def main():
    try:
        run(parse_arguments())
    except (Refusal, OSError, KeyError, ValueError, RuntimeError) as error:
        text = f"the config lacks {error}" if isinstance(error, KeyError) else error
        sys.exit(f"import_marian.py: {text}")


if __name__ == "__main__":
    main()
