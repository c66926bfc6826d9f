"""Makes public/fleet/ocr/1.0.0 out of the PP-OCRv6 models in the PyPI wheel rapidocr 3.10.0 (Apache-2.0).

What is changed: the recogniser's last layer keeps only the characters of Latin and Greek scripts, punctuation, currency and
a few signs (18,710 classes become about 700), and all large weights are rounded to 16-bit floats, which a Cast turns back
when the model is loaded. Usage: python pack.py [folder]   (needs onnx 1.x, numpy, pip)
"""
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parents[2]
OUT = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / 'public/fleet/ocr/1.0.0'
CODE = ROOT / 'workers/intake/documents/ocr/model.json'
WHEEL = 'rapidocr==3.10.0'
WANTED = {
    'PP-OCRv6_det_small.onnx': '090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f',
    'PP-OCRv6_rec_small.onnx': '6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884',
}
KEPT_RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x386, 0x3CE), (0x2010, 0x2027), (0x2030, 0x203A),
               (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2150, 0x215F)]
KEPT_SIGNS = set('ȘșȚț№™℃℉Ω←↑→↓↔∅∑−√∞≈≠≤≥■□▪▫●○◆★☆☐☑☒✓✔✗✘✕⁄')
SMALLEST = 256


def wheel_models() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, '-m', 'pip', 'download', '--no-deps', '-q', '-d', folder, WHEEL], check=True)
        archive = zipfile.ZipFile(next(Path(folder).glob('*.whl')))
        found = {}
        for name, sha256 in WANTED.items():
            data = archive.read(f'rapidocr/models/{name}')
            if hashlib.sha256(data).hexdigest() != sha256:
                raise SystemExit(f'{name} is not the file that was reviewed')
            found[name] = data
        licence = next(name for name in archive.namelist() if name.endswith('licenses/LICENSE'))
        found['LICENSE'] = archive.read(licence)
        return found


def is_kept(char: str) -> bool:
    return len(char) == 1 and (char in KEPT_SIGNS or any(low <= ord(char) <= high for low, high in KEPT_RANGES))


def cut_head(model: onnx.ModelProto) -> list[str]:
    """Keeps the classes of the wanted characters. Class 0 is the blank of CTC, the last one the space."""
    metadata = {prop.key: prop.value for prop in model.metadata_props}
    classes = ['', *metadata['character'].split('\n'), ' ']
    weights = {one.name: one for one in model.graph.initializer}
    wide = [one for one in model.graph.initializer if len(classes) in one.dims]
    kept = [index for index, char in enumerate(classes) if index == 0 or is_kept(char)]
    unique = {classes[index]: index for index in reversed(kept)}
    kept = sorted(unique.values())
    for one in wide:
        array = numpy_helper.to_array(weights[one.name])
        axis = array.shape.index(len(classes))
        one.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(np.take(array, kept, axis)), one.name))
    del model.metadata_props[:]
    del model.graph.value_info[:]
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = len(kept)
    return [classes[index] for index in kept]


def halve(model: onnx.ModelProto) -> None:
    """Stores large weights as 16-bit floats; a Cast gives the runtime the 32-bit ones back."""
    casts = []
    for one in model.graph.initializer:
        array = numpy_helper.to_array(one)
        if one.data_type != TensorProto.FLOAT or array.size < SMALLEST:
            continue
        name = one.name
        one.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f'{name}:half'))
        casts.append(helper.make_node('Cast', [f'{name}:half'], [name], to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)
    onnx.checker.check_model(model)


def packed(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode='wb', compresslevel=9, mtime=0, filename='') as stream:
        stream.write(data)
    return buffer.getvalue()


def main() -> None:
    source = wheel_models()
    detector = onnx.load_from_string(source['PP-OCRv6_det_small.onnx'])
    recogniser = onnx.load_from_string(source['PP-OCRv6_rec_small.onnx'])
    del detector.metadata_props[:]
    characters = cut_head(recogniser)
    for model in (detector, recogniser):
        halve(model)
    notice = (
        'PP-OCRv6_small_det and PP-OCRv6_small_rec, copyright Baidu and the PaddleOCR authors, Apache License 2.0.\n'
        'Converted from official PaddleOCR models to ONNX and packaged by RapidOCR 3.10.0.\n'
        'Changed for Flotilla: the recogniser keeps only the classes in characters.json, weights are stored as 16-bit floats.\n'
    )
    files = {
        'LICENSE': source['LICENSE'],
        'NOTICE': notice.encode(),
        'characters.json': (json.dumps(characters, ensure_ascii=False) + '\n').encode(),
        'detect.onnx.gzip': packed(detector.SerializeToString()),
        'recognise.onnx.gzip': packed(recogniser.SerializeToString()),
    }
    OUT.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (OUT / name).write_bytes(data)
    manifest = {
        'schema': 1,
        'id': 'ocr',
        'version': '1.0.0',
        'files': [
            {'path': f'ocr/1.0.0/{name}', 'bytes': len(data), 'sha256': hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items()) if name not in ('LICENSE', 'NOTICE')
        ],
        'passport': {
            'source': 'PP-OCRv6_small_det, PP-OCRv6_small_rec (PyPI rapidocr 3.10.0)',
            'licence': 'apache-2.0',
            'attribution': 'Baidu and the PaddleOCR authors; converted by RapidOCR; see NOTICE',
            'trainingData': 'Not published by the authors of PaddleOCR',
            'recipe': 'models/ocr/pack.py',
        },
    }
    text = json.dumps(manifest, indent=2) + '\n'
    (OUT / 'manifest.json').write_text(text)
    CODE.parent.mkdir(parents=True, exist_ok=True)
    CODE.write_text(text)
    print(len(characters), 'classes;', {name: len(data) for name, data in files.items()})


main()
