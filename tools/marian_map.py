"""What a Marian model of Transformers and an s2s model call the same things: one table for both directions.

A tensor of s2s is one tensor of Marian, or several of them on top of each other (queries, keys, values).
"""

VERSION = "1"  # of the tensors' names: "s2s_format" in the file

# Of one layer: part of s2s, parts of Marian; each has a weight and a bias.
ENCODER_LAYER = [
    ("self_attention.qkv", ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]),
    ("self_attention.out", ["self_attn.out_proj"]),
    ("self_attention.norm", ["self_attn_layer_norm"]),
    ("feed_forward.in", ["fc1"]),
    ("feed_forward.out", ["fc2"]),
    ("feed_forward.norm", ["final_layer_norm"]),
]
CROSS_ATTENTION = [
    ("cross_attention.q", ["encoder_attn.q_proj"]),
    ("cross_attention.kv", ["encoder_attn.k_proj", "encoder_attn.v_proj"]),
    ("cross_attention.out", ["encoder_attn.out_proj"]),
    ("cross_attention.norm", ["encoder_attn_layer_norm"]),
]
LAYERS = {"encoder": ENCODER_LAYER, "decoder": ENCODER_LAYER + CROSS_ATTENTION}

# What decoder.tie means for the matrices with a row for each piece.
SHARED, SOURCE, TARGET = (f"model.{part}.weight" for part in
                          ("shared", "encoder.embed_tokens", "decoder.embed_tokens"))
OUTPUT = "lm_head.weight"
EMBEDDINGS = {
    "all": {"embedding.weight": SHARED},
    "decoder": {"encoder.embedding.weight": SOURCE, "decoder.embedding.weight": TARGET},
    "none": {"encoder.embedding.weight": SOURCE, "decoder.embedding.weight": TARGET, "output.weight": OUTPUT},
}

BIAS = "final_logits_bias"  # [1, pieces]; zeros where the recipe has no decoder.output_bias
OUTPUT_BIAS = "output.bias"  # [pieces]

# Keys of an s2s stack, and of Marian's config with the side's name in place of {}.
SIZES = {"layers": "{}_layers", "width": "d_model", "heads": "{}_attention_heads", "feed_forward": "{}_ffn_dim"}
RATES = {"dropout": "dropout", "attention_dropout": "attention_dropout",
         "activation_dropout": "activation_dropout"}
ACTIVATIONS = {"relu": "relu", "gelu": "gelu"}  # s2s: Marian

# What Marian always is, in the words of a recipe.
ALWAYS = {"type": "transformer", "norm": "post", "norm_type": "layer", "norm_eps": 1e-5,
          "positions": "sinusoidal", "bias": True, "embedding_norm": False}


def tensors(layers, tie):
    """Yields (name in s2s, [names in Marian]); `layers` is {"encoder": n, "decoder": n}."""
    for side, parts in LAYERS.items():
        for i in range(layers[side]):
            for ours, theirs in parts:
                for kind in ("weight", "bias"):
                    yield (f"{side}.layers.{i}.{ours}.{kind}",
                           [f"model.{side}.layers.{i}.{part}.{kind}" for part in theirs])
    for ours, theirs in EMBEDDINGS[tie].items():
        yield ours, [theirs]


class Refusal(Exception):
    """The model cannot be converted; the text says why, and what would help."""


def need(condition, text):
    if not condition:
        raise Refusal(text)
