# An unknown type is answered with the known ones.
start-job --definition-name X --type Nope
