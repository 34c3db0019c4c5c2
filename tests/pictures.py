"""Photographs of papers, drawn: as phones take them, as small as a test can be."""

import io
import random
from functools import cache

import segno
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

#: Made-up: 003 is the code of no province.
CARD_TEXT = "003196001234|271234567|Lê Thị Hoa|12031996|Nữ|12 đường Số 3, Bình Đức 1|25042021"


def page(
    width: int = 900, height: int = 1200, *, lines: int = 34, ink: int = 30, paper: int = 235
) -> Image.Image:
    """A sheet full of print, on a table."""
    picture = Image.new("L", (width, height), 110)
    draw = ImageDraw.Draw(picture)
    edge = width // 18
    draw.rectangle((edge, edge, width - edge, height - edge), fill=paper)
    step = (height - 4 * edge) / max(lines, 1)
    font = ImageFont.load_default(size=max(8.0, min(step * 0.55, height / 30)))
    some = random.Random(width * height + lines)
    for line in range(lines):
        text = " ".join("".join(some.choices("aeiounhgtcmlbdpq", k=some.randint(1, 6))) for _ in range(40))
        draw.text((2 * edge, 2 * edge + line * step), text, fill=ink, font=font)
    draw.rectangle((width - edge, 0, width, height), fill=110)
    return picture.convert("RGB")


def card(text: str = CARD_TEXT, *, width: int = 1000, share: float = 0.8) -> Image.Image:
    """An identity card on a table; it takes this share of the picture's width."""
    scene = Image.new("RGB", (width, width * 3 // 4), (96, 84, 70))
    wide = int(width * share)
    side = int(wide * 13 / 85.6)
    piece = Image.new("RGB", (wide, int(wide * 54 / 85.6)), (222, 236, 228))
    draw = ImageDraw.Draw(piece)
    for line in range(7):
        size = max(8.0, wide / 28)
        draw.text(
            (wide * 0.3, wide * (0.2 + line * 0.055)),
            text[line * 9 : line * 9 + 22],
            fill=(40, 40, 50),
            font=ImageFont.load_default(size=size),
        )
    draw.rectangle((wide * 0.04, wide * 0.2, wide * 0.26, wide * 0.5), fill=(120, 140, 160))
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, encoding="utf-8").save(out, kind="png", scale=8, border=2)
    code = Image.open(out).convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    piece.paste(code, (int(wide * 0.82), int(wide * 0.03)))
    scene.paste(piece, ((width - piece.width) // 2, (scene.height - piece.height) // 2))
    return scene


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(radius))


def darker(picture: Image.Image, times: float) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(times)


def noisy(picture: Image.Image, much: float) -> Image.Image:
    """As a cheap sensor sees it."""
    noise = Image.effect_noise(picture.size, much * 2).convert(picture.mode)
    return Image.blend(picture, noise, 0.12) if much else picture


def as_bytes(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


@cache
def jpeg() -> bytes:
    """The least that is taken as a paper: a few kilobytes."""
    return as_bytes(page(360, 480, lines=9).convert("L"), quality=40)


@cache
def png() -> bytes:
    return as_bytes(page(360, 480, lines=9).quantize(4), "PNG")
