"""What a file is, told by how it begins and never by what it is called."""

JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
HEIC = "image/heic"
PDF = "application/pdf"

#: Readers look for a PDF's first line among its first bytes: mailers and scanners put theirs before it.
_PDF_WITHIN = 1024
#: ISO/IEC 23008-12: one picture coded with HEVC, in its profiles; "mif1" says only that it is a picture file.
_HEVC = {b"heic", b"heix", b"heim", b"heis"}


def kind_of(content: bytes) -> str | None:
    """Its type, one of five; None for everything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and _brands(content) & _HEVC:
        return HEIC
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return PDF
    return None


def _brands(content: bytes) -> set[bytes]:
    end = min(int.from_bytes(content[:4], "big"), 256)
    return {content[8:12], *(content[at : at + 4] for at in range(16, end, 4))}
