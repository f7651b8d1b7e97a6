"""One fine-tuning step of a small text encoder per line of standard input; prints the loss."""
import sys

import torch
from torch import nn

WORDS, WIDTH, LAYERS, HEADS, BATCH, LENGTH = 2000, 384, 6, 12, 16, 64


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.behind = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)
        self.last = nn.LayerNorm(WIDTH, eps=1e-12)

    def heads(self, x):
        return x.view(BATCH, LENGTH, HEADS, -1).transpose(1, 2)

    def forward(self, x, mask):
        q, k, v = self.heads(self.query(x)), self.heads(self.key(x)), self.heads(self.value(x))
        scores = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask
        seen = (scores.softmax(-1) @ v).transpose(1, 2).reshape(BATCH, LENGTH, WIDTH)
        x = self.behind(x + self.out(seen))
        return self.last(x + self.down(nn.functional.gelu(self.up(x))))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.places = nn.Embedding(128, WIDTH)
        self.kinds = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.classifier = nn.Linear(WIDTH, 10)

    def forward(self, ids, mask):
        places = torch.arange(LENGTH)
        x = self.norm(self.words(ids) + self.places(places) + self.kinds(torch.zeros_like(ids)))
        bias = (1 - mask[:, None, None, :]) * torch.finfo(torch.float32).min
        for layer in self.layers:
            x = layer(x, bias)
        return self.classifier((x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True))


def main():
    torch.manual_seed(1)
    torch.set_num_threads(2)
    model = Encoder()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    ids = torch.randint(5, WORDS, (BATCH, LENGTH))
    mask = torch.ones(BATCH, LENGTH)
    labels = torch.arange(BATCH) % 10
    for _ in sys.stdin:
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(model(ids, mask), labels)
        loss.backward()
        optimizer.step()
        print(loss.item(), flush=True)


main()
