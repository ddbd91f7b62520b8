"""The networks of our packs in PyTorch, under the same names, and packs of theirs for us: for networks_peers.py."""
import hashlib
import json
import struct

import numpy as np
import torch
import torchvision
from torch import nn


class ConvUnit(nn.Module):
    """core/nn/unet.h: two convolutions with batch norm, optionally with a shortcut."""

    def __init__(self, before, after, is_residual):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)
        self.conv2, self.bn2 = nn.Conv2d(after, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)
        self.is_residual = is_residual
        if is_residual and before != after:
            self.project = nn.Conv2d(before, after, 1)

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        if self.is_residual:
            y = y + (self.project(x) if hasattr(self, "project") else x)
        return torch.relu(y)


class UNet(nn.Module):
    """core/nn/unet.h with its names."""

    def __init__(self, spec):
        super().__init__()
        widths, residual = spec["channels"], spec.get("residual_units", 0)

        def units(before, after):
            return nn.Sequential(*(ConvUnit(before if i == 0 else after, after, residual > 0)
                                   for i in range(max(1, residual))))

        def decoder(low, high):
            transposed = spec.get("upsampling") == "transposed"
            change = nn.ConvTranspose2d(high, low, 2, 2) if transposed else nn.Conv2d(high, low, 1)
            return nn.ModuleDict({"up" if transposed else "reduce": change, "block": units(2 * low, low)})

        self.encoder = nn.ModuleList(map(units, [spec["in_channels"], *widths[:-1]], widths))
        self.decoder = nn.ModuleList(map(decoder, widths[:-1], widths[1:]))
        self.head = nn.Conv2d(widths[0], spec["out_channels"], 1)

    def forward(self, x):
        skips = []
        for level, encoder in enumerate(self.encoder):
            x = encoder(torch.max_pool2d(x, 2) if level else x)
            skips.append(x)
        for level in reversed(range(len(self.decoder))):
            parts = self.decoder[level]
            if "up" in parts:
                x = parts["up"](x)
            else:
                x = nn.functional.interpolate(parts["reduce"](x), scale_factor=2.0, mode="bilinear",
                                              align_corners=False)
            x = parts["block"](torch.cat([skips[level], x], 1))
        return self.head(x)


class Ensemble(nn.Module):
    """core/nn/ensemble.h: the mean of the members' logits."""

    def __init__(self, spec):
        super().__init__()
        self.members = nn.ModuleList(network_of(member) for member in spec["members"])

    def forward(self, x):
        total = self.members[0](x)
        for member in self.members[1:]:
            total = total + member(x)
        return total / float(len(self.members))


class ScaledResNet(torchvision.models.ResNet):
    """Every channel count times `width`."""

    def __init__(self, block, layers, width, channels, classes):
        self._width = width
        super().__init__(block, layers, num_classes=classes)
        stem = round(64 * width)
        self.conv1, self.bn1 = nn.Conv2d(channels, stem, 7, 2, 3, bias=False), nn.BatchNorm2d(stem)
        self.fc = nn.Linear(round(512 * width) * block.expansion, classes)

    def _make_layer(self, block, planes, *rest, **named):
        if planes == 64:
            self.inplanes = round(64 * self._width)
        return super()._make_layer(block, round(planes * self._width), *rest, **named)


def densenet121(width, channels, classes):
    network = torchvision.models.DenseNet(round(32 * width), (6, 12, 24, 16), round(64 * width), num_classes=classes)
    network.features.conv0 = nn.Conv2d(channels, round(64 * width), 7, 2, 3, bias=False)
    return network


def network_of(spec):
    """The PyTorch network of a pack's "architecture". KeyError: not rebuilt here."""
    blocks = torchvision.models.resnet
    head = spec.get("width", 1), spec.get("in_channels", 3), spec.get("classes", 14)
    makers = {"unet": lambda: UNet(spec), "ensemble": lambda: Ensemble(spec),
              "resnet18": lambda: ScaledResNet(blocks.BasicBlock, [2, 2, 2, 2], *head),
              "resnet50": lambda: ScaledResNet(blocks.Bottleneck, [3, 4, 6, 3], *head),
              "densenet121": lambda: densenet121(*head)}
    return makers[spec["name"]]()


def read_safetensors(path):
    raw = path.read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    kinds = {"F16": np.float16, "F32": np.float32, "F64": np.float64, "I64": np.int64}
    tensors = {}
    for name, entry in json.loads(raw[8:8 + length]).items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            values = np.frombuffer(raw[begin:end], kinds[entry["dtype"]]).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(values.astype(np.float32))
    return tensors


def write_pack(folder, spec, task, size, network):
    """A pack of ours with this network's weights."""
    header, blobs, end = {}, [], 0
    for name, tensor in network.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        blobs.append(tensor.contiguous().numpy().tobytes())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [end, end + len(blobs[-1])]}
        end += len(blobs[-1])
    text = json.dumps(header).encode()
    raw = struct.pack("<Q", len(text)) + text + b"".join(blobs)
    count = spec.get("out_channels", spec.get("classes"))
    names = ["heart", "left_lung", "right_lung"] if task == "segmentation" else [f"output-{i}" for i in range(count)]
    manifest = {"format": 1, "id": folder.name, "name": folder.name, "version": "1.0.0", "task": task,
                "input": {"channels": spec["in_channels"], "framing": "letterbox", "normalisation": "film-z-score",
                          "size": size},
                "outputs": [{"name": name, "meaning": name, "code_scheme": "SCT", "code": "1"} for name in names],
                "architecture": spec, "licence": "none", "training_data": "none: random weights", "metrics": {},
                "weights": {"file": "weights.safetensors", "sha256": hashlib.sha256(raw).hexdigest()}}
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(raw)
    (folder / "model.json").write_text(json.dumps(manifest))
    (folder / "CARD.md").write_text("Random weights.\n")


def with_sensible_norms(network, channels):
    """Running statistics as of noise, so that fifty random layers neither explode nor vanish. Gains differ: the ONNX
    writer would share equal ones through nodes that OpenCV 4.6 cannot read."""
    network.train()
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = None
                module.weight.uniform_(0.8, 1.2)
                module.bias.normal_(0, 0.1)
        network(torch.randn(4, channels, 128, 128))
    return network.eval()
