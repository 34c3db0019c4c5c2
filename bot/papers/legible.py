"""Can people read what is on this picture? Only what is plainly dark or blurred is doubted.

A refusal annoys somebody with a cheap phone, so the measures look for the best part of a picture, not for the
average: one place that is sharp, some paper that is bright.
"""

from collections.abc import Iterator, Sequence

from PIL import Image, ImageChops

#: Longer side of the picture that is measured: small print of a page is then a few dots high, so that what
#: smears at this size can no longer be read at any.
_SIDE = 1000
#: Of 255: the brightest part (the paper) of a photo on which nothing can be told apart.
_DARK = 48
#: Places looked at, in each direction.
_TILES = 8
#: Less difference of light than this inside a place is no writing: empty paper, a table, a shadow.
_WRITING = 36
#: The steepest edge beside all the difference of light there: 0.4 to 0.9 in print that is sharp.
_SHARP = 0.125


def doubt_of(grey: Image.Image) -> str | None:
    """``dark``, ``blurred``, or nothing to say. An empty page is neither."""
    scale = _SIDE / max(grey.size)
    if scale < 1:
        size = max(1, round(grey.width * scale)), max(1, round(grey.height * scale))
        grey = grey.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    if _share(grey.histogram(), 0.98) < _DARK:
        return "dark"
    sharp = sharpness(grey)
    return "blurred" if sharp is not None and sharp < _SHARP else None


def sharpness(grey: Image.Image) -> float | None:
    """How steep the edges are in the sharpest places, in that direction in which they are less so (a hand
    that moves smears one of the two); None if there is no writing."""
    across = ImageChops.difference(grey, ImageChops.offset(grey, 1, 0))
    down = ImageChops.difference(grey, ImageChops.offset(grey, 0, 1))
    steep = []
    for box in _tiles(grey.size):
        light = grey.crop(box).histogram()
        range_ = _share(light, 0.995) - _share(light, 0.005)
        if range_ >= _WRITING:
            steep.append(tuple(_share(edge.crop(box).histogram(), 0.99) / range_ for edge in (across, down)))
    if len(steep) < 2:
        return None
    return min(_best(one[0] for one in steep), _best(one[1] for one in steep))


def _best(values: Iterator[float]) -> float:
    """What a tenth of the places reach."""
    ranked = sorted(values, reverse=True)
    return ranked[max(1, len(ranked) // 10) if len(ranked) > 1 else 0]


def _tiles(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    width, height = size
    for row in range(_TILES):
        for column in range(_TILES):
            # Not the outermost dots: an offset wraps round there.
            yield (
                max(1, width * column // _TILES),
                max(1, height * row // _TILES),
                width * (column + 1) // _TILES,
                height * (row + 1) // _TILES,
            )


def _share(histogram: Sequence[int], share: float) -> int:
    """The light below which this share of the dots lies."""
    left = sum(histogram) * share
    for value, count in enumerate(histogram):
        left -= count
        if left <= 0:
            return value
    return 255
