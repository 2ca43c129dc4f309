"""One-time tokens and the enrolment file of a terminal."""
