"""Which way is up: the one thing of a photograph's EXIF that is read."""

UPRIGHT = 1


def orientation_in(tiff: bytes) -> int:
    """1 to 8, tag 0x0112 of the first directory (Exif 3.0, 4.6.5); upright if it is missing or senseless."""
    if tiff[:6] == b"Exif\0\0":
        tiff = tiff[6:]
    if tiff[:4] == b"II*\0":
        little = True
    elif tiff[:4] == b"MM\0*":
        little = False
    else:
        return UPRIGHT

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if little else "big")

    start = number(4, 4)
    for entry in range(start + 2, start + 2 + 12 * min(number(start, 2), 200), 12):
        if number(entry, 2) == 0x0112:
            found = number(entry + 8, 2)
            return found if 1 <= found <= 8 else UPRIGHT
    return UPRIGHT


def exif_saying(orientation: int) -> bytes:
    """An EXIF block that says which way is up, and nothing else."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2, "big") + b"\0\0"
    return b"Exif\0\0" + b"MM\0*\x00\x00\x00\x08" + b"\x00\x01" + entry + b"\0\0\0\0"
