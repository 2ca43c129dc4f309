"""``make bench``: our speeds beside those of the bare parts, measured in the same run.

Absolute times say little on a shared machine; the ratios are what counts. Words choose among the
benches (``python -m tests.bench pages``); ``--full`` takes the pages' 100 million ratings.
"""

import sys

from tests.bench import cheating, evening, frames, ingest, light, pages, press, rest, visible

BENCHES = (
    ("press → durable commit", press.run),
    ("press → visible", visible.run),
    ("press → light, touch → highlight", light.run),
    ("a picture onto the panel", frames.run),
    ("a terminal at rest, in memory, at its start", rest.run),
    ("ingest", ingest.run),
    ("pages of a city of 3,500 terminals", pages.run),
    ("signals of cheating", cheating.run),
    ("an evening of 3,500 counters", evening.run),
)


def main() -> None:
    """Run every bench, or those that are named, and print their figures."""
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    for title, run in BENCHES:
        if wanted and not any(word in title for word in wanted):
            continue
        sys.stdout.write(f"\n{title}\n")
        for line in run():
            sys.stdout.write(f"  {line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
