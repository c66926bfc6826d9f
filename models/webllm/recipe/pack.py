"""gzip without a date, so that the same content gives the same file. The ending is not .gz: servers would unpack that."""
import gzip
import sys
from pathlib import Path


def pack(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(pack(Path(sys.argv[1]).read_bytes()))
