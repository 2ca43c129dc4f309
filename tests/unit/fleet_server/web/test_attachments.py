"""Files of answers are read one at a time, however many come."""

import tracemalloc
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

from werkzeug.datastructures import FileStorage

from fleet_server.web.cases import attachments
from tests.fakes.cases import PAPER

EACH = 4 * 1024 * 1024


def test_of_ten_files_one_is_in_memory(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.pdf" for number in range(10)]
    for number, path in enumerate(paths):
        path.write_bytes(PAPER + bytes([number]) * EACH)
    with ExitStack() as opened:
        sent = [FileStorage(opened.enter_context(path.open("rb")), path.name) for path in paths]
        tracemalloc.start()
        opened.callback(tracemalloc.stop)
        found = attachments.read(sent)
        digests = [digest for digest, data in attachments.kept(found) if len(data) > EACH]
        _, most = tracemalloc.get_traced_memory()
    assert digests == [one.digest for one in found.files]
    assert digests[3] == sha256(PAPER + bytes([3]) * EACH).hexdigest()
    assert most < 3 * EACH
