"""Make the terminal's own sounds anew: ``python tools/sounds.py``.

The chime is synthesised here; the prompts are spoken by espeak-ng (``apt-get install espeak-ng
vorbis-tools``). What a program says is not part of the program: its licence (GPL 3) does not reach
the sound, which is under the project's own.
"""

import array
import math
import subprocess
import tempfile
import wave
from pathlib import Path

FILES = Path(__file__).resolve().parents[1] / "device" / "sound" / "files"
RATE = 22_050
CHIME = ((784.0, 0.0), (1046.5, 0.11))
"""Frequency (Hz) and beginning (s) of each note: G5, C6."""
CHIME_S = 0.5
PROMPTS = {
    "vi": {"please_rate": "Xin mời quý khách đánh giá.", "thank_you": "Xin cảm ơn quý khách."},
    "en": {"please_rate": "Please rate our service.", "thank_you": "Thank you."},
}
WORDS_A_MINUTE = 140


def chime() -> list[float]:
    """Return two notes that fade, as numbers from -1 to 1."""
    samples = [0.0] * int(CHIME_S * RATE)
    for frequency, begins in CHIME:
        for index in range(int(begins * RATE), len(samples)):
            t = index / RATE - begins
            swell, fade = min(1.0, t / 0.005), math.exp(-t * 9)
            tone = math.sin(2 * math.pi * frequency * t)
            tone += 0.3 * math.sin(4 * math.pi * frequency * t)
            samples[index] += 0.35 * swell * fade * tone
    end = int(0.02 * RATE)
    return [sample * min(1.0, (len(samples) - index) / end) for index, sample in enumerate(samples)]


def write(path: Path, samples: list[float]) -> None:
    """Write samples as a WAV file, mono, 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(array.array("h", (round(one * 32_000) for one in samples)).tobytes())


def speak(text: str, language: str, path: Path) -> None:
    """Have a text spoken into an Ogg Vorbis file."""
    with tempfile.TemporaryDirectory() as folder:
        spoken = str(Path(folder, "spoken.wav"))
        words = ["espeak-ng", "-v", language, "-s", str(WORDS_A_MINUTE), "-w", spoken, text]
        subprocess.run(words, check=True)
        # The serial number in the file is the only thing that would differ the next time.
        encode = ["oggenc", "--quiet", "--serial", "1", "-q", "2", "-o", str(path), spoken]
        subprocess.run(encode, check=True)


def main() -> None:
    """Make every file."""
    FILES.mkdir(exist_ok=True)
    write(FILES / "accepted.wav", chime())
    for language, prompts in PROMPTS.items():
        (FILES / language).mkdir(exist_ok=True)
        for name, text in prompts.items():
            speak(text, language, FILES / language / f"{name}.ogg")
    for path in sorted(FILES.rglob("*.*")):
        print(f"{path.relative_to(FILES)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
