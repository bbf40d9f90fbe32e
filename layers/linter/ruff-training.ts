/** A program with much of what Python's syntax has: what ruff does for it and its parts is what it does for others. */
export const trainingProgram = `"""Module."""
from __future__ import annotations

import asyncio
import os.path as paths
import re, sys
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
LIMIT: int = 0x10 + 1_000 - 2 ** 3 // 4 % 5
NAMES = {"a": 1, **{"b": 2}}
pattern = re.compile(r"(\\d+)-(?P<name>\\w+)")


@dataclass(frozen=True)
class Point(Generic[T]):
    """A point."""

    x: float = 0.0
    y: float = 1e-3
    tags: list[str] = field(default_factory=list)
    __slots__ = ("x", "y")

    def __init__(self, *args: int, scale=1.5, **options) -> None:
        super().__init__()
        self.x, self.y = args[0], args[-1]
        self.options = options or {}
        assert scale is not None, "no scale"

    @property
    def length(self) -> float:
        return (self.x ** 2 + self.y ** 2) ** 0.5

    @length.setter
    def length(self, value):
        global LIMIT
        LIMIT = value
        del self.options["a"]

    @staticmethod
    def origin(): return Point(0, 0)

    @classmethod
    def parse(cls, text: str, /, sep=",", *, strict: bool = False):
        try:
            first, *rest = [float(part) for part in text.split(sep) if part.strip()]
        except (ValueError, TypeError) as error:
            raise RuntimeError("%s: %r" % (text, error)) from error
        except OSError:
            raise
        else:
            print("{} {name!r:>{width}}".format(first, name=rest, width=10), file=sys.stderr)
        finally:
            cls.count = getattr(cls, "count", 0) + 1
        return cls(first, *rest) if not strict else None


def walk(root, depth=0):
    for base, folders, files in os.walk(root) if root else ():
        if depth > LIMIT and base not in NAMES:
            continue
        elif files[1:-1:2] == [] or not folders:
            break
        while depth <= 3:
            depth += 1
        else:
            depth ^= ~depth & 1 | 2 << 3
        yield from sorted((name for name in files), key=lambda name: (len(name), name))
    else:
        yield f"{depth:02d} {root!s} {'nested'} {{}}" + "a" "b"
    total = {k: v for k, v in zip("ab", range(2))}
    unique = {x for x in total.values() if x is not None and x in (1, 2)}
    if (size := len(unique)) > 1:
        return size
    nonlocal_value = 0

    def inner():
        nonlocal nonlocal_value
        nonlocal_value += 1
        return nonlocal_value @ 2 if False else ...
    return inner()


async def fetch(url, *, retries=3):
    async with session.get(url) as response, open(url, "rb") as handle:
        async for line in response:
            await asyncio.sleep(0.1)
            print(line.decode(), end="")
    match url.split():
        case ["go", direction] if direction:
            pass
        case Point(x=0) | {"a": 1, **rest}:
            return rest
        case _:
            raise NotImplementedError
    return [await item async for item in handle]


if __name__ == "__main__":
    with open(paths.join("a", "b")) as stream:
        print(stream.read(), undefined_name, NAMES["a"], sep="\\t")
    type Alias[U] = list[U]
    import os
    sys.exit(asyncio.run(fetch("x")))
`
