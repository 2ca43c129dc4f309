"""From the enrolment file on a card to a terminal that knows its place."""
