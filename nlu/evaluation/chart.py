"""The calibration curve as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib

from evaluation.tally import Bar

matplotlib.use("Agg")

from matplotlib import pyplot


def draw(file: Path, curves: Mapping[str, Sequence[Bar]]) -> None:
    """One line a curve, beside the diagonal on which a model would be exactly as right as it is sure."""
    figure, axes = pyplot.subplots(figsize=(6, 5), dpi=110, layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="tin sao đúng vậy")
    for (name, line), mark in zip(curves.items(), ("o", "s", "^"), strict=False):
        axes.plot([b.confidence for b in line], [b.right for b in line], marker=mark, label=name)
    axes.set(xlabel="Độ tin của mô hình", ylabel="Tỷ lệ đúng", xlim=(0, 1), ylim=(0, 1))
    axes.grid(color="0.9")
    axes.legend()
    figure.savefig(file, metadata={"Software": None})
    pyplot.close(figure)
