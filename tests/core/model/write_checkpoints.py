#!/usr/bin/python3
"""Writes checkpoints with PyTorch, and what they hold, for tst_torch_files.

Usage: write_checkpoints.py FOLDER

FOLDER/<case>.pt are the files; FOLDER/expected.json says
  read     {case: {name: {"dtype": safetensors' name, "shape": [...], "hex": bytes in row-major order, little endian}}}
  refused  {case: text that the error must hold}
  densenet121  torchvision's names of that network; absent without torchvision
"""
import collections
import json
import pathlib
import sys

import numpy
import torch

DTYPES = {
    torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.int64: "I64",
    torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
}


def describe(tensor):
    plain = tensor.detach().clone(memory_format=torch.contiguous_format)
    # NumPy has no bfloat16; reading its bits as int16 keeps them.
    bits = plain.view(torch.int16) if plain.dtype == torch.bfloat16 else plain
    return {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "hex": bits.numpy().tobytes().hex()}


def all_types():
    odd = torch.tensor([0.0, -0.0, 1.5, -3.25, float("inf"), float("-inf"), 6.1e-5, 65504.0])
    tensors = {str(t): odd.to(t) for t in DTYPES if t.is_floating_point}
    tensors |= {str(t): torch.tensor([0, 1, 127, -128]).to(t) for t in DTYPES if not t.is_floating_point}
    tensors["large"] = torch.tensor([2**62, -(2**62)])
    return tensors


def strided():
    base = torch.arange(120, dtype=torch.float32).reshape(4, 5, 6)
    return {
        "whole": base, "transposed": base.permute(2, 0, 1), "row": base[2], "column": base[:, 3],
        "steps": base[::2, 1::3, ::4],
        "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 7), "scalar": base[1, 2, 3], "empty": torch.zeros(0, 3),
        "empty view": base[4:, 1:1], "channels last": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        "one": base[1:2, 2:3, 3:4].transpose(0, 2), "doubles": torch.arange(12, dtype=torch.float64).reshape(3, 4).t(),
        "bytes": torch.arange(30, dtype=torch.uint8).reshape(5, 6)[:, ::2],
    }


def shared():
    base = torch.arange(50, dtype=torch.int32)
    return {"a": base, "b": base, "c": base[10:20], "d": base.reshape(5, 10).t()}


def network():
    torch.manual_seed(1)
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3, bias=False), torch.nn.BatchNorm2d(8), torch.nn.Linear(8, 2))
    net[1](net[0](torch.randn(2, 3, 8, 8)))  # moves the running means
    return net


def nested():
    net = network()
    optimizer = torch.optim.Adam(net.parameters())
    sum(p.sum() for p in net.parameters()).backward()
    optimizer.step()
    best = torch.tensor(0.7)
    return {"epoch": 3, "arch": "net é", "best": best, "flags": [True, None, 1.5, (2, 3)], "big": 2**200,
            "state_dict": net.state_dict(), "optimizer": optimizer.state_dict(), "size": net[0].weight.shape}


def readable():
    parameters = collections.OrderedDict((n, torch.nn.Parameter(t.float())) for n, t in strided().items())
    state = network().state_dict()
    whole = nested()
    return {
        "types": (all_types(), None), "strided": (strided(), None), "shared": (shared(), None),
        "parameters": (parameters, None), "network": (state, None), "nested": (whole, whole["state_dict"]),
        "twice": ({"model": {"state_dict": state, "epoch": 1}, "lr": 0.1}, state), "bare": (dict(state), None),
        "prefixed": ({"module." + n: t for n, t in state.items()}, None),
    }


def refused():
    scripted = torch.jit.script(torch.nn.Linear(2, 2))
    weight = torch.randn(3, 3)
    return {
        "whole model": (torch.nn.Linear(2, 2), "torch.nn.modules.linear.Linear"),
        "numpy number": ({"w": weight, "loss": numpy.float64(1)}, "numpy.core.multiarray.scalar"),
        "numpy array": ({"w": weight, "x": numpy.zeros(3)}, "numpy.core.multiarray._reconstruct"),
        "complex": ({"w": weight.to(torch.complex64)}, "torch.ComplexFloatStorage"),
        "sparse": ({"w": weight.to_sparse()}, "torch._utils._rebuild_sparse_tensor"),
        "quantised": ({"w": torch.quantize_per_tensor(weight, 0.1, 0, torch.qint8)}, "torch._utils._rebuild_qtensor"),
        "a set": ({"w": weight, "s": {1, 2}}, "set"),
        "a function": ({"w": weight, "f": len}, "len"),
        "a dtype": ({"w": weight, "t": torch.float32}, "torch.float32"),
        "one tensor": (weight, "no dictionary of names"),
        "no tensors": ({"epoch": 1, "note": "text"}, "epoch, note"),
        "not only tensors": ({"w": weight, "x": 1}, "x, which is not a tensor"),
        "number as name": ({0: weight}, "is not text"),
    }, scripted


def main(folder):
    expected = {"read": {}, "refused": {}}
    for case, (value, state) in readable().items():
        described = {name: describe(tensor) for name, tensor in (state or value).items()}
        writers = {f"{case} zip{p}": {"pickle_protocol": p} for p in (2, 3, 4, 5)}
        writers |= {f"{case} old{p}": {"pickle_protocol": p, "_use_new_zipfile_serialization": False} for p in (2, 4)}
        for name, options in writers.items():
            torch.save(value, folder / f"{name}.pt", **options)
            expected["read"][name] = described
    cases, scripted = refused()
    for case, (value, reason) in cases.items():
        for name, zipped in ((f"{case} zip", True), (f"{case} old", False)):
            torch.save(value, folder / f"{name}.pt", _use_new_zipfile_serialization=zipped)
            expected["refused"][name] = reason
    scripted.save(str(folder / "script.pt"))
    expected["refused"]["script"] = "TorchScript"
    try:
        import torchvision
        expected["densenet121"] = list(torchvision.models.densenet121().state_dict())
    except ImportError:
        pass
    (folder / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
