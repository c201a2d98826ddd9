# A workflow whose steps wait for each other, or one for itself, is refused with the way round.
refused
nightshift validate 2>&1 | grep Invalid
