#!/usr/bin/python3
"""Our engine beside PyTorch (eager; TorchScript with optimize_for_inference) and OpenCV DNN: the same weights and the
same film, one picture at a time, in one run.

    /usr/bin/python3 tests/bench/networks_peers.py build/release/bench/bench_networks [--threads 1 2] [--rounds 15]
        [--only WORDS...] [--packs FOLDER...] [--engine FOLDER]

Networks: every pack of models/ (or of --packs) whose architecture torch_networks.py has, and with random weights
ResNet-50@256, DenseNet-121@224 and @320 and U-Net@512. In each round every peer runs once, so that a busy machine
slows all alike. Printed per network: the median and the least wall time, the median processor time, and ratios
ours / peer (of medians, in wall and in processor time; below 1 we are faster). Answers that differ by more than 1e-3
are said and not compared.
Ours is the engine's whole call, with normalisation; the peers get the finished input. Loading a pack is timed in fresh
processes, hash check and warm-up included, opening the engine module not.
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

from torch_networks import network_of, read_safetensors, with_sensible_norms, write_pack

TOLERANCE = 1e-3  # of answers, as a share of the largest


def random_cases(folder, is_wanted):
    unet = {"name": "unet", "in_channels": 1, "out_channels": 3, "channels": [16, 32, 64, 128, 256],
            "residual_units": 0, "upsampling": "bilinear"}
    for name, size in (("resnet50", 256), ("densenet121", 224), ("densenet121", 320), ("unet", 512)):
        pack = folder / f"{name}-{size}"
        if not is_wanted(pack.name):
            continue
        spec = unet if name == "unet" else {"name": name, "in_channels": 3, "classes": 14}
        task = "segmentation" if name == "unet" else "classification"
        torch.manual_seed(1)
        network = with_sensible_norms(network_of(spec), spec["in_channels"])
        write_pack(pack, spec, task, size, network)
        yield pack, network


def pack_cases(folders, is_wanted):
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


class Bench:
    """bench_networks as a child."""

    def __init__(self, program, engine):
        self.child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                      env={**os.environ, "OPENCV_LOG_LEVEL": "SILENT"})
        if engine:
            self.ask("engine", engine)

    def ask(self, *words):
        """The numbers of the answer."""
        print(*words, file=self.child.stdin, flush=True)
        answer = self.child.stdout.readline().split(maxsplit=1)
        if not answer or answer[0] != "ok":
            raise RuntimeError(answer[1].strip() if len(answer) > 1 else "bench_networks ended")
        return [float(number) for number in answer[1].split()] if len(answer) > 1 else []

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def timed(call):
    """[wall, processor] milliseconds."""
    start, start_cpu = time.perf_counter(), time.process_time()
    call()
    return [1e3 * (time.perf_counter() - start), 1e3 * (time.process_time() - start_cpu)]


class Case:
    """One network with all its runners."""

    def __init__(self, pack, network, bench, scratch):
        manifest = json.loads((pack / "model.json").read_text())
        self.name, self.pack, self.network, self.bench, self.scratch = pack.name, pack, network, bench, scratch
        self.size, self.channels = manifest["input"]["size"], manifest["input"]["channels"]
        self.is_segmentation = manifest["task"] == "segmentation"
        normalisation = manifest["input"]["normalisation"]
        film = torch.rand(self.size, self.size, generator=torch.Generator().manual_seed(2)) * 0.9 + 0.05
        film = nn.functional.avg_pool2d(film[None, None], 5, 1, 2, count_include_pad=False)
        planes = (film - film.mean()) / film.std(unbiased=False) if normalisation == "film-z-score" else film
        self.tensor = planes.expand(1, self.channels, -1, -1).contiguous()
        film.numpy().tofile(scratch / "film.raw")
        self.tensor.numpy().tofile(scratch / "tensor.raw")
        self.runners, self.notes = {}, []
        if len(manifest["input"].get("planes", ["film"])) != 1 or normalisation not in ("film-z-score", "unit"):
            raise RuntimeError("its input is not one film as it is or z-scored")

    def prepare(self, threads):
        """Loads every runner with this many threads and checks what it answers."""
        torch.set_num_threads(threads)
        self.bench.ask("threads", threads)
        self.bench.ask("load", "ours", self.pack)
        self.bench.ask("input", self.scratch / "film.raw", self.size)
        self.runners = {"ours": lambda: self.bench.ask("run", "ours")}
        self.notes = []
        wanted = self.network(self.tensor)
        with torch.no_grad():
            script = torch.jit.optimize_for_inference(torch.jit.trace(self.network, self.tensor))
        results = {"eager": wanted, "script": None}
        for name, call in (("eager", self.network), ("script", script)):
            for _ in range(3):
                results[name] = call(self.tensor)
            self.runners[name] = lambda call=call: timed(lambda: call(self.tensor))
        try:
            self.prepare_opencv()
            results["opencv"] = self.answer("opencv", wanted.shape)
        except RuntimeError as reason:
            self.notes.append(f"OpenCV left out: {str(reason).splitlines()[0][:150]}")
            self.runners.pop("opencv", None)
        self.bench.ask("run", "ours")
        expected = torch.sigmoid(wanted) if self.is_segmentation else wanted
        self.check("ours", self.answer("ours", wanted.shape), expected)
        for name in set(results) & set(self.runners):
            self.check(name, results[name], wanted)

    def prepare_opencv(self):
        path = self.scratch / "network.onnx"
        torch.onnx.export(self.network, self.tensor, str(path), opset_version=11)
        self.bench.ask("load", "opencv", path)
        self.bench.ask("tensor", self.scratch / "tensor.raw", self.channels, self.size)
        self.runners["opencv"] = lambda: self.bench.ask("run", "opencv")
        self.bench.ask("run", "opencv")

    def answer(self, side, shape):
        path = self.scratch / f"{side}.raw"
        self.bench.ask("answer", side, path)
        return torch.from_numpy(np.fromfile(path, np.float32)).reshape(shape)

    def check(self, name, answer, wanted):
        difference = float((answer - wanted).abs().max() / wanted.abs().max())
        if not difference < TOLERANCE:
            self.notes.append(f"{name} answers differently by {difference:.2g} of the largest: not compared")
            del self.runners[name]

    def measure(self, rounds):
        """{runner: [[wall, processor] of each round]}, every runner once a round after two rounds of warm-up."""
        samples = {name: [] for name in self.runners}
        for number in range(rounds + 2):
            for name, run in self.runners.items():
                sample = run()
                if number >= 2:
                    samples[name].append(sample)
        return samples


def print_rows(case, threads, samples):
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in samples.items()}
    for name, (wall, cpu) in medians.items():
        least = min(row[0] for row in samples[name])
        ratios = ""
        if name != "ours" and "ours" in medians:
            ratios = f"{medians['ours'][0] / wall:11.2f}{medians['ours'][1] / max(cpu, 1e-6):10.2f}"
        print(f"{case.name:20}{threads:>3}  {name:8}{wall:10.1f}{least:10.1f}{cpu:10.1f}{ratios}")
    for note in case.notes:
        print(f"{case.name:20}{threads:>3}  {note}")
    sys.stdout.flush()


def load_time(arguments, pack):
    """Median wall and processor milliseconds of three fresh processes."""
    times = []
    for _ in range(3):
        bench = Bench(arguments.program, arguments.engine)
        bench.ask("threads", max(arguments.threads))
        times.append(bench.ask("load", "ours", pack))
        bench.close()
    return [statistics.median(column) for column in zip(*times)]


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the built bench_networks")
    parser.add_argument("--engine", help="folder of libcxr_engine.so, if not beside the programs of the build")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", nargs="+", default=[], help="networks whose name has one of these words")
    parser.add_argument("--packs", type=pathlib.Path, nargs="+",
                        default=sorted(path.parent for path in (root / "models").glob("*/model.json")))
    arguments = parser.parse_args()
    if arguments.engine is None:
        arguments.engine = str(pathlib.Path(arguments.program).resolve().parents[1] / "bin")
    torch.set_grad_enabled(False)
    print(f"torch {torch.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; milliseconds, "
          "ratios ours / peer")
    print(f"{'network':20}{'thr':>3}  {'who':8}{'median':>10}{'least':>10}{'cpu':>10}{'ratio wall':>12}{'cpu':>9}")
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        loads = {}

        def is_wanted(name):
            return not arguments.only or any(word in name for word in arguments.only)

        for pack, network in [*pack_cases(arguments.packs, is_wanted), *random_cases(scratch, is_wanted)]:
            bench = Bench(arguments.program, arguments.engine)
            try:
                case = Case(pack.resolve(), network, bench, scratch)
                for threads in arguments.threads:
                    case.prepare(threads)
                    print_rows(case, threads, case.measure(arguments.rounds))
                loads[pack.name] = load_time(arguments, pack.resolve())
            except RuntimeError as reason:
                print(f"{pack.name:20} left out: {str(reason).splitlines()[0]}")
            finally:
                bench.close()
        for name, (wall, cpu) in loads.items():
            print(f"{name:20} loaded in {wall:.0f} ms, {cpu:.0f} of the processor")


if __name__ == "__main__":
    main()
