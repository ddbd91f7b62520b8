#!/usr/bin/env python3
"""Fails when a file includes something its layer may not know. Run by CTest as `layout.layers`.

Usage: check_layers.py REPOSITORY_ROOT
"""
import pathlib
import re
import sys

# For each folder: the project folders and the libraries that it may include.
# The most specific folder wins. This table is the architecture; ARCHITECTURE.md explains it.
MAY_INCLUDE = {
    "core/base": {"core/base/", "openssl/"},
    "core/image": {"core/base/", "core/image/", "opencv2/"},
    "core/io": {"core/base/", "core/image/", "core/io/", "opencv2/", "dcmtk/", "openjpeg", "zlib.h"},
    "core/prior": {"core/base/", "core/image/", "core/prior/", "opencv2/", "lzma.h", "zlib.h", "charls/", "nlohmann/"},
    "core/deidentify": {"core/base/", "core/image/", "core/io/", "core/deidentify/", "opencv2/", "dcmtk/", "openssl/"},
    "core/study": {"core/base/", "core/image/", "core/io/", "core/study/", "core/model/zip_archive.h", "core/model/mapped_file.h", "dcmtk/"},
    "core/model": {"core/base/", "core/model/", "nlohmann/", "zip.h"},
    "core/engine": {"core/base/", "core/engine/", "dlfcn.h"},
    "core/sqlite": {"core/base/", "core/sqlite/", "sqlite3.h"},
    "core/dataset": {"core/base/", "core/model/", "core/engine/engine.h", "core/sqlite/", "core/dataset/", "nlohmann/"},
    "core/corrections": {"core/base/", "core/measure/", "core/localize/", "core/engine/e", "core/report/reader_text.h", "core/sqlite/", "core/corrections/", "nlohmann/"},
    "core/nn": {"core/base/", "core/model/", "core/nn/", "torch/", "ATen/", "c10/", "oneapi/dnnl/", "nlohmann/"},
    "core/explain": {"core/base/", "core/model/", "core/nn/", "core/explain/", "core/engine/e", "torch/", "ATen/", "c10/"},
    "core/train": {"core/base/", "core/model/", "core/nn/", "core/explain/", "core/train/", "core/engine/e", "torch/", "ATen/", "c10/",
                   "nlohmann/"},
    "core/measure": {"core/base/", "core/image/", "core/measure/", "core/engine/engine.h", "opencv2/"},
    "core/report": {"core/base/", "core/image/", "core/measure/", "core/localize/", "core/engine/e", "core/report/", "nlohmann/"},
    "core/localize": {"core/base/", "core/image/", "core/measure/", "core/engine/e", "core/localize/", "opencv2/"},
    "core/dicom_out": {"core/base/", "core/image/", "core/io/", "core/measure/", "core/localize/", "core/engine/e", "core/dicom_out/",
                       "opencv2/core", "dcmtk/"},
    "core/dicom_in": {"core/base/", "core/image/", "core/io/", "core/measure/", "core/localize/", "core/engine/e", "core/dicom_in/",
                      "opencv2/core", "dcmtk/"},
    "core/pacs": {"core/base/", "core/io/", "core/pacs/", "dcmtk/", "openssl/", "curl/", "nlohmann/"},
    "core/plot": {"core/base/", "core/plot/", "plplot/"},
    "core/pipeline": {"core/base/", "core/image/", "core/io/", "core/deidentify/", "core/prior/", "core/model/", "core/engine/e",
                      "core/measure/", "core/localize/", "core/dataset/", "core/report/", "core/plot/", "core/pipeline/", "opencv2/", "nlohmann/"},
    "ui/print": {"core/", "ui/print/", "Q", "qpdf/"},
    "ui/pacs": {"core/", "ui/", "Q", "qt6keychain/"},
    "ui": {"core/", "ui/", "Q", "vtk", "opencv2/core", "nlohmann/"},
    "app/cli": {"core/", "ui/print/", "app/", "Q", "CLI/", "nlohmann/", "opencv2/"},
    "app/node": {"core/base/", "core/dataset/packed_dataset.h", "core/engine/engine.h", "CLI/", "nlohmann/"},
    "app": {"core/", "ui/", "app/", "Q"},
}
# Torch may be known by these folders only, whatever a wider rule such as "core/" says.
TORCH_FOLDERS = ("core/nn/", "core/explain/", "core/train/")
# Names that only listed folders may include; everything else (the standard library, POSIX) is free.
GUARDED = ("core/", "ui/", "app/", "torch/", "ATen/", "c10/", "opencv2/", "dcmtk/", "vtk", "lzma.h", "zlib.h", "zip.h", "openjpeg",
           "openssl/", "oneapi/", "nlohmann/", "CLI/", "dlfcn.h", "sqlite3.h", "plplot/", "charls/", "curl/",
           "qt6keychain/", "qpdf/")
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]')


def is_guarded(header: str) -> bool:
    return header.startswith(GUARDED) or re.match(r"Q[A-Z]|Qt[A-Z]", header) is not None


def is_allowed(folder: str, header: str) -> bool:
    if header.startswith(TORCH_FOLDERS) and not folder.startswith(("core/nn", "core/explain", "core/train")):
        return False
    return header.startswith(tuple(MAY_INCLUDE[folder]))


def violations(root: pathlib.Path):
    files = (p for top in ("core", "ui", "app") for p in (root / top).rglob("*") if p.suffix in (".h", ".cpp"))
    for path in sorted(files):
        relative = path.relative_to(root).as_posix()
        folder = max((k for k in MAY_INCLUDE if relative.startswith(k + "/")), key=len, default=None)
        if folder is None:
            yield f"{relative}: no rule for this folder in check_layers.py"
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            match = INCLUDE.match(line)
            if match and is_guarded(match[1]) and not is_allowed(folder, match[1]):
                yield f"{relative}:{number}: {folder}/ may not include {match[1]}"


def self_test():
    """The rules must be able to fail."""
    assert not is_allowed("ui", "core/nn/unet.h") and not is_allowed("core/image", "core/io/image_reader.h")
    assert is_guarded("QWidget") and not is_allowed("core/report", "QWidget") and is_allowed("ui", "QWidget")
    assert is_guarded("torch/torch.h") and not is_allowed("core/pipeline", "torch/torch.h")


if __name__ == "__main__":
    self_test()
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "layers: no violation")
    sys.exit(bool(found))
