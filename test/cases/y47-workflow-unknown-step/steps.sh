# A step of a workflow that needs a step that is not there is refused.
refused
nightshift validate 2>&1 | grep Invalid
