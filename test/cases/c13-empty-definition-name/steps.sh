# An empty name of a definition is refused.
start-job --definition-name ''
