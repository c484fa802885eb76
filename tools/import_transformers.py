#!/usr/bin/env python3
"""Converts a BERT, RoBERTa, DistilBERT, GPT-2, BART or T5 model of Transformers to an s2s model folder.

    tools/import_transformers.py --model FOLDER --output FOLDER [--spm FILE]

FOLDER has config.json and model.safetensors. s2s cuts text with SentencePiece: with --spm, whose pieces must be the
model's in its order (as T5's are), the folder is whole. Without it only recipe.yaml and model.safetensors are made.
Needs: pip install safetensors numpy (and sentencepiece for --spm)
"""
import argparse
import json
import os
import pathlib
import shutil
import sys

import numpy
from safetensors import safe_open
from safetensors.numpy import save_file

import transformers_map
from marian_map import Refusal, need


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=pathlib.Path, required=True, help="folder of Transformers")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="model folder to make")
    parser.add_argument("--spm", type=pathlib.Path, help="SentencePiece model with the model's pieces")
    return parser.parse_args()


def read_config(folder):
    path = folder / "config.json"
    need(path.is_file(), f"{path} is missing: {folder} is no model folder of Transformers")
    return json.loads(path.read_text(encoding="utf-8"))


def read_tensors(folder):
    path = folder / "model.safetensors"
    need(path.is_file(), f"{path} is missing; models in other formats or in several files must be saved as one "
                         "safetensors file first (save_pretrained with a large max_shard_size)")
    with safe_open(path, framework="np") as file:
        try:
            return {name: file.get_tensor(name).astype("float32") for name in file.keys()}
        except TypeError as error:  # numpy has no bfloat16
            raise Refusal(f"{path}: {error}; save the model as float32 first") from error


def with_base(family, config, tensors):
    """Some checkpoints leave out the name of the model inside the one with its output layer."""
    wanted = {part.name for _, parts in transformers_map.tensors(family, config) for part in parts}
    wanted |= set(family.same)
    return {family.base + name if name not in wanted and family.base + name in wanted else name: tensor
            for name, tensor in tensors.items()}


def check_rest(family, config, tensors):
    """Nothing that the model computes with may be left behind."""
    used = {part.name for _, parts in transformers_map.tensors(family, config) for part in parts}
    for name in sorted(set(tensors) - used):
        if any(part in name for part in family.unused):
            continue
        original = family.same.get(name)
        need(original is not None, f"model.safetensors: tensor {name} has no place in s2s")
        need(numpy.array_equal(tensors[name], tensors[original]),
             f"{name} is stored besides {original}, and differs: the config says that they are one")


def yaml_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return "[]" if value == [] else f"{value}"


def yaml_lines(sections, indent=""):
    for key, value in sections.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from yaml_lines(value, indent + "  ")
        else:
            yield f"{indent}{key}: {yaml_value(value)}"


def check_vocabulary(path, config):
    import sentencepiece
    need(path.is_file(), f"{path} is missing")
    spm = sentencepiece.SentencePieceProcessor(model_file=str(path))
    need(spm.get_piece_size() == config["vocab_size"],
         f"{path}: has {spm.get_piece_size()} pieces, and the model {config['vocab_size']}: its pieces are not the "
         "model's own")
    first = spm.bos_id() if spm.bos_id() >= 0 else spm.eos_id()
    start = config.get("decoder_start_token_id")
    if start not in (None, first):
        print(f"note: s2s begins to write with piece {first}, and this model learnt to begin with {start}: it needs "
              "fine-tuning, or a SentencePiece model whose <s> is that piece")


def write_folder(arguments, sections, tensors):
    """The weights last, under their name only when they are whole."""
    out = arguments.output
    out.mkdir(parents=True, exist_ok=True)
    (out / "recipe.yaml").write_text("\n".join(yaml_lines(sections)) + "\n", encoding="utf-8")
    if arguments.spm:
        shutil.copyfile(arguments.spm, out / "vocab.model")
    partial = out / ".model.safetensors.tmp"
    save_file(tensors, partial, metadata={"s2s_format": transformers_map.VERSION})
    partial.chmod((out / "recipe.yaml").stat().st_mode)  # the library makes it readable by its owner alone
    os.replace(partial, out / "model.safetensors")


def run(arguments):
    config = read_config(arguments.model)
    family = transformers_map.family_of(config)
    if arguments.spm:
        check_vocabulary(arguments.spm, config)
    tensors = with_base(family, config, read_tensors(arguments.model))
    for name, original in family.same.items():
        if original not in tensors and name in tensors:
            tensors[original] = tensors[name]
    if "final_logits_bias" in dict(family.whole).get("output.bias", []):
        tensors.setdefault("final_logits_bias", numpy.zeros((1, config["vocab_size"]), "f4"))
    converted = transformers_map.convert(family, config, tensors)
    check_rest(family, config, tensors)
    name = "".join(c if c.isalnum() or c in "-_." else "-" for c in arguments.output.resolve().name)
    sections = transformers_map.recipe(family, config, converted)
    # The SentencePiece model does its own normalisation, which is the one the weights know.
    sections["text"] |= {"normalization": "none", "whitespace": "keep"}
    write_folder(arguments, {"name": f'"{name}"'} | sections, converted)
    sides = ", ".join(f"{side} {config[keys['layers']]} layers" for side, keys in family.keys.items())
    print(f"{arguments.output}: {config['model_type']}, {sides}, {config['vocab_size']} pieces")
    if not arguments.spm:
        print("without --spm the folder has no vocabulary, and s2s cannot load it as it is")


def main():
    try:
        run(parse_arguments())
    except (Refusal, OSError, KeyError, ValueError, RuntimeError) as error:
        text = f"the config lacks {error}" if isinstance(error, KeyError) else error
        sys.exit(f"import_transformers.py: {text}")


if __name__ == "__main__":
    main()
