"""What networks_peers.py and explain_peers.py share: our side as a child, cases, rounds, and the table.

The machine may be busy: every peer runs once a round, so that it slows all alike, and the least of all rounds counts, which is
what the code takes when nothing is in its way. Import this before torch.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

WAIT = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "10000"}  # as the program sets them; before torch is loaded
if any(os.environ.get(key) is None for key in WAIT):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**WAIT, **os.environ})

import torch
from torch import nn

from torch_networks import network_of, read_safetensors, with_sensible_norms, write_pack

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Child:
    """A bench program that answers lines (tests/bench/line_session.h)."""

    def __init__(self, program, **environment):
        self.child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                      env={**os.environ, "OPENCV_LOG_LEVEL": "SILENT", **environment})

    def ask(self, *words):
        """The numbers of the answer."""
        print(*words, file=self.child.stdin, flush=True)
        answer = self.child.stdout.readline().split(maxsplit=1)
        if not answer or answer[0] != "ok":
            raise RuntimeError(answer[1].strip() if len(answer) > 1 else "the bench program ended")
        return [float(number) for number in answer[1].split()] if len(answer) > 1 else []

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def timed(call):
    """[wall, processor] milliseconds."""
    start, start_cpu = time.perf_counter(), time.process_time()
    call()
    return [1e3 * (time.perf_counter() - start), 1e3 * (time.process_time() - start_cpu)]


def random_pack(folder, name, spec, task, size):
    """A pack with random weights in `folder`, and its network."""
    torch.manual_seed(1)
    network = with_sensible_norms(network_of(spec), spec["in_channels"])
    write_pack(folder / name, spec, task, size, network)
    return folder / name, network


def pack_cases(folders, is_wanted):
    """(folder, network) of the packs whose architecture torch_networks.py has."""
    for folder in folders:
        if not is_wanted(folder.name):
            continue
        manifest = json.loads((folder / "model.json").read_text())
        try:
            network = network_of(manifest["architecture"])
        except KeyError as missing:
            print(f"{folder.name}: left out, torch_networks.py does not have the architecture {missing}")
            continue
        result = network.load_state_dict(read_safetensors(folder / "weights.safetensors"), strict=False)
        wrong = [key for key in result.missing_keys if not key.endswith("num_batches_tracked")] + result.unexpected_keys
        if wrong:
            print(f"{folder.name}: left out, its weights have other names than the network here: {wrong[:3]}")
            continue
        yield folder, network.eval()


def film_of(size):
    """[1, 1, size, size] in [0.05, 0.95], smooth, the same each time."""
    film = torch.rand(size, size, generator=torch.Generator().manual_seed(2)) * 0.9 + 0.05
    return nn.functional.avg_pool2d(film[None, None], 5, 1, 2, count_include_pad=False)


def add_arguments(parser, program, threads, rounds, packs):
    parser.add_argument("program", help=f"the built {program}")
    parser.add_argument("--threads", type=int, nargs="+", default=threads)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--only", nargs="+", default=[], help="networks whose name has one of these words")
    parser.add_argument("--packs", type=pathlib.Path, nargs="+", default=packs)


def is_wanted_by(arguments):
    return lambda name: not arguments.only or any(word in name for word in arguments.only)


def measure(runners, rounds, warm_up):
    """{runner: [[wall, processor] of each round]}."""
    samples = {name: [] for name in runners}
    for number in range(rounds + warm_up):
        for name, run in runners.items():
            sample = run()
            if number >= warm_up:
                samples[name].append(sample)
    return samples


def print_head(width):
    print(f"torch {torch.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; least milliseconds of all rounds, "
          "wall and processor; ratios ours / peer, below 1 ours is faster")
    print(f"{'network':{width}}{'thr':>3}  {'who':10}{'wall':>10}{'cpu':>10}{'ratio wall':>12}{'cpu':>9}")


def print_rows(label, width, threads, samples):
    least = {name: [min(column) for column in zip(*rows)] for name, rows in samples.items()}
    for name, (wall, cpu) in least.items():
        ratios = ""
        if name != "ours" and "ours" in least:
            ratios = f"{least['ours'][0] / wall:12.2f}{least['ours'][1] / max(cpu, 1e-6):9.2f}"
        print(f"{label:{width}}{threads:>3}  {name:10}{wall:10.1f}{cpu:10.1f}{ratios}")
    sys.stdout.flush()
