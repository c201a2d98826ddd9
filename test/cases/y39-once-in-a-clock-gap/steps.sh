# A date that a clock change leaves out is accepted with a warning that says when it will be.
nightshift validate definitions
