#!/usr/bin/env python3
"""Writes random networks of torchvision and what they answer, for tst_torchvision.

Usage: torchvision_cases.py FOLDER
For each case <name>.weights.safetensors (the state_dict) and <name>.io.safetensors: input, logits, features (the maps
that the head pools) as computed in double precision, and in its metadata "architecture", the network's description for
Precordia's makeNetwork().
"""
import json
import pathlib
import struct
import sys

import torch
import torchvision
from torch import nn
from torchvision.models import efficientnet, vgg

VGG16 = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]


class ScaledResNet(torchvision.models.ResNet):
    """ResNet with every channel count times `width`."""

    def __init__(self, block, layers, width, classes):
        self._width = width
        super().__init__(block, layers, num_classes=classes)
        stem = round(64 * width)
        self.conv1, self.bn1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False), nn.BatchNorm2d(stem)
        self.fc = nn.Linear(round(512 * width) * block.expansion, classes)

    def _make_layer(self, block, planes, *rest, **named):
        if planes == 64:
            self.inplanes = round(64 * self._width)
        return super()._make_layer(block, round(planes * self._width), *rest, **named)


class ScaledVgg(torchvision.models.VGG):
    """VGG with every channel count times `width` and inner linear layers of `hidden`."""

    def __init__(self, has_norm, width, hidden, classes):
        nn.Module.__init__(self)
        layers = [x if x == "M" else round(x * width) for x in VGG16]
        self.features = vgg.make_layers(layers, has_norm)
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(layers[-2] * 49, hidden), nn.ReLU(True), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(True),
            nn.Dropout(), nn.Linear(hidden, classes))


def scaled_densenet121(width, classes):
    return torchvision.models.DenseNet(round(32 * width), (6, 12, 24, 16), round(64 * width), num_classes=classes)


def scaled_efficientnet_b4(width, classes):
    rows = [(1, 3, 1, 32, 16, 1), (6, 3, 2, 16, 24, 2), (6, 5, 2, 24, 40, 2), (6, 3, 2, 40, 80, 3),
            (6, 5, 1, 80, 112, 3), (6, 5, 2, 112, 192, 4), (6, 3, 1, 192, 320, 1)]
    shapes = [efficientnet.MBConvConfig(*row, width_mult=1.4 * width, depth_mult=1.8) for row in rows]
    return torchvision.models.EfficientNet(shapes, 0.4, num_classes=classes)


def with_input_channels(model, channels):
    path, first = next((n, m) for n, m in model.named_modules() if isinstance(m, nn.Conv2d))
    parent, name = path.rpartition(".")[::2]
    replacement = nn.Conv2d(channels, first.out_channels, first.kernel_size, first.stride, first.padding,
                            bias=first.bias is not None)
    setattr(model.get_submodule(parent), name, replacement)
    return model


def near_statistics_of(norm, inputs):
    """Before a batch norm runs: random running statistics near those of its input."""
    variance, mean = torch.var_mean(inputs[0], (0, 2, 3))
    norm.running_mean.copy_(mean + 0.3 * variance.sqrt() * torch.randn_like(mean))
    norm.running_var.copy_((variance * (0.7 + 0.8 * torch.rand_like(mean))).clamp_(min=0.01))


def randomise(model, films):
    """Random weights, norms and statistics, so that the answers keep a sensible size and differ between films."""
    layers = [m for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight)
        if layer.bias is not None:
            layer.bias.normal_(0, 0.1)
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.weight.uniform_(0.5, 1.5)
        norm.bias.normal_(0, 0.2)
    model.eval()
    hooks = [norm.register_forward_pre_hook(near_statistics_of) for norm in norms]
    answers = model(films)
    for hook in hooks:
        hook.remove()
    layers[-1].weight *= 0.2 / (answers[0] - answers[1]).abs().max()


def pooled_module(model):
    """The module whose output, after a ReLU that changes nothing elsewhere, the head pools."""
    if isinstance(model, torchvision.models.ResNet):
        return model.layer4
    return model.features[-2] if isinstance(model, torchvision.models.VGG) else model.features


def write_safetensors(path, tensors, metadata):
    header, blobs, end = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        blobs.append(tensor.contiguous().numpy().tobytes())
        begin, end = end, end + len(blobs[-1])
        kind = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def write_case(folder, name, model, architecture, size):
    torch.manual_seed(len(name))
    channels = architecture["in_channels"]
    films = torch.randn(2, channels, *size)
    model = with_input_channels(model, channels)
    randomise(model, films)
    seen = []
    handle = pooled_module(model).register_forward_hook(lambda module, inputs, output: seen.append(output))
    write_safetensors(folder / f"{name}.weights.safetensors", model.state_dict(), {})
    logits = model.double()(films.double()).float()
    handle.remove()
    maps = seen[0].relu().float() if architecture["name"] == "densenet121" else seen[0].float()
    write_safetensors(folder / f"{name}.io.safetensors", {"input": films, "logits": logits, "features": maps},
                      {"architecture": json.dumps(architecture)})


def cases():
    """(file name, network, hyper-parameters, input size), built one at a time."""
    models, blocks = torchvision.models, torchvision.models.resnet
    yield "resnet18", models.resnet18(num_classes=14), {"in_channels": 3, "classes": 14}, (64, 96)
    yield ("resnet18-narrow", ScaledResNet(blocks.BasicBlock, [2, 2, 2, 2], 0.5, 5),
           {"in_channels": 1, "classes": 5, "width": 0.5}, (75, 66))
    yield "resnet50", models.resnet50(num_classes=14), {"in_channels": 3, "classes": 14}, (64, 96)
    yield ("resnet50-narrow", ScaledResNet(blocks.Bottleneck, [3, 4, 6, 3], 0.25, 2),
           {"in_channels": 4, "classes": 2, "width": 0.25}, (75, 66))
    yield "densenet121", models.densenet121(num_classes=14), {"in_channels": 3, "classes": 14}, (64, 96)
    yield ("densenet121-narrow", scaled_densenet121(0.5, 18), {"in_channels": 1, "classes": 18, "width": 0.5}, (75, 66))
    yield "vgg16", ScaledVgg(False, 1, 256, 14), {"in_channels": 3, "classes": 14, "hidden": 256}, (64, 96)
    yield "vgg16-narrow", ScaledVgg(False, 0.25, 1024, 3), {"in_channels": 1, "classes": 3, "width": 0.25}, (75, 66)
    yield "vgg16_bn", ScaledVgg(True, 1, 256, 14), {"in_channels": 3, "classes": 14, "hidden": 256}, (64, 96)
    yield "efficientnet_b4", models.efficientnet_b4(num_classes=14), {"in_channels": 3, "classes": 14}, (64, 96)
    yield ("efficientnet_b4-narrow", scaled_efficientnet_b4(0.5, 5),
           {"in_channels": 2, "classes": 5, "width": 0.5}, (75, 66))


if __name__ == "__main__":
    torch.set_num_threads(2)
    torch.manual_seed(1)
    with torch.no_grad():
        for case, network, parameters, grid in cases():
            write_case(pathlib.Path(sys.argv[1]), case, network, {"name": case.split("-")[0], **parameters}, grid)
