#!/usr/bin/env python3
"""Converts an s2s model folder to a model of CTranslate2.

    tools/export_ctranslate2.py --model FOLDER --output FOLDER [--quantization int8]

Needs: pip install ctranslate2 safetensors numpy pyyaml sentencepiece
"""
import argparse
import pathlib
import sys

from ctranslate2.specs import TransformerSpec
from ctranslate2.specs.common_spec import Activation

import model_folder
from marian_map import Refusal, need

POSITIONS = 1024
ACTIVATIONS = {"relu": Activation.RELU, "gelu": Activation.GELU}


def check_recipe(recipe):
    model_folder.need_plain_stacks(recipe)
    for side in ("encoder", "decoder"):
        keys = recipe[side]
        wanted = {"positions": "sinusoidal", "bias": True, "embedding_norm": False, "norm_type": "layer",
                  "norm_eps": 1e-5}
        for key, only in wanted.items():
            need(keys[key] == only, f"{side}.{key} is {keys[key]}; this tool converts only {only}")
        need(keys["activation"] in ACTIVATIONS,
             f"{side}.activation is {keys['activation']}; this tool converts {', '.join(ACTIVATIONS)}")
        need(keys["kv_heads"] in (0, keys["heads"]), f"{side}.kv_heads differs from heads")
    for key in ("heads", "norm", "activation"):
        need(recipe["encoder"][key] == recipe["decoder"][key], f"encoder.{key} and decoder.{key} differ")


def set_linear(spec, tensors, name):
    spec.weight, spec.bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def set_norm(spec, tensors, name):
    spec.gamma, spec.beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def set_layer(spec, tensors, name):
    set_linear(spec.self_attention.linear[0], tensors, f"{name}.self_attention.qkv")
    set_linear(spec.self_attention.linear[1], tensors, f"{name}.self_attention.out")
    set_norm(spec.self_attention.layer_norm, tensors, f"{name}.self_attention.norm")
    if hasattr(spec, "attention"):
        for linear, part in zip(spec.attention.linear, ("q", "kv", "out")):
            set_linear(linear, tensors, f"{name}.cross_attention.{part}")
        set_norm(spec.attention.layer_norm, tensors, f"{name}.cross_attention.norm")
    set_linear(spec.ffn.linear_0, tensors, f"{name}.feed_forward.in")
    set_linear(spec.ffn.linear_1, tensors, f"{name}.feed_forward.out")
    set_norm(spec.ffn.layer_norm, tensors, f"{name}.feed_forward.norm")


def set_stack(spec, model, side):
    keys = model.recipe[side]
    for i, layer in enumerate(spec.layer):
        set_layer(layer, model.tensors, f"{side}.layers.{i}")
    if keys["norm"] == "pre":
        set_norm(spec.layer_norm, model.tensors, f"{side}.norm")
    embeddings = spec.embeddings[0] if side == "encoder" else spec.embeddings
    embeddings.weight = model.tensors.get("embedding.weight", model.tensors.get(f"{side}.embedding.weight"))
    spec.scale_embeddings = keys["embedding_scale"]
    spec.position_encodings.encodings = model_folder.sinusoids(POSITIONS, keys["width"])


def make_spec(model):
    recipe = model.recipe
    spec = TransformerSpec.from_config((recipe["encoder"]["layers"], recipe["decoder"]["layers"]),
                                       recipe["encoder"]["heads"], pre_norm=recipe["encoder"]["norm"] == "pre",
                                       activation=ACTIVATIONS[recipe["encoder"]["activation"]],
                                       # attention is told as s2s tells it: the mean over all heads
                                       alignment_heads=recipe["decoder"]["heads"])
    set_stack(spec.encoder, model, "encoder")
    set_stack(spec.decoder, model, "decoder")
    spec.decoder.projection.weight = model.tensors.get("output.weight", spec.decoder.embeddings.weight)
    if "output.bias" in model.tensors:
        spec.decoder.projection.bias = model.tensors["output.bias"]
    spec.register_source_vocabulary(model_folder.pieces(model.source))
    spec.register_target_vocabulary(model_folder.pieces(model.target))
    target = model.target
    spec.config.bos_token = spec.config.decoder_start_token = target.id_to_piece(model_folder.first_token(target))
    spec.config.eos_token = target.id_to_piece(target.eos_id())
    spec.config.unk_token = target.id_to_piece(target.unk_id())
    spec.config.add_source_eos, spec.config.add_source_bos = True, False
    return spec


def run(arguments):
    model = model_folder.read(arguments.model)
    check_recipe(model.recipe)
    need(not arguments.output.exists(), f"{arguments.output} is there already; choose another folder")
    spec = make_spec(model)
    spec.validate()
    spec.optimize(quantization=arguments.quantization)
    arguments.output.mkdir(parents=True)
    spec.save(str(arguments.output))
    print(f"{arguments.output}: a CTranslate2 model ({arguments.quantization or 'float32'})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=pathlib.Path, required=True, help="model folder of s2s")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder to make")
    parser.add_argument("--quantization", help="int8, int16, float16, bfloat16, ...; float32 when left out")
    try:
        run(parser.parse_args())
    except (Refusal, OSError, KeyError, ValueError, RuntimeError) as error:
        text = f"the model lacks {error}; write out its recipe's defaults with `s2s recipe resolve`" if isinstance(error, KeyError) else error
        sys.exit(f"export_ctranslate2.py: {text}")


if __name__ == "__main__":
    main()
