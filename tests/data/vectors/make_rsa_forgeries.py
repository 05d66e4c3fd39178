#!/usr/bin/env python3
"""make_rsa_forgeries.py > keys/rsa_pem.forged.txt: what the private key keys/rsa_pem makes of encodings of a hash that are all but
right (RFC 8017 §9.2), and of the right one, over `hawser signature test`. Only a verifier that parses would take them."""

import base64
import hashlib
import pathlib

DATA = b"hawser signature test"
SHA256 = bytes.fromhex("608648016503040201")  # its object identifier


def length(size):
    return bytes([size]) if size < 128 else bytes([0x82, size >> 8, size & 255])


def der(tag, *parts):
    content = b"".join(parts)
    return bytes([tag]) + length(len(content)) + content


def numbers_of(pem):
    """The INTEGERs of an RSAPrivateKey (RFC 8017 §A.1.2)."""
    der_form = base64.b64decode("".join(line for line in pem.splitlines() if "-" not in line))
    position, numbers = 4, []
    while position < len(der_form):
        size, position = der_form[position + 1], position + 2
        if size & 128:
            size, position = int.from_bytes(der_form[position:position + (size & 127)], "big"), position + (size & 127)
        numbers.append(int.from_bytes(der_form[position:position + size], "big"))
        position += size
    return numbers


_, n, _, d, *_ = numbers_of((pathlib.Path(__file__).parent / "keys/rsa_pem").read_text())
SIZE = (n.bit_length() + 7) // 8
NULL, DIGEST = der(5), hashlib.sha256(DATA).digest()


def info(parameters=NULL, digest=DIGEST):
    return der(0x30, der(0x30, der(6, SHA256), parameters), der(4, digest))


def padded(content, kind=1, filler=0xFF, behind=b"", count=None):
    count = SIZE - 3 - len(content) - len(behind) if count is None else count
    block = bytes([0, kind]) + bytes([filler]) * count + b"\0" + content + behind
    return block + bytes(SIZE - len(block))


room = SIZE - 3 - len(info()) - 8
ENCODINGS = {
    "right": padded(info()),
    "bytes_behind_the_hash": padded(info(), count=8, behind=b"\x5a" * room),
    "zeros_behind_the_hash": padded(info(), count=8),
    "no_padding": padded(info(), count=0, behind=b"\x5a" * (room + 8)),
    "other_filler": padded(info(), filler=0xFE),
    "padding_of_encryption": padded(info(), kind=2),
    "no_parameters": padded(info(parameters=b"")),
    "bytes_in_the_parameters": padded(info(parameters=der(4, b"\x5a" * 100))),
    "length_in_another_form": padded(b"\x30\x81" + info()[1:]),
    "hash_alone": padded(DIGEST),
    "hash_cut_short": padded(info(digest=DIGEST[:31])),
}
for name, block in ENCODINGS.items():
    assert len(block) == SIZE, name
    print(name, pow(int.from_bytes(block, "big"), d, n).to_bytes(SIZE, "big").hex())
