"""Systems that are started under QEMU: ``make image-test`` and ``make bundle-test``."""
