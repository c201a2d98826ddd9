# Text is UTF-8, with or without a byte order mark; anything else is refused.
mkdir definitions
printf '\357\273\277description: Gr\303\274\303\237e\njob: { command: [echo, hi] }\n' > definitions/Bom.yaml
printf 'description: Gr\374\337e\njob: { command: [echo, hi] }\n' > definitions/Latin.yaml
printf '\377\376j\000o\000b\000:\000' > definitions/Utf16.yaml
nightshift validate definitions || echo "exit $?"
refused
start-job --definition-name Bom --wait
