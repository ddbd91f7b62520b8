#!/usr/bin/python3
"""Our engine beside PyTorch (eager; TorchScript with optimize_for_inference) and OpenCV DNN: the same weights and the
same film, one picture at a time, in one run.

    /usr/bin/python3 tests/bench/networks_peers.py build/release/bench/bench_networks [--threads 1 2] [--rounds 15]
        [--only WORDS...] [--packs FOLDER...] [--engine FOLDER]

Networks: every pack of models/ (or of --packs) whose architecture torch_networks.py has, and with random weights
ResNet-50@256, DenseNet-121@224 and @320 and U-Net@512 (ours: five levels of 16 to 256 maps, bilinear upsampling). Every peer
runs once a round; printed are the least times of all rounds and their ratios (peers.py says why). `ours` computes in
float32; a pack whose author allows bfloat16 has a row more where the processor is fast at it. Answers that differ by more
than 1e-3 of the largest (bfloat16: 0.1) are said and not compared.
Ours is the engine's whole call, with normalisation; the peers get the finished input. Loading a pack is timed in fresh
processes, hash check, preparation and first answer included, opening the engine module not.
"""
import argparse
import json
import pathlib
import tempfile

import peers  # before torch: sets how threads wait

import numpy as np
import torch

WIDTH = 23
TOLERANCE = {"ours-bf16": 0.1}  # of answers, as a share of the largest; others 1e-3


def random_cases(folder, is_wanted):
    unet = {"name": "unet", "in_channels": 1, "out_channels": 3, "channels": [16, 32, 64, 128, 256],
            "residual_units": 0, "upsampling": "bilinear"}
    for name, size in (("resnet50", 256), ("densenet121", 224), ("densenet121", 320), ("unet", 512)):
        if is_wanted(f"{name}-{size}"):
            spec = unet if name == "unet" else {"name": name, "in_channels": 3, "classes": 14}
            task = "segmentation" if name == "unet" else "classification"
            yield peers.random_pack(folder, f"{name}-{size}", spec, task, size)


def our_children(arguments, manifest):
    """{runner: bench program}: floats, and what the pack's author allows beyond."""
    children = {"ours": peers.Child(arguments.program, PRECORDIA_PRECISION="float32")}
    if manifest.get("precision") == "bf16":
        children["ours-bf16"] = peers.Child(arguments.program)
    for child in children.values():
        child.ask("engine", arguments.engine)
    return children


class Case:
    """One network with all its runners."""

    def __init__(self, pack, network, arguments, scratch):
        manifest = json.loads((pack / "model.json").read_text())
        normalisation = manifest["input"]["normalisation"]
        if len(manifest["input"].get("planes", ["film"])) != 1 or normalisation not in ("film-z-score", "unit"):
            raise RuntimeError("its input is not one film as it is or z-scored")
        self.name, self.pack, self.network, self.scratch = pack.name, pack, network, scratch
        self.size, self.channels = manifest["input"]["size"], manifest["input"]["channels"]
        self.is_segmentation = manifest["task"] == "segmentation"
        film = peers.film_of(self.size)
        planes = (film - film.mean()) / film.std(unbiased=False) if normalisation == "film-z-score" else film
        self.tensor = planes.expand(1, self.channels, -1, -1).contiguous()
        film.numpy().tofile(scratch / "film.raw")
        self.tensor.numpy().tofile(scratch / "tensor.raw")
        self.children = our_children(arguments, manifest)
        self.runners, self.notes = {}, []

    def prepare(self, threads):
        """Loads every runner with this many threads and checks what it answers."""
        torch.set_num_threads(threads)
        self.runners, self.notes = {}, []
        wanted = self.network(self.tensor)
        expected = torch.sigmoid(wanted) if self.is_segmentation else wanted
        for name, child in self.children.items():
            child.ask("threads", threads)
            child.ask("load", "ours", self.pack)
            child.ask("input", self.scratch / "film.raw", self.size)
            child.ask("run", "ours")
            self.runners[name] = lambda child=child: child.ask("run", "ours")
            self.check(name, self.answer(child, "ours", wanted.shape), expected)
        with torch.no_grad():
            script = torch.jit.optimize_for_inference(torch.jit.trace(self.network, self.tensor))
        for name, call in (("eager", self.network), ("script", script)):
            for _ in range(3):
                result = call(self.tensor)
            self.runners[name] = lambda call=call: peers.timed(lambda: call(self.tensor))
            self.check(name, result, wanted)
        try:
            self.prepare_opencv(wanted)
        except RuntimeError as reason:
            self.notes.append(f"OpenCV left out: {str(reason).splitlines()[0][:150]}")

    def prepare_opencv(self, wanted):
        path, child = self.scratch / "network.onnx", self.children["ours"]
        torch.onnx.export(self.network, self.tensor, str(path), opset_version=11)
        child.ask("load", "opencv", path)
        child.ask("tensor", self.scratch / "tensor.raw", self.channels, self.size)
        child.ask("run", "opencv")
        self.runners["opencv"] = lambda: child.ask("run", "opencv")
        self.check("opencv", self.answer(child, "opencv", wanted.shape), wanted)

    def answer(self, child, side, shape):
        path = self.scratch / f"{side}.raw"
        child.ask("answer", side, path)
        return torch.from_numpy(np.fromfile(path, np.float32)).reshape(shape)

    def check(self, name, answer, wanted):
        difference = float((answer - wanted).abs().max() / wanted.abs().max())
        if not difference < TOLERANCE.get(name, 1e-3):
            self.notes.append(f"{name} answers differently by {difference:.2g} of the largest: not compared")
            del self.runners[name]

    def close(self):
        for child in self.children.values():
            child.close()


def load_time(arguments, pack):
    """Least wall and processor milliseconds of five fresh processes."""
    times = []
    for _ in range(5):
        child = peers.Child(arguments.program)
        child.ask("engine", arguments.engine)
        child.ask("threads", max(arguments.threads))
        times.append(child.ask("load", "ours", pack))
        child.close()
    return [min(column) for column in zip(*times)]


def compare(arguments, pack, network, scratch):
    case = Case(pack.resolve(), network, arguments, scratch)
    for threads in arguments.threads:
        case.prepare(threads)
        peers.print_rows(case.name, WIDTH, threads, peers.measure(case.runners, arguments.rounds, 2))
        for note in case.notes:
            print(f"{case.name:{WIDTH}}{threads:>3}  {note}", flush=True)
    case.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    peers.add_arguments(parser, "bench_networks", threads=[1, 2], rounds=15,
                        packs=sorted(path.parent for path in (peers.ROOT / "models").glob("*/model.json")))
    parser.add_argument("--engine", help="folder of libcxr_engine.so, if not beside the programs of the build")
    arguments = parser.parse_args()
    if arguments.engine is None:
        arguments.engine = str(pathlib.Path(arguments.program).resolve().parents[1] / "bin")
    torch.set_grad_enabled(False)
    is_wanted = peers.is_wanted_by(arguments)
    peers.print_head(WIDTH)
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        loads = {}
        for pack, network in [*peers.pack_cases(arguments.packs, is_wanted), *random_cases(scratch, is_wanted)]:
            try:
                compare(arguments, pack, network, scratch)
                loads[pack.name] = load_time(arguments, pack.resolve())
            except RuntimeError as reason:
                print(f"{pack.name:{WIDTH}} left out: {str(reason).splitlines()[0]}")
        for name, (wall, cpu) in loads.items():
            print(f"{name:{WIDTH}} loaded in {wall:.0f} ms, {cpu:.0f} of the processor")


if __name__ == "__main__":
    main()
