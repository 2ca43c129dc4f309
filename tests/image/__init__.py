"""The SD card's image, built and started under QEMU: ``make image-test``."""
