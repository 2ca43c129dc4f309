"""``make bench``: our speeds beside those of the bare parts, measured in the same run.

Absolute times say little on a shared machine; the ratios are what counts.
"""

import sys

from tests.bench import ingest, light, press, rest, visible

BENCHES = (
    ("press → durable commit", press.run),
    ("press → visible", visible.run),
    ("press → light, touch → highlight", light.run),
    ("a terminal at rest, in memory, at its start", rest.run),
    ("ingest", ingest.run),
)


def main() -> None:
    """Run every bench and print its figures."""
    for title, run in BENCHES:
        sys.stdout.write(f"\n{title}\n")
        for line in run():
            sys.stdout.write(f"  {line}\n")


if __name__ == "__main__":
    main()
