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
Every runner runs once a round, so that a busy machine slows all alike. Printed: median and least wall time, median
processor time, ratios ours / peer of the medians (below 1 we are faster). IG's pictures that differ by more than 1e-3 of the
largest number are said and not compared (SmoothGrad's noise is drawn by each side).
Last: class activation maps and their refinement (PCM) from features that a forward pass left, 64 channels of theta.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

WAIT = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "10000"}  # as the program sets them; before torch is loaded
if any(os.environ.get(key) is None for key in WAIT):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**WAIT, **os.environ})

import numpy as np
import torch
from torch import nn

from networks_peers import pack_cases
from torch_networks import network_of, with_sensible_norms, write_pack

TOLERANCE = 1e-3
STEPS, SAMPLES = 50, 20
RANDOM = (("resnet18", 224), ("densenet121", 224))
MAPS = ((256, 14, 32), (256, 14, 64), (512, 14, 8))  # channels, classes, cells


class Bench:
    """bench_explain as a child."""

    def __init__(self, program):
        self.child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        """The numbers of the answer."""
        print(*words, file=self.child.stdin, flush=True)
        answer = self.child.stdout.readline().split(maxsplit=1)
        if not answer or answer[0] != "ok":
            raise RuntimeError(answer[1].strip() if len(answer) > 1 else "bench_explain ended")
        return [float(number) for number in answer[1].split()] if len(answer) > 1 else []

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def timed(call):
    """[wall, processor] milliseconds."""
    start, start_cpu = time.perf_counter(), time.process_time()
    call()
    return [1e3 * (time.perf_counter() - start), 1e3 * (time.process_time() - start_cpu)]


def random_cases(folder, is_wanted):
    for name, size in RANDOM:
        pack = folder / f"{name}-{size}"
        if is_wanted(pack.name):
            spec = {"name": name, "in_channels": 1, "classes": 14}
            torch.manual_seed(1)
            network = with_sensible_norms(network_of(spec), 1)
            write_pack(pack, spec, "classification", size, network)
            yield pack, network


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
            "captum": lambda: timed(lambda: call(points)), "pyloop": lambda: timed(lambda: call(1))}


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


def print_rows(label, threads, samples):
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in samples.items()}
    for name, (wall, cpu) in medians.items():
        least = min(row[0] for row in samples[name])
        ratios = ""
        if name != "ours" and "ours" in medians:
            ratios = f"{medians['ours'][0] / wall:11.2f}{medians['ours'][1] / max(cpu, 1e-6):10.2f}"
        print(f"{label:34}{threads:>3}  {name:8}{wall:10.1f}{least:10.1f}{cpu:10.1f}{ratios}")
    sys.stdout.flush()


def measure(runners, rounds):
    samples = {name: [] for name in runners}
    for number in range(rounds + 1):  # the first warms up
        for name, run in runners.items():
            sample = run()
            if number:
                samples[name].append(sample)
    return samples


def film_of(size):
    film = torch.rand(size, size, generator=torch.Generator().manual_seed(2)) * 0.9 + 0.05
    return nn.functional.avg_pool2d(film[None, None], 5, 1, 2, count_include_pad=False)


def compare(bench, pack, network, size, arguments, scratch):
    film = film_of(size)
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
            print_rows(f"{pack.name} {label}", threads, measure(runners, arguments.rounds))


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the built bench_explain")
    parser.add_argument("--threads", type=int, nargs="+", default=[2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", default=[], help="networks whose name has one of these words")
    parser.add_argument("--packs", type=pathlib.Path, nargs="+",
                        default=[root / "models" / name for name in ("cardiomegaly", "heartspot-cardiomegaly")])
    arguments = parser.parse_args()
    print(f"torch {torch.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; milliseconds, "
          "ratios ours / peer")
    print(f"{'network':34}{'thr':>3}  {'who':8}{'median':>10}{'least':>10}{'cpu':>10}{'ratio wall':>12}{'cpu':>9}")

    def is_wanted(name):
        return not arguments.only or any(word in name for word in arguments.only)

    bench = Bench(arguments.program)
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        for pack, network in [*pack_cases(arguments.packs, is_wanted), *random_cases(scratch, is_wanted)]:
            size = json.loads((pack / "model.json").read_text())["input"]["size"]
            compare(bench, pack, network, size, arguments, scratch)
    for threads in arguments.threads:
        bench.ask("threads", threads)
        for channels, classes, cells in MAPS:
            samples = [bench.ask("maps", channels, classes, cells) for _ in range(arguments.rounds + 3)][3:]
            print_rows(f"CAM + PCM, {channels} ch, {cells} x {cells}", threads, {"ours": samples})
    bench.close()


if __name__ == "__main__":
    main()
