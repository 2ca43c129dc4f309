"""Rollouts of images that the rule stopped, and images whose file is gone."""

from collections.abc import Iterator

from fleet_server.core.rollout import Stop
from fleet_server.doctor.opened import with_database
from fleet_server.doctor.patient import Patient
from fleet_server.store import bundles, rollouts
from fleet_server.store.rollouts import Line
from provisioning.finding import Finding, good, wrong

CHECK = "updates"


@with_database
def look(patient: Patient) -> Iterator[Finding]:
    """Name what waits for a person, and what no terminal could fetch."""
    stopped, folder = rollouts.stopped(), patient.settings.layout.updates
    for line in stopped:
        yield wrong(CHECK, _said(line), "see the page Updates: go on, or end it for good")
    lost = [one for one in bundles.listed() if not (folder / one.sha256).is_file()]
    for one in lost:
        said = f"{folder / one.sha256}: the image {one.version} is not there"
        yield wrong(CHECK, said, "put it back: hailong-fleet update add FILE")
    if not stopped and not lost:
        yield good(CHECK, "no rollout was stopped")


def _said(line: Line) -> str:
    if "few" not in line.reason:
        return f"the rollout of {line.version} was stopped"
    stop = Stop(**line.reason)
    what = "fell back or could not install it" if stop.kind == "failed" else "are in trouble since"
    return f"the rollout of {line.version} was stopped: {stop.few} of {stop.many} terminals {what}"
