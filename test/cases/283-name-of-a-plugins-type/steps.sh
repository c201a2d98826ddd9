# A job of a plugin's type bears the name that its author gave the type.
NIGHTSHIFT_TRUST=1 start-job --definition-name Greet --wait
get-job 1 -o json | show 0.type 0.name 0.command 0.state
get-job 1 --include-child-job -o json | show 1.type
NIGHTSHIFT_TRUST=1 nightshift validate
