"""Work for `run_limited` to stop: each function misbehaves in one way."""

import os
import socket
import sys
from collections.abc import Iterator
from typing import IO


def shout(source: IO[bytes], mark: str = "!") -> bytes:
    return source.read().upper() + mark.encode()


def in_pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(2):
        yield piece + b"-"


def refuse(source: IO[bytes]) -> bytes:
    raise ValueError("not\na paper")


def take_memory(source: IO[bytes]) -> bytes:
    return bytes(bytearray(4 << 30))


def turn_for_ever(source: IO[bytes]) -> bytes:
    while True:
        pass


def wait_for_ever(source: IO[bytes]) -> bytes:
    os.read(os.pipe()[0], 1)
    return b""


def talk_for_ever(source: IO[bytes]) -> Iterator[bytes]:
    while True:
        yield b"x" * 65536


def complain_for_ever(source: IO[bytes]) -> bytes:
    while True:
        sys.stderr.write("x" * 65536)


def crash(source: IO[bytes]) -> bytes:
    os.abort()


def print_beside(source: IO[bytes]) -> bytes:
    os.write(1, b"a library prints this")
    return b"answer"


def fill_the_disk(source: IO[bytes]) -> bytes:
    with open("big", "wb") as big:
        while True:
            big.write(b"x" * 65536)


def name_surroundings(source: IO[bytes]) -> bytes:
    return "\n".join([*sorted(os.environ), *os.listdir(".")]).encode()


def reach_out(source: IO[bytes], port: str) -> bytes:
    with socket.create_connection(("127.0.0.1", int(port)), 1):
        return b"reached"


def read_beside(source: IO[bytes], path: str) -> bytes:
    with open(path, "rb") as beside:
        return beside.read()
