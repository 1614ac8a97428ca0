"""Pictures, scans and printed sheets, told by their first bytes: the signal of an ECG is not in them."""

_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*", b"%PDF-", b"\xd7\xcd\xc6\x9a")
_BRANDS = (b"heic", b"heix", b"mif1", b"avif")  # pictures in the container of films


def is_picture(content: bytes) -> bool:
    """Say whether a file is a picture or a PDF."""
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    film = content[4:8] == b"ftyp" and content[8:12] in _BRANDS
    bitmap = content[:2] == b"BM" and int.from_bytes(content[2:6], "little") == len(content)
    return webp or film or bitmap or content.startswith(_STARTS)
