# A secret that is written down in a hook is a warning that does not repeat it; a reference is none.
mkdir definitions
nightshift validate --config nightshift.yaml
nightshift next --config nightshift.yaml
