"""The bundle that makes a terminal of stock Raspberry Pi OS Lite, without network."""
