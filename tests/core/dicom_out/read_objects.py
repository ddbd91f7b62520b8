#!/usr/bin/env python3
"""What pydicom reads from the objects of one folder, as JSON on stdout. Run by tst_result_objects.

Usage: read_objects.py FOLDER      (sr.dcm, seg.dcm, pmap.dcm, gsps.dcm, sc.dcm, pdf.dcm)
"""
import hashlib
import json
import pathlib
import sys

import numpy
import pydicom


def sha256(data):
    return hashlib.sha256(bytes(data)).hexdigest()


def items(node, name):
    """The content items below `node` whose concept name has this meaning."""
    return [i for i in node.get("ContentSequence", []) if "ConceptNameCodeSequence" in i and i.ConceptNameCodeSequence[0].CodeMeaning == name]


def number(node, name):
    found = items(node, name)
    return float(found[0].MeasuredValueSequence[0].NumericValue) if found else None


def text(node, name):
    found = items(node, name)
    return found[0].TextValue if found else ""


def read_finding(group):
    code = items(group, "Finding")[0].ConceptCodeSequence[0]
    return {"percent": number(group, "Certainty of Finding"), "threshold": number(group, "Threshold of the operating point"),
            "answer": items(group, "Has interpretation")[0].ConceptCodeSequence[0].CodeMeaning,
            "code": f"{code.get('CodeValue', 'URN')} {code.CodingSchemeDesignator}",
            "algorithm": " ".join(text(group, "Algorithm " + part) for part in ("Name", "Version", "Parameters")),
            "tracking": str(items(group, "Tracking Unique Identifier")[0].UID)}


def read_report(dataset):
    groups = items(items(dataset, "Imaging Measurements")[0], "Measurement Group")
    ratio = items(groups[0], "Cardiothoracic ratio")[0]
    line = items(ratio, "Heart width")[0]
    evidence = dataset.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    return {"ratio": number(groups[0], "Cardiothoracic ratio"), "heart_line": [float(v) for v in line.GraphicData],
            "film": str(line.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID),
            "evidence": str(evidence.ReferencedSOPInstanceUID),
            "flags": f"{dataset.CompletionFlag} {dataset.VerificationFlag} {dataset.PreliminaryFlag}",
            "findings": [read_finding(group) for group in groups if items(group, "Finding")]}


def read_segmentation(dataset):
    frames = numpy.atleast_3d(dataset.pixel_array)
    segments = []
    for segment, frame in zip(dataset.SegmentSequence, frames):
        kind = segment.SegmentedPropertyTypeCodeSequence[0]
        side = kind.get("SegmentedPropertyTypeModifierCodeSequence")
        segments.append({"label": segment.SegmentLabel, "type": segment.SegmentAlgorithmType, "pixels": int(frame.sum()),
                         "sha256": sha256(frame.astype(numpy.uint8).tobytes()),
                         "code": f"{kind.CodeValue} {kind.CodingSchemeDesignator}" + (f" {side[0].CodeMeaning}" if side else "")})
    return {"segments": segments}


def read_map(dataset):
    values = numpy.frombuffer(dataset.FloatPixelData, "<f4").reshape(dataset.Rows, dataset.Columns)
    padding = numpy.float32(dataset[0x00280122].value)
    return {"rows": dataset.Rows, "inside": int((values != padding).sum()), "outside_is_padding": bool(values[0, 0] == padding),
            **{f"at_{x}_{y}": float(values[y, x]) for x, y in ((125, 75), (125, 125), (175, 75))}}


def read_state(dataset):
    window = dataset.SoftcopyVOILUTSequence[0]
    annotations = dataset.GraphicAnnotationSequence
    return {"center": float(window.WindowCenter), "width": float(window.WindowWidth), "shape": dataset.PresentationLUTShape,
            "polylines": [g.NumberOfGraphicPoints for a in annotations for g in a.get("GraphicObjectSequence", [])],
            "words": "\n".join(t.UnformattedTextValue for a in annotations for t in a.get("TextObjectSequence", []))}


def main(folder):
    read = {name: pydicom.dcmread(folder / f"{name}.dcm") for name in ("sr", "seg", "pmap", "gsps", "sc", "pdf")}
    pdf = read["pdf"]
    length = pdf[0x00420015].value
    print(json.dumps({
        "sr": read_report(read["sr"]), "seg": read_segmentation(read["seg"]), "pmap": read_map(read["pmap"]), "gsps": read_state(read["gsps"]),
        "sc": {"sha256": sha256(read["sc"].pixel_array.tobytes()), "burned": read["sc"].BurnedInAnnotation},
        "pdf": {"sha256": sha256(pdf.EncapsulatedDocument[:length])}}))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
