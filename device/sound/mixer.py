"""The loudspeaker by SDL's mixer, in a thread of its own.

A press never waits for a sound: `MixerSound.play` leaves a note and returns. The thread opens the
device when there is something to play, and closes it after some quiet, so that a terminal at rest
neither wakes nor hums. Whatever goes wrong is one line in the log, a figure, and silence.
"""

from __future__ import annotations

import logging
import queue
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from device.sound.files import file_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.cues import Cue
    from device.settings import SoundSettings

_log = logging.getLogger(__name__)

QUIET_S = 8.0
"""After so long without a cue the device is closed; longer than anything that is said."""

_MOST_WAITING = 4
_MAX_BYTES = 1 << 20
_JOIN_S = 2.0


class SoundError(Exception):
    """A cue cannot be played; the text says why."""


class MixerSound:
    """Implements the port ``Sound``.

    Args:
        settings: Volume, and the folder of the office's own files.
        quiet_s: Seconds without a cue after which the device is closed.
    """

    def __init__(self, settings: SoundSettings, quiet_s: float = QUIET_S) -> None:
        self._settings = settings
        self._quiet_s = quiet_s
        self._waiting: queue.Queue[tuple[Sequence[Cue], str] | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._mixer: Any = None
        self._errors = 0
        self._told: str | None = None

    @property
    def open(self) -> bool:
        """True while the device is held."""
        return self._mixer is not None

    def play(self, cues: Sequence[Cue], language: str) -> None:
        """Have the cues played one after the other, in place of what is playing now."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
            self._thread.start()
        with suppress(queue.Full):  # the device hangs; old sounds are no use afterwards
            self._waiting.put_nowait((cues, language))

    def report(self) -> dict[str, Any]:
        """Return what the health report says of the sound."""
        return {"sound": self._told or "ok", "sound_errors": self._errors}

    def close(self) -> None:
        """Close the device; a thread that hangs in it is left behind."""
        if self._thread is None:
            return
        with suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._thread.join(_JOIN_S)

    def _run(self) -> None:
        while True:
            try:
                wanted = self._waiting.get(timeout=self._quiet_s if self.open else None)
            except queue.Empty:
                self._shut()
                continue
            if wanted is None:
                self._shut()
                return
            try:
                self._sound(*wanted)
            except SoundError as error:
                self._fail(str(error))
            else:
                self._told = None

    def _sound(self, cues: Sequence[Cue], language: str) -> None:
        import pygame

        paths = [file_of(cue, language, self._settings.folder) for cue in cues]
        try:
            if self._mixer is None:
                pygame.mixer.init()
                self._mixer = pygame.mixer
            channel = self._mixer.Channel(0)
            channel.stop()
            for path in filter(None, paths):
                if path.stat().st_size > _MAX_BYTES:
                    raise SoundError(f"{path}: is larger than {_MAX_BYTES} bytes")
                sound = self._mixer.Sound(path)
                sound.set_volume(self._settings.volume / 100)
                channel.queue(sound)
        except (pygame.error, OSError) as error:
            raise SoundError(f"{error}") from None

    def _fail(self, why: str) -> None:
        """Count; say the same thing once only, until it worked again."""
        self._errors += 1
        if why != self._told:
            _log.warning("no sound: %s", why)
        self._told = why

    def _shut(self) -> None:
        if self._mixer is not None:
            self._mixer.quit()
            self._mixer = None
