"""What models of Transformers and s2s models call the same things: one table for each family, for every direction.

A tensor of s2s is one tensor of Transformers, or several of them on top of each other (queries, keys, values).
Some of them are changed on the way: `Part` says how.
"""
import dataclasses
import math
import typing

import numpy

from marian_map import need

VERSION = "1"  # of the tensors' names: "s2s_format" in the file


@dataclasses.dataclass
class Part:
    """A tensor of Transformers inside one of s2s."""
    name: str
    transposed: bool = False      # GPT-2 keeps its matrices as [in, out]
    first: int = 0                # rows before this one stand for no place: RoBERTa and BART count from 2
    times: typing.Callable = None # config to a factor that Transformers multiplies with while it computes

    def factor(self, config):
        return self.times(config) if self.times else 1.0

    def shaped(self, tensor):
        if self.transposed and tensor.ndim == 2:
            tensor = tensor.T
        return tensor.reshape(-1) if tensor.shape[0] == 1 and self.name.endswith("bias") else tensor[self.first:]


@dataclasses.dataclass
class Family:
    objective: str
    base: str                     # what the names of a checkpoint may leave out
    sides: dict                   # side: (prefix of a layer, [(ours, theirs) of a layer])
    whole: list                   # (ours, theirs) of the rest
    keys: dict                    # side: {key of s2s: key of the config}
    fixed: dict                   # keys that are always so
    activation: str               # the config's key
    refused: dict                 # key of the config: the only value that s2s can express
    same: dict = dataclasses.field(default_factory=dict)  # copies of tied tensors: of what
    unused: tuple = ()            # parts of names of tensors that do not belong to the model
    kinds: tuple = ("weight", "bias")


# s2s's activation by Transformers' name of it.
ACTIVATIONS = {"relu": "relu", "gelu": "gelu", "gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh",
               "gated-gelu": "geglu"}

# --- BERT, RoBERTa, DistilBERT ---

BERT_LAYER = [
    ("self_attention.qkv", ["attention.self.query", "attention.self.key", "attention.self.value"]),
    ("self_attention.out", ["attention.output.dense"]),
    ("self_attention.norm", ["attention.output.LayerNorm"]),
    ("feed_forward.in", ["intermediate.dense"]),
    ("feed_forward.out", ["output.dense"]),
    ("feed_forward.norm", ["output.LayerNorm"]),
]
DISTILBERT_LAYER = [
    ("self_attention.qkv", ["attention.q_lin", "attention.k_lin", "attention.v_lin"]),
    ("self_attention.out", ["attention.out_lin"]),
    ("self_attention.norm", ["sa_layer_norm"]),
    ("feed_forward.in", ["ffn.lin1"]),
    ("feed_forward.out", ["ffn.lin2"]),
    ("feed_forward.norm", ["output_layer_norm"]),
]
BERT_KEYS = {"layers": "num_hidden_layers", "width": "hidden_size", "heads": "num_attention_heads",
             "feed_forward": "intermediate_size", "norm_eps": "layer_norm_eps", "segments": "type_vocab_size",
             "dropout": "hidden_dropout_prob", "attention_dropout": "attention_probs_dropout_prob"}
BERT_FIXED = {"norm": "post", "norm_type": "layer", "positions": "learned", "embedding_norm": True,
              "embedding_scale": False, "bias": True}


def bert_embeddings(base, first=0):
    return [("embedding.weight", [f"{base}embeddings.word_embeddings.weight"]),
            ("encoder.positions.weight", [Part(f"{base}embeddings.position_embeddings.weight", first=first)]),
            ("encoder.segments.weight", [f"{base}embeddings.token_type_embeddings.weight"]),
            ("encoder.embedding_norm", [f"{base}embeddings.LayerNorm"])]


BERT = Family(
    "masked_lm", "bert.", {"encoder": ("bert.encoder.layer.{}.", BERT_LAYER)},
    bert_embeddings("bert.") + [("head.transform", ["cls.predictions.transform.dense"]),
                                ("head.norm", ["cls.predictions.transform.LayerNorm"]),
                                ("output.bias", ["cls.predictions.bias"])],
    {"encoder": BERT_KEYS}, BERT_FIXED, "hidden_act",
    {"position_embedding_type": "absolute", "is_decoder": False, "tie_word_embeddings": True},
    {"cls.predictions.decoder.weight": "bert.embeddings.word_embeddings.weight",
     "cls.predictions.decoder.bias": "cls.predictions.bias"},
    ("pooler.", "seq_relationship.", "position_ids"))

ROBERTA = Family(
    "masked_lm", "roberta.", {"encoder": ("roberta.encoder.layer.{}.", BERT_LAYER)},
    bert_embeddings("roberta.", 2) + [("head.transform", ["lm_head.dense"]), ("head.norm", ["lm_head.layer_norm"]),
                                      ("output.bias", ["lm_head.bias"])],
    {"encoder": BERT_KEYS}, BERT_FIXED, "hidden_act", BERT.refused | {"pad_token_id": 1},
    {"lm_head.decoder.weight": "roberta.embeddings.word_embeddings.weight", "lm_head.decoder.bias": "lm_head.bias"},
    ("pooler.", "position_ids"))

DISTILBERT = Family(
    "masked_lm", "distilbert.", {"encoder": ("distilbert.transformer.layer.{}.", DISTILBERT_LAYER)},
    [entry for entry in bert_embeddings("distilbert.") if "segments" not in entry[0]]
    + [("head.transform", ["vocab_transform"]), ("head.norm", ["vocab_layer_norm"]),
       ("output.bias", ["vocab_projector.bias"])],
    {"encoder": {"layers": "n_layers", "width": "dim", "heads": "n_heads", "feed_forward": "hidden_dim",
                 "dropout": "dropout", "attention_dropout": "attention_dropout"}},
    BERT_FIXED | {"norm_eps": 1e-12}, "activation", {"tie_word_embeddings": True},
    {"vocab_projector.weight": "distilbert.embeddings.word_embeddings.weight"}, ("position_ids",))

# --- GPT-2 ---


def turned(name):
    return Part(name, transposed=True)


GPT2 = Family(
    "causal_lm", "transformer.",
    {"decoder": ("transformer.h.{}.",
                 [("self_attention.qkv", [turned("attn.c_attn")]), ("self_attention.out", [turned("attn.c_proj")]),
                  ("self_attention.norm", ["ln_1"]), ("feed_forward.in", [turned("mlp.c_fc")]),
                  ("feed_forward.out", [turned("mlp.c_proj")]), ("feed_forward.norm", ["ln_2"])])},
    [("decoder.embedding.weight", ["transformer.wte.weight"]),
     ("decoder.positions.weight", ["transformer.wpe.weight"]), ("decoder.norm", ["transformer.ln_f"])],
    {"decoder": {"layers": "n_layer", "width": "n_embd", "heads": "n_head", "feed_forward": "n_inner",
                 "norm_eps": "layer_norm_epsilon", "dropout": "resid_pdrop", "attention_dropout": "attn_pdrop"}},
    {"norm": "pre", "norm_type": "layer", "positions": "learned", "embedding_norm": False, "embedding_scale": False,
     "bias": True, "tie": "decoder"},
    "activation_function",
    {"scale_attn_weights": True, "scale_attn_by_inverse_layer_idx": False, "add_cross_attention": False,
     "tie_word_embeddings": True},
    {"lm_head.weight": "transformer.wte.weight"}, (".attn.bias", ".attn.masked_bias"))

# --- BART ---

BART_LAYER = [
    ("self_attention.qkv", ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]),
    ("self_attention.out", ["self_attn.out_proj"]),
    ("self_attention.norm", ["self_attn_layer_norm"]),
    ("feed_forward.in", ["fc1"]),
    ("feed_forward.out", ["fc2"]),
    ("feed_forward.norm", ["final_layer_norm"]),
]
BART_CROSS = [
    ("cross_attention.q", ["encoder_attn.q_proj"]),
    ("cross_attention.kv", ["encoder_attn.k_proj", "encoder_attn.v_proj"]),
    ("cross_attention.out", ["encoder_attn.out_proj"]),
    ("cross_attention.norm", ["encoder_attn_layer_norm"]),
]


def bart_keys(side):
    return {"layers": f"{side}_layers", "width": "d_model", "heads": f"{side}_attention_heads",
            "feed_forward": f"{side}_ffn_dim", "dropout": "dropout", "attention_dropout": "attention_dropout",
            "activation_dropout": "activation_dropout", "embedding_scale": "scale_embedding"}


BART = Family(
    "translation", "model.",
    {"encoder": ("model.encoder.layers.{}.", BART_LAYER), "decoder": ("model.decoder.layers.{}.", BART_LAYER + BART_CROSS)},
    [("embedding.weight", ["model.shared.weight"]), ("output.bias", ["final_logits_bias"])]
    + [(f"{side}.positions.weight", [Part(f"model.{side}.embed_positions.weight", first=2)])
       for side in ("encoder", "decoder")]
    + [(f"{side}.embedding_norm", [f"model.{side}.layernorm_embedding"]) for side in ("encoder", "decoder")],
    {side: bart_keys(side) for side in ("encoder", "decoder")},
    {"norm": "post", "norm_type": "layer", "norm_eps": 1e-5, "positions": "learned", "embedding_norm": True, "bias": True,
     "tie": "all", "output_bias": True},
    "activation_function", {"tie_word_embeddings": True},
    {name: "model.shared.weight" for name in ("model.encoder.embed_tokens.weight",
                                              "model.decoder.embed_tokens.weight", "lm_head.weight")})

# --- T5: 1.0 has relu and one matrix for all embeddings, 1.1 a gated gelu and an output layer of its own ---


def query(name):
    """T5 does not scale the products of queries and keys: its queries are s2s's without the square root."""
    return Part(name, times=lambda config: math.sqrt(config["d_kv"]))


def last_norm(name):
    """Version 1.0 multiplies what its last norm gives by width^-0.5, as its output layer is the embedding."""
    return Part(name, times=lambda config: config["d_model"] ** -0.5 if config.get("tie_word_embeddings", True) else 1)


def t5_layer(feed, gated):
    block = f"layer.{feed}.DenseReluDense."
    return [("self_attention.qkv", [query("layer.0.SelfAttention.q"), "layer.0.SelfAttention.k",
                                    "layer.0.SelfAttention.v"]),
            ("self_attention.out", ["layer.0.SelfAttention.o"]),
            ("self_attention.norm", ["layer.0.layer_norm"]),
            ("feed_forward.in", [block + "wi_0", block + "wi_1"] if gated else [block + "wi"]),
            ("feed_forward.out", [block + "wo"]),
            ("feed_forward.norm", [f"layer.{feed}.layer_norm"])]


T5_CROSS = [("cross_attention.q", [query("layer.1.EncDecAttention.q")]),
            ("cross_attention.kv", ["layer.1.EncDecAttention.k", "layer.1.EncDecAttention.v"]),
            ("cross_attention.out", ["layer.1.EncDecAttention.o"]),
            ("cross_attention.norm", ["layer.1.layer_norm"])]


def t5_keys(layers):
    return {"layers": layers, "width": "d_model", "heads": "num_heads", "head_width": "d_kv", "feed_forward": "d_ff",
            "norm_eps": "layer_norm_epsilon", "relative_buckets": "relative_attention_num_buckets",
            "relative_span": "relative_attention_max_distance", "dropout": "dropout_rate",
            "attention_dropout": "dropout_rate", "activation_dropout": "dropout_rate"}


def t5(gated, tied):
    copies = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"] + (["lm_head.weight"] if tied else [])
    bias = "{}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
    return Family(
        "translation", "",
        {"encoder": ("encoder.block.{}.", t5_layer(1, gated)),
         "decoder": ("decoder.block.{}.", t5_layer(2, gated) + T5_CROSS)},
        [("embedding.weight", ["shared.weight"])] + ([] if tied else [("output.weight", ["lm_head.weight"])])
        + [(f"{side}.relative.weight", [bias.format(side)]) for side in ("encoder", "decoder")]
        + [("encoder.norm", ["encoder.final_layer_norm"]), ("decoder.norm", [last_norm("decoder.final_layer_norm")])],
        {"encoder": t5_keys("num_layers"), "decoder": t5_keys("num_decoder_layers")},
        {"norm": "pre", "norm_type": "rms", "positions": "relative", "embedding_norm": False,
         "embedding_scale": False, "bias": False, "tie": "all" if tied else "inputs"},
        "feed_forward_proj", {}, {name: "shared.weight" for name in copies},
        ("layer.1.EncDecAttention.relative_attention_bias",), ("weight",))


def family_of(config):
    """The table for a model, by its config.json."""
    kind = config.get("model_type")
    fixed = {"bert": BERT, "roberta": ROBERTA, "distilbert": DISTILBERT, "gpt2": GPT2, "bart": BART}
    if kind == "t5":
        return t5(config["feed_forward_proj"].startswith("gated"), config.get("tie_word_embeddings", True))
    need(kind in fixed, f"model_type is {kind!r}; s2s knows {', '.join(fixed)} and t5")
    return fixed[kind]


# --- using the table ---


def suffixed(part, kind, prefix=""):
    part = part if isinstance(part, Part) else Part(part)
    ending = "" if part.name.endswith((".weight", ".bias", "_bias")) else f".{kind}"
    return dataclasses.replace(part, name=f"{prefix}{part.name}{ending}")


def tensors(family, config):
    """Yields (name in s2s, [Part with the whole name in Transformers])."""
    for side, (prefix, layer) in family.sides.items():
        for i in range(config[family.keys[side]["layers"]]):
            for ours, theirs in layer:
                for kind in family.kinds:
                    yield (f"{side}.layers.{i}.{ours}.{kind}",
                           [suffixed(part, kind, prefix.format(i)) for part in theirs])
    for ours, theirs in family.whole:
        for kind in family.kinds if not ours.endswith((".weight", ".bias")) else ("",):
            yield f"{ours}.{kind}" if kind else ours, [suffixed(part, kind) for part in theirs]


def convert(family, config, theirs, gradients=False):
    """s2s's tensors of Transformers', by name. Gradients: of numbers that s2s keeps multiplied, so divided."""
    converted = {}
    for ours, parts in tensors(family, config):
        missing = [part.name for part in parts if part.name not in theirs]
        need(not missing, f"tensor {missing[0] if missing else ''} is missing")
        factors = [part.factor(config) ** (-1 if gradients else 1) for part in parts]
        pieces = [part.shaped(theirs[part.name]) * factor for part, factor in zip(parts, factors)]
        converted[ours] = numpy.ascontiguousarray(numpy.concatenate(pieces, axis=0).astype(pieces[0].dtype))
    return converted


def recipe(family, config, converted):
    """The sections of the recipe that a config tells."""
    for key, only in family.refused.items():
        need(config.get(key, only) == only, f"{key} is {config.get(key)}; s2s has models where it is {only}")
    name = config[family.activation]
    need(name in ACTIVATIONS, f"{family.activation} is {name!r}; s2s has {', '.join(ACTIVATIONS)}")
    sections, longest = {}, config.get("n_positions") or 512
    for side, keys in family.keys.items():
        stack = {ours: config[theirs] for ours, theirs in keys.items() if config.get(theirs) is not None}
        stack |= {key: value for key, value in family.fixed.items()
                  if side == "decoder" or key not in ("tie", "output_bias")}
        stack["activation"] = ACTIVATIONS[name]
        if stack["positions"] == "learned":
            longest = stack["max_positions"] = len(converted[f"{side}.positions.weight"])
        sections[side] = stack
    return {"data": {"train": [], "max_length": longest}, "text": {"vocabulary": {"size": config["vocab_size"], "shared": True}},
            **sections, "objective": {"type": family.objective}}
