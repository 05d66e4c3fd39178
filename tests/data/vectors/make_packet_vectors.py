#!/usr/bin/env python3
"""Writes packets.txt: sealed packets made by OpenSSL, through pyca/cryptography, from the texts of RFC 5647, RFC 4344, RFC 6668
and OpenSSH's PROTOCOL files. Nothing of Hawser is used, so that its packet ciphers are compared with somebody else's arithmetic.

One packet per line: cipher, MAC or "-", key, IV, MAC key, sequence number, plain packet, sealed packet; "-" is an empty field.
Consecutive lines with the same keys are consecutive packets of one direction.
"""
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives import poly1305
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def material(label, size):
    return hashlib.shake_256(label.encode()).digest(size)


def packet(payload_size, block, length_is_padded):
    front = 5 if length_is_padded else 1
    padding = block - (front + payload_size) % block
    if padding < 4:
        padding += block
    body = bytes([padding]) + material("payload", payload_size) + material("padding", padding)
    return struct.pack(">I", len(body)) + body


class Gcm:
    block, length_is_padded = 16, False

    def __init__(self, key, iv, mac_key):
        self.aead, self.fixed, self.counter = AESGCM(key), iv[:4], int.from_bytes(iv[4:], "big")

    def seal(self, sequence_number, plain):
        nonce = self.fixed + self.counter.to_bytes(8, "big")
        self.counter = (self.counter + 1) % 2**64
        return plain[:4] + self.aead.encrypt(nonce, plain[4:], plain[:4])


def chacha20(key, counter, sequence_number, data):
    nonce = struct.pack("<Q", counter) + struct.pack(">Q", sequence_number)
    return Cipher(algorithms.ChaCha20(key, nonce), None).encryptor().update(data)


class ChaCha20Poly1305:
    block, length_is_padded = 8, False

    def __init__(self, key, iv, mac_key):
        self.payload_key, self.length_key = key[:32], key[32:]

    def seal(self, sequence_number, plain):
        one_time_key = chacha20(self.payload_key, 0, sequence_number, bytes(32))
        sealed = chacha20(self.length_key, 0, sequence_number, plain[:4])
        sealed += chacha20(self.payload_key, 1, sequence_number, plain[4:])
        return sealed + poly1305.Poly1305.generate_tag(one_time_key, sealed)


class CipherAndHmac:
    def __init__(self, cipher, mode, mac_key, digest, encrypt_then_mac):
        self.encryptor = Cipher(cipher, mode).encryptor()
        self.block = cipher.block_size // 8
        self.mac_key, self.digest, self.encrypt_then_mac = mac_key, digest, encrypt_then_mac
        self.length_is_padded = not encrypt_then_mac

    def mac(self, sequence_number, data):
        return hmac.new(self.mac_key, struct.pack(">I", sequence_number) + data, self.digest).digest()

    def seal(self, sequence_number, plain):
        if self.encrypt_then_mac:
            sealed = plain[:4] + self.encryptor.update(plain[4:])
            return sealed + self.mac(sequence_number, sealed)
        return self.encryptor.update(plain) + self.mac(sequence_number, plain)


def write(out, cipher, mac, key, iv, mac_key, direction):
    for sequence_number, payload_size in ((0, 1), (1, 100), (2, 300), (0xFFFFFFFF, 40)):
        plain = packet(payload_size, direction.block, direction.length_is_padded)
        sealed = direction.seal(sequence_number, plain)
        fields = [f.hex() or "-" for f in (key, iv, mac_key)]
        out.write(" ".join([cipher, mac, *fields, str(sequence_number), plain.hex(), sealed.hex()]) + "\n")


with open("packets.txt", "w") as out:
    for bits in (128, 256):
        name = f"aes{bits}-gcm@openssh.com"
        # The counter part ends in ff … fe, so that its carry is seen to stay within 64 bits.
        for iv in (material("iv", 12), material("iv", 4) + b"\xff" * 7 + b"\xfe"):
            key = material(name, bits // 8)
            write(out, name, "-", key, iv, b"", Gcm(key, iv, b""))
    name = "chacha20-poly1305@openssh.com"
    key = material(name, 64)
    write(out, name, "-", key, b"", b"", ChaCha20Poly1305(key, b"", b""))
    for bits in (128, 192, 256):
        for hash_bits in (256, 512):
            for etm in (True, False):
                name = f"aes{bits}-ctr"
                key, mac_key = material(name, bits // 8), material("mac", hash_bits // 8)
                iv = material("ctr iv", 8) + b"\xff" * 8  # the carry crosses into the upper half of the counter block
                write(out, name, f"hmac-sha2-{hash_bits}" + ("-etm@openssh.com" if etm else ""), key, iv, mac_key,
                      CipherAndHmac(algorithms.AES(key), modes.CTR(iv), mac_key, f"sha{hash_bits}", etm))
    for name, cipher, key_size in (("aes128-cbc", algorithms.AES, 16), ("aes192-cbc", algorithms.AES, 24),
                                   ("aes256-cbc", algorithms.AES, 32), ("3des-cbc", algorithms.TripleDES, 24)):
        for etm in (True, False):
            key, mac_key, iv = material(name, key_size), material("mac", 20), material("iv", cipher.block_size // 8)
            write(out, name, "hmac-sha1" + ("-etm@openssh.com" if etm else ""), key, iv, mac_key,
                  CipherAndHmac(cipher(key), modes.CBC(iv), mac_key, "sha1", etm))
