"""Prints the examples of GzipTests.swift: Python 3.11's gzip, zlib 1.2.13."""

import gzip
import random


def listed(data):
    return ", ".join("0x%02X" % byte for byte in data)


repeated = b"accuracy accuracy accuracy 0.9"
print("fixed codes:  ", listed(gzip.compress(repeated, mtime=0)))
print("stored:       ", listed(gzip.compress(repeated, compresslevel=0, mtime=0)))
random.seed(1)
varied = bytes(random.choice(b'aaaaaabbbbccdef{}:,"0123456789') for _ in range(220))
print("dynamic codes:", varied.decode())
print(listed(gzip.compress(varied, mtime=0)))
