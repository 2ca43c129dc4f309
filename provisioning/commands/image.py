"""``hailong-provision image``: make the SD card's image, check one, make an update bundle."""

import argparse
from pathlib import Path
from typing import Any

from provisioning import clock
from provisioning.commands import add_passphrase, command, passphrases

_TEACHING = """\
The image is what a blank card gets: a read-only system in two places (one runs, the other takes
updates), a boot partition on which any laptop can put enrolment.toml, and a data partition that
grows to the card's end. It holds nothing of a single terminal and no password.

  hailong-provision image build --out build/image --key pki/update.key
  hailong-provision image verify build/image --certificate pki/update.crt
  hailong-provision card write --image build/image/hailong-terminal-….img.zst …
"""
_BUILD = """\
Makes the image in a checkout of Hailong's source, on Debian, as root. The first time the Debian
base is made under emulation, which takes minutes; it is kept in $HAILONG_CACHE (else
hailong in $XDG_CACHE_HOME, else ~/.cache/hailong) and used again until --refresh, so take care to
refresh it for security updates.
The same source and the same base give the same bytes.

What it leaves in --out:
  hailong-terminal-VERSION.img.zst   for "card write", or any program that writes images
  hailong-terminal-VERSION.squashfs  the root alone, for "image bundle"
  hailong-terminal-VERSION.cdx.json  bill of materials (CycloneDX)
  manifest.json, manifest.json.sig   sizes, checksums, versions; signed if --key is given
"""
_VERIFY = """\
Reads every file of an image's folder and compares it with the manifest, and the manifest with its
signature. Do it before 300 cards are written from a copy.
"""
_BUNDLE = """\
Makes the signed update bundle of an image, to be rolled out from the fleet's pages. Certificate
and key are the fleet's pki/update.crt and pki/update.key.
"""


def add_parser(sub: Any) -> None:
    """Declare the command and its actions."""
    parser = command(sub, "image", "the SD card's image: build, verify, bundle", _TEACHING)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _build_arguments(command(actions, "build", "make the image", _BUILD))
    verify = command(actions, "verify", "check an image that was copied", _VERIFY)
    verify.add_argument("folder", type=Path, help="folder with manifest.json")
    signed = verify.add_mutually_exclusive_group(required=True)
    signed.add_argument("--certificate", type=Path, help="whose signature is expected (PEM)")
    signed.add_argument("--unsigned", action="store_true", help="look at the checksums alone")
    bundle = command(actions, "bundle", "make the update bundle", _BUNDLE)
    bundle.add_argument("folder", type=Path, help="folder of the image")
    bundle.add_argument("--certificate", type=Path, required=True, help="update certificate (PEM)")
    bundle.add_argument("--key", type=Path, required=True, help="its private key (PEM)")
    add_passphrase(bundle)


def _build_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, default=Path("build/image"), help="default: build/image"
    )
    parser.add_argument("--key", type=Path, help="update key that signs the manifest")
    add_passphrase(parser)
    parser.add_argument("--refresh", action="store_true", help="make the Debian base anew")
    parser.add_argument(
        "--mirror", metavar="URL", help="archive of Debian (default: this machine's)"
    )
    parser.add_argument("--security-mirror", metavar="URL", help="its security updates")


def run(args: argparse.Namespace) -> int:
    """Do the action and print what came of it."""
    return {"build": _build, "verify": _verify, "bundle": _bundle}[args.action](args)


def _build(args: argparse.Namespace) -> int:
    from provisioning.image import base, build, cache
    from provisioning.pki import files
    from provisioning.progress import Steps

    # Opened first: nobody is there to type a passphrase when the build is through.
    key = files.read_key(args.key, passphrases(args).of_key) if args.key else None
    mirrors = base.Mirrors(args.mirror, args.security_mirror)
    steps = Steps(cache.kept() / "times.json", clock.monotonic_s)
    began = clock.monotonic_s()
    build.build(build.Order(args.out.absolute(), mirrors, args.refresh, key), steps.step)
    for name in build.names():
        print(f"{args.out / name}  {(args.out / name).stat().st_size / 1e6:.1f} MB")
    if key is None:
        print("not signed: name the update key with --key for an image that leaves this machine")
    print(f"done in {clock.monotonic_s() - began:.0f} s")
    return 0


def _verify(args: argparse.Namespace) -> int:
    from provisioning.image import manifest

    if args.certificate:
        manifest.check_signature(args.folder, args.certificate)
    for name in manifest.check_files(args.folder):
        print(f"{name}: as it was made")
    print("signature: not looked at" if args.unsigned else "signature: good")
    return 0


def _bundle(args: argparse.Namespace) -> int:
    from provisioning.image import build, bundle, manifest, program
    from provisioning.pki import files

    key = files.read_pem(args.key, passphrases(args).of_key)
    manifest.check_files(args.folder)
    squashed = args.folder / build.names()[1]
    target = squashed.with_suffix(".raucb")
    bundle.make(squashed, program.version(), target, args.certificate, key)
    print(f"{target}  {target.stat().st_size / 1e6:.1f} MB")
    return 0
