# The command of a text keeps its blanks at both ends.
start-job ' echo hi ' -o json | show command state
