# A misspelt name of a definition is answered with the nearest one.
start-job --definition-name Nigthly
