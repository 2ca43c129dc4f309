"""A believable quarter of a city district, made from a seed: for the demo, pictures and tests."""
