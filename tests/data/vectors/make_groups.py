#!/usr/bin/env python3
"""Writes groups.txt: numbers that are, or nearly are, primes of Diffie-Hellman groups, found with Python's integers.

One per line: what it is, and the number in hex. Each search begins at a number that is made from the kind's name. Takes a few
minutes.
"""
import hashlib

SMALL = [n for n in range(3, 200_000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def is_prime(n):
    """Miller and Rabin, with as many bases as leave no doubt about numbers that nobody chose."""
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19):
        x = pow(base, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def candidates(label, bits):
    """Odd q with 2q + 1 = p of `bits` bits, p = 11 modulo 12; neither has a small factor."""
    q = int.from_bytes(hashlib.shake_256(label.encode()).digest(bits // 8), "big") >> 1 | 1 << (bits - 2)
    q += 5 - q % 6
    count = 1 << 21
    sieve = bytearray(count)
    for r in SMALL[1:]:
        inverse = pow(6, -1, r)
        for residue in (0, (r - 1) // 2):  # q = 0, or 2q + 1 = 0
            first = (residue - q) * inverse % r
            sieve[first::r] = b"\1" * len(range(first, count, r))
    return (q + 6 * i for i in range(count) if not sieve[i])


def safe(q):
    return pow(2, q - 1, q) == 1 and is_prime(q) and is_prime(2 * q + 1)


def only_p(q):
    return is_prime(2 * q + 1) and not is_prime(q)


def only_q(q):
    return is_prime(q) and not is_prime(2 * q + 1)


KINDS = (("safe", 2048, safe), ("only-p", 2048, only_p), ("only-q", 2048, only_q))

with open("groups.txt", "w") as out:
    for kind, bits, fits in KINDS:
        name = f"{kind}-{bits}"
        q = next(q for q in candidates(name, bits) if fits(q))
        print(name, f"{2 * q + 1:x}", file=out, flush=True)
