# Every mistake in the hooks of a configuration is named with its place; nothing is scheduled.
mkdir definitions
nightshift scheduler run --config nightshift.yaml --once
