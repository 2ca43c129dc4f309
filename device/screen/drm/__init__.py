"""A panel on the kernel's own mode setting (DRM), without X, Mesa and GPU."""
