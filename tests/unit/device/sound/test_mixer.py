"""The loudspeaker by SDL's mixer, on SDL's dummy driver."""

import logging
import shutil
import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from device.core.cues import CUES
from device.settings import SoundSettings
from device.sound.files import OURS, file_of
from device.sound.mixer import MixerSound
from device.sound.none import NoSound
from tests.fakes.wait import eventually


@pytest.fixture(autouse=True)
def dummy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    yield
    pygame.mixer.quit()


def made(folder: Path | None = None, quiet_s: float = 60.0) -> MixerSound:
    return MixerSound(SoundSettings(True, 50, folder), quiet_s)


def ended(sound: MixerSound) -> bool:
    """Close, and say whether the thread has ended with the device given back."""
    sound.close()
    thread = sound._thread
    return not sound.open and (thread is None or not thread.is_alive())


def test_the_device_is_opened_for_a_cue_and_closed_after_some_quiet() -> None:
    sound = made(quiet_s=0.05)
    assert not sound.open
    sound.play(["accepted"], "vi")
    eventually(lambda: sound.open, 20, "an open device")
    eventually(lambda: not sound.open, 20, "a closed device")
    assert sound.report() == {"sound": "ok", "sound_errors": 0}
    assert ended(sound)


def test_cues_are_played_one_after_the_other() -> None:
    sound = made()
    sound.play(["accepted", "thank_you"], "vi")
    eventually(lambda: sound.open and pygame.mixer.Channel(0).get_queue(), 20, "a queued cue")
    playing = pygame.mixer.Channel(0).get_sound()
    assert playing.get_volume() == 0.5
    assert 0.4 < playing.get_length() < 0.6
    assert ended(sound)


def test_a_sound_that_was_never_asked_for_costs_nothing() -> None:
    sound = made()
    assert sound._thread is None
    assert ended(sound)


def test_without_a_device_there_is_one_line_a_figure_and_silence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "nothing")
    sound = made()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            sound.play(["accepted"], "vi")
        eventually(lambda: sound.report()["sound_errors"] == 3, 20, "three errors")
    assert len(caplog.records) == 1
    assert sound.report()["sound"] != "ok"
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    sound.play(["accepted"], "vi")
    eventually(lambda: sound.report()["sound"] == "ok", 20, "a sound")
    assert ended(sound)


@pytest.mark.parametrize("content", [b"no sound at all", b"", b"x" * (2 << 20)])
def test_a_broken_file_of_the_office_is_an_error_and_silence(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "accepted.wav").write_bytes(content)
    sound = made(tmp_path)
    sound.play(["accepted"], "vi")
    eventually(lambda: sound.report()["sound_errors"] == 1, 20, "an error")
    assert ended(sound)


def test_a_device_that_hangs_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, goes_on = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        goes_on.wait(20)

    monkeypatch.setattr(pygame.mixer, "init", hang)
    sound = made()
    sound.play(["accepted"], "vi")
    assert hangs.wait(20)
    for _ in range(20):
        sound.play(["accepted"], "vi")
    goes_on.set()
    eventually(lambda: sound.report()["sound_errors"] > 0, 20, "the end of the hanging")
    assert ended(sound)


def test_an_office_has_its_own_files_and_ours_stand_in_for_the_rest(tmp_path: Path) -> None:
    own = tmp_path / "vi" / "thank_you.wav"
    own.parent.mkdir()
    shutil.copyfile(OURS / "accepted.wav", own)
    assert file_of("thank_you", "vi", tmp_path) == own
    assert file_of("please_rate", "vi", tmp_path) == OURS / "vi" / "please_rate.ogg"
    assert file_of("accepted", "vi", tmp_path) == OURS / "accepted.wav"


@pytest.mark.parametrize("language", ["fr", "..", "../vi", "vi/..", "", "/vi"])
def test_a_language_without_a_voice_stays_silent(language: str) -> None:
    assert file_of("thank_you", language, None) is None
    assert file_of("accepted", language, None) is not None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_cue_has_a_file_of_ours_in_both_languages(language: str) -> None:
    assert all(file_of(cue, language, None) for cue in CUES)


def test_our_files_are_small() -> None:
    assert sum(path.stat().st_size for path in OURS.rglob("*.*")) < 300_000


def test_the_chime_is_neither_clipped_nor_silent() -> None:
    with wave.open(str(OURS / "accepted.wav")) as file:
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
    assert 10_000 < max(samples) < 32_000


def test_no_loudspeaker_is_silent() -> None:
    sound = NoSound()
    sound.play(["accepted"], "vi")
    assert sound.report() == {}
    sound.close()
