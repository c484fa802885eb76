"""Training steps of an encoder-decoder Transformer as an expert would write them in PyTorch for a processor.

A part of tools/compare/train, which tells it the model and reads its JSON. What makes it fast: queries, keys and
values are one product; scaled_dot_product_attention; dropout from random bytes, eight masks' worth a random
number; a loss that makes its gradients in place; the fused Adam; hardly any padding. Its dropout rates are
therefore multiples of 1/256.
"""
import json
import math
import time

import torch
import torch.nn.functional as F
from torch import nn

import common

SMOOTHING = 0.1


class Dropout(nn.Module):
    def __init__(self, rate):
        super().__init__()
        self.threshold = round(rate * 256)

    def forward(self, x):
        if not self.threshold:
            return x
        words = torch.empty((x.numel() + 7) // 8, dtype=torch.int64).random_(-2**63, None)
        kept = words.view(torch.uint8)[:x.numel()].view(x.shape) >= self.threshold
        return x * (kept.to(x.dtype) * (256 / (256 - self.threshold)))


class Attention(nn.Module):
    """mask: added to the scores; None where nothing is padded."""

    def __init__(self, width, heads, cross):
        super().__init__()
        self.heads, self.cross = heads, cross
        self.project = nn.Linear(width, width if cross else 3 * width)
        self.memory = nn.Linear(width, 2 * width) if cross else None
        self.out = nn.Linear(width, width)

    def split(self, x, parts):
        """[B, T, parts D] to `parts` of [B, H, T, D / H]"""
        batch, length, features = x.shape
        return x.view(batch, length, parts, self.heads, features // parts // self.heads).permute(2, 0, 3, 1, 4)

    def forward(self, x, memory=None, mask=None, causal=False):
        if self.cross:
            query, = self.split(self.project(x), 1)
            key, value = self.split(self.memory(memory), 2)
        else:
            query, key, value = self.split(self.project(x), 3)
        y = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=causal)
        return self.out(y.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    def __init__(self, shape, decoder):
        super().__init__()
        width, heads = shape["width"], shape["heads"]
        self.pre = shape["norm"] == "pre"
        self.attention, self.norm = Attention(width, heads, False), nn.LayerNorm(width)
        self.cross = Attention(width, heads, True) if decoder else None
        self.cross_norm = nn.LayerNorm(width) if decoder else None
        self.inner, self.outer = nn.Linear(width, shape["feed_forward"]), nn.Linear(shape["feed_forward"], width)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.dropout = Dropout(shape["dropout"])

    def block(self, x, norm, f):
        if self.pre:
            return x + self.dropout(f(norm(x)))
        return norm(x + self.dropout(f(x)))

    def feed_forward(self, x):
        return self.outer(self.dropout(F.relu(self.inner(x), inplace=True)))

    def forward(self, x, memory, mask):
        if self.cross is None:
            x = self.block(x, self.norm, lambda y: self.attention(y, mask=mask))
        else:
            x = self.block(x, self.norm, lambda y: self.attention(y, causal=True))
            x = self.block(x, self.cross_norm, lambda y: self.cross(y, memory, mask))
        return self.block(x, self.feed_forward_norm, self.feed_forward)


def sinusoids(length, width):
    angles = torch.arange(length)[:, None] * torch.exp(torch.arange(0, width, 2) * (-math.log(10000) / width))
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Model(nn.Module):
    def __init__(self, shape, pieces, longest):
        super().__init__()
        width = shape["width"]
        self.scale = width ** 0.5
        self.embedding = nn.Embedding(pieces, width)
        self.encoder = nn.ModuleList(Layer(shape, False) for _ in range(shape["layers"]))
        self.decoder = nn.ModuleList(Layer(shape, True) for _ in range(shape["layers"]))
        last = nn.LayerNorm if shape["norm"] == "pre" else nn.Identity
        self.encoder_norm, self.decoder_norm = last(width), last(width)
        self.dropout = Dropout(shape["dropout"])
        self.register_buffer("positions", sinusoids(longest, width))
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
        nn.init.normal_(self.embedding.weight, 0, width ** -0.5)

    def embed(self, ids):
        return self.dropout(self.embedding(ids) * self.scale + self.positions[:ids.shape[1]])

    def forward(self, batch):
        memory = self.embed(batch.source)
        for layer in self.encoder:
            memory = layer(memory, None, batch.mask)
        memory = self.encoder_norm(memory)
        x = self.embed(batch.inputs)
        for layer in self.decoder:
            x = layer(x, memory, batch.mask)
        return self.decoder_norm(x)


class Loss(torch.autograd.Function):
    """Mean label-smoothed cross-entropy of hidden [N, D] through matrix [V, D], labels [N]. Logits become
    probabilities and then gradients in place, `rows` of them at a time."""

    @staticmethod
    def forward(ctx, hidden, matrix, labels, rows, dtype):
        pieces = matrix.shape[0]
        scale = 1 / len(labels)
        factor = matrix.to(dtype)
        to_hidden, to_matrix = torch.empty_like(hidden), torch.zeros_like(matrix)
        total = 0.0
        for begin in range(0, len(labels), rows):
            part, label = hidden[begin:begin + rows].to(dtype), labels[begin:begin + rows, None]
            logits = (part @ factor.t()).float()
            of_label, mean, most = logits.gather(1, label), logits.mean(1, keepdim=True), logits.amax(1, keepdim=True)
            total_exp = logits.sub_(most).exp_().sum(1, keepdim=True)
            total += float((total_exp.log() + most - (1 - SMOOTHING) * of_label - SMOOTHING * mean).sum())
            gradient = logits.mul_(scale / total_exp).sub_(scale * SMOOTHING / pieces)
            gradient.scatter_add_(1, label, torch.full_like(of_label, -scale * (1 - SMOOTHING)))
            gradient = gradient.to(dtype)
            to_hidden[begin:begin + rows] = gradient @ factor
            if dtype == torch.float32:
                to_matrix.addmm_(gradient.t(), part)
            else:
                to_matrix += gradient.t() @ part
        ctx.save_for_backward(to_hidden, to_matrix)
        return hidden.new_tensor(total * scale, dtype=torch.float32)

    @staticmethod
    def backward(ctx, gradient):
        """The gradient of the loss itself is 1 here."""
        return *ctx.saved_tensors, None, None, None


class Batch:
    """Tensors of some lines: source [B, S], inputs and labels [B, T]; predicted: which of the B T places are no
    padding, None for all."""

    def __init__(self, source, target, bos, eos):
        self.tokens = sum(map(len, target)) + len(target)
        self.source = self.pad([[*line, eos] for line in source])
        self.inputs = self.pad([[bos, *line] for line in target])
        self.labels = self.pad([[*line, eos] for line in target]).flatten()
        self.mask = self.attention_mask([len(line) + 1 for line in source], self.source.shape[1])
        places = self.real([len(line) + 1 for line in target], self.inputs.shape[1])
        self.predicted = None if places.all() else places.flatten().nonzero().squeeze(1)

    @staticmethod
    def pad(lines):
        longest = max(map(len, lines))
        return torch.tensor([line + [0] * (longest - len(line)) for line in lines])

    @staticmethod
    def real(lengths, longest):
        return torch.arange(longest) < torch.tensor(lengths)[:, None]

    def attention_mask(self, lengths, longest):
        real = self.real(lengths, longest)
        if real.all():
            return None
        return torch.zeros(real.shape).masked_fill_(~real, -math.inf)[:, None, None]


def parse_arguments():
    parser = common.make_training_parser(__doc__)
    parser.add_argument("--bf16", action="store_true", help="autocast to bfloat16")
    parser.add_argument("--loss-rows", type=int, default=512, help="rows whose logits exist at a time")
    return parser.parse_args()


class Trainer:
    def __init__(self, arguments):
        import sentencepiece
        vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(common.DATA / "vocab.model"))
        self.arguments = arguments
        self.ends = vocabulary.bos_id(), vocabulary.eos_id()
        self.lines = [common.read_ids(common.DATA / f"{side}.ids") for side in ("source", "target")]
        self.batches = common.make_batches(*self.lines, arguments.positions, seed=1)
        longest = max(len(line) for side in self.lines for line in side) + 1
        self.model = Model(arguments.shape, vocabulary.get_piece_size(), longest).train()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=5e-4, betas=(0.9, 0.98), eps=1e-9, fused=True)
        self.loss, self.done = 0.0, 0

    def step(self):
        """Returns the target tokens."""
        numbers = self.batches[self.done % len(self.batches)]
        batch = Batch(*([side[i] for i in numbers] for side in self.lines), *self.ends)
        bf16 = self.arguments.bf16
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            hidden = self.model(batch).flatten(0, 1)
        labels = batch.labels
        if batch.predicted is not None:
            hidden, labels = hidden.index_select(0, batch.predicted), labels.index_select(0, batch.predicted)
        loss = Loss.apply(hidden, self.model.embedding.weight, labels, self.arguments.loss_rows,
                          torch.bfloat16 if bf16 else torch.float32)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.loss = loss.item()
        self.done += 1
        return batch.tokens


def main():
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    torch.set_flush_denormal(True)
    trainer = Trainer(arguments)
    for _ in range(arguments.warm_up):
        trainer.step()
    begin = time.perf_counter()
    tokens = sum(trainer.step() for _ in range(arguments.steps))
    speed = tokens / (time.perf_counter() - begin)
    print(json.dumps({"tokens_per_second": speed, "loss": trainer.loss,
                      "parameters": sum(p.numel() for p in trainer.model.parameters())}))


if __name__ == "__main__":
    main()
