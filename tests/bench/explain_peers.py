#!/usr/bin/python3
"""Our explanations beside the plain loop through our own network, and beside Captum's algorithm in PyTorch: the same weights
and the same film in one run.

    /usr/bin/python3 tests/bench/explain_peers.py build/release/bench/bench_explain [--threads 2] [--rounds 5]
        [--only WORDS...] [--packs FOLDER...]

IG-50: integrated gradients, 50 Gauss-Legendre steps from 0. SmoothGrad-20: |gradient| over 20 noisy films.
    ours     many points at once, as many as take 0.15 s (core/explain/explain_output.h)
    loop     one point after the other through our network: forward, backward
    captum   its algorithm: all points as one batch through PyTorch's network, torch.autograd.grad
    pyloop   one point after the other in PyTorch
Every runner runs once a round; printed are the least times of all rounds and their ratios (peers.py says why). IG's pictures that differ by more than 1e-3 of the
largest number are said and not compared (SmoothGrad's noise is drawn by each side).
Last: class activation maps and their refinement (PCM) from features that a forward pass left, 64 channels of theta.
"""
import argparse
import json
import pathlib
import tempfile

import peers  # before torch: sets how threads wait

import numpy as np
import torch

TOLERANCE = 1e-3
STEPS, SAMPLES, WIDTH = 50, 20, 34
RANDOM = (("resnet18", 224), ("densenet121", 224))
MAPS = ((256, 14, 32), (256, 14, 64), (512, 14, 8))  # channels, classes, cells


def random_cases(folder, is_wanted):
    for name, size in RANDOM:
        if is_wanted(f"{name}-{size}"):
            spec = {"name": name, "in_channels": 1, "classes": 14}
            yield peers.random_pack(folder, f"{name}-{size}", spec, "classification", size)


class Peer:
    """PyTorch's network and a film as it reads it."""

    def __init__(self, network, film):
        self.network, self.film, self.picture = network.requires_grad_(False), film, None
        nodes, weights = np.polynomial.legendre.leggauss(STEPS)
        self.nodes = torch.from_numpy((nodes + 1) / 2).float().view(-1, 1, 1, 1)
        self.weights = torch.from_numpy(weights / 2).float().view(-1, 1, 1, 1)

    def gradient(self, films):
        leaf = films.detach().requires_grad_(True)
        return torch.autograd.grad(self.network(leaf)[:, 0].sum(), leaf)[0]

    def ig(self, size):
        parts = [self.gradient(n * self.film) * w for n, w in zip(self.nodes.split(size), self.weights.split(size))]
        self.picture = (torch.cat(parts).sum(0, keepdim=True) * self.film)[0, 0]

    def smooth(self, size):
        noise = 0.1 * (self.film.max() - self.film.min()) * torch.randn(SAMPLES, *self.film.shape[1:])
        self.picture = torch.cat([self.gradient(self.film + n).abs() for n in noise.split(size)]).mean(0)[0]


def runners_of(bench, peer, what):
    points = STEPS if what == "ig" else SAMPLES
    call = getattr(peer, what)
    return {"ours": lambda: bench.ask("run", what), "loop": lambda: bench.ask("loop", what),
            "captum": lambda: peers.timed(lambda: call(points)), "pyloop": lambda: peers.timed(lambda: call(1))}


def check(bench, peer, runners, scratch):
    """Removes runners whose integrated gradients are others."""
    peer.ig(1)
    wanted = peer.picture.numpy()
    for name in ("ours", "loop"):
        bench.ask("run" if name == "ours" else "loop", "ig")
        bench.ask("answer", scratch / "picture.raw")
        found = np.fromfile(scratch / "picture.raw", np.float32).reshape(wanted.shape)
        difference = float(np.abs(found - wanted).max() / np.abs(wanted).max())
        if not difference < TOLERANCE:
            print(f"    {name} answers differently by {difference:.2g} of the largest: not compared")
            runners.pop(name)


def compare(bench, pack, network, size, arguments, scratch):
    film = peers.film_of(size)
    film.numpy().tofile(scratch / "film.raw")
    for threads in arguments.threads:
        torch.set_num_threads(threads)
        for words in (("threads", threads), ("load", pack.resolve()), ("input", scratch / "film.raw", size)):
            bench.ask(*words)
        peer = Peer(network, (film - film.mean()) / film.std(unbiased=False))
        for what, label in (("ig", f"IG-{STEPS}"), ("smooth", f"SmoothGrad-{SAMPLES}")):
            runners = runners_of(bench, peer, what)
            if what == "ig":
                check(bench, peer, runners, scratch)
            peers.print_rows(f"{pack.name} {label}", WIDTH, threads, peers.measure(runners, arguments.rounds, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    peers.add_arguments(parser, "bench_explain", threads=[2], rounds=5,
                        packs=[peers.ROOT / "models" / name for name in ("cardiomegaly", "heartspot-cardiomegaly")])
    arguments = parser.parse_args()
    peers.print_head(WIDTH)
    is_wanted = peers.is_wanted_by(arguments)
    bench = peers.Child(arguments.program)
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        for pack, network in [*peers.pack_cases(arguments.packs, is_wanted), *random_cases(scratch, is_wanted)]:
            size = json.loads((pack / "model.json").read_text())["input"]["size"]
            compare(bench, pack, network, size, arguments, scratch)
    for threads in arguments.threads:
        bench.ask("threads", threads)
        for channels, classes, cells in MAPS:
            samples = [bench.ask("maps", channels, classes, cells) for _ in range(arguments.rounds + 3)][3:]
            peers.print_rows(f"CAM + PCM, {channels} ch, {cells} x {cells}", WIDTH, threads, {"ours": samples})
    bench.close()


if __name__ == "__main__":
    main()
