#!/usr/bin/python3
"""Writes files of weights as the public ones are, and what their networks answer, for tst_cli_import.

Usage: write_networks.py FOLDER
For each case <name>.pt or .safetensors, and <name>.io.safetensors: "film" [1, S, S] in [0, 1], "logits" [outputs] in double
precision. Cases without .io are refused or are no whole networks.
"""
import pathlib
import re
import sys

import torch
import torchvision

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "core" / "nn"))
from torchvision_cases import randomise, with_input_channels, write_safetensors  # noqa: E402

SIDE = 64


def normalised(film, name):
    if name == "imagenet":
        mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
        return ((film - mean) / torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)).unsqueeze(0)
    return (film if name == "unit" else (2 * film - 1) * 1024).unsqueeze(0)


def network(model, channels, normalisation):
    """The model with random weights that suit films so normalised."""
    model = with_input_channels(model, channels) if channels != 3 else model
    films = torch.rand(2, 1, SIDE, SIDE)
    randomise(model, torch.cat([normalised(film, normalisation) for film in films]))
    return model


def write_answer(folder, name, model, normalisation, outputs=None):
    film = torch.rand(1, SIDE, SIDE)
    logits = model.double()(normalised(film, normalisation).double()).float()[0]
    model.float()
    if outputs is not None:
        logits = logits[outputs]
    write_safetensors(folder / f"{name}.io.safetensors", {"film": film, "logits": logits}, {"format": "pt"})


def resnet(folder):
    model = network(torchvision.models.resnet18(num_classes=3), 3, "imagenet")
    state = {"module." + name: tensor for name, tensor in model.state_dict().items()}
    torch.save({"epoch": 7, "arch": "resnet18", "state_dict": state}, folder / "resnet.pt")
    write_answer(folder, "resnet", model, "imagenet")
    torch.save(model, folder / "whole.pt")
    write_safetensors(folder / "resnet.safetensors", model.state_dict(), {"format": "pt"})


def chexnet(folder):
    model = network(torchvision.models.densenet121(num_classes=14), 3, "imagenet")
    state = {}
    for name, tensor in model.state_dict().items():
        old = re.sub(r"(denselayer\d+\.(?:norm|conv))([12])", r"\1.\2", name).replace("classifier.", "classifier.0.")
        state["module.densenet121." + old] = tensor
    torch.save({"state_dict": state, "best_loss": 0.1}, folder / "chexnet.pt", _use_new_zipfile_serialization=False)
    write_answer(folder, "chexnet", model, "imagenet")


def torchxrayvision(folder):
    model = network(torchvision.models.densenet121(num_classes=18), 1, "xrv")
    state = model.state_dict()
    state["op_threshs"] = torch.linspace(0.1, 0.6, 18)
    state["op_threshs"][14:] = float("nan")
    torch.save(state, folder / "xrv.pt")
    write_answer(folder, "xrv", model, "xrv", list(range(14)))


def gray(folder):
    model = network(torchvision.models.resnet18(num_classes=2), 1, "unit")
    write_safetensors(folder / "gray.safetensors", model.state_dict(), {})
    write_answer(folder, "gray", model, "unit")


class Program(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = torch.nn.Conv2d(1, 4, 3)
        self.linear = torch.nn.Linear(4, 2)

    def forward(self, film):
        maps = self.convolution(film).relu()
        return self.linear(maps.mean([2, 3])), maps


def script(folder):
    program = Program().eval()
    torch.jit.script(program).save(str(folder / "script.pt"))
    film = torch.rand(1, SIDE, SIDE)
    logits = program(normalised(film, "unit"))[0][0]
    write_safetensors(folder / "script.io.safetensors", {"film": film, "logits": logits}, {"format": "pt"})


if __name__ == "__main__":
    torch.set_num_threads(2)
    torch.manual_seed(3)
    with torch.no_grad():
        for write in (resnet, chexnet, torchxrayvision, gray, script):
            write(pathlib.Path(sys.argv[1]))
