"""Memory cards: which device is one, image and enrolment file onto it, files for a laptop."""
