#!/usr/bin/env python3
"""Writes modp.txt: key exchanges over the groups of RFC 3526, computed with Python's integers from the formulas of that RFC.

One exchange per line: kex method, client's private exponent, client's public value, server's private exponent, server's public
value, shared secret, prime; numbers in hex.
"""
import hashlib

# RFC 3526 §3, §5, §7: p = 2^n - 2^(n-64) - 1 + 2^64 * (floor(2^(n-130) * pi) + c), generator 2.
METHODS = (("diffie-hellman-group14-sha256", 2048, 124476, 64), ("diffie-hellman-group16-sha512", 4096, 240904, 128),
           ("diffie-hellman-group18-sha512", 8192, 4743158, 128))


def pi_times(bits):
    """floor(2^bits * pi), by Machin: pi = 16 atan(1/5) - 4 atan(1/239)."""
    guard = 64
    one = 1 << (bits + guard)

    def atan_inverse(x):
        term, total, n, sign = one // x, 0, 1, 1
        while term:
            total += sign * (term // n)
            term //= x * x
            n, sign = n + 2, -sign
        return total

    return (16 * atan_inverse(5) - 4 * atan_inverse(239)) >> guard


def exponent(label, size):
    # The highest bit is set, as Hawser sets it.
    return int.from_bytes(hashlib.shake_256(label.encode()).digest(size), "big") | 1 << (8 * size - 1)


with open("modp.txt", "w") as out:
    for name, bits, constant, size in METHODS:
        p = 2**bits - 2**(bits - 64) - 1 + 2**64 * (pi_times(bits - 130) + constant)
        assert pow(2, p - 1, p) == 1
        x, y = exponent("client " + name, size), exponent("server " + name, size)
        e, f = pow(2, x, p), pow(2, y, p)
        assert pow(e, y, p) == pow(f, x, p)
        out.write(" ".join([name, *("0" * (len("%x" % v) % 2) + "%x" % v for v in (x, e, y, f, pow(f, x, p), p))]) + "\n")
