"""A pin factory for gpiozero over ``gpiod``, the bindings of the kernel's GPIO maintainers."""
