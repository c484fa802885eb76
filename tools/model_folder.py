"""Reads an s2s model folder (docs/model-format.md), for the tools that convert one.

Needs: pip install safetensors numpy pyyaml sentencepiece
"""
import dataclasses
import pathlib

import numpy
import sentencepiece
import yaml
from safetensors.numpy import load_file

from marian_map import need


@dataclasses.dataclass
class Model:
    folder: pathlib.Path
    recipe: dict
    tensors: dict      # name: float32
    source_path: pathlib.Path
    target_path: pathlib.Path  # the same where the vocabulary is shared
    source: sentencepiece.SentencePieceProcessor
    target: sentencepiece.SentencePieceProcessor


def stack(recipe, side):
    """The settings of the encoder or decoder; PyYAML reads 1e-05 as a text."""
    keys = dict(recipe[side])
    for key in ("norm_eps", "dropout", "attention_dropout", "activation_dropout"):
        keys[key] = float(keys[key])
    return keys


def read(folder):
    paths = {name: folder / name for name in ("recipe.yaml", "model.safetensors")}
    for path in paths.values():
        need(path.is_file(), f"{path} is missing: {folder} is no whole model folder")
    recipe = yaml.safe_load(paths["recipe.yaml"].read_text(encoding="utf-8"))
    recipe["encoder"], recipe["decoder"] = stack(recipe, "encoder"), stack(recipe, "decoder")
    shared = recipe["text"]["vocabulary"]["shared"]
    source, target = (folder / ("vocab.model" if shared else f"vocab.{side}.model") for side in ("source", "target"))
    vocabularies = []
    for path in (source, target):
        need(path.is_file(), f"{path} is missing: {folder} is no whole model folder")
        vocabularies.append(sentencepiece.SentencePieceProcessor(model_file=str(path)))
    tensors = {name: value.astype("float32") for name, value in load_file(paths["model.safetensors"]).items()}
    return Model(folder, recipe, tensors, source, target, *vocabularies)


def need_plain_stacks(recipe):
    """Refuses what neither Marian's nor CTranslate2's format has."""
    for side in ("encoder", "decoder"):
        keys = recipe[side]
        whole = keys["width"] // keys["heads"]
        need(keys.get("head_width") in (None, 0, whole), f"{side}.head_width is {keys.get('head_width')}; only width / "
                                                         f"heads, {whole}, can be converted")
    need(not recipe["encoder"].get("segments"), "encoder.segments has no place in the other format")
    need(recipe["decoder"]["tie"] != "inputs", "decoder.tie: inputs has no counterpart in the other format")


def first_token(spm):
    """What decoding starts with: <s>, or </s> where there is none."""
    return spm.bos_id() if spm.bos_id() >= 0 else spm.eos_id()


def pieces(spm):
    return [spm.id_to_piece(i) for i in range(spm.get_piece_size())]


def sinusoids(n, width):
    """Positions of Transformers' and s2s's models: all sines, then all cosines."""
    angles = numpy.arange(n)[:, None] / 10000 ** (2 * numpy.arange(width // 2) / width)
    return numpy.concatenate([numpy.sin(angles), numpy.cos(angles)], axis=1).astype("float32")
